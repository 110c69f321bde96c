//! Several pages of one operation, over the corpora: one operation each, as right as the better of the pages alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use docsdk::extract::{Extraction, Provider, extract};
use docsdk::page::{Document, read};
use docsdk::spec::Operation;
use docsdk_tests::scorer::{docsdk, shared, shares};
use serde_json::{Map, Value, json};

const SERVICES: [&str; 3] = ["dbs", "r-kvstore", "rds"];
const CORPUS: &str = "aliyun-help";

/// A language and a style of the corpus: a folder of pages for each service.
type Set = (&'static str, &'static str);

fn folder(service: &str, (language, style): Set) -> PathBuf {
    shared("corpus").join(CORPUS).join(service).join(language).join(style)
}

fn truth(service: &str) -> Value {
    let path = shared("corpus/truth").join(format!("{service}-help.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// What the pages of a set should yield; its errors those of all the sets, as each page lists rows of its own.
fn truth_of(service: &str, set: Set, all: &[Set]) -> Value {
    let truth = truth(service);
    let of = |set: Set| {
        let at = format!("{CORPUS}/{service}/{}/{}/", set.0, set.1);
        let operations = truth["operations"].as_array().unwrap().iter();
        operations.filter(move |operation| operation["page"].as_str().unwrap().starts_with(&at)).cloned()
    };
    let mut operations: Vec<Map<String, Value>> = of(set).map(|own| own.as_object().unwrap().clone()).collect();
    for operation in &mut operations {
        let row = |error: &Value| (error["status"].to_string(), error["code"].to_string());
        let own = operation["errors"].as_array().cloned().unwrap_or_default();
        let mut errors: BTreeMap<_, _> = own.into_iter().map(|error| (row(&error), error)).collect();
        for other in all.iter().flat_map(|set| of(*set)).filter(|other| other["key"] == operation["key"]) {
            for error in other["errors"].as_array().into_iter().flatten() {
                errors.entry(row(error)).or_insert_with(|| error.clone());
            }
        }
        operation["errors"] = errors.into_values().collect();
    }
    json!({ "service": service, "source": truth["source"], "operations": operations })
}

/// Extracts some sets at once and scores the result by what one of them should yield.
fn figures(sets: &[Set], by: Set) -> BTreeMap<String, f64> {
    let out = tempfile::tempdir().unwrap();
    let mut score = Command::new("python3");
    score.arg(shared("score/score.py")).arg("--specs").arg(out.path().join("specs")).arg("--truth");
    for service in SERVICES {
        let mut run = Command::new(docsdk().unwrap());
        run.args(["extract", "--service", service, "--provider", "aliyun", "--format", "json", "--out"]);
        run.arg(out.path().join("specs")).args(sets.iter().map(|set| folder(service, *set)));
        let run = run.output().unwrap();
        let report: Value = serde_json::from_slice(&run.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["id"] != "operation-twice"), "{service}");
        let operations = fs::read_dir(out.path().join("specs").join(service).join("operations")).unwrap().count();
        assert_eq!(operations, 20, "{service}: one operation a name");
        let path = out.path().join(format!("{service}.json"));
        fs::write(&path, truth_of(service, by, sets).to_string()).unwrap();
        score.arg(path);
    }
    let json = out.path().join("figures.json");
    score.arg("--pages").arg(shared("corpus")).arg("--json").arg(&json).env("PYTHONDONTWRITEBYTECODE", "1");
    let run = score.output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let figures: Value = serde_json::from_reader(io::BufReader::new(fs::File::open(json).unwrap())).unwrap();
    let mut shares = shares(&figures["services"]["TOTAL (micro)"]);
    // Drift is told by the page that is scored, not by the pages that were read.
    shares.retain(|name, _| !name.ends_with('*'));
    shares
}

/// The sets together are as right as the better of them alone; of errors, where each page has rows of its own, as the
/// lesser.
fn as_good_as_the_better(sets: &[Set]) {
    let alone: Vec<BTreeMap<String, f64>> = sets.iter().map(|set| figures(&[*set], *set)).collect();
    let together = figures(sets, sets[0]);
    assert!(together.len() >= 14, "{together:?}");
    for (name, share) in &together {
        let singles = alone.iter().filter_map(|figures| figures.get(name).copied());
        // Where cells ran together, a message is cut by what the run's other pages spell out, and those are others now.
        let (bound, slack) = if name.starts_with("errors") {
            (singles.fold(1.0, f64::min), 0.005)
        } else {
            (singles.fold(0.0, f64::max), 1e-4)
        };
        assert!(*share >= bound - slack, "{sets:?}: {name} is {share:.4} together and {bound:.4} alone");
    }
}

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn two_languages_together_are_as_right_as_the_better_one() {
    for style in ["pipe2023", "squashed2023", "lines2025", "paras2025"] {
        as_good_as_the_better(&[("en", style), ("zh", style)]);
    }
}

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn several_styles_together_are_as_right_as_the_best_one() {
    for language in ["en", "zh"] {
        as_good_as_the_better(&[
            (language, "pipe2023"),
            (language, "squashed2023"),
            (language, "lines2025"),
            (language, "paras2025"),
        ]);
    }
}

fn pages(folders: &[PathBuf]) -> Vec<(String, String)> {
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths: BTreeSet<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    let name = |path: &Path| path.to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn joined(pages: &[(String, String)], language: &str, back: bool) -> Extraction {
    let provider = Provider::named("aliyun").unwrap().preferring(Some(language));
    let mut documents: Vec<Document<'_>> = pages.iter().map(|(path, source)| read(path, source)).collect();
    if back {
        documents.reverse();
    }
    let mut extraction = extract(&documents, &provider);
    extraction.operations.sort_by(|a, b| a.operation.operation.cmp(&b.operation.operation));
    extraction.diagnostics.sort_by(|a, b| (&a.file, a.span, &a.message).cmp(&(&b.file, b.span, &b.message)));
    extraction
}

/// An operation without what is said in a language.
fn wordless(operation: &Operation) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                let texts = ["summary", "description", "message", "title", "example", "declared_type"];
                map.retain(|key, value| !(texts.contains(&key.as_str()) && value.is_string()));
                map.values_mut().for_each(strip);
            }
            Value::Array(list) => list.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(operation).unwrap();
    strip(&mut value);
    value
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn neither_order_nor_language_changes_what_is_called() {
    let sets = [("en", "pipe2023"), ("zh", "pipe2023"), ("zh", "squashed2023")];
    let pages = pages(&sets.map(|set| folder("r-kvstore", set)));
    let english = joined(&pages, "en", false);
    assert_eq!(english.operations.len(), 20);
    assert!(english.diagnostics.iter().any(|finding| finding.id == "pages-contradict" && !finding.related.is_empty()));
    let back = joined(&pages, "en", true);
    assert_eq!(english.operations, back.operations);
    assert_eq!(english.diagnostics, back.diagnostics);
    let chinese = joined(&pages, "zh", false);
    let mut differ = 0;
    for (english, chinese) in english.operations.iter().zip(&chinese.operations) {
        assert_eq!(english.pages.len(), 3);
        assert_eq!(wordless(&english.operation), wordless(&chinese.operation));
        assert!(english.texts.contains_key("zh") && chinese.texts.contains_key("en"));
        differ += usize::from(english.operation != chinese.operation);
    }
    assert_eq!(differ, 20, "descriptions are in the language asked for");
}
