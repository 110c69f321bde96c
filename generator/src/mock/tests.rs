//! The mock, called by the runtime itself.

use std::sync::Arc;

use docsdk_runtime::{ClientCore, Config, Credentials, EndpointTable, Error};
use tokio::net::TcpListener;

use super::{ERROR_HEADER, Keys, Mock, MockService, serve};
use crate::call::{bind, request};
use crate::spec::{Operation, Service};

fn service() -> MockService {
    let service: Service = serde_yaml::from_str(
        "{ service: lumen-disk, provider: aliyun, api_version: '2025-01-01', protocol: aliyun-rpc }",
    )
    .unwrap();
    let operation: Operation = serde_yaml::from_str(
        "operation: ResizeDisk\n\
         http: { method: POST, path: / }\n\
         request:\n\
         - { name: DiskId, in: query, type: string, required: true }\n\
         - { name: Size, in: query, type: integer, min: 20, max: 500 }\n\
         - { name: Mode, in: query, type: string, values: [ { value: online }, { value: offline } ] }\n\
         - { name: StopAt, in: query, type: string, required_when: [ { parameter: Mode, equals: [offline] } ] }\n\
         - { name: Tag, in: query, type: array, items: { type: object, fields: [ { name: Key, type: string } ] } }\n\
         responses: [ { status: 200, fields: [ { name: RequestId, type: string, example: R-1 } ] } ]\n\
         errors: [ { status: 403, code: Disk.Busy, message: The disk is busy. }, { status: 409, code: Disk.Busy } ]\n",
    )
    .unwrap();
    MockService { service, operations: vec![operation] }
}

async fn call_with(config: Config, mock: Arc<Mock>, given: &[(&str, &str)]) -> Result<String, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(serve(mock, listener));
    let described = service();
    let operation = &described.operations[0];
    let given: Vec<_> = given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let arguments = bind(operation, &given).unwrap();
    let client =
        ClientCore::new(config.endpoint(format!("http://{address}")), &EndpointTable::new(None, None)).unwrap();
    let answer = client.call(request(&described.service, operation, &arguments)).await;
    server.abort();
    answer.map(|answer| String::from_utf8(answer.body.to_vec()).unwrap())
}

async fn call(given: &[(&str, &str)]) -> Result<String, Error> {
    let keys = Keys::default();
    let credentials = Credentials::access_key(keys.access_key_id.clone(), keys.access_key_secret.clone());
    let mock = Arc::new(Mock::new(vec![service()], keys));
    call_with(Config::new().credentials(credentials), mock, given).await
}

#[tokio::test]
async fn a_signed_call_is_answered_as_the_page_says() {
    let body = call(&[("DiskId", "d-1"), ("Size", "40"), ("Tag.1.Key", "a b+c")]).await.unwrap();
    assert_eq!(body, r#"{"RequestId":"R-1"}"#);
}

#[track_caller]
fn assert_refused(result: Result<String, Error>, status: u16, code: &str, words: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(status), Some(code)), "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn parameters_are_checked() {
    assert_refused(call(&[]).await, 400, "MissingParameter", "`DiskId` is required");
    assert_refused(call(&[("DiskId", "d"), ("Size", "7")]).await, 400, "InvalidParameter", "out of range");
    assert_refused(call(&[("DiskId", "d"), ("Mode", "fast")]).await, 400, "InvalidParameter", "one of online, offline");
    let conditional = call(&[("DiskId", "d"), ("Mode", "offline")]).await;
    assert_refused(conditional, 400, "MissingParameter", "`StopAt` is required, because of `Mode`");
}

#[tokio::test]
async fn signatures_are_checked() {
    let mock = || Arc::new(Mock::new(vec![service()], Keys::default()));
    let wrong_secret = Config::new().credentials(Credentials::access_key("mock-access-key-id", "wrong"));
    let refused = call_with(wrong_secret, mock(), &[("DiskId", "d")]).await;
    assert_refused(refused, 400, "SignatureDoesNotMatch", "does not match");
    let wrong_key = Config::new().credentials(Credentials::access_key("someone", "mock-access-key-secret"));
    let refused = call_with(wrong_key, mock(), &[("DiskId", "d")]).await;
    assert_refused(refused, 404, "InvalidAccessKeyId.NotFound", "`someone` is unknown");
}

#[tokio::test]
async fn documented_errors_come_on_request() {
    let keys = Keys::default();
    let credentials = Credentials::access_key(keys.access_key_id.clone(), keys.access_key_secret.clone());
    let mock = Arc::new(Mock::new(vec![service()], keys));
    for (wanted, status) in [("Disk.Busy", 403), ("Disk.Busy@409", 409)] {
        mock.fail("ResizeDisk", Some(wanted));
        let config = Config::new().credentials(credentials.clone());
        let answer = call_with(config, Arc::clone(&mock), &[("DiskId", "d")]).await;
        assert_refused(answer, status, "Disk.Busy", "Disk.Busy");
    }
    mock.fail("ResizeDisk", Some("No.Such"));
    let config = Config::new().credentials(credentials.clone());
    let answer = call_with(config, Arc::clone(&mock), &[("DiskId", "d")]).await;
    assert_refused(answer, 400, "InvalidMockError", "no page documents the error `No.Such`");
}

#[tokio::test]
async fn a_header_asks_for_a_documented_error_of_one_request() {
    let keys = Keys::default();
    let credentials = Credentials::access_key(keys.access_key_id.clone(), keys.access_key_secret.clone());
    let mock = Mock::new(vec![service()], keys).spawn().await.unwrap();
    let config = Config::new().endpoint(mock.endpoint()).credentials(credentials);
    let client = ClientCore::new(config, &EndpointTable::new(None, None)).unwrap();
    let described = service();
    let operation = &described.operations[0];
    let arguments = bind(operation, &[("DiskId".to_owned(), "d".to_owned())]).unwrap();
    let call = || request(&described.service, operation, &arguments);
    let error = client.call(call().header(ERROR_HEADER, "Disk.Busy@409")).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(409), Some("Disk.Busy")));
    assert!(client.call(call()).await.is_ok());
}
