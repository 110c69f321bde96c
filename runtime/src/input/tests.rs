use serde_json::json;

use super::*;
use crate::call::Protocol;
use crate::schema::{Check, Condition, Service, Test};

static SERVICE: Service = Service::new("things", "huawei", Protocol::HuaweiRest, "");
static PARAMETERS: &[Parameter] = &[
    Parameter::path("project_id").from_credentials(),
    Parameter::path("thing_id").required(),
    Parameter::query("mode"),
    Parameter::body("password").sensitive().checks(&[
        Check::MinLength(8),
        Check::RequiredWhen(&[Condition { parameter: "mode", test: Test::Equals(&["safe"]) }]),
    ]),
    Parameter::body("size").checks(&[Check::Min(1.0), Check::Max(10.0)]),
    Parameter::body("tags").checks(&[Check::MaxItems(1)]),
];
static TAG: &[Parameter] = &[Parameter::query("key").required(), Parameter::query("secret").sensitive()];
static OPERATION: Operation = Operation::new(&SERVICE, "Change", "PUT", "/v1/{project_id}/{thing_id}", PARAMETERS);

fn input(fill: impl FnOnce(&mut Input)) -> Input {
    let mut input = Input::new("Change", PARAMETERS);
    input.string(1, "t-1".to_owned());
    fill(&mut input);
    input
}

#[track_caller]
fn refused(fill: impl FnOnce(&mut Input), expected: &str) {
    let input = input(fill);
    let error = input.to_request(&OPERATION, true).expect_err("refused");
    assert_eq!(error.message(), expected);
    assert!(input.to_request(&OPERATION, false).is_ok(), "unchecked");
}

#[test]
fn a_request_holds_what_was_set_in_the_tables_order() {
    let request = input(|input| {
        input.number(4, 2.5);
        input.string(2, "a".to_owned());
        input.string(2, "b".to_owned());
    });
    let request = request.to_request(&OPERATION, true).expect("a request");
    let arguments: Vec<_> = request.arguments.iter().map(|a| (a.name.as_ref(), a.value.clone())).collect();
    assert_eq!(arguments, [("thing_id", json!("t-1")), ("mode", json!("b")), ("size", json!(2.5))]);
    assert!(request.idempotent);
}

#[test]
fn what_the_page_forbids_is_refused_unless_checks_are_off() {
    refused(|input| input.string(2, "safe".to_owned()), "Change: `password` must be given where `mode` is `safe`");
    refused(|input| input.string(3, "short".to_owned()), "Change: `password` must be at least 8 characters long");
    refused(|input| input.integer(4, 11), "Change: `size` must be at most 10");
    refused(
        |input| input.strings(5, vec![String::new(); 2]),
        "Change: `tags` must be a list of at most 1 items, not 2",
    );
    refused(|input| input.objects(5, vec![Input::new("Tag", TAG)]), "Change: `tags` 1, `key` must be given");
}

#[test]
fn a_path_without_its_values_is_refused_even_unchecked() {
    for empty in [false, true] {
        let mut input = Input::new("Change", PARAMETERS);
        if empty {
            input.string(1, String::new());
        }
        let error = input.to_request(&OPERATION, false).expect_err("refused");
        assert_eq!(error.message(), "Change: `thing_id` must be given: it is part of the path");
    }
}

#[test]
fn secrets_are_not_shown_at_any_depth() {
    let mut tag = Input::new("Tag", TAG);
    tag.string(0, "k".to_owned());
    tag.string(1, "hunter2".to_owned());
    let input = input(|input| {
        input.string(3, "hunter2".to_owned());
        input.objects(5, vec![tag]);
    });
    let expected = r#"Change { thing_id: "t-1", password: "***", tags: [Tag { key: "k", secret: "***" }] }"#;
    assert_eq!(format!("{input:?}"), expected);
}

#[test]
fn floats_keep_their_shortest_decimal() {
    assert_eq!(0.1_f32.to_json(), json!(0.1));
}

#[test]
fn numbers_that_are_not_finite_are_refused_even_unchecked() {
    let error = input(|input| input.number(4, f64::NAN)).to_request(&OPERATION, false).expect_err("refused");
    assert_eq!(error.message(), "Change: `size` must be a finite number");
}
