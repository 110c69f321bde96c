//! What the recorded runs do not show of each source.

use docsdk_runtime::credentials::huawei::Scope;
use docsdk_runtime::credentials::{Credentials, GivenMachine, Key, Source, Surroundings, aliyun, huawei};
#[cfg(all(feature = "process", unix))]
use docsdk_runtime::testing::ManualTime;
use docsdk_runtime::testing::{Answer, Canned};
use docsdk_runtime::{Error, Secret, parse_timestamp};
use serde_json::{Value, json};

const KEY: &str = r#"{"Credentials":{"AccessKeyId":"K","AccessKeySecret":"S","SecurityToken":"T","Expiration":"2099-01-01T00:00:00Z"}}"#;
const HUAWEI_KEY: &str =
    r#"{"credential":{"access":"K","secret":"S","securitytoken":"T","expires_at":"2099-01-01T00:00:00.0Z"}}"#;

fn surroundings(machine: GivenMachine, transport: &Canned) -> Surroundings {
    let now = parse_timestamp("2024-05-20T08:30:15Z").expect("a time");
    Surroundings::new().machine(machine.variable("HOME", "/h")).transport(transport.clone()).clock(now)
}

fn key(credentials: &Credentials) -> (&str, &str, Option<&str>) {
    match credentials.key() {
        Key::AccessKey { id, secret, security_token } => {
            (id, secret.expose(), security_token.as_ref().map(Secret::expose))
        }
        _ => ("no access key", "", None),
    }
}

/// A file of the CLI with these profiles, the first of them current.
fn cli(profiles: &Value) -> GivenMachine {
    let text = json!({ "current": profiles[0]["name"], "profiles": profiles }).to_string();
    GivenMachine::new().file("/h/.aliyun/config.json", text)
}

async fn fails(source: impl Source) -> String {
    let error: Error = source.fetch().await.expect_err("it fails");
    error.to_string()
}

#[tokio::test]
async fn roles_are_chained() {
    let transport = Canned::new([Answer::json(200, KEY.replace("\"T\"", "\"T0/+ =\"")), Answer::json(200, KEY)]);
    let surroundings = surroundings(GivenMachine::new(), &transport);
    let first = aliyun::AssumeRole::new(&surroundings, Credentials::access_key("A", "S"), "first").region("cn-beijing");
    let second = aliyun::AssumeRole::new(&surroundings, first.cached_in(&surroundings), "second");
    assert_eq!(key(&second.fetch().await.expect("keys").credentials), ("K", "S", Some("T")));
    let queries: Vec<_> =
        transport.requests().iter().map(|sent| sent.uri().query().unwrap_or_default().to_owned()).collect();
    assert!(queries[0].contains("AccessKeyId=A&") && queries[0].contains("RoleArn=first"), "{queries:?}");
    assert!(queries[1].contains("AccessKeyId=K&") && queries[1].contains("RoleArn=second"), "{queries:?}");
    assert!(queries[1].contains("SecurityToken=T0%2F%2B%20%3D"), "{queries:?}");
    assert!(queries[1].contains("RoleSessionName=docsdk-1716193815"), "{queries:?}");
    assert_eq!(transport.requests()[0].uri().host(), Some("sts.cn-beijing.aliyuncs.com"));

    let short = aliyun::AssumeRole::new(&surroundings, Credentials::access_key("A", "S"), "r").seconds(600);
    assert_eq!(fails(short).await, "a session of 600 s is too short; the service gives 900 s at least");
    let elsewhere = aliyun::AssumeRole::new(&surroundings, Credentials::access_key("A", "S"), "r").region("evil.com/");
    assert!(fails(elsewhere).await.contains("`evil.com/` is no name of a region"));
    let bearer = aliyun::AssumeRole::new(&surroundings, Credentials::bearer_token("b"), "r");
    assert_eq!(fails(bearer).await, "a role is taken with an access key, and the base has none");
}

#[tokio::test]
async fn sts_is_called_where_the_environment_says() {
    let transport = Canned::new([Answer::json(200, KEY)]);
    let machine = GivenMachine::new()
        .variable("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou")
        .variable("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true")
        .variable("ALIBABA_CLOUD_ROLE_ARN", "role")
        .variable("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider")
        .variable("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/t")
        .variable("ALIBABA_CLOUD_ROLE_SESSION_NAME", "alice")
        .file("/t", " token\n");
    aliyun::Oidc::from_environment(&surroundings(machine, &transport)).fetch().await.expect("keys");
    let uri = transport.requests()[0].uri().clone();
    assert_eq!(uri.host(), Some("sts-vpc.cn-hangzhou.aliyuncs.com"));
    let query = uri.query().unwrap_or_default();
    assert!(query.contains("OIDCToken=token&") && query.contains("RoleSessionName=alice"), "{query}");
    assert!(!query.contains("Signature"), "{query}");
}

#[tokio::test]
async fn all_modes_of_the_cli_are_read() {
    let transport = Canned::default();
    let read = |profiles: Value, answers: Vec<Answer>| {
        for answer in answers {
            transport.push(answer);
        }
        let machine = cli(&profiles).file("/t", "token").output(
            &["get-key", "--for", "a b"],
            r#"{"mode":"StsToken","access_key_id":"X","access_key_secret":"S","sts_token":"T"}"#,
        );
        aliyun::CliFile::new(&surroundings(machine, &transport))
    };
    let future = 4_070_908_800_i64;

    let external = read(json!([{ "name": "a", "mode": "External", "process_command": "get-key --for 'a b'" }]), vec![]);
    assert_eq!(key(&external.fetch().await.expect("keys").credentials), ("X", "S", Some("T")));

    let stored = json!([{ "name": "a", "mode": "OAuth", "access_key_id": "O", "access_key_secret": "S",
        "sts_token": "T", "sts_expiration": future }]);
    let fetched = read(stored, vec![]).fetch().await.expect("keys");
    assert_eq!(key(&fetched.credentials), ("O", "S", Some("T")));
    assert_eq!(fetched.credentials.expires(), parse_timestamp("2099-01-01T00:00:00Z"));

    let flat = KEY.trim_start_matches(r#"{"Credentials":"#).trim_end_matches('}').to_owned() + "}";
    let exchanged = json!([{ "name": "a", "mode": "OAuth", "oauth_site_type": "INTL", "oauth_access_token": "tok",
        "oauth_access_token_expire": future }]);
    let source = read(exchanged, vec![Answer::json(200, flat.clone())]);
    assert_eq!(key(&source.fetch().await.expect("keys").credentials).0, "K");
    let sent = transport.requests().pop().expect("a request");
    assert_eq!(sent.uri().to_string(), "https://oauth.alibabacloud.com/v1/exchange");
    assert_eq!(sent.headers()["authorization"], "Bearer tok");
    assert!(sent.headers()["authorization"].is_sensitive());

    let sso = |end: i64| {
        json!([{ "name": "a", "mode": "CloudSSO", "access_token": "tok", "cloud_sso_access_token_expire": end,
            "cloud_sso_sign_in_url": "https://sso.example/start/login", "cloud_sso_account_id": "1",
            "cloud_sso_access_config": "ac-1" }])
    };
    let source = read(sso(future), vec![Answer::json(200, format!(r#"{{"CloudCredential":{flat}}}"#))]);
    assert_eq!(key(&source.fetch().await.expect("keys").credentials).0, "K");
    let sent = transport.requests().pop().expect("a request");
    assert_eq!(sent.uri().to_string(), "https://sso.example/cloud-credentials");
    let body: Value = serde_json::from_slice(sent.body()).expect("JSON");
    assert_eq!(body, json!({ "AccountId": "1", "AccessConfigurationId": "ac-1" }));
    let text = fails(read(sso(1_700_000_000), vec![])).await;
    assert_eq!(text, "the sign-in has ended; sign in again with `aliyun configure --mode CloudSSO`");

    let oidc = json!([{ "name": "a", "mode": "OIDC", "ram_role_arn": "r", "oidc_provider_arn": "p",
        "oidc_token_file": "/t", "role_session_name": "n" }]);
    read(oidc, vec![Answer::json(200, KEY)]).fetch().await.expect("keys");
    assert!(
        transport
            .requests()
            .pop()
            .is_some_and(|sent| sent.uri().query().is_some_and(|q| q.contains("RoleSessionName=n")))
    );

    let metadata = json!([{ "name": "a", "mode": "EcsRamRole", "ram_role_name": "role/1" }]);
    let source = read(metadata, vec![Answer::text(404, ""), Answer::json(200, flat)]);
    assert_eq!(key(&source.fetch().await.expect("keys").credentials).0, "K");
    let path = transport.requests().pop().map(|sent| sent.uri().path().to_owned());
    assert_eq!(path.as_deref(), Some("/latest/meta-data/ram/security-credentials/role%2F1"));
}

#[tokio::test]
async fn trouble_with_the_cli_file_is_named() {
    let transport = Canned::default();
    let file = |text: &str| {
        let machine = GivenMachine::new().file("/h/.aliyun/config.json", text);
        aliyun::CliFile::new(&surroundings(machine, &transport))
    };
    for (text, expected) in [
        ("{", "it is no JSON"),
        ("{}", "it names no current profile"),
        (r#"{"current":"a"}"#, "it has no profile `a`"),
        (
            r#"{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"i"}]}"#,
            "profile `a` of mode `AK`: `access_key_secret` is missing",
        ),
        (
            r#"{"current":"a","profiles":[{"name":"a","mode":"New"}]}"#,
            "profile `a` of mode `New`: this mode is not known",
        ),
        (
            r#"{"current":"a","profiles":[{"name":"a","mode":"ChainableRamRoleArn","source_profile":"b","ram_role_arn":"r"},
                {"name":"b","mode":"ChainableRamRoleArn","source_profile":"a","ram_role_arn":"r"}]}"#,
            "profiles are each other's sources",
        ),
    ] {
        let error = fails(file(text)).await;
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn both_names_of_the_profile_file_are_found() {
    let transport = Canned::new([Answer::text(404, ""), Answer::text(404, "")]);
    let section = |id: &str| format!("[default]\ntype=access_key\naccess_key_id={id}\naccess_key_secret=s");
    let both = GivenMachine::new()
        .file("/h/.alibabacloud/credentials", section("go") + "\n[other]\ntype=ecs_ram_role\nrole_name=r")
        .file("/x", "[default]\ntype=rsa_key_pair\npublic_key_id=p");
    let profile = |machine: GivenMachine| aliyun::Profile::new(&surroundings(machine, &transport));
    assert_eq!(key(&profile(both.clone()).fetch().await.expect("keys").credentials).0, "go");
    let python = both.clone().file("/h/.alibabacloud/credentials.ini", section("python"));
    assert_eq!(key(&profile(python).fetch().await.expect("keys").credentials).0, "python");
    let named = both.clone().variable("ALIBABA_CLOUD_CREDENTIALS_FILE", "/x");
    assert!(fails(profile(named)).await.contains("type `rsa_key_pair` is not supported"));
    let metadata = both.variable("ALIBABA_CLOUD_PROFILE", "other");
    assert!(fails(profile(metadata)).await.contains("/security-credentials/r` answered with status 404"));
}

#[tokio::test]
async fn projects_and_domains_are_looked_up_once() {
    let transport = Canned::new([
        Answer::json(200, r#"{"projects":[{"id":"p-1"}]}"#),
        Answer::json(200, r#"{"projects":[{"id":"p-1"},{"id":"p-2"}]}"#),
        Answer::json(200, r#"{"domains":[{"id":"d-1","name":"n"}]}"#),
    ]);
    let surroundings = surroundings(GivenMachine::new(), &transport);
    let base = || Credentials::access_key("A", "S").with_security_token("T");
    let lookup = huawei::Lookup::project(&surroundings, base(), "eu-west-101");
    for _ in 0..3 {
        assert_eq!(lookup.fetch().await.expect("keys").credentials.project_id(), Some("p-1"));
    }
    let sent = transport.requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].uri().to_string(), "https://iam.eu-west-101.myhuaweicloud.eu/v3/projects?name=eu-west-101");
    assert_eq!(sent[0].headers()["x-security-token"], "T");
    let signed = sent[0].headers()["authorization"].to_str().expect("ASCII");
    assert!(signed.contains("SignedHeaders=host;x-sdk-date;x-security-token,"), "{signed}");

    let several = fails(huawei::Lookup::project(&surroundings, base(), "cn-north-4")).await;
    assert!(several.contains("there are 2 projects of region `cn-north-4`"), "{several}");
    let domain = huawei::Lookup::domain(&surroundings, base()).fetch().await.expect("keys");
    assert_eq!(domain.credentials.domain_id(), Some("d-1"));
    // Whoever has a project needs none.
    let named = huawei::Lookup::project(&surroundings, base().with_project_id("own"), "cn-north-4");
    assert_eq!(named.fetch().await.expect("keys").credentials.project_id(), Some("own"));
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn tokens_are_fetched_by_password() {
    let body = r#"{"token":{"expires_at":"2024-05-21T08:30:15.000000Z","project":{"id":"p-1","name":"cn-north-4"}}}"#;
    let transport = Canned::new([Answer::json(201, body).header("X-Subject-Token", "tok")]);
    let source = huawei::PasswordToken::new(&surroundings(GivenMachine::new(), &transport), "account", "user", "pass");
    let fetched = source.region("cn-north-4").fetch().await.expect("a token");
    assert!(matches!(fetched.credentials.key(), Key::AuthToken(token) if token.expose() == "tok"));
    assert_eq!(fetched.credentials.project_id(), Some("p-1"));
    assert_eq!(fetched.credentials.expires(), parse_timestamp("2024-05-21T08:30:15Z"));
    let sent = transport.requests().pop().expect("a request");
    assert_eq!(sent.uri().to_string(), "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens");
    let sent: Value = serde_json::from_slice(sent.body()).expect("JSON");
    let user = json!({ "domain": { "name": "account" }, "name": "user", "password": "pass" });
    assert_eq!(sent["auth"]["identity"], json!({ "methods": ["password"], "password": { "user": user } }));
    assert_eq!(sent["auth"]["scope"], json!({ "project": { "name": "cn-north-4" } }));
}

#[tokio::test]
async fn huawei_environments_name_keys_or_an_identity_provider() {
    let transport = Canned::new([
        Answer::json(201, "{}").header("X-Subject-Token", "unscoped"),
        Answer::json(201, HUAWEI_KEY),
        Answer::json(201, HUAWEI_KEY),
    ]);
    let keys = GivenMachine::new()
        .variable("HUAWEICLOUD_SDK_AK", "A")
        .variable("HUAWEICLOUD_SDK_SK", "S")
        .variable("HUAWEICLOUD_SDK_PROJECT_ID", "p")
        .variable("HUAWEICLOUD_SDK_DOMAIN_ID", "d");
    for (scope, project, domain) in [(Scope::Basic, Some("p"), None), (Scope::Global, None, Some("d"))] {
        let source = huawei::EnvironmentIdentity::new(&surroundings(keys.clone(), &transport), scope);
        let credentials = source.fetch().await.expect("keys").credentials;
        assert_eq!((credentials.project_id(), credentials.domain_id()), (project, domain));
    }
    let identity = keys
        .variable("HUAWEICLOUD_SDK_IDP_ID", "idp")
        .variable("HUAWEICLOUD_SDK_ID_TOKEN_FILE", "/t")
        .variable("HUAWEICLOUD_SDK_IAM_ENDPOINT", "iam.example/")
        .file("/t", "id-token");
    let source = huawei::EnvironmentIdentity::new(&surroundings(identity.clone(), &transport), Scope::Basic);
    let credentials = source.fetch().await.expect("keys").credentials;
    assert_eq!((key(&credentials), credentials.project_id()), (("K", "S", Some("T")), Some("p")));
    assert_eq!(transport.requests()[1].uri().to_string(), "https://iam.example/v3.0/OS-CREDENTIAL/securitytokens");

    let oidc = identity
        .variable("HUAWEICLOUD_OIDC_PROVIDER_URN", "provider")
        .variable("HUAWEICLOUD_OIDC_AGENCY_URN", "agency")
        .variable("HUAWEICLOUD_OIDC_TOKEN_FILE", "/t")
        .variable("HUAWEICLOUD_OIDC_DURATION_SECONDS", "900")
        .variable("HUAWEICLOUD_OIDC_POLICY_IDS", "a, b,");
    huawei::Oidc::from_environment(&surroundings(oidc, &transport), Scope::Basic).fetch().await.expect("keys");
    let body: Value = serde_json::from_slice(transport.requests()[2].body()).expect("JSON");
    let expected = json!({ "provider_urn": "provider", "agency_urn": "agency", "agency_session_name": "oidc-sts-session",
        "id_token": "id-token", "duration_seconds": 900, "policy_ids": ["a", "b"] });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn answers_that_are_odd_are_told() {
    let transport = Canned::default();
    let surroundings = surroundings(GivenMachine::new(), &transport);
    let uri = || aliyun::CredentialsUri::new(&surroundings, "http://user:pw@cred.local/p?key=hush");
    for (answer, expected) in [
        (Answer::text(200, "<html>"), "`http://cred.local/p` gave an unexpected answer: it is no JSON"),
        (Answer::json(200, r#"{"Code":"Fail"}"#), "it says `Fail`"),
        (Answer::json(200, r#"{"AccessKeyId":"A"}"#), "it has no access key secret"),
        (Answer::json(500, r#"{"Code":"X","Message":"for key=hush"}"#), "status 500, X: for ***"),
        (Answer::text(302, ""), "answered with status 302"),
        (Answer::refused(), "no answer from `http://cred.local/p`: refused"),
    ] {
        transport.push(answer);
        let error = fails(uri()).await;
        assert!(error.contains(expected) && !error.contains("hush") && !error.contains("pw"), "{error}");
    }
    let nowhere = fails(aliyun::CredentialsUri::new(&surroundings, "file:///etc/passwd")).await;
    assert_eq!(nowhere, "`file:///etc/passwd` is no address of http or https");
}

#[tokio::test]
async fn real_connections_do() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n{}") {
            assert_ne!(stream.read_buf(&mut request).await.expect("a request"), 0);
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", HUAWEI_KEY.len());
        stream.write_all((head + HUAWEI_KEY).as_bytes()).await.expect("it is read");
        String::from_utf8(request).expect("text").to_ascii_lowercase()
    });
    let surroundings = Surroundings::new().machine(GivenMachine::new().file("/t", "pod-token"));
    let source = huawei::PodIdentity::new(&surroundings, format!("http://{address}/keys"), "/t");
    let fetched = source.fetch().await.expect("keys");
    assert_eq!(key(&fetched.credentials), ("K", "S", Some("T")));
    let request = served.await.expect("no panic");
    assert!(request.starts_with("post /keys http/1.1\r\n"), "{request}");
    for line in [format!("host: {address}"), "authorization: pod-token".to_owned(), "content-length: 2".to_owned()] {
        assert_eq!(request.lines().filter(|found| *found == line).count(), 1, "{line} in {request}");
    }
}

#[cfg(all(feature = "process", unix))]
#[tokio::test]
async fn commands_are_run() {
    let surroundings = Surroundings::new();
    let print = r#"printf '{"mode":"AK","access_key_id":"%s","access_key_secret":"s"}' "a b""#;
    let fetched = aliyun::Command::new(&surroundings, print).fetch().await.expect("keys");
    assert_eq!(key(&fetched.credentials), ("a b", "s", None));
    assert_eq!(
        fails(aliyun::Command::new(&surroundings, "false")).await,
        "`false` gave nothing: it ended with exit status: 1"
    );
    let text = fails(aliyun::Command::new(&surroundings, "echo hush")).await;
    assert_eq!(text, "`echo` printed something unexpected: it is no JSON");
    assert!(fails(aliyun::Command::new(&surroundings, "a 'b")).await.contains("its quotes do not match"));
    let impatient = Surroundings::new().timer(ManualTime::new(std::time::SystemTime::UNIX_EPOCH));
    assert_eq!(fails(aliyun::Command::new(&impatient, "sleep 1000")).await, "`sleep` ran more than 60 s");
}
