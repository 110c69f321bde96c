//! What holds of every call: its signature does not depend on the order of arguments, and a server that reads the request
//! back verifies it.

use docsdk_runtime::encode::{Query, percent};
use docsdk_runtime::sign::{self, Authorization, Message};
use docsdk_runtime::testing::{Canned, CountingRandom};
use docsdk_runtime::{
    Argument, CallRequest, ClientCore, Config, Credentials, EndpointTable, Location, Prepared, Protocol, Secret,
};
use proptest::prelude::*;
use serde_json::Value;

fn prepare(protocol: Protocol, arguments: &[(String, Value)], path: &str) -> Prepared {
    let config = Config::new()
        .endpoint("https://service.example.com")
        .credentials(Credentials::access_key("AKID", "key"))
        .clock(std::time::UNIX_EPOCH)
        .random(CountingRandom::default())
        .transport(Canned::default());
    let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
    let mut call = CallRequest::new("Do", protocol, "2014-08-15")
        .http("POST", "/v1/{part}/do")
        .argument(Argument::new("part", Location::Path, path));
    for (name, value) in arguments {
        call = call.argument(Argument::new(name.as_str(), Location::Query, value.clone()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(client.prepare(&call)).expect("a request")
}

fn protocols() -> impl Strategy<Value = Protocol> {
    prop_oneof![Just(Protocol::AliyunRpc), Just(Protocol::AliyunRoa), Just(Protocol::HuaweiRest)]
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        "\\PC{0,12}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    scalar.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[A-Za-z]{1,5}", inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_call_verifies_whatever_the_order_of_its_arguments(
        protocol in protocols(),
        arguments in proptest::collection::btree_map("[A-Za-z.]{1,8}", values(), 0..6),
        path in "\\PC{1,12}",
    ) {
        prop_assume!(path != "." && path != "..");
        let mut arguments: Vec<_> = arguments.into_iter().collect();
        let prepared = prepare(protocol, &arguments, &path);
        arguments.reverse();
        let reversed = prepare(protocol, &arguments, &path);
        prop_assert_eq!(&prepared.signature, &reversed.signature);
        prop_assert_eq!(&prepared.uri, &reversed.uri);

        let sent = prepared.uri.path().strip_prefix("/v1/").and_then(|p| p.strip_suffix("/do")).unwrap_or_default();
        prop_assert_eq!(percent::decode(sent), path.as_bytes());
        let query = Query::parse(prepared.uri.query().unwrap_or_default()).canonical();
        let message = Message {
            method: "POST",
            path: prepared.uri.path(),
            query: &query,
            headers: &prepared.headers,
            body: &prepared.body,
        };
        let authorization = prepared.headers["authorization"].to_str().ok().and_then(Authorization::parse);
        let authorization = authorization.expect("a signature");
        prop_assert_eq!(sign::verify(&message, &authorization, &Secret::new("key")), Ok(()));
        let other = Message { method: "GET", ..message };
        prop_assert!(sign::verify(&other, &authorization, &Secret::new("key")).is_err());
    }
}
