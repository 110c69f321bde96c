//! Tables held against samples: one small page a contradiction.

use super::{ExtractedOperation, Provider, extract};
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::read as read_page;
use crate::provenance::{Certainty, Fact};

const REQUEST: &str = "|Parameter|Type|Required|Example|Description|\n|---|---|---|---|---|\n";
const RESPONSE: &str = "|Parameter|Type|Example|Description|\n|---|---|---|---|\n";

/// Reads a page of request rows, a sample call, response rows and a sample answer.
fn page(rows: &str, call: &str, fields: &str, answer: &str) -> (String, ExtractedOperation, Vec<Diagnostic>) {
    let source = format!(
        "# DescribeThings\n\nQueries things.\n\n## Request parameters\n\n{REQUEST}{rows}\n## Response parameters\n\n{RESPONSE}{fields}\n\
         ## Examples\n\nSample requests\n\n```\n{call}\n```\n\nSample success responses\n\n`JSON` format\n\n```\n{answer}\n```\n"
    );
    let provider = Provider::named("aliyun").unwrap();
    let mut extraction = extract(&[read_page("a.md", &source)], &provider);
    let operation = extraction.operations.pop().unwrap();
    (source, operation, extraction.diagnostics)
}

fn fact<'f>(operation: &'f ExtractedOperation, path: &str) -> &'f Fact {
    operation.facts.iter().find(|fact| fact.path == path).unwrap_or_else(|| panic!("{path}: {:#?}", operation.facts))
}

/// The words at both places of a finding.
#[track_caller]
fn places<'s>(source: &'s str, findings: &[Diagnostic], id: &str) -> (Severity, &'s str, &'s str) {
    let found: Vec<_> = findings.iter().filter(|finding| finding.id == id).collect();
    let [finding] = found.as_slice() else { panic!("{id}: {findings:#?}") };
    let [related] = finding.related.as_slice() else { panic!("{finding:#?}") };
    (finding.severity, &source[finding.span.unwrap().range()], &source[related.span.range()])
}

#[test]
fn what_samples_confirm_is_certain_and_no_finding() {
    let fields =
        "|Things|Array of Thing| |The things.|\n|ThingId|String|t-1|The ID.|\n|RequestId|String|r|The request.|\n";
    let answer = "{\"Things\": [{\"ThingId\": \"t-1\"}], \"RequestId\": \"r\"}";
    let (_, operation, findings) =
        page("|Id|String|Yes|t-1|The ID.|\n", "https://x.com/?Action=A&Id=t-1", fields, answer);
    assert_eq!(findings, []);
    let name = fact(&operation, "responses.200.Things[].ThingId.name");
    assert_eq!((name.rule, name.certainty), ("column-name-shown", Certainty::Certain));
    assert!(operation.facts.iter().all(|fact| fact.losers.is_empty()));
}

#[test]
fn a_type_that_the_sample_contradicts_keeps_the_table_and_the_loser() {
    let fields = "|Age|Integer|1|The age.|\n|RequestId|String|r|The request.|\n";
    let (source, operation, findings) = page("", "", fields, "{\"Age\": \"young\", \"RequestId\": \"r\"}");
    assert_eq!(places(&source, &findings, "type-contradicted"), (Severity::Warning, "Integer", "\"Age\""));
    let kind = fact(&operation, "responses.200.Age.type");
    let loser = &kind.losers[0];
    assert_eq!((kind.certainty, loser.settled.word()), (Certainty::Likely, "table-over-sample"));
    assert_eq!((loser.value.as_str(), &source[loser.span.range()]), ("string", "\"Age\""));
    let (_, _, findings) = page("", "", fields, "{\"Age\": \"12\", \"RequestId\": \"***\"}");
    assert_eq!(findings, [], "numbers in quotes and masks contradict nothing");
}

#[test]
fn a_name_in_another_case_keeps_the_tables() {
    let fields = "|DBInstanceId|String|d|The ID.|\n|RequestId|String|r|The request.|\n";
    let (source, operation, findings) = page("", "", fields, "{\"DbInstanceId\": \"d\", \"RequestId\": \"r\"}");
    let places = places(&source, &findings, "name-case-contradicted");
    assert_eq!(places, (Severity::Warning, "DBInstanceId", "\"DbInstanceId\""));
    assert_eq!(fact(&operation, "responses.200.DBInstanceId.name").losers[0].value, "DbInstanceId");
}

#[test]
fn values_and_fields_that_only_a_sample_shows_are_advice() {
    let fields = "|State|String|On|The state. Valid values: On and Off.|\n|RequestId|String|r|The request.|\n";
    let (source, _, findings) = page("", "", fields, "{\"State\": \"Broken\", \"RequestId\": \"r\", \"Extra\": 1}");
    assert_eq!(places(&source, &findings, "value-not-listed").2, "\"State\"");
    let (severity, _, shown) = places(&source, &findings, "field-not-in-table");
    assert_eq!((severity, shown), (Severity::Advice, "\"Extra\""));
}

#[test]
fn a_required_parameter_that_no_sample_passes_is_doubtful() {
    let rows = "|Id|String|Yes|t-1|The ID.|\n|RegionId|String|Yes|r|The region.|\n|Size|String|No|1|The size.|\n";
    let (source, operation, findings) = page(rows, "https://x.com/?Action=A&Id=t-1", "", "");
    assert_eq!(places(&source, &findings, "required-not-shown").0, Severity::Advice);
    let required = |name: &str| fact(&operation, &format!("request.{name}.required")).certainty;
    assert_eq!(["Id", "RegionId", "Size"].map(required), [Certainty::Likely, Certainty::Doubtful, Certainty::Likely]);
}

#[test]
fn a_place_that_the_sample_contradicts_keeps_the_tables() {
    let fields = "|Page|Object| |The page.|\n|└Number|Integer|1|The number.|\n|└Total|Integer|1|The count.|\n";
    let (source, operation, findings) = page("", "", fields, "{\"Page\": {\"Number\": 1}, \"Total\": 1}");
    assert_eq!(places(&source, &findings, "nesting-contradicted"), (Severity::Warning, "Total", "\"Total\""));
    let total = fact(&operation, "responses.200.Page.Total.name");
    assert_eq!((total.certainty, total.losers[0].value.as_str()), (Certainty::Doubtful, "Total"));
}

#[test]
fn a_list_that_the_sample_shows_as_an_object_is_one() {
    let fields = "|Thing|Array| |The thing.|\n|RequestId|String|r|The request.|\n";
    let (source, operation, findings) =
        page("", "", fields, "{\"Thing\": {\"Id\": \"t\", \"Size\": 1}, \"RequestId\": \"r\"}");
    assert_eq!(places(&source, &findings, "type-contradicted"), (Severity::Warning, "Array", "\"Thing\""));
    let kind = fact(&operation, "responses.200.Thing.type");
    let loser = &kind.losers[0];
    assert_eq!((loser.settled.word(), loser.value.as_str()), ("sample-over-table", "array"));
}
