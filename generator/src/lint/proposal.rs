//! The overlay's entries that settle a finding.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::finding::Finding;
use super::look::Looked;
use crate::page::LineIndex;
use crate::project::Specs;
use crate::provenance::Certainty;
use crate::spec::lock::LockedFact;
use crate::spec::overlay::{self, Entry};
use crate::spec::path::{self, below};
use crate::spec::{Field, Location, Operation, Type};

/// What a person says of a finding, where the page can't tell.
#[derive(Clone, Debug, Default)]
pub struct Proposal<'a> {
    /// The value to set or to add.
    pub to: Option<&'a Value>,
    /// What they know, in front of what the page says.
    pub reason: Option<&'a str>,
}

/// Why there is no entry for a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanting {
    /// A person has to say the value.
    Value(&'static str),
    /// No overlay can settle it; what can.
    Elsewhere(&'static str),
}

/// The entries that settle a finding, which the look at `specs` has found.
///
/// # Errors
/// What is wanting for one.
pub(super) fn propose(
    looked: &Looked,
    specs: &Specs,
    finding: &Finding,
    said: &Proposal<'_>,
) -> Result<Vec<Entry>, Wanting> {
    let Some(operation) = specs.operations.get(&finding.operation) else {
        return Err(Wanting::Elsewhere(finding.class.remedy));
    };
    let facts = specs.lock.operations.get(&finding.operation).map(Vec::as_slice).unwrap_or_default();
    let case = Case { finding, operation, facts, tree: path::tree(operation), said, name: &finding.operation };
    let mut entries = case.entries()?;
    let reason = reason(looked, finding, said.reason);
    for entry in &mut entries {
        entry.reason.clone_from(&reason);
    }
    Ok(entries)
}

/// The classes of which some findings get an entry without a person's saying a value.
pub(super) fn offered(findings: &[Finding], specs: &Specs) -> BTreeSet<&'static str> {
    let said = Proposal::default();
    let mut offered = BTreeSet::new();
    let mut last: Option<(&str, Value)> = None;
    for finding in findings {
        let id = finding.class.id;
        let Some((name, operation)) = specs.operations.get_key_value(&finding.operation) else { continue };
        if offered.contains(id) {
            continue;
        }
        let tree = match last.take() {
            Some((known, tree)) if known == name => tree,
            _ => path::tree(operation),
        };
        let facts = specs.lock.operations.get(name).map(Vec::as_slice).unwrap_or_default();
        let case = Case { finding, operation, facts, tree, said: &said, name };
        if case.entries().is_ok_and(|entries| !entries.is_empty()) {
            offered.insert(id);
        }
        last = Some((name, case.tree));
    }
    offered
}

/// The entries that mend what validation finds in an operation, for tests that have no page of it.
#[cfg(test)]
pub(super) fn of_issue(operation: &Operation, issue: &crate::spec::validate::Issue) -> Result<Vec<Entry>, Wanting> {
    use super::class::Class;
    use super::finding::Place;
    let tree = path::tree(operation);
    let place = Place { file: "A.yaml".to_owned(), lines: None, label: String::new() };
    let about = path::of_steps(&tree, &issue.place);
    let class = Class::find(issue.id).expect("every issue has a class");
    let finding = Finding::new(class, "a", &operation.operation, &about, place);
    let said = Proposal::default();
    let case = Case { finding: &finding, operation, facts: &[], tree, said: &said, name: &operation.operation };
    let mut entries = case.entries()?;
    for entry in &mut entries {
        entry.reason.clone_from(&issue.message);
    }
    Ok(entries)
}

/// Why the entry is there: the finding, and the page's words at its place.
fn reason(looked: &Looked, finding: &Finding, said: Option<&str>) -> String {
    const MOST: usize = 90;
    let mut parts: Vec<String> =
        said.map(|said| format!("{}.", said.trim().trim_end_matches('.'))).into_iter().collect();
    let place = &finding.place;
    let words = place.lines.and_then(|(start, end)| {
        let text = looked.text(&place.file)?;
        let lines = LineIndex::new(&text);
        let (start, end) = (lines.byte(start) as usize, lines.byte(end) as usize);
        let words = text.get(start..end)?.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = words.chars().take(MOST).collect();
        let more = if cut.len() < words.len() { "…" } else { "" };
        (!words.is_empty()).then(|| format!("“{cut}{more}”"))
    });
    let line = place.lines.map(|(start, _)| format!(":{}", start.line)).unwrap_or_default();
    parts.push(format!("{}{line} has {}: {}.", place.file, words.as_deref().unwrap_or("nothing"), finding.message));
    parts.join(" ")
}

/// A finding and the operation that it is about.
struct Case<'a> {
    finding: &'a Finding,
    operation: &'a Operation,
    facts: &'a [LockedFact],
    tree: Value,
    said: &'a Proposal<'a>,
    name: &'a str,
}

impl Case<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Wanting> {
        let path = self.finding.path.as_str();
        match self.finding.class.id {
            // What the specs leave open.
            "required-unknown" => Ok(self.set(path, self.to_or(|| false.into()))),
            "type-any" => Ok(self.set(path, self.to_or(|| self.shown_type(path)))),
            "error-message-missing" => Ok(self.set(path, self.to("what the service says")?)),
            "description-missing" => Ok(self.set(path, self.to("what it is, in words")?)),
            "values-lost" => Ok(self.set(path, self.values()?)),
            "condition-partial" => {
                Ok(self.set(path, self.to("the conditions, as a list: `[{ parameter: X, present: true }]`")?))
            }
            // What a person has to look at.
            "fact-doubtful" => self.doubtful(),
            "value-not-listed" => Ok(self.add(path, json!({ "value": self.shown_value(path)? }))),
            "field-not-in-table" | "left-out" => Ok(self.missing_field(path)),
            "response-from-sample"
            | "sources-disagree"
            | "pages-contradict"
            | "gone-from-newer-page"
            | "on-some-pages-only"
            | "type-contradicted"
            | "name-case-contradicted"
            | "nesting-contradicted"
            | "required-not-shown" => self.confirm_below(path),
            // What no crate can be made of.
            id => self.unfit(id, path),
        }
    }

    fn entry(&self, path: &str, fill: impl FnOnce(String) -> Entry) -> Vec<Entry> {
        vec![fill(format!("{}.{path}", self.name))]
    }

    fn set(&self, path: &str, to: Value) -> Vec<Entry> {
        self.entry(path, |path| Entry { set: Some(path), to: Some(to), ..Entry::default() })
    }

    fn add(&self, path: &str, value: Value) -> Vec<Entry> {
        self.entry(path, |path| Entry { add: Some(path), value: Some(value), ..Entry::default() })
    }

    fn remove(&self, path: &str) -> Vec<Entry> {
        self.entry(path, |path| Entry { remove: Some(path), ..Entry::default() })
    }

    fn to(&self, what: &'static str) -> Result<Value, Wanting> {
        self.said.to.cloned().ok_or(Wanting::Value(what))
    }

    fn to_or(&self, usual: impl FnOnce() -> Value) -> Value {
        self.said.to.cloned().unwrap_or_else(usual)
    }

    /// What stands at a path; nothing where the spec has no such place.
    fn at(&self, path: &str) -> Option<&Value> {
        let found = path::resolve(&self.tree, path);
        found.rest.is_empty().then(|| path::get(&self.tree, &found.steps)).flatten()
    }

    /// Says that what was read is right; with `--to`, what is right instead.
    fn verdict(&self, path: &str) -> Option<Vec<Entry>> {
        let read = self.at(path)?;
        if let Some(right) = self.said.to.filter(|right| *right != read) {
            return Some(match (path.strip_suffix(".name"), right.as_str()) {
                (Some(owner), Some(right)) => self.entry(owner, |path| Entry {
                    rename: Some(path),
                    wire: Some(right.to_owned()),
                    ..Entry::default()
                }),
                _ => self.set(path, right.clone()),
            });
        }
        let to = Some(read.clone());
        Some(self.entry(path, |path| Entry { confirm: Some(path), to, ..Entry::default() }))
    }

    /// Confirms a fact, or of something with several the one that says what it is.
    fn confirm_below(&self, path: &str) -> Result<Vec<Entry>, Wanting> {
        if self.at(path).is_some_and(|value| !value.is_object() && !value.is_array()) {
            return self.verdict(path).ok_or(Wanting::Elsewhere(self.finding.class.remedy));
        }
        let leaves = path::leaves(&self.tree);
        let leaf = leaves.iter().find(|leaf| {
            let key = |key: &str| leaf.ends_with(key);
            below(leaf, path).is_some() && (key(".type") || key(".code") || key(".name") || key(".value"))
        });
        let leaf = leaf.or_else(|| leaves.iter().find(|leaf| below(leaf, path).is_some()));
        leaf.and_then(|leaf| self.verdict(leaf)).ok_or(Wanting::Elsewhere(self.finding.class.remedy))
    }

    /// Every fact of one owner that one rule has read with doubt is one finding.
    fn doubtful(&self) -> Result<Vec<Entry>, Wanting> {
        let owner = super::facts::owner(&self.finding.path);
        let alike = self.facts.iter().filter(|fact| {
            fact.certainty == Certainty::Doubtful
                && fact.losers.is_empty()
                && fact.rule == self.finding.rule
                && fact.rule != overlay::RULE
                && super::facts::owner(&fact.path) == owner
        });
        let entries: Vec<Entry> = alike.filter_map(|fact| self.verdict(&fact.path)).flatten().collect();
        if entries.is_empty() { Err(Wanting::Elsewhere(self.finding.class.remedy)) } else { Ok(entries) }
    }

    /// The value that a sample shows and the page does not list.
    fn shown_value(&self, path: &str) -> Result<Value, Wanting> {
        let losers = self.facts.iter().filter(|fact| below(&fact.path, path).is_some()).flat_map(|fact| &fact.losers);
        let shown = losers.map(|loser| loser.value.clone()).next().map(Value::String);
        self.said.to.cloned().or(shown).ok_or(Wanting::Value("the value"))
    }

    /// Listed values: words, or each with its description.
    fn values(&self) -> Result<Value, Wanting> {
        let to = self.to("the values, as a list: `[fast, slow]`")?;
        let list = to.as_array().cloned().unwrap_or_else(|| vec![to.clone()]);
        let listed = |value: Value| match value {
            Value::Object(_) => value,
            Value::String(text) => json!({ "value": text }),
            other => json!({ "value": other.to_string() }),
        };
        Ok(list.into_iter().map(listed).collect())
    }

    /// A field that only a sample or one of the pages has, with the type that a sample shows.
    fn missing_field(&self, path: &str) -> Vec<Entry> {
        let (holder, name) = path.rsplit_once('.').unwrap_or(("request", path));
        let mut field = self.sampled(name).map_or_else(|| json!({ "type": "string" }), |value| shape(&value, 0));
        field["name"] = name.into();
        field["description"] = UNTOLD.into();
        if holder == "request"
            && let Value::Object(map) = &mut field
        {
            let place = self.operation.request.iter().filter_map(|field| field.location).next_back();
            let place = place.filter(|place| *place != Location::Path).unwrap_or(Location::Query);
            map.insert("in".to_owned(), serde_json::to_value(place).unwrap_or_default());
        }
        if let Some(Value::Object(right)) = self.said.to {
            right.iter().for_each(|(key, value)| field[key] = value.clone());
        }
        let holder = match self.at(holder) {
            Some(Value::Object(map)) if map.contains_key("status") => format!("{holder}.fields"),
            _ => holder.to_owned(),
        };
        self.add(&holder, field)
    }

    /// What a sample of the page shows for a name.
    fn sampled(&self, name: &str) -> Option<Value> {
        fn find<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
            match value {
                Value::Object(map) => map.get(name).or_else(|| map.values().find_map(|inner| find(inner, name))),
                Value::Array(list) => list.iter().find_map(|inner| find(inner, name)),
                _ => None,
            }
        }
        let texts = self.operation.examples.iter().flat_map(|example| [&example.response, &example.request]).flatten();
        let mut values = texts.filter_map(|text| serde_json::from_str::<Value>(text).ok());
        values.find_map(|value| find(&value, name).cloned())
    }

    /// What a list or map holds whose page does not say it: what a sample shows, text where it is sent, else anything.
    fn items(&self, path: &str) -> Value {
        let name = path.rsplit(['.', ']', '}']).next().unwrap_or_default();
        let shown = self.sampled(name).map(|value| shape(&value, 0)).and_then(|shape| shape.get("items").cloned());
        shown.unwrap_or_else(|| json!({ "type": if path.starts_with("request") { "string" } else { "any" } }))
    }

    /// The type of a field that the page says nothing of, by its example.
    fn shown_type(&self, path: &str) -> Value {
        let owner = path.strip_suffix(".type").unwrap_or(path);
        let example = self.at(&format!("{owner}.example")).and_then(Value::as_str);
        let kind = example.and_then(|text| serde_json::from_str::<Value>(text).ok()).map(|value| kind(&value));
        // What a list holds is not known; text is read whatever it is.
        kind.filter(|kind| !matches!(kind, Type::Array | Type::Any)).unwrap_or(Type::String).word().into()
    }

    /// What mends a spec that does not hold together.
    fn unfit(&self, id: &str, path: &str) -> Result<Vec<Entry>, Wanting> {
        let owner = |key: &str| path.strip_suffix(key).unwrap_or(path);
        Ok(match id {
            "http-method" => self.set("http.method", self.to_or(|| "POST".into())),
            "http-path" => self.set("http.path", self.to_or(|| "/".into())),
            "path-placeholder" => {
                let fill = |name: &str| json!({ "name": name, "in": "path", "type": "string", "required": true });
                self.unfilled().into_iter().flat_map(|name| self.add("request", fill(name))).collect()
            }
            "path-parameter" => {
                let unplaced = self.unplaced();
                let place =
                    |field: &Field| self.set(&format!("request.{}.in", field.name), self.to_or(|| "query".into()));
                unplaced.into_iter().flat_map(place).collect()
            }
            "parameter-place" => self.set(&format!("{path}.in"), self.to_or(|| "query".into())),
            "items-missing" => self.set(&format!("{path}.items"), self.to_or(|| self.items(path))),
            "items-unfit" => self.set(&format!("{path}.type"), "array".into()),
            "fields-unfit" => self.set(&format!("{path}.type"), "object".into()),
            "json-unfit" => self.remove(&format!("{path}.json")),
            "limits" => {
                let both = [("min", "max"), ("min_length", "max_length"), ("min_items", "max_items")];
                let number = |key: &str| self.at(&format!("{path}.{key}")).and_then(Value::as_f64);
                let wrong = both.into_iter().filter(|(low, high)| number(low) > number(high) && number(high).is_some());
                wrong.flat_map(|(_, high)| self.remove(&format!("{path}.{high}"))).collect()
            }
            "status" => self.set(path, self.to_or(|| 200.into())),
            "value-empty" | "error-code" => {
                let list = path.rsplit_once('.').map_or(path, |(list, _)| list);
                let empty = self.at(list).and_then(Value::as_array).and_then(|list| {
                    let name = |entry: &Value| {
                        entry.get("value").or(entry.get("code")).and_then(Value::as_str).map(str::to_owned)
                    };
                    list.iter().position(|entry| name(entry).is_none_or(|name| name.trim().is_empty()))
                });
                self.remove(&format!("{list}.{}", empty.ok_or(Wanting::Elsewhere(self.finding.class.remedy))?))
            }
            "name-empty" | "name-twice" | "condition-empty" | "condition-unknown" => self.remove(owner(".name")),
            _ => return Err(Wanting::Elsewhere(self.finding.class.remedy)),
        })
        .and_then(|entries: Vec<Entry>| {
            if entries.is_empty() { Err(Wanting::Elsewhere(self.finding.class.remedy)) } else { Ok(entries) }
        })
    }

    /// The names in braces of the path.
    fn placeholders(&self) -> BTreeSet<&str> {
        let parts = self.operation.http.path.split('{').skip(1);
        parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    fn unfilled(&self) -> Vec<&str> {
        let in_path = |name: &str| {
            self.operation.request.iter().any(|field| field.name == name && field.location == Some(Location::Path))
        };
        self.placeholders().into_iter().filter(|name| !in_path(name)).collect()
    }

    fn unplaced(&self) -> Vec<&Field> {
        let known = self.placeholders();
        let lost = |field: &&Field| field.location == Some(Location::Path) && !known.contains(field.name.as_str());
        self.operation.request.iter().filter(lost).collect()
    }
}

/// The description of what no table names.
const UNTOLD: &str = "A sample of the page shows it; no table of it says what it is.";

/// A field as a sample's value shows it.
fn shape(value: &Value, depth: usize) -> Value {
    const DEEPEST: usize = 6;
    let mut field = json!({ "type": kind(value).word() });
    match value {
        Value::Array(list) => {
            let items = list.first().filter(|_| depth < DEEPEST).map(|item| shape(item, depth + 1));
            field["items"] = items.unwrap_or_else(|| json!({ "type": "any" }));
        }
        Value::Object(map) if depth < DEEPEST => {
            let inner = map.iter().map(|(name, value)| {
                let mut inner = shape(value, depth + 1);
                inner["name"] = name.as_str().into();
                inner["description"] = UNTOLD.into();
                inner
            });
            field["fields"] = inner.collect();
        }
        _ => {}
    }
    field
}

fn kind(value: &Value) -> Type {
    match value {
        Value::String(_) => Type::String,
        Value::Number(number) if number.is_f64() => Type::Number,
        Value::Number(_) => Type::Integer,
        Value::Bool(_) => Type::Boolean,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
        Value::Null => Type::Any,
    }
}
