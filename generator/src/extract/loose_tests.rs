//! Tests of tables that lost their cells or their indentation: a page's text over the fields and codes read from it.

use super::{Extraction, Provider, extract};
use crate::page::{Document, read_text};
use crate::spec::{Field, Type};

fn read(pages: &[&str]) -> Extraction {
    let provider = Provider::named("aliyun").expect("it comes with the tool");
    let names = ["DoOne.txt", "DoTwo.txt", "DoThree.txt"];
    let documents: Vec<Document<'_>> = names.iter().zip(pages).map(|(name, source)| read_text(name, source)).collect();
    extract(&documents, &provider)
}

/// `Tag[].Key string`, a line each field.
fn shown(fields: &[Field], prefix: &str, out: &mut Vec<String>) {
    for field in fields {
        let path = format!("{prefix}{}", field.name);
        let word = |kind: Type| format!("{kind:?}").to_lowercase();
        let (mut below, mut kind, mut holder) = (path.clone(), word(field.kind), field);
        while let Some(items) = &holder.items {
            below.push_str(if holder.kind == Type::Map { "{}" } else { "[]" });
            if items.fields.is_empty() && items.kind != Type::Any {
                kind = format!("{kind} of {}", word(items.kind));
            }
            holder = items;
        }
        let required = field.required.map(|required| format!(" {required:?}").to_lowercase()).unwrap_or_default();
        out.push(format!("{path} {kind}{required}"));
        shown(&holder.fields, &format!("{below}."), out);
    }
}

fn parameters(rows: &str, others: &[&str]) -> Vec<String> {
    let page = format!(
        "DoOne\n\nRequest parameters\n\n{rows}\n\nResponse parameters\n\nParameterTypeDescription\nRequestIdstring\n\nThe ID.\n"
    );
    let pages: Vec<&str> = std::iter::once(page.as_str()).chain(others.iter().copied()).collect();
    let extraction = read(&pages);
    let mut out = Vec::new();
    shown(&extraction.operations.first().expect("an operation").operation.request, "", &mut out);
    out
}

/// Rows of a request's table over its parameters.
#[track_caller]
fn request(rows: &str, expected: &[&str]) {
    assert_eq!(parameters(rows, &[]), expected);
}

/// Rows of an answer's table and a sample over the answer's fields.
#[track_caller]
fn answer(rows: &str, sample: &str, expected: &[&str]) {
    let page = format!(
        "DoOne\n\nResponse parameters\n\n{rows}\n\nExamples\n\nSample success responses\n\nJSONformat\n\n{sample}\n\n"
    );
    let extraction = read(&[&page]);
    let mut out = Vec::new();
    let operation = &extraction.operations.first().expect("an operation").operation;
    shown(&operation.responses.first().expect("an answer").fields, "", &mut out);
    assert_eq!(out, expected);
}

/// Rows of an error table over `code: message`.
#[track_caller]
fn codes(rows: &str, expected: &[&str]) {
    let page = format!(
        "DoOne\n\nRequest parameters\n\nParameterTypeRequiredDescription\nAstringYes\n\nThe a.\n\nError codes\n\nHTTP status codeError codeError message\n{rows}\n"
    );
    let extraction = read(&[&page]);
    let errors = &extraction.operations.first().expect("an operation").operation.errors;
    let found: Vec<String> =
        errors.iter().map(|e| format!("{}: {}", e.code, e.message.as_deref().unwrap_or_default())).collect();
    assert_eq!(found, expected);
}

const GLUED: &str = "ParameterTypeRequiredDescriptionExample\n";
const GLUED_BESIDE: &str = "ParameterTypeRequiredExampleDescription\n";

#[test]
fn an_example_follows_yes_or_no_where_nothing_describes_the_parameter() {
    request(
        &format!("{GLUED}nodeIdstringNoi-b17113****\nZoneIdstringYes\n\nThe zone.\n\ncn-a\nAmountintegerNo10 or 20\n"),
        &["nodeId string no", "ZoneId string yes", "Amount integer no"],
    );
}

#[test]
fn dotted_names_stand_beside_examples() {
    request(
        &format!("{GLUED_BESIDE}Node.N.ZoneIdStringYescn-a\n\nThe zone.\n\nNode.N.SizeLongNo20\n\nThe size.\n\n"),
        &["Node array yes", "Node[].ZoneId string yes", "Node[].Size integer no"],
    );
}

#[test]
fn names_and_values_may_end_in_words_of_types() {
    request(
        "名称类型是否必选示例值描述\nActionStringListThings\n\n系统规定参数。\n\nConnectionStringPrefixStringtest\n\n前缀。\n\n\
         PrefixListIdStringpl-1\n\n列表。\n\n示例\n\n请求示例\n\nhttp(s)://[Endpoint]/?Action=ListThings\n&PrefixListId=pl-1\n",
        &["ConnectionStringPrefix string unknown", "PrefixListId string unknown"],
    );
    answer(
        "ParameterTypeDescriptionExample\nContentTypestring\n\nThe type of the content.\n\nPlainText\nRulestring\n\nThe rule.\n\nopen_white_list\n",
        "{\"ContentType\": \"PlainText\", \"Rule\": \"open_white_list\"}",
        &["ContentType string", "Rule string"],
    );
}

#[test]
fn sentences_are_no_rows() {
    answer(
        "ParameterTypeDescriptionExample\nSQLarray<object>\n\nSQL Text of the queries.\n\nobject\nSQLTextstring\n\nSQLText of the query.\n\nselect\n",
        "{\"SQL\": [{\"SQLText\": \"select\"}]}",
        &["SQL array", "SQL[].SQLText string"],
    );
    answer(
        "Parameter Type Example Description\nLinks String Normal\n\nThe JSON array that contains the links.\n\nNote String This is a note.\n\nThe note.\n",
        "{\"Links\": \"Normal\", \"Note\": \"This is a note.\"}",
        &["Links string", "Note string"],
    );
}

#[test]
fn a_row_a_cell_each_paragraph() {
    let head = "Parameter\n\nType\n\nDescription\n\nExample\n\n";
    let sample =
        "{\"Values\": [{\"Date\": \"2019\", \"ParameterDescription\": \"x\"}], \"Tasks\": [{\"Status\": \"ok\"}]}";
    let rows = [
        "object",
        "Values",
        "array",
        "N/A",
        "object",
        "Date",
        "string",
        "The date.",
        "2019",
        "ParameterDescription",
        "string",
        "What it is.",
        "x",
        "Tasks",
        "array",
        "object",
        "The task list.",
        "Status",
        "string",
        "The status.",
        "ok",
    ];
    answer(
        &format!("{head}{}", rows.join("\n\n")),
        sample,
        &[
            "Values array",
            "Values[].Date string",
            "Values[].ParameterDescription string",
            "Tasks array",
            "Tasks[].Status string",
        ],
    );
}

#[test]
fn lists_of_plain_values_hold_no_rows() {
    request(
        &format!(
            "{GLUED}TagKeyarrayNo\n\nThe keys.\n\nstringNo\n\nThe key.\n\ntest\nVpcIdstringNo\n\nThe VPC.\n\nvpc-1\n"
        ),
        &["TagKey array of string no", "VpcId string no"],
    );
}

#[test]
fn names_out_of_order_or_of_the_vendors_habits_end_an_object() {
    request(
        &format!(
            "{GLUED}NodesarrayNo\n\nThe nodes.\n\nobjectNo\n\nA node.\n\nClassstringNo\n\nThe class.\n\nc1\nZoneIdstringNo\n\nThe zone.\n\nz\n\
             AmountintegerNo\n\nThe amount.\n\n1\nTagarrayNo\n\nThe tags.\n\nobjectNo\n\nA tag.\n\nKeystringNo\n\nThe key.\n\nk\n\
             ValuestringNo\n\nThe value.\n\nv\nVpcIdstringNo\n\nThe VPC.\n\nvpc-1\nPlaceobjectNo\n\nThe place.\n\nCitystringNo\n\nThe city.\n\nx\n\
             RegionIdstringNo\n\nThe region.\n\ncn\n"
        ),
        &[
            "Nodes array no",
            "Nodes[].Class string no",
            "Nodes[].ZoneId string no",
            "Amount integer no",
            "Tag array no",
            "Tag[].Key string no",
            "Tag[].Value string no",
            "VpcId string no",
            "Place object no",
            "Place.City string no",
            "RegionId string no",
        ],
    );
}

#[test]
fn what_other_pages_have_outside_of_objects_ends_one() {
    let rows = format!(
        "{GLUED}NodearrayNo\n\nThe nodes.\n\nobjectNo\n\nA node.\n\nClassstringNo\n\nThe class.\n\nc1\nEngineVersionstringNo\n\nThe version.\n\n8\n\
         BackupIdstringNo\n\nThe backup.\n\nb\n"
    );
    let inside = ["Node array no", "Node[].Class string no", "Node[].EngineVersion string no", "BackupId string no"];
    assert_eq!(parameters(&rows, &[]), inside);
    let other = format!("DoTwo\n\nRequest parameters\n\n{GLUED}EngineVersionstringYes\n\nThe version.\n\n8\n");
    let outside = ["Node array no", "Node[].Class string no", "EngineVersion string no", "BackupId string no"];
    assert_eq!(parameters(&rows, &[&other]), outside);
}

#[test]
fn codes_end_where_the_message_says_what_they_are_about() {
    codes(
        "403MissingParameter.HostIdHostId should not be null.\n400InvalidClientToken.NotSupportedclienttoken is not valid.\n\
         400SqlFailedOrTimeoutsql command failed.\n404MissingTemporary.EndTimeTemporary.EndTime is missing.",
        &[
            "MissingParameter.HostId: HostId should not be null.",
            "InvalidClientToken.NotSupported: clienttoken is not valid.",
            "SqlFailedOrTimeout: sql command failed.",
            "MissingTemporary.EndTime: Temporary.EndTime is missing.",
        ],
    );
}

#[test]
fn rows_of_a_run_teach_where_codes_end() {
    codes(
        "400ChargeViolationThe charge type is wrong.\n400ChargeViolationPostPaid instances can be paid later.\n403Zone.NotFoundThe zone is missing.\n\
         403Disk.MalformedThe disk is wrong.\n404Image.MalformedThe image is wrong.",
        &[
            "ChargeViolation: The charge type is wrong.",
            "ChargeViolation: PostPaid instances can be paid later.",
            "Zone.NotFound: The zone is missing.",
            "Disk.Malformed: The disk is wrong.",
            "Image.Malformed: The image is wrong.",
        ],
    );
}
