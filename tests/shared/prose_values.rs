//! How well values and limits are read from prose: labelled parameters, judged a kind of fact at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use docsdk::extract::{Provider, extract};
use docsdk::page::read;
use docsdk::spec::{Condition, Field, Operation};
use regex::Regex;

/// What the rules have to reach on the labels they were made with.
const PRECISION: f64 = 0.97;
const RECALL: f64 = 0.92;

const KINDS: [&str; 9] =
    ["values", "meanings", "default", "range", "length", "items", "format", "pattern", "conditions"];

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(rename = "page")]
    path: String,
    operation: String,
    parameters: BTreeMap<String, Facts>,
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Facts {
    values: BTreeMap<String, Option<String>>,
    default: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    min_length: Option<u64>,
    max_length: Option<u64>,
    min_items: Option<u64>,
    max_items: Option<u64>,
    format: Option<String>,
    pattern: Option<String>,
    required_when: BTreeMap<String, State>,
    unjudged: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum State {
    Presence(String),
    Values(Vec<String>),
}

/// The facts of one kind: how many the pages have, the specs have, and both.
#[derive(Clone, Copy, Default)]
struct Score {
    expected: u32,
    found: u32,
    right: u32,
}

fn count(facts: usize) -> u32 {
    u32::try_from(facts).unwrap()
}

impl Score {
    fn precision(self) -> f64 {
        if self.found == 0 { 1.0 } else { f64::from(self.right) / f64::from(self.found) }
    }

    fn recall(self) -> f64 {
        if self.expected == 0 { 1.0 } else { f64::from(self.right) / f64::from(self.expected) }
    }
}

/// A labelled file's scores, and what was missed or invented.
struct Judged {
    parameters: usize,
    scores: BTreeMap<&'static str, Score>,
    faults: Vec<String>,
}

type Atoms = BTreeSet<String>;

fn atoms<T: ToString>(pairs: &[(&str, Option<T>)]) -> Atoms {
    pairs.iter().filter_map(|(key, value)| Some(format!("{key} {}", value.as_ref()?.to_string()))).collect()
}

fn number(number: Option<&serde_yaml::Number>) -> Option<f64> {
    number.and_then(serde_yaml::Number::as_f64)
}

/// What the label says, and what the spec says, of one kind.
fn of(kind: &str, facts: &Facts, field: &Field) -> (Atoms, Atoms) {
    match kind {
        "values" => (facts.values.keys().cloned().collect(), field.values.iter().map(|v| v.value.clone()).collect()),
        "meanings" => meanings(facts, field),
        "default" => (atoms(&[("", facts.default.as_ref())]), atoms(&[("", field.default.as_ref())])),
        "range" => (
            atoms(&[("min", facts.min), ("max", facts.max)]),
            atoms(&[("min", number(field.min.as_ref())), ("max", number(field.max.as_ref()))]),
        ),
        "length" => (
            atoms(&[("min", facts.min_length), ("max", facts.max_length)]),
            atoms(&[("min", field.min_length), ("max", field.max_length)]),
        ),
        "items" => (
            atoms(&[("min", facts.min_items), ("max", facts.max_items)]),
            atoms(&[("min", field.min_items), ("max", field.max_items)]),
        ),
        "format" => {
            let given = ["int32", "int64", "float", "double", "password", "binary"];
            let found = field.format.as_deref().filter(|format| !given.contains(format));
            let lower = |format: Option<&str>| atoms(&[("", format.map(str::to_lowercase))]);
            (lower(facts.format.as_deref()), lower(found))
        }
        "pattern" => {
            let agree = |found: &String| facts.pattern.as_ref().filter(|label| agree(label, found));
            let found = field.pattern.as_ref().map(|found| agree(found).unwrap_or(found));
            (atoms(&[("", facts.pattern.as_ref())]), atoms(&[("", found)]))
        }
        "conditions" => (labelled_conditions(facts), field.required_when.iter().flat_map(condition).collect()),
        other => panic!("no kind `{other}`"),
    }
}

/// A meaning is right if it holds its own words and no other value's.
fn meanings(facts: &Facts, field: &Field) -> (Atoms, Atoms) {
    let expected = facts.values.iter().filter_map(|(value, words)| Some(format!("{value}: {}", words.as_ref()?)));
    let found = field.values.iter().filter_map(|value| {
        let text = value.description.as_ref()?;
        let lower = text.to_lowercase();
        let own =
            facts.values.get(&value.value).and_then(Option::as_ref).filter(|words| lower.contains(words.as_str()));
        let strange = |words: &&String| own.is_some_and(|own| !own.contains(words.as_str())) && lower.contains(*words);
        let right = own.filter(|_| !facts.values.values().flatten().any(|words| strange(&words)));
        Some(format!("{}: {}", value.value, right.unwrap_or(text)))
    });
    (expected.collect(), found.collect())
}

/// Whether two patterns accept and refuse the same strings of up to three characters of every kind.
fn agree(label: &str, found: &str) -> bool {
    const ALPHABET: [char; 18] =
        ['a', 'Z', '5', '_', '-', '.', ':', '/', ' ', '@', '+', '=', '"', '<', ',', '#', '中', 'é'];
    let (Ok(label), Ok(found)) = (Regex::new(label), Regex::new(found)) else { return false };
    let mut words = vec![String::new()];
    for _ in 0..3 {
        let longer = words.iter().flat_map(|word| ALPHABET.map(|c| format!("{word}{c}"))).collect::<BTreeSet<_>>();
        words.extend(longer);
        words.dedup();
    }
    words.iter().filter(|word| !word.is_empty()).all(|word| label.is_match(word) == found.is_match(word))
}

/// A parameter's name at the end of a path.
fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn labelled_conditions(facts: &Facts) -> Atoms {
    let of = |(parameter, state): (&String, &State)| match state {
        State::Presence(state) => vec![format!("{} {state}", leaf(parameter))],
        State::Values(values) => values.iter().map(|value| format!("{} = {value}", leaf(parameter))).collect(),
    };
    facts.required_when.iter().flat_map(of).collect()
}

fn condition(condition: &Condition) -> Vec<String> {
    let parameter = leaf(&condition.parameter);
    let equals = condition.equals.iter().map(|value| format!("{parameter} = {value}"));
    let differs = condition.not_equals.iter().map(|value| format!("{parameter} ≠ {value}"));
    let presence =
        condition.present.map(|present| format!("{parameter} {}", if present { "present" } else { "absent" }));
    equals.chain(differs).chain(presence).collect()
}

/// The field at `request A[].B`.
fn field<'o>(operation: &'o Operation, path: &str) -> Option<&'o Field> {
    let (part, path) = path.split_once(' ')?;
    let mut fields: Vec<&Field> = match part {
        "request" => operation.request.iter().collect(),
        _ => operation.responses.iter().filter(|r| r.status < 300).flat_map(|r| &r.fields).collect(),
    };
    let mut found = None;
    for name in path.replace("{}", "[]").split('.') {
        let (name, lists) = (name.trim_end_matches("[]"), name.matches("[]").count());
        let mut holder = *fields.iter().find(|field| field.name == name)?;
        found = Some(holder);
        for _ in 0..lists {
            holder = holder.items.as_deref()?;
        }
        fields = holder.fields.iter().collect();
    }
    found
}

fn judge(file: &str) -> Judged {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("facts").join(file);
    let pages: Vec<Page> = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let providers = ["aliyun", "huawei"].map(|name| (name, Provider::named(name).unwrap()));
    let mut judged = Judged { parameters: 0, scores: BTreeMap::new(), faults: Vec::new() };
    for page in pages {
        let source = std::fs::read_to_string(crate::shared(&page.path)).unwrap();
        // A Huawei operation is known by its method and path.
        let vendor = if page.operation.contains('/') && !page.path.contains("aliyun") { "huawei" } else { "aliyun" };
        let provider = &providers.iter().find(|(name, _)| *name == vendor).unwrap().1;
        let extraction = extract(&[read(&page.path, &source)], provider);
        let operation = extraction.operations.first().map(|extracted| &extracted.operation);
        for (path, facts) in &page.parameters {
            judged.parameters += 1;
            let nothing = Field::default();
            let found = operation.and_then(|operation| field(operation, path));
            if found.is_none() {
                judged.faults.push(format!("{} {path}: not read at all", page.path));
            }
            for kind in KINDS.into_iter().filter(|kind| !facts.unjudged.iter().any(|unjudged| unjudged == kind)) {
                let (expected, found) = of(kind, facts, found.unwrap_or(&nothing));
                let score = judged.scores.entry(kind).or_default();
                score.expected += count(expected.len());
                score.found += count(found.len());
                score.right += count(expected.intersection(&found).count());
                for (sign, atom) in expected
                    .difference(&found)
                    .map(|atom| ("missed", atom))
                    .chain(found.difference(&expected).map(|atom| ("invented", atom)))
                {
                    judged.faults.push(format!("{} {path}: {kind} {sign}: {}", page.path, atom.trim()));
                }
            }
        }
    }
    judged
}

fn table(judged: &Judged) -> String {
    let mut out = String::from("| kind | facts | precision | recall |\n|---|---|---|---|\n");
    for kind in KINDS {
        let score = judged.scores[kind];
        // Nothing to judge is not all right.
        let share = |share: f64, of: u32| if of == 0 { "–".to_owned() } else { format!("{:.1}", share * 100.0) };
        let (precision, recall) = (share(score.precision(), score.found), share(score.recall(), score.expected));
        let _ = writeln!(out, "| {kind} | {} | {precision} | {recall} |", score.expected);
    }
    out
}

/// The page that shows the figures, as it is checked in.
fn report(tuned: &Judged, unseen: &Judged) -> String {
    format!(
        "# How well values and limits are read from prose\n\n\
         What a parameter's description says beyond its meaning, judged by facts that a person read from the pages\n\
         (`tests/facts/`), a kind at a time; in percent. A test rewrites this page where it is stale: `cargo test -p\n\
         docsdk-tests --test shared prose`, with the corpora at hand.\n\n\
         ## {} parameters that the rules were made with\n\n{}\n\
         At least {:.0} precision and {:.0} recall are demanded of each kind.\n\n\
         ## {} parameters picked and read afterwards, to which nothing was tuned\n\n{}",
        tuned.parameters,
        table(tuned),
        PRECISION * 100.0,
        RECALL * 100.0,
        unseen.parameters,
        table(unseen),
    )
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn prose_is_read_as_a_person_reads_it() {
    let (judged, unseen) = (judge("prose-values.yaml"), judge("prose-values-unseen.yaml"));
    let low = |kind: &&str| judged.scores[*kind].precision() < PRECISION || judged.scores[*kind].recall() < RECALL;
    let low: Vec<&str> = KINDS.into_iter().filter(low).collect();
    assert!(judged.parameters >= 150 && KINDS.iter().all(|kind| judged.scores[kind].expected >= 24));
    assert!(low.is_empty(), "too low: {low:?}\n{}\n{}", table(&judged), judged.faults.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/prose-values.md");
    let report = report(&judged, &unseen);
    let stale = std::fs::read_to_string(&path).ok().as_ref() != Some(&report);
    if stale && std::env::var_os("CI").is_none() {
        std::fs::write(&path, &report).unwrap();
    }
    assert!(!stale, "docs/prose-values.md was stale and is rewritten: look at it and check it in");
}
