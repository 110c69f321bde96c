//! The vendors' chains: their order, that the source that worked is kept, and what they say when none did.

use docsdk_runtime::credentials::huawei::Scope;
use docsdk_runtime::credentials::{
    Credentials, CredentialsProvider as _, GivenMachine, Key, Source as _, Surroundings, aliyun, huawei,
};
use docsdk_runtime::input::Handle;
use docsdk_runtime::schema::Service;
use docsdk_runtime::testing::{Answer, Canned, ManualTime};
use docsdk_runtime::time::Timer as _;
use docsdk_runtime::{CallRequest, Cause, ClientBuilder, ClientCore, Config, EndpointTable, Protocol, parse_timestamp};

fn surroundings(machine: GivenMachine, transport: &Canned) -> Surroundings {
    let now = parse_timestamp("2024-05-20T08:30:15Z").expect("a time");
    Surroundings::new().machine(machine).transport(transport.clone()).clock(now)
}

fn id(credentials: &Credentials) -> &str {
    match credentials.key() {
        Key::AccessKey { id, .. } => id,
        _ => "no access key",
    }
}

#[test]
fn the_order_is_the_vendors() {
    let surroundings = Surroundings::new();
    let aliyun = aliyun::default_chain(&surroundings).names();
    assert_eq!(aliyun, ["environment", "OIDC", "CLI file", "profile file", "instance metadata", "credentials URI"]);
    let huawei = huawei::default_chain(&surroundings, Scope::Basic).names();
    assert_eq!(huawei, ["OIDC", "environment", "profile file", "instance metadata", "pod identity"]);
}

#[tokio::test]
async fn what_comes_first_wins_and_is_kept() {
    const FILE: &str = r#"{"current": "a", "profiles": [{"name": "a", "mode": "AK", "access_key_id": "cli",
        "access_key_secret": "s"}]}"#;
    let both = GivenMachine::new().variable("HOME", "/h").file("/h/.aliyun/config.json", FILE).file(
        "/h/.alibabacloud/credentials",
        "[default]\ntype = access_key\naccess_key_id = ini\naccess_key_secret = s",
    );
    let transport = Canned::default();
    let chain = aliyun::default_chain(&surroundings(both.clone(), &transport));
    assert_eq!(id(&chain.fetch().await.expect("a key").credentials), "cli");
    assert_eq!(chain.kept(), Some("CLI file"));

    let off = both.clone().variable("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "True");
    let chain = aliyun::default_chain(&surroundings(off, &transport));
    assert_eq!(id(&chain.fetch().await.expect("a key").credentials), "ini");

    let first = both.variable("ALIBABA_CLOUD_ACCESS_KEY_ID", "env").variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s");
    let chain = aliyun::default_chain(&surroundings(first, &transport));
    assert_eq!(id(&chain.fetch().await.expect("a key").credentials), "env");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn what_each_source_said_is_told() {
    let machine = GivenMachine::new().variable("HOME", "/h").variable("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let transport = Canned::default();
    let error = aliyun::default_chain(&surroundings(machine, &transport)).fetch().await.expect_err("nothing there");
    assert_eq!(error.cause(), Cause::Credentials);
    let text = error.to_string();
    for part in [
        "no credentials of Alibaba Cloud; looked at environment: no credentials: set `ALIBABA_CLOUD_ACCESS_KEY_ID`",
        "; OIDC: `ALIBABA_CLOUD_OIDC_TOKEN_FILE` is not set",
        "; CLI file: file `/h/.aliyun/config.json` cannot be read: no such file",
        "; profile file: file `/h/.alibabacloud/credentials.ini` cannot be read: no such file",
        "; instance metadata: switched off by `ALIBABA_CLOUD_ECS_METADATA_DISABLED`",
        "; credentials URI: `ALIBABA_CLOUD_CREDENTIALS_URI` is not set",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }

    let machine = GivenMachine::new().variable("HOME", "/h");
    let error = huawei::default_chain(&surroundings(machine, &transport), Scope::Global).fetch().await;
    let text = error.expect_err("nothing there").to_string();
    for part in [
        "no credentials of Huawei Cloud; looked at OIDC: `HUAWEICLOUD_OIDC_PROVIDER_URN` is not set",
        "; instance metadata: no answer from `http://169.254.169.254/meta-data/latest/api/token`",
        "; pod identity: `HC_CONTAINER_CREDENTIALS_FULL_URI` is not set",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[tokio::test]
async fn a_client_goes_on_through_renewal() {
    let time = ManualTime::new(parse_timestamp("2024-05-20T08:00:00Z").expect("a time"));
    let key = |id: &str, end: &str| {
        Answer::json(
            200,
            format!(
                r#"{{"Code":"Success","AccessKeyId":"{id}","AccessKeySecret":"s","SecurityToken":"t-{id}","Expiration":"{end}"}}"#
            ),
        )
    };
    let token = || Answer::text(200, "token");
    let metadata =
        Canned::new([token(), key("K1", "2024-05-20T14:00:00Z"), token(), key("K2", "2024-05-20T20:00:00Z")]);
    let machine = GivenMachine::new().variable("ALIBABA_CLOUD_ECS_METADATA", "role");
    let surroundings =
        Surroundings::new().machine(machine).transport(metadata.clone()).clock(time.clone()).timer(time.clone());
    let provider = aliyun::default_chain(&surroundings).cached();

    let ok = || Answer::json(200, "{}");
    let service = Canned::new([ok(), ok()]);
    let config = Config::new()
        .endpoint("https://rds.aliyuncs.com")
        .credentials(provider.clone())
        .transport(service.clone())
        .clock(time.clone())
        .timer(time.clone());
    let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
    let call = || CallRequest::new("DescribeRegions", Protocol::AliyunRpc, "2014-08-15").idempotent(true);
    client.call(call()).await.expect("an answer");
    // An hour after they came keys of metadata are fetched anew, however long they live.
    time.sleep(std::time::Duration::from_hours(1)).await;
    client.call(call()).await.expect("an answer");
    let tokens: Vec<_> = service.requests().iter().map(|sent| sent.headers()["x-acs-security-token"].clone()).collect();
    assert_eq!(tokens, ["t-K1", "t-K2"]);
    assert_eq!(id(&provider.credentials().await.expect("a key")), "K2");
}

#[tokio::test]
async fn keys_that_a_service_refuses_are_fetched_anew() {
    let key = |id: &str| {
        let end = "2099-01-01T00:00:00Z";
        Answer::json(
            200,
            format!(r#"{{"AccessKeyId":"{id}","AccessKeySecret":"s","SecurityToken":"t-{id}","Expiration":"{end}"}}"#),
        )
    };
    let keys = Canned::new([key("K1"), key("K2")]);
    let machine = GivenMachine::new()
        .variable("ALIBABA_CLOUD_CREDENTIALS_URI", "http://keys.local/")
        .variable("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let provider = aliyun::default_chain(&surroundings(machine, &keys)).cached();
    let refusal = r#"{"Code":"InvalidSecurityToken.Expired","Message":"expired","RequestId":"R"}"#;
    let service = Canned::new([Answer::json(403, refusal), Answer::json(200, "{}")]);
    let config = Config::new().endpoint("https://rds.aliyuncs.com").credentials(provider).transport(service.clone());
    let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
    let call = CallRequest::new("DescribeRegions", Protocol::AliyunRpc, "2014-08-15").idempotent(true);
    client.call(call).await.expect("an answer");
    let tokens: Vec<_> = service.requests().iter().map(|sent| sent.headers()["x-acs-security-token"].clone()).collect();
    assert_eq!(tokens, ["t-K1", "t-K2"]);
    assert_eq!(keys.requests().len(), 2);
}

/// The headers of a call as a client of these surroundings would send it.
async fn signed(service: &'static Service, surroundings: &Surroundings) -> (Handle, Result<String, String>) {
    let handle = Handle::from_surroundings(service, surroundings).expect("a client");
    let call =
        CallRequest::new("DescribeThings", service.protocol, service.api_version).http("GET", "/v1/{project_id}");
    let call = if service.protocol == Protocol::AliyunRpc { call.http("POST", "/") } else { call };
    let shown = match handle.core().prepare(call).await {
        Ok(prepared) => {
            let request = prepared.into_request();
            let text = |name: &str| {
                request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned()
            };
            Ok(format!("{} {} {}", request.uri(), text("authorization"), text("x-project-id")))
        }
        Err(error) => Err(error.to_string()),
    };
    (handle, shown)
}

static THINGS: Service = Service::new("things", "aliyun", Protocol::AliyunRpc, "2024-01-01").endpoints(
    None,
    Some("https://things.{region}.aliyuncs.com"),
    &[],
);
static DISKS: Service = Service::new("disks", "huawei", Protocol::HuaweiRest, "").endpoints(
    None,
    Some("https://disks.{region}.myhuaweicloud.com"),
    &[],
);

#[tokio::test]
async fn a_clients_defaults_are_the_chain_and_the_region_of_the_cli() {
    const FILE: &str = r#"{"current": "a", "profiles": [{"name": "a", "mode": "AK", "access_key_id": "cli-key",
        "access_key_secret": "s", "region_id": "eu-central-1"}]}"#;
    let machine = GivenMachine::new().variable("HOME", "/h").file("/h/.aliyun/config.json", FILE);
    let canned = Canned::default();
    let (handle, shown) = signed(&THINGS, &surroundings(machine.clone(), &canned)).await;
    assert_eq!(handle.core().endpoint().host(), "things.eu-central-1.aliyuncs.com");
    assert!(shown.as_ref().is_ok_and(|shown| shown.contains("Credential=cli-key")), "{shown:?}");
    // Variables come first, for the region as for the key.
    let machine = machine
        .variable("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")
        .variable("ALIBABA_CLOUD_ACCESS_KEY_ID", "env-key")
        .variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s");
    let (handle, shown) = signed(&THINGS, &surroundings(machine, &canned)).await;
    assert_eq!(handle.core().endpoint().host(), "things.cn-hangzhou.aliyuncs.com");
    assert!(shown.as_ref().is_ok_and(|shown| shown.contains("Credential=env-key")), "{shown:?}");
    assert!(canned.requests().is_empty(), "nothing is asked of the network");
}

#[tokio::test]
async fn a_regions_project_is_looked_up_where_nothing_names_it() {
    let machine = GivenMachine::new()
        .variable("HUAWEICLOUD_SDK_REGION", "cn-north-4")
        .variable("HUAWEICLOUD_SDK_AK", "ak")
        .variable("HUAWEICLOUD_SDK_SK", "sk");
    let canned = Canned::new([Answer::json(200, r#"{"projects": [{"id": "p-found"}]}"#)]);
    let (handle, shown) = signed(&DISKS, &surroundings(machine.clone(), &canned)).await;
    assert_eq!(handle.core().endpoint().host(), "disks.cn-north-4.myhuaweicloud.com");
    assert!(
        shown.as_ref().is_ok_and(|shown| shown.contains("/v1/p-found") && shown.contains("Access=ak")),
        "{shown:?}"
    );
    assert_eq!(canned.requests().len(), 1);
    assert_eq!(canned.requests().first().map(|request| request.uri().query()), Some(Some("name=cn-north-4")));
    let named = machine.variable("HUAWEICLOUD_SDK_PROJECT_ID", "p-named");
    let (_, shown) = signed(&DISKS, &surroundings(named, &canned)).await;
    assert!(shown.as_ref().is_ok_and(|shown| shown.contains("/v1/p-named")), "{shown:?}");
    assert_eq!(canned.requests().len(), 1, "no look-up");
}

#[test]
fn a_service_of_regions_without_one_is_an_error() {
    let canned = Canned::default();
    let error = Handle::from_surroundings(&THINGS, &surroundings(GivenMachine::new(), &canned)).expect_err("no region");
    assert_eq!(error.cause(), Cause::Endpoint);
}

#[test]
fn a_builder_makes_the_client_of_its_settings() {
    let builder = ClientBuilder::new(|config| Handle::new(&THINGS, config)).region("cn-hangzhou");
    let transport = Canned::default();
    let handle = builder.credentials(Credentials::access_key("id", "hunter2")).transport(transport).build();
    let handle = handle.expect("a client");
    assert_eq!(handle.core().endpoint().host(), "things.cn-hangzhou.aliyuncs.com");
    let builder = ClientBuilder::new(|config| Handle::new(&THINGS, config));
    let handle = builder.region("cn-hangzhou").endpoint("http://127.0.0.1:1").build().expect("a client");
    assert_eq!(handle.core().endpoint().to_string(), "http://127.0.0.1:1");
}
