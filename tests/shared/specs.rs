//! Every spec at hand is read, is valid, and comes back the same.

use docsdk::spec::validate;
use docsdk::spec::yaml::{read_operation, read_service, write};

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn every_shared_spec_is_read() {
    let shared = crate::shared("");
    let mut count = 0;
    for root in ["bench/specs", "diff-cases"] {
        for entry in walkdir::WalkDir::new(shared.join(root)).sort_by_file_name() {
            let entry = entry.unwrap();
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let (source, name) = (std::fs::read_to_string(path).unwrap(), path.display().to_string());
            count += 1;
            if path.ends_with("service.yaml") {
                let service = read_service(&source, &name).unwrap_or_else(|error| panic!("{error:?}"));
                assert_eq!(validate::service(&service), [], "{name}");
                assert_eq!(read_service(&write(&service), &name).unwrap(), service);
            } else {
                let operation = read_operation(&source, &name).unwrap_or_else(|error| panic!("{error:?}"));
                assert_eq!(validate::operation(&operation), [], "{name}");
                assert_eq!(read_operation(&write(&operation), &name).unwrap(), operation);
            }
        }
    }
    assert!(count > 600, "{count} specs");
}
