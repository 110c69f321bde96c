//! The recorded endpoints of every region.

use docsdk_runtime::EndpointTable;
use serde_json::Value;

fn recorded() -> Value {
    let path = crate::shared("wire/endpoints.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON")
}

fn host(table: &EndpointTable, region: &str) -> String {
    table.resolve(Some(region), None).expect(region).host().to_owned()
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn exceptions_of_alibaba_cloud_come_before_the_rule() {
    let recorded = recorded();
    let mut exceptions = 0;
    for (product, facts) in recorded["aliyun"].as_object().expect("products") {
        let Some(map) = facts["exceptions"].as_object() else { continue };
        let regions = map.iter().map(|(region, host)| (region.clone(), host.as_str().expect("text").to_owned()));
        let table = EndpointTable::new(None, Some("https://product.{region}.aliyuncs.com")).with_regions(regions);
        for (region, expected) in map {
            assert_eq!(Some(host(&table, region).as_str()), expected.as_str(), "{product}");
            exceptions += 1;
        }
        assert_eq!(host(&table, "xx-nowhere-1"), "product.xx-nowhere-1.aliyuncs.com");
    }
    assert!(exceptions >= 130, "{exceptions}");
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn tables_of_huawei_cloud_are_complete() {
    let recorded = recorded();
    for (service, regions) in recorded["huawei"].as_object().expect("services") {
        let Some(map) = regions.as_object() else { continue };
        let first = |value: &Value| value.get(0).and_then(Value::as_str).map(str::to_owned);
        let known: Vec<_> = map.iter().filter_map(|(region, urls)| Some((region.clone(), first(urls)?))).collect();
        let mut table = EndpointTable::default().with_regions(known.clone());
        table.complete = true;
        for (region, url) in &known {
            assert_eq!(table.resolve(Some(region), None).expect("known").to_string(), *url, "{service}");
        }
        if known.iter().any(|(region, _)| region == "cn-north-4") {
            let error = table.resolve(Some("cn-nort-4"), None).expect_err("unknown");
            assert!(error.to_string().contains("`cn-north-4`"), "{error}");
        }
    }
}
