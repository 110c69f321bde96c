//! Operations whose titles read alike: `Querying Tags` of two API versions get names of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::naming::capitalized;
use super::run::ExtractedOperation;
use crate::provenance::Certainty;
use crate::spec::Operation;

/// A method and a path without its placeholders' names.
pub(crate) type Call = (String, String);

/// What an operation calls.
pub(crate) fn call_of(operation: &Operation) -> Call {
    (operation.http.method.clone(), without_names(&operation.http.path))
}

/// Gives operations of one name and different calls different names: by the version in the path, else by its words, else
/// by the method too. Pages of the same call keep their name.
pub(crate) fn tell_apart(operations: &mut [ExtractedOperation]) {
    let mut calls: BTreeMap<String, BTreeSet<Call>> = BTreeMap::new();
    for extracted in operations.iter() {
        calls.entry(extracted.operation.operation.clone()).or_default().insert(call_of(&extracted.operation));
    }
    for extracted in operations {
        let Some(alike) = calls.get(&extracted.operation.operation).filter(|alike| alike.len() > 1) else { continue };
        let own = call_of(&extracted.operation);
        let ways: [fn(&Call) -> String; 3] = [
            |(_, path)| version(path),
            |(_, path)| version(path) + &words(path),
            |(method, path)| version(path) + &words(path) + &capitalized(&method.to_ascii_lowercase()),
        ];
        let apart = |way: &&fn(&Call) -> String| alike.iter().map(way).collect::<BTreeSet<_>>().len() == alike.len();
        let Some(way) = ways.iter().find(apart) else { continue };
        extracted.operation.operation.push_str(&way(&own));
        for fact in extracted.facts.iter_mut().filter(|fact| fact.path == "operation") {
            fact.rule = "name-told-apart-by-path";
            fact.certainty = Certainty::Doubtful;
        }
    }
}

/// A path whose placeholders have no names: they differ where the call does not.
fn without_names(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
    parts.join("/")
}

fn is_version(part: &str) -> bool {
    part.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `/v2.1/…` → `V21`.
fn version(path: &str) -> String {
    let part = path.split('/').find(|part| is_version(part)).unwrap_or_default();
    capitalized(&part.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

fn words(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.starts_with('{') && !is_version(part));
    parts.flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric())).map(capitalized).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn names(calls: &[(&str, &str)]) -> Vec<String> {
        let mut operations: Vec<ExtractedOperation> = calls
            .iter()
            .map(|(method, path)| {
                let mut extracted = ExtractedOperation::default();
                extracted.operation.operation = "QueryTags".to_owned();
                extracted.operation.http.method = (*method).to_owned();
                extracted.operation.http.path = (*path).to_owned();
                extracted
            })
            .collect();
        tell_apart(&mut operations);
        operations.into_iter().map(|extracted| extracted.operation.operation).collect()
    }

    #[test]
    fn names_of_different_calls_differ_and_those_of_one_call_do_not() {
        assert_eq!(
            names(&[("GET", "/v1/{id}/tags"), ("GET", "/v2.1/{project}/tags")]),
            ["QueryTagsV1", "QueryTagsV21"]
        );
        assert_eq!(
            names(&[("GET", "/v1/{id}/tags"), ("GET", "/v1/{id}/server-tags")]),
            ["QueryTagsV1Tags", "QueryTagsV1ServerTags"]
        );
        assert_eq!(
            names(&[("GET", "/v1/{id}/tags"), ("POST", "/v1/{id}/tags")]),
            ["QueryTagsV1TagsGet", "QueryTagsV1TagsPost"]
        );
        assert_eq!(names(&[("GET", "/v1/{id}/tags"), ("GET", "/v1/{project}/tags")]), ["QueryTags", "QueryTags"]);
    }
}
