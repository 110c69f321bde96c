//! What an operation's answer says of how far something is, so that callers can wait for it.

use std::sync::LazyLock;

use regex::RegexSet;
use serde::Deserialize;

use super::paging::{answer, places};
use super::{Field, Operation, Type};

/// The words of `vocabulary/waiting.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    status: Vec<String>,
    failed: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../vocabulary/waiting.yaml")).expect("the vocabulary is tested")
});

static FAILED: LazyLock<RegexSet> = LazyLock::new(|| RegexSet::new(&WORDS.failed).expect("the vocabulary is tested"));

/// A status in an answer.
#[derive(Clone, Debug)]
pub struct Status<'a> {
    /// The names that lead to the list whose items have a status each; none where the answer has one.
    pub list: Vec<&'a str>,
    /// The names that lead to the status, from the answer's top or in an item.
    pub path: Vec<&'a str>,
    /// The status.
    pub field: &'a Field,
}

impl Status<'_> {
    /// The names joined by dots, as in an operation's `waiters`: `Image.Status`, `Images.Image[].Status`.
    pub fn name(&self) -> String {
        let list = if self.list.is_empty() { String::new() } else { format!("{}[].", self.list.join(".")) };
        format!("{list}{}", self.path.join("."))
    }

    /// The listed states that say that it came to nothing.
    pub fn failed(&self) -> Vec<&str> {
        let states = self.field.values.iter().map(|value| value.value.as_str());
        states.filter(|state| FAILED.is_match(state)).collect()
    }
}

/// The status that an operation's answer is about: the outermost, the one whose states are listed, the one with the
/// shortest name.
pub fn status(operation: &Operation) -> Option<Status<'_>> {
    let named = |status: &Status<'_>| {
        let name: String = status.field.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        WORDS.status.iter().any(|word| name.ends_with(word.as_str()))
    };
    let found = all(operation).into_iter().filter(named);
    found.min_by_key(|status| (status.field.values.is_empty(), !status.list.is_empty(), status.name().len()))
}

/// The text at a place in an operation's answer.
pub fn at<'a>(operation: &'a Operation, name: &str) -> Option<Status<'a>> {
    all(operation).into_iter().find(|status| status.name() == name)
}

/// All texts in an answer, those in the items of its lists included.
fn all(operation: &Operation) -> Vec<Status<'_>> {
    let mut out = Vec::new();
    for place in places(answer(operation)) {
        match (place.field.kind, place.field.items.as_deref()) {
            (Type::String, _) => out.push(Status { list: Vec::new(), path: place.path, field: place.field }),
            (Type::Array, Some(items)) if items.kind == Type::Object => {
                let texts = places(&items.fields).into_iter().filter(|inner| inner.field.kind == Type::String);
                out.extend(texts.map(|inner| Status {
                    list: place.path.clone(),
                    path: inner.path,
                    field: inner.field,
                }));
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::yaml;

    #[track_caller]
    fn test(answer: &str, expected: &str, failed: &[&str]) {
        let source = format!(
            "operation: A\nhttp: {{ method: GET, path: / }}\nresponses: [{{ status: 200, fields: [{answer}] }}]\n"
        );
        let operation: Operation = yaml::read(&source, "x.yaml").unwrap_or_else(|error| panic!("{error:?}\n{source}"));
        let found = status(&operation);
        assert_eq!(found.as_ref().map(Status::name).unwrap_or_default(), expected);
        assert_eq!(
            found.map(|found| found.field.clone()).map_or_else(Vec::new, |field| {
                Status { list: Vec::new(), path: Vec::new(), field: &field }
                    .failed()
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            }),
            failed
        );
    }

    #[test]
    fn the_outermost_status_with_listed_states_counts() {
        let values = "values: [{ value: Creating }, { value: CreateFailed }, { value: Cancelled }, { value: Ready }]";
        let plain = "{ name: Status, type: string }";
        let listed = format!("{{ name: ImageStatus, type: string, {values} }}");
        let failed = ["CreateFailed", "Cancelled"];
        test(plain, "Status", &[]);
        test(&format!("{plain}, {listed}"), "ImageStatus", &failed);
        test(&format!("{{ name: Image, type: object, fields: [{listed}] }}"), "Image.ImageStatus", &failed);
        let list = format!(
            "{{ name: Images, type: object, fields: [{{ name: Image, type: array, items: {{ type: object, fields: [{listed}] }} }}] }}"
        );
        test(&list, "Images.Image[].ImageStatus", &failed);
        test(&format!("{list}, {plain}"), "Images.Image[].ImageStatus", &failed);
        test("{ name: HttpStatusCode, type: integer }, { name: RequestId, type: string }", "", &[]);
    }
}
