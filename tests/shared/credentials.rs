//! The recorded runs of the vendors' own packages: the same requests, and the same made of the answers.

use std::collections::BTreeMap;
use std::time::SystemTime;

use docsdk_runtime::bytes::Bytes;
use docsdk_runtime::credentials::huawei::Scope;
use docsdk_runtime::credentials::{Credentials, Fetched, GivenMachine, Key, Source, Surroundings, aliyun, huawei};
use docsdk_runtime::encode::Query;

use docsdk_runtime::http::Request;
use docsdk_runtime::sign::{Authorization, Message, verify};
use docsdk_runtime::testing::{Answer, Canned};
use docsdk_runtime::{Error, Random, Secret, parse_timestamp};
use serde_json::Value;

/// A recorded run.
struct Run(Value);

impl Run {
    fn name(&self) -> &str {
        self.0["name"].as_str().expect("a run has a name")
    }

    /// An input that is a text; empty where it is none.
    fn input(&self, name: &str) -> &str {
        self.0["inputs"][name].as_str().unwrap_or_default()
    }

    fn given(&self, name: &str) -> Option<&str> {
        Some(self.input(name)).filter(|text| !text.is_empty())
    }

    fn transport(&self) -> Canned {
        let answers = self.0["answers"].as_array().expect("answers");
        Canned::new(answers.iter().map(|answer| {
            let status = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
            let body = answer["body"].as_str().unwrap_or_default().to_owned();
            let headers = answer["headers"].as_object().into_iter().flatten();
            headers.fold(Answer::text(status, body), |answer, (name, value)| {
                answer.header(name, value.as_str().expect("a header"))
            })
        }))
    }

    fn surroundings(&self, transport: &Canned) -> Surroundings {
        let machine = GivenMachine::new().variable("HOME", "/home/u").file("TOKEN_FILE", self.token());
        let machine = match (&self.0["inputs"]["file"], self.0["provider"].as_str()) {
            (Value::String(text), Some("aliyun")) => {
                machine.file("/home/u/.alibabacloud/credentials.ini", text.as_str())
            }
            (Value::String(text), _) => machine.file("/home/u/.huaweicloud/credentials", text.as_str()),
            (file @ Value::Object(_), _) => machine
                .file("/home/u/.aliyun/config.json", file.to_string())
                .variable("ALIBABA_CLOUD_PROFILE", self.input("profile")),
            _ => machine,
        };
        let machine = self.0["inputs"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| name.starts_with("HC_"))
            .fold(machine, |machine, (name, value)| machine.variable(name, value.as_str().expect("a variable")));
        Surroundings::new()
            .machine(machine)
            .transport(transport.clone())
            .clock(self.clock())
            .random(Nonce(self.0["nonce"].as_str().expect("a nonce").to_owned()))
    }

    fn token(&self) -> &str {
        if self.name() == "huawei-oidc-sts" { "fake.jwt" } else { "fake.oidc.jwt\n" }
    }

    fn clock(&self) -> SystemTime {
        self.0["clock"].as_str().and_then(parse_timestamp).expect("a clock")
    }

    fn source(&self, surroundings: &Surroundings) -> Box<dyn Source> {
        if self.0["provider"] == "aliyun" { self.aliyun(surroundings) } else { self.huawei(surroundings) }
    }

    fn aliyun(&self, surroundings: &Surroundings) -> Box<dyn Source> {
        match self.input("type") {
            "ram_role_arn" => {
                let mut base = Credentials::access_key(self.input("access_key_id"), self.input("access_key_secret"));
                if let Some(token) = self.given("security_token") {
                    base = base.with_security_token(token);
                }
                let seconds = self.0["inputs"]["role_session_expiration"].as_u64().expect("seconds");
                let mut role = aliyun::AssumeRole::new(surroundings, base, self.input("role_arn"))
                    .session_name(self.input("role_session_name"))
                    .seconds(seconds);
                if let Some(policy) = self.given("policy") {
                    role = role.policy(policy);
                }
                if let Some(id) = self.given("external_id") {
                    role = role.external_id(id);
                }
                Box::new(role)
            }
            "oidc_role_arn" => {
                let (role, provider) = (self.input("role_arn"), self.input("oidc_provider_arn"));
                let file = self.input("oidc_token_file_path");
                let source = aliyun::Oidc::new(surroundings, role, provider, file);
                Box::new(source.session_name(self.input("role_session_name")))
            }
            "ecs_ram_role" => {
                let source = aliyun::Metadata::new(surroundings).role(self.input("role_name"));
                let v2_only = self.0["inputs"]["disable_imds_v1"] == true;
                Box::new(if v2_only { source.v2_only() } else { source })
            }
            "credentials_uri" => Box::new(aliyun::CredentialsUri::new(surroundings, self.input("credentials_uri"))),
            _ if self.0["inputs"]["file"].is_object() => Box::new(aliyun::CliFile::new(surroundings)),
            _ => Box::new(aliyun::Profile::new(surroundings)),
        }
    }

    fn huawei(&self, surroundings: &Surroundings) -> Box<dyn Source> {
        match self.name() {
            "huawei-profile" => Box::new(huawei::Profile::new(surroundings, Scope::Basic)),
            "huawei-pod-identity" => Box::new(huawei::PodIdentity::from_environment(surroundings)),
            "huawei-project-id-lookup" => {
                let key = Credentials::access_key(HUAWEI_ID, HUAWEI_SECRET);
                Box::new(huawei::Lookup::project(surroundings, key, self.input("region")))
            }
            "huawei-idp-token" => {
                let source =
                    huawei::IdentityProvider::new(surroundings, self.input("idp_id"), self.input("id_token_file"));
                Box::new(source.region("cn-north-4"))
            }
            "huawei-oidc-sts" => {
                let (provider, agency) = (self.input("provider_urn"), self.input("agency_urn"));
                Box::new(huawei::Oidc::new(surroundings, Scope::Basic, provider, agency).token_file("TOKEN_FILE"))
            }
            name if name.starts_with("huawei-metadata") => Box::new(huawei::Metadata::new(surroundings)),
            name => panic!("no source is known for `{name}`"),
        }
    }

    fn check_requests(&self, sent: &[Request<Bytes>]) {
        let expected = self.0["requests"].as_array().expect("requests");
        assert_eq!(sent.len(), expected.len(), "{}", self.name());
        for (sent, expected) in sent.iter().zip(expected) {
            self.check_request(sent, expected);
        }
    }

    fn check_request(&self, sent: &Request<Bytes>, expected: &Value) {
        let name = self.name();
        assert_eq!(sent.method().as_str(), expected["method"].as_str().expect("a method"), "{name}");
        let (path, query) = split(expected["target"].as_str().expect("a target"));
        assert_eq!(sent.uri().path(), path, "{name}");
        assert_eq!(sent.uri().host(), expected["headers"]["host"].as_str(), "{name}");
        let secure =
            !matches!(sent.uri().host(), Some("100.100.100.200" | "169.254.169.254" | "cred.local" | "pod.local"));
        assert_eq!(sent.uri().scheme_str(), Some(if secure { "https" } else { "http" }), "{name}");

        let (mut sent_query, mut query) = (pairs(sent.uri().query().unwrap_or_default()), pairs(query));
        if expected["independent_check"] == "signature differs" {
            // The vendor's package signs `+` where the procedure says `%20`; this is what an implementation apart
            // from this one computed.
            query.insert("Signature".to_owned(), "4P6Dng/ACDs9XagrqqYYMerdvC4=".to_owned());
        }
        assert_eq!(sent_query, query, "{name}");
        sent_query.clear();

        let mut headers: BTreeMap<_, _> = sent
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII")))
            .filter(|(name, _)| !matches!(*name, "user-agent" | "accept"))
            .collect();
        let mut recorded: BTreeMap<_, _> = expected["headers"]
            .as_object()
            .expect("headers")
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("a value")))
            .filter(|(name, _)| !matches!(*name, "user-agent" | "accept"))
            .collect();
        if recorded.get("authorization").is_some_and(|value| value.starts_with("SDK-HMAC-SHA256")) {
            recorded.remove("authorization");
            let authorization = headers.remove("authorization").expect("a signature");
            check_signature(sent, authorization);
        }
        assert_eq!(headers, recorded, "{name}");
        assert!(sent.headers()["user-agent"].to_str().expect("ASCII").starts_with("docsdk/"), "{name}");

        let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
        let body = expected["body"].as_str().expect("a body");
        assert_eq!(json(sent.body()), json(body.as_bytes()), "{name}");
        assert_eq!(sent.body().is_empty(), body.is_empty(), "{name}");
    }

    fn check_result(&self, result: Result<Fetched, Error>) {
        let name = self.name();
        let Some(expected) = self.0.get("result") else {
            let error = result.expect_err("the recorded run failed");
            let status = self.0["answers"].as_array().and_then(|all| all.last()).map(|last| last["status"].to_string());
            let text = error.to_string();
            assert!(text.contains(&format!("status {}", status.expect("an answer"))), "{name}: {text}");
            return;
        };
        let fetched = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        let credentials = fetched.credentials;
        let Key::AccessKey { id, secret, security_token } = credentials.key() else { panic!("{name}: an access key") };
        for (key, value) in expected.as_object().expect("a result") {
            let found = match key.as_str() {
                "access_key_id" | "ak" => Some(id.as_str()),
                "access_key_secret" | "sk" => Some(secret.expose()),
                "security_token" => security_token.as_ref().map(Secret::expose),
                "project_id" => credentials.project_id(),
                "iam_endpoint" => fetched.iam_endpoint.as_deref(),
                "type" | "provider_name" => continue,
                other => panic!("{name}: `{other}` is not checked"),
            };
            assert_eq!(found, value.as_str(), "{name}: {key}");
        }
        let answers = self.0["answers"].to_string();
        if security_token.is_some() && answers.contains("2099") && !self.name().starts_with("aliyun-cli-profile-sts") {
            assert_eq!(credentials.expires(), parse_timestamp("2099-01-01T00:00:00Z"), "{name}");
        }
    }
}

const HUAWEI_ID: &str = "FAKEHUAWEIAK00000000";
const HUAWEI_SECRET: &str = "a secret of this test";

fn split(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    let parsed = Query::parse(query);
    let map: BTreeMap<_, _> =
        parsed.pairs().iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    assert_eq!(map.len(), parsed.pairs().len(), "a name stands twice in `{query}`");
    map
}

fn check_signature(sent: &Request<Bytes>, authorization: &str) {
    let authorization = Authorization::parse(authorization).expect("an authorization");
    assert_eq!(authorization.key_id, HUAWEI_ID);
    let query = Query::parse(sent.uri().query().unwrap_or_default()).canonical();
    let message = Message {
        method: sent.method().as_str(),
        path: sent.uri().path(),
        query: &query,
        headers: sent.headers(),
        body: sent.body(),
    };
    verify(&message, &authorization, &Secret::from(HUAWEI_SECRET)).expect("the signature holds");
}

#[derive(Debug)]
struct Nonce(String);

impl Random for Nonce {
    fn bytes(&self) -> [u8; 16] {
        [0; 16]
    }

    fn nonce(&self, _: SystemTime) -> String {
        self.0.clone()
    }
}

fn runs() -> Vec<Run> {
    let path = crate::shared("wire/credentials.json");
    let text = std::fs::read_to_string(path).expect("the recorded runs can be read");
    let runs: Vec<Value> = serde_json::from_str(&text).expect("the recorded runs are JSON");
    assert!(runs.len() >= 22, "only {} runs", runs.len());
    runs.into_iter().map(Run).collect()
}

#[tokio::test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
async fn recorded_runs_are_made_again() {
    for run in runs() {
        let transport = run.transport();
        let surroundings = run.surroundings(&transport);
        let source = run.source(&surroundings);
        let result = source.fetch().await;
        run.check_requests(&transport.requests());
        run.check_result(result);
        println!("{}: as recorded", run.name());
    }
}
