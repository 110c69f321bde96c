//! Every class of findings that an overlay can settle is settled by what is proposed for it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{CLASSES, Looked, Proposal, Wanted, Wanting, look, proposals};
use crate::project::{SpecJob, collect, extract};
use crate::spec::overlay::{append, apply};
use crate::spec::{Operation, Service, validate, yaml};

/// The classes that no overlay settles: they are about pages, files and overlays, or another entry is at fault.
const NOT_BY_OVERLAY: &[&str] = &[
    "code-unclaimed",
    "endpoint",
    "no-operation",
    "operation-name",
    "operation-twice",
    "overlay-astray",
    "overlay-conflict",
    "overlay-empty",
    "overlay-entry",
    "overlay-redundant",
    "page-empty",
    "page-encoding",
    "pages-nest-differently",
    "pages-unpaired",
    "pagination",
    "row-unclaimed",
    "rust-name",
    "rust-type",
    "service-name",
    "table-unclaimed",
    "waiter",
];

fn job(folder: &Path) -> SpecJob {
    let service = Service { service: "a".into(), provider: "aliyun".into(), ..Service::default() };
    let (pages, findings) = collect(Path::new(""), &[folder.join("pages").to_string_lossy().into_owned()], folder);
    assert!(findings.is_empty(), "{findings:?}");
    let folder = folder.to_owned();
    SpecJob { service, protocol: None, pages, folder, overlay: None, language: None, cache: None }
}

fn classes(looked: &Looked) -> BTreeSet<&'static str> {
    looked.findings.iter().map(|finding| finding.class.id).collect()
}

/// Writes pages, settles all that is found on them, and gives the classes that were.
fn settled(pages: &[(&str, &str)], to: Option<&Value>, only: &[&'static str]) -> BTreeSet<&'static str> {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("pages")).unwrap();
    for (name, text) in pages {
        fs::write(root.path().join("pages").join(name), text).unwrap();
    }
    let job = job(root.path());
    let before = classes(&look(&job, &|| ()));
    let of = |id: &&super::Class| only.contains(&id.id);
    let wanted = Wanted { classes: CLASSES.iter().filter(of).collect(), ..Wanted::default() };
    let proposed = proposals(&job, &|| (), &wanted, &Proposal { to, reason: Some("seen") });
    assert_eq!(proposed.wanting.iter().map(|(finding, _)| &finding.message).collect::<Vec<_>>(), [""; 0]);
    assert!(!proposed.entries.is_empty(), "{before:?}");
    for entry in &proposed.entries {
        assert!(entry.reason.starts_with("seen. ") && entry.reason.contains("/pages/"), "{}", entry.reason);
    }
    let overlay = append("# mine\n", "overlay.yaml", &proposed.entries).unwrap();
    fs::write(root.path().join("overlay.yaml"), &overlay).unwrap();
    let looked = look(&job, &|| ());
    let left: Vec<_> = looked.findings.iter().filter(|finding| only.contains(&finding.class.id)).collect();
    assert!(left.is_empty(), "{left:?}\n{overlay}");
    let wrong: Vec<_> = looked.findings.iter().filter(|found| found.class.id.starts_with("overlay")).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{overlay}");
    before.intersection(&only.iter().copied().collect()).copied().collect()
}

fn page(rows: &str, more: &str) -> String {
    format!(
        "# CreateBox\n\nCreates a box.\n\n[Explorer](https://api.example/#product=A&api=CreateBox&type=RPC&version=1)\n\n\
         ## Request parameters\n\n|Parameter|Type|Required|Example|Description|\n|-|-|-|-|-|\n\
         |Action|String|Yes|CreateBox|Set the value to CreateBox. |\n{rows}\n{more}"
    )
}

const ANSWER: &str = "## Response parameters\n\n|Parameter|Type|Example|Description|\n|-|-|-|-|\n\
                      |RequestId|String|x|The ID. |\n";

fn sample(request: &str, answer: &str) -> String {
    format!(
        "\n## Examples\n\nSample requests\n\n```\nhttp(s)://[Endpoint]/?Action=CreateBox\n{request}\n```\n\n\
         Sample success responses\n\n`JSON` format\n\n```\n{answer}\n```\n"
    )
}

/// What the pages leave open, and what they say twice.
fn of_pages() -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    let mut test = |rows: &str, more: &str, to: Option<&str>, only: &'static [&'static str]| {
        let to = to.map(Value::from);
        let found = settled(&[("a.md", &page(rows, more))], to.as_ref(), only);
        assert_eq!(found, only.iter().copied().collect());
        all.extend(found);
    };
    let error =
        "\n## Error codes\n\n|HttpCode|Error code|Error message|Description|\n|-|-|-|-|\n|400|Bad.Box| |It is bad.|\n";
    test("|Box|Thing|No|x|The box. |", ANSWER, None, &["type-any"]);
    test("|Box|String|No|x| |", ANSWER, Some("A box."), &["description-missing"]);
    test("|Box|String|No|x|The box. |", &format!("{ANSWER}{error}"), Some("Bad."), &["error-message-missing"]);
    let typed = sample("&Box=x", "{ \"RequestId\": \"x\", \"Weight\": 7 }");
    test("|Box|String|No|x|The box. |", &format!("{ANSWER}{typed}"), None, &["field-not-in-table"]);
    let other = sample("&Other=1", "{ \"requestid\": \"x\" }");
    test(
        "|Box|String|Yes|x|The box. |",
        &format!("{ANSWER}{other}"),
        None,
        &["name-case-contradicted", "required-not-shown"],
    );
    let listed = "|Mode|String|No|x|The mode. Valid values:\n\n -   fast: at once.\n-   slow: later. |";
    let unlisted = sample("&Mode=other", "{ \"RequestId\": \"x\", \"Weight\": \"heavy\" }");
    test(
        listed,
        &format!("{ANSWER}|Weight|Integer|7|The weight. |\n{unlisted}"),
        None,
        &["type-contradicted", "value-not-listed"],
    );
    test("|Box|String|No|x|The box. |", &sample("", "{ \"Weight\": 7 }"), None, &["response-from-sample"]);
    all
}

/// A finding of validation, and what mends it, without a page.
fn of_validation() -> BTreeSet<&'static str> {
    let field = |more: &str| format!("request:\n- {{ name: X, in: query, type: string, {more} }}\n");
    let cases = [
        ("http-method", String::new(), "http: { method: post, path: / }"),
        ("http-path", String::new(), "http: { method: POST, path: a }"),
        ("path-placeholder", String::new(), "http: { method: POST, path: '/{Id}' }"),
        ("path-parameter", field("").replace("query", "path"), ""),
        ("parameter-place", field("").replace("in: query, ", ""), ""),
        ("name-twice", field("") + "- { name: X, in: query, type: string }\n", ""),
        ("name-empty", field("").replace("name: X, ", ""), ""),
        ("items-missing", field("").replace("string", "array"), ""),
        ("items-unfit", field("items: { type: string }"), ""),
        ("fields-unfit", field("fields: [{ name: Y, type: string }]"), ""),
        ("json-unfit", field("json: { type: any }").replace("string", "integer"), ""),
        ("limits", field("min_length: 7, max_length: 3"), ""),
        ("value-empty", field("values: [{ value: a }, { value: '' }]"), ""),
        ("condition-empty", field("required_when: [{ parameter: X }]"), ""),
        ("condition-unknown", field("required_when: [{ parameter: Y, present: true }]"), ""),
        ("status", "responses: [{ status: 7 }]\n".to_owned(), ""),
        ("error-code", "errors: [{ code: A }, { code: '' }]\n".to_owned(), ""),
    ];
    let mut all = BTreeSet::new();
    for (id, more, http) in cases {
        let http = if http.is_empty() { "http: { method: POST, path: / }" } else { http };
        let source = format!("operation: A\n{http}\n{more}");
        let operation: Operation = yaml::read(&source, "A.yaml").unwrap();
        let issues = validate::operation(&operation);
        assert_eq!(issues.iter().map(|issue| issue.id).collect::<Vec<_>>(), [id], "{source}");
        let entries = super::proposal::of_issue(&operation, &issues[0]).unwrap();
        let text = append("", "o.yaml", &entries).unwrap();
        let mut operations = [("A".to_owned(), operation)].into();
        let overlay = crate::spec::overlay::read(&text, "o.yaml").unwrap();
        let (_, findings) = apply(&overlay, &text, "o.yaml", &mut operations);
        assert!(findings.is_empty(), "{findings:?}\n{text}");
        assert_eq!(validate::operation(&operations["A"]), [], "{text}");
        all.insert(id);
    }
    all
}

#[test]
fn every_class_that_an_overlay_can_settle_is_settled() {
    let mut all = of_validation();
    all.extend(of_pages());
    // These come of real pages, several of one operation among them: `tests/shared/settling.rs`.
    let of_corpora = [
        "condition-partial",
        "fact-doubtful",
        "gone-from-newer-page",
        "left-out",
        "nesting-contradicted",
        "on-some-pages-only",
        "pages-contradict",
        "required-unknown",
        "sources-disagree",
        "values-lost",
    ];
    all.extend(of_corpora);
    all.extend(NOT_BY_OVERLAY);
    let unknown: Vec<_> = CLASSES.iter().map(|class| class.id).filter(|id| !all.contains(id)).collect();
    assert!(unknown.is_empty(), "say what settles them: {unknown:?}");
}

#[test]
fn what_no_page_can_tell_is_asked_for() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("pages")).unwrap();
    fs::write(root.path().join("pages/a.md"), page("|Box|String|No|x| |", ANSWER)).unwrap();
    let wanted = Wanted { path: Some("Box".to_owned()), ..Wanted::default() };
    let proposed = proposals(&job(root.path()), &|| (), &wanted, &Proposal::default());
    assert!(proposed.entries.is_empty());
    assert_eq!(proposed.wanting[0].1, Wanting::Value("what it is, in words"));
    assert_eq!(proposed.wanting[0].0.path, "request.Box.description");
    // An overlay that is not there changes nothing.
    assert!(extract(&job(root.path()), &|| ()).settled.is_empty());
}
