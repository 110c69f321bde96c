//! Secrets stand in no text that a program may show: neither of sources and providers nor of errors.

use std::fmt::{Debug, Write as _};

use docsdk_runtime::Error;
use docsdk_runtime::credentials::huawei::Scope;
use docsdk_runtime::credentials::{
    Credentials, CredentialsProvider as _, Environment, GivenMachine, Source, Surroundings, Variables, aliyun, huawei,
};
use docsdk_runtime::encode::percent;
use docsdk_runtime::testing::{Answer, Canned};

/// All secrets of these tests hold this word; `/+` shows whether they are masked where they are encoded.
const MARK: &str = "hushhush";

fn secret(name: &str) -> String {
    format!("{MARK}/+ {name}")
}

fn machine() -> GivenMachine {
    let cli = serde_json::json!({ "current": "a", "profiles": [
        { "name": "a", "mode": "RamRoleArn", "access_key_id": "A", "access_key_secret": secret("cli"), "ram_role_arn": "r" }
    ]});
    let ini = format!("[default]\ntype=ram_role_arn\naccess_key_id=A\naccess_key_secret={}\nrole_arn=r", secret("ini"));
    GivenMachine::new()
        .variable("HOME", "/h")
        .variable("HUAWEICLOUD_SDK_AK", secret("ak"))
        .variable("HUAWEICLOUD_OIDC_PROVIDER_URN", "p")
        .variable("HUAWEICLOUD_OIDC_AGENCY_URN", "a")
        .variable("HUAWEICLOUD_OIDC_ID_TOKEN", secret("id-token"))
        .variable("ALIBABA_CLOUD_CREDENTIALS_URI", format!("http://cred.local/?key={MARK}"))
        .file("/token", secret("token"))
        .file("/h/.aliyun/config.json", cli.to_string())
        .file("/h/.alibabacloud/credentials.ini", ini)
        .output(&["print", MARK], format!("{MARK} is no JSON"))
}

/// One of each source, all holding secrets where they can.
fn sources(surroundings: &Surroundings) -> Vec<Box<dyn Source>> {
    let base = || Credentials::access_key("A", secret("key")).with_security_token(secret("token"));
    let end = std::time::SystemTime::now() + std::time::Duration::from_hours(1);
    vec![
        Box::new(base()),
        Box::new(Variables::new(surroundings, Environment::huawei())),
        Box::new(aliyun::AssumeRole::new(surroundings, base(), "r").session_name("n")),
        Box::new(aliyun::AssumeRole::new(surroundings, base().cached_in(surroundings), "r")),
        Box::new(aliyun::Oidc::new(surroundings, "r", "p", "/token")),
        Box::new(aliyun::CliFile::new(surroundings)),
        Box::new(aliyun::Profile::new(surroundings)),
        Box::new(aliyun::Metadata::new(surroundings).role("r")),
        Box::new(aliyun::CredentialsUri::from_environment(surroundings)),
        Box::new(aliyun::CredentialsUri::new(surroundings, format!("http://u:{MARK}@cred.local/?key={MARK}"))),
        Box::new(aliyun::Command::new(surroundings, format!("print {MARK}"))),
        Box::new(aliyun::CloudSso::new(
            surroundings,
            "https://sso.local",
            "1",
            "c",
            secret("sso").replace(' ', ""),
            end,
        )),
        Box::new(aliyun::OAuth::new(surroundings, "CN", secret("oauth").replace(' ', ""), end).expect("a site")),
        Box::new(aliyun::default_chain(surroundings)),
        Box::new(huawei::Oidc::new(surroundings, Scope::Basic, "p", "a").token(secret("oidc"))),
        Box::new(huawei::Oidc::from_environment(surroundings, Scope::Basic)),
        Box::new(huawei::IdentityProvider::new(surroundings, "idp", "/token")),
        Box::new(huawei::EnvironmentIdentity::new(surroundings, Scope::Basic)),
        Box::new(huawei::Profile::new(surroundings, Scope::Basic)),
        Box::new(huawei::Metadata::new(surroundings)),
        Box::new(huawei::PodIdentity::new(surroundings, "http://pod.local/", "/token")),
        Box::new(huawei::PasswordToken::new(surroundings, "d", "u", secret("password"))),
        Box::new(huawei::Lookup::project(surroundings, base(), "cn-north-4")),
        Box::new(huawei::default_chain(surroundings, Scope::Basic)),
    ]
}

/// Everything that can be shown of an error.
fn shown(error: &Error) -> String {
    let mut out = format!("{error}\n{error:#}\n{error:?}\n{error:#?}\n{}", error.message());
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        write!(out, "\n{inner}\n{inner:?}").expect("memory takes all text");
        source = inner.source();
    }
    out
}

#[track_caller]
fn check(what: &dyn Debug, text: &str) {
    assert!(!text.contains(MARK), "{what:?} shows a secret: {text}");
}

/// A refusal that repeats a secret: raw, as in an address, and as in a text that is signed; and once more where a long
/// message is cut.
fn echo(name: &str) -> Answer {
    let raw = secret(name);
    let once = percent::encode(&raw);
    let message = format!("{raw} {once} {} {} {raw}", percent::encode(&once), "x".repeat(365));
    let body = serde_json::json!({ "Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "R-1" });
    Answer::json(403, body.to_string())
}

#[tokio::test]
async fn sources_and_providers_show_no_secret() {
    let surroundings = Surroundings::new().machine(machine()).transport(Canned::default());
    check(&"the machine", &format!("{:?}", machine()));
    check(&"the surroundings", &format!("{surroundings:?}"));
    for source in sources(&surroundings) {
        check(&source, &format!("{source:?} {source:#?}"));
    }
    let provider = Credentials::access_key("A", secret("key")).cached_in(&surroundings);
    let credentials = provider.credentials().await.expect("credentials");
    check(&"a provider that has keys", &format!("{provider:?} {credentials:?}"));
}

/// What a source sent is masked in all errors. (Each source is asked alone, so that only its own secrets are known.)
#[tokio::test]
async fn errors_show_no_secret() {
    let count = sources(&Surroundings::new()).len();
    for at in 0..count {
        for kind in 0..3 {
            let transport = match kind {
                0 => Canned::default(),
                1 => Canned::new((0..8).map(|_| Answer::text(200, format!("{MARK} {}", secret("answer"))))),
                _ => Canned::new((0..8).map(|_| Answer::json(200, format!(r#"{{"AccessKeySecret":"{MARK}","Credentials":{{"AccessKeySecret":"{MARK}"}},"credential":{{"secret":"{MARK}"}}}}"#)))),
            };
            let surroundings = Surroundings::new().machine(machine()).transport(transport);
            let source = sources(&surroundings).swap_remove(at);
            if let Err(error) = source.fetch().await {
                check(&source, &shown(&error));
            }
        }
    }
}

/// Servers say in their refusals what they were sent; a session token stands in the text that STS would have signed.
#[tokio::test]
async fn what_servers_repeat_is_masked() {
    for (at, own) in [(2, "token"), (4, "token"), (14, "oidc"), (21, "password"), (22, "token")] {
        for answer in [echo(own), Answer::text(500, format!("{} {}", "y ".repeat(496), secret(own)))] {
            let surroundings = Surroundings::new().machine(machine()).transport(Canned::new([answer]));
            let source = sources(&surroundings).swap_remove(at);
            let text = shown(&source.fetch().await.expect_err("refused"));
            check(&source, &text);
            assert!(
                text.contains("SignatureDoesNotMatch: *** *** *** x") || text.contains("status 500: y y"),
                "{text}"
            );
        }
    }
}

/// What is logged: that a renewal failed, with the server's words, and never a secret.
#[cfg(feature = "tracing")]
#[test]
fn logs_show_no_secret() {
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tracing::subscriber::with_default(subscriber, || {
        let count = sources(&Surroundings::new()).len();
        for (at, own) in (0..count).flat_map(|at| ["token", "oidc", "password"].map(|own| (at, own))) {
            // Others' secrets are not known to a source, so a server repeats those it was sent.
            let own =
                if matches!((at, own), (2 | 4 | 22, "token") | (14, "oidc") | (21, "password")) { own } else { "" };
            let answer = if own.is_empty() { Answer::text(500, "no") } else { echo(own) };
            let surroundings = Surroundings::new().machine(machine()).transport(Canned::new([answer]));
            let provider = sources(&surroundings).swap_remove(at).cached_in(&surroundings);
            let _ = runtime.block_on(provider.credentials());
        }
    });
    let text = String::from_utf8(log.0.lock().expect("not poisoned").clone()).expect("text");
    assert!(text.contains("SignatureDoesNotMatch: ***") && text.contains("source=\"assumed role\""), "{text}");
    check(&"the log", &text);
}
