//! Every format over hostile text, and the promises of each.

use serde_json::Value;

use super::{Format, Report};
use crate::diff::finding::Recorder;
use crate::diff::{AllowFile, Comparison, Lang, Now, Policy};

const HOSTILE: &str = "<script>alert(1)</script>]]>``` \"'&\u{1b}[31m\u{0}\u{202e}\n::error::x%0A, | - #";

fn comparison() -> Comparison {
    let mut findings = Vec::new();
    for number in 0..30 {
        let operation = format!("Op{number}{HOSTILE}");
        let mut recorder = Recorder::new("s", &operation);
        let id = ["request-field-renamed", "request-default-changed", "order-changed"][number % 3];
        let entry = recorder.add(id, format!("request.{HOSTILE}")).from(HOSTILE).confidence(0.7);
        entry.before(Some(HOSTILE)).after(Some("b"));
        findings.extend(recorder.finish().0);
    }
    for finding in &mut findings {
        finding.file = Some(format!("a/{HOSTILE}.yaml"));
    }
    Comparison { old: HOSTILE.to_owned(), new: "b".to_owned(), findings, notes: vec![HOSTILE.to_owned()] }
}

fn render(format: Format, mut comparison: Comparison, colour: bool) -> String {
    let policy = Policy::default();
    let now = Now { today: "2026-01-01", version: None };
    let verdict = policy.judge(&mut comparison, &AllowFile::default(), now).unwrap();
    format.render(&Report { comparison: &comparison, verdict: &verdict, policy: &policy, colour, lang: Lang::En })
}

#[test]
fn every_format_ends_with_a_line_end_and_is_the_same_twice() {
    for (name, format) in Format::ALL {
        let text = render(format, comparison(), false);
        assert!(text.ends_with('\n'), "{name}");
        assert_eq!(text, render(format, comparison(), false), "{name}");
        assert_eq!(Format::parse(name), Some(format));
        let raw = text.contains(['\u{0}', '\u{1b}']);
        assert!(!raw || format == Format::Github, "{name} holds control characters");
        render(format, Comparison::default(), false);
    }
}

#[test]
fn html_and_xml_hold_no_markup_of_pages() {
    let html = render(Format::Html, comparison(), false);
    assert!(!html.contains("alert(1)</script>") && html.contains("&lt;script&gt;alert(1)"));
    assert!(!html.contains("http://") && !html.contains("https://"));
    let junit = render(Format::Junit, comparison(), false);
    assert!(!junit.contains("<script>"));
    assert!(junit.contains("failures=\"10\"") && junit.matches("<failure").count() == 10);
    assert_eq!(junit.matches("<testcase").count(), 20);
}

#[test]
fn json_formats_are_json_with_every_finding() {
    let json: Value = serde_json::from_str(&render(Format::Json, comparison(), false)).unwrap();
    assert_eq!(json["changes"].as_array().unwrap().len(), 30);
    assert_eq!(json["summary"]["bump"], "major");
    assert_eq!(json["summary"]["wire"]["breaking"], 10);
    let sarif: Value = serde_json::from_str(&render(Format::Sarif, comparison(), false)).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 3);
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    let gitlab: Value = serde_json::from_str(&render(Format::Gitlab, comparison(), false)).unwrap();
    let prints: std::collections::BTreeSet<&str> =
        gitlab.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), 20);
}

#[test]
fn github_shows_ten_of_a_level_each_on_one_line() {
    let mut many = comparison();
    many.findings.extend(comparison().findings);
    let text = render(Format::Github, many, false);
    let errors = text.lines().filter(|line| line.starts_with("::error ")).count();
    assert_eq!(errors, 10);
    assert!(text.contains("and 11 more"));
    assert!(text.lines().all(|line| line.starts_with("::")));
    assert!(!text.contains("\n::error::x"));
}

#[test]
fn one_line_is_the_form_of_an_allowance() {
    let text = render(Format::Oneline, comparison(), false);
    assert_eq!(text.lines().count(), 20);
    let entries: Vec<serde_yaml::Value> = serde_yaml::from_str(&text).unwrap();
    assert_eq!(entries[0]["rule"], "request-field-renamed");
}

#[test]
fn text_leads_with_the_summary_and_colours_only_when_asked() {
    let text = render(Format::Text, comparison(), false);
    assert!(text.starts_with("10 breaking, 10 risky, 10 info; crate bump: major, because of 10 renamed parameters\n"));
    assert!(text.contains("10 findings of order or white space not shown"));
    assert!(render(Format::Text, comparison(), true).contains("\u{1b}[1;31mbreaking"));
    assert_eq!(render(Format::Text, Comparison::default(), false), "nothing changed\n");
}

#[test]
fn text_folds_what_many_operations_share() {
    let mut findings = Vec::new();
    for number in 0..41 {
        let operation = format!("Op{number}");
        let mut recorder = Recorder::new("s", &operation);
        recorder.add("request-field-added-optional", "request.ResourceGroupId").after(Some("string"));
        findings.extend(recorder.finish().0);
    }
    let text = render(Format::Text, Comparison { findings, ..Comparison::default() }, false);
    assert!(text.contains("in 41 operations") && text.contains("and 35 more"), "{text}");
    assert_eq!(text.matches("request.ResourceGroupId").count(), 1);
}

#[test]
fn markdown_fits_a_pull_request() {
    let mut many = comparison();
    for number in 0..7 {
        let mut more = many.findings.clone();
        // Each at a place of its own: the same in many operations is one line.
        for finding in &mut more {
            finding.path.push_str(&number.to_string());
        }
        many.findings.extend(more);
    }
    let text = render(Format::Markdown, many, false);
    assert!(text.chars().count() <= 65_000 && text.contains(" more.\n"), "{}", text.chars().count());
    assert!(text.find("### Breaking") < text.find("### Behaviour"));
}

#[test]
fn chinese_reports_keep_ids_and_fingerprints() {
    let mut comparison = comparison();
    let policy = Policy::default();
    let now = Now { today: "2026-01-01", version: None };
    let verdict = policy.judge(&mut comparison, &AllowFile::default(), now).unwrap();
    let report = |lang| Report { comparison: &comparison, verdict: &verdict, policy: &policy, colour: false, lang };
    for (name, format) in Format::ALL {
        let (en, zh) = (format.render(&report(Lang::En)), format.render(&report(Lang::Zh)));
        assert!(zh.contains("参数改名"), "{name}: {zh}");
        assert_eq!(zh.matches("request-field-renamed").count(), en.matches("request-field-renamed").count(), "{name}");
    }
    let json = |lang| serde_json::from_str::<Value>(&Format::Json.render(&report(lang))).unwrap();
    let prints = |json: &Value| {
        json["changes"].as_array().unwrap().iter().map(|it| it["fingerprint"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(prints(&json(Lang::En)), prints(&json(Lang::Zh)));
}
