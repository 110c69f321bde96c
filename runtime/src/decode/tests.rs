use super::*;
use crate::schema::{Field, Kind, Timestamp};

static DISK: Shape =
    Shape::new("Disk", &[Field::new("DiskId", "disk_id", Kind::String), Field::new("Size", "size", Kind::Int32)]);
static DISKS: Shape = Shape::new("Disks", &[Field::new("Disk", "disk", Kind::Records(&DISK))]);
static ANSWER: Shape = Shape::new(
    "Answer",
    &[
        Field::new("Text", "text", Kind::String),
        Field::new("Count", "count", Kind::Int64),
        Field::new("Ratio", "ratio", Kind::Float64),
        Field::new("Done", "done", Kind::Boolean),
        Field::new("Disks", "disks", Kind::Record(&DISKS)),
        Field::new("Plain", "plain", Kind::Records(&DISK)),
        Field::new("Names", "names", Kind::Strings),
        Field::new("Created", "created", Kind::of::<Timestamp>()),
        Field::new("Key", "key", Kind::String).sensitive(),
        Field::new("Matrix", "matrix", Kind::of::<Vec<Vec<i64>>>()),
    ],
);

/// Reads an answer and writes it again, in the documented form.
#[track_caller]
fn reads(body: &str, expected: &str) {
    let record = record_from_text(body, &ANSWER).expect("an answer");
    let expected: Json = serde_json::from_str(expected).expect("JSON");
    assert_eq!(record.to_json(), expected, "{body}");
}

#[track_caller]
fn refuses(body: &str, expected: &str) {
    let error = record_from_text(body, &ANSWER).expect_err("no answer");
    assert_eq!(error.to_string(), expected, "{body}");
}

#[test]
fn scalars_are_read_from_any_type_that_holds_them() {
    reads(
        r#"{"Text": 7, "Count": "12", "Ratio": "0.5", "Done": "True"}"#,
        r#"{"Text":"7","Count":12,"Ratio":0.5,"Done":true}"#,
    );
    reads(
        r#"{"Text": true, "Count": 3.0, "Ratio": 2, "Done": 0}"#,
        r#"{"Text":"true","Count":3,"Ratio":2.0,"Done":false}"#,
    );
    reads(r#"{"Text": "", "Count": "", "Ratio": null, "Done": "", "Created": ""}"#, r#"{"Text":""}"#);
    reads(r#"{"Count": 9223372036854775807}"#, r#"{"Count":9223372036854775807}"#);
    reads(r#"{"Created": 1700000000}"#, r#"{"Created":"1700000000"}"#);
}

#[test]
fn names_are_read_in_any_case_and_unknown_ones_passed_over() {
    reads(r#"{"text": "a", "New": {"x": [1]}}"#, r#"{"Text":"a"}"#);
    reads(r#"{"text": "a", "Text": "b"}"#, r#"{"Text":"b"}"#);
}

#[test]
fn lists_are_read_in_every_form() {
    let wrapped = r#"{"Disks":{"Disk":[{"DiskId":"a"}]}}"#;
    for body in [
        wrapped,
        r#"{"Disks":[{"DiskId":"a"}]}"#,
        r#"{"Disks":{"Disk":{"DiskId":"a"}}}"#,
        r#"{"Disks":"{\"Disk\":[{\"DiskId\":\"a\"}]}"}"#,
    ] {
        reads(body, wrapped);
    }
    let plain = r#"{"Plain":[{"DiskId":"a","Size":1}]}"#;
    for body in [
        plain,
        r#"{"Plain":{"Disk":[{"DiskId":"a","Size":"1"}]}}"#,
        r#"{"Plain":{"DiskId":"a","Size":1}}"#,
        r#"{"Plain":{"Disk":{"DiskId":"a","Size":1}}}"#,
        r#"{"Plain":[null,{"DiskId":"a","Size":1}]}"#,
    ] {
        reads(body, plain);
    }
    reads(r#"{"Names":"a"}"#, r#"{"Names":["a"]}"#);
    reads(r#"{"Names":{"Name":["a",2]}}"#, r#"{"Names":["a","2"]}"#);
    reads(r#"{"Names":"[\"a\"]","Plain":"","Disks":[]}"#, r#"{"Names":["a"]}"#);
    reads(r#"{"Matrix":[[1,"2"],[]]}"#, r#"{"Matrix":[[1,2],[]]}"#);
}

#[test]
fn what_does_not_fit_is_told_with_its_place_and_without_its_value() {
    refuses(r#"{"Count": "secret"}"#, "expected a whole number of 64 bits, found text at `$.Count`");
    refuses(
        r#"{"Disks":{"Disk":[{},{"Size":3000000000}]}}"#,
        "expected a whole number of 32 bits, found a whole number at `$.Disks.Disk[1].Size`",
    );
    refuses(r#"{"Text":{"a":1}}"#, "expected text, found an object at `$.Text`");
    refuses(r#"{"Done":2}"#, "expected true or false, found a whole number at `$.Done`");
    refuses("[1]", "expected an object, found a list at `$`");
    assert!(record_from_text("<html>", &ANSWER).expect_err("no JSON").to_string().starts_with("not JSON: "));
}

#[test]
fn an_empty_body_is_an_answer_without_values() {
    for body in ["", " \n", "\u{feff}", "null", "{}"] {
        reads(body, "{}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let record = record_from_text(r#"{"Key":"hunter2","Count":1}"#, &ANSWER).expect("an answer");
    assert_eq!(format!("{record:?}"), r#"Answer { count: 1, key: "***" }"#);
    assert_eq!(record.string(8), Some("hunter2"));
    assert_eq!(record.string(99), None);
}
