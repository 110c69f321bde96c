//! What spans show, and what they do not.
#![cfg(feature = "tracing")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use docsdk_runtime::testing::{Answer, Canned};
use docsdk_runtime::{
    Argument, CallRequest, ClientCore, Config, Credentials, EndpointTable, Location, Protocol, RetryPolicy,
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn spans_name_the_call_and_hide_its_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let denied = Answer::json(503, r#"{"Code":"ServiceUnavailable","RequestId":"R-1"}"#);
    let config = Config::new()
        .endpoint("https://rds.aliyuncs.com")
        .credentials(Credentials::access_key("AKID", "SECRETKEY").with_security_token("SECRETTOKEN"))
        .retry(RetryPolicy::default().with_delays(std::time::Duration::ZERO, std::time::Duration::ZERO))
        .transport(Canned::new([denied, Answer::json(200, r#"{"RequestId":"R-2"}"#)]));
    let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
    let call = CallRequest::new("ResetAccountPassword", Protocol::AliyunRpc, "2014-08-15")
        .idempotent(true)
        .argument(Argument::new("AccountPassword", Location::Query, "SECRETPASSWORD"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    tracing::subscriber::with_default(subscriber, || runtime.block_on(client.call(call))).expect("the second succeeds");
    let log = String::from_utf8(log.0.lock().expect("not poisoned").clone()).expect("text");
    for shown in
        ["ResetAccountPassword", "rds.aliyuncs.com", "503", "200", "R-1", "R-2", "ServiceUnavailable", "sending again"]
    {
        assert!(log.contains(shown), "{shown}: {log}");
    }
    assert!(!log.contains("SECRET"), "{log}");
    let failed: Vec<_> = log.lines().filter(|line| line.contains("otel.status_code=\"ERROR\"")).collect();
    assert!(!failed.is_empty(), "{log}");
    assert!(failed.iter().all(|line| line.contains("error.type=\"ServiceUnavailable\"")), "{log}");
    let ended = log.lines().rfind(|line| line.contains("close")).expect("the call's end");
    assert!(ended.contains("otel.name=\"ResetAccountPassword\"") && !ended.contains("ERROR"), "{ended}");
}
