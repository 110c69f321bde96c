//! The classes of findings: what is denied and allowed by name.

use super::finding::Effect;
use crate::diagnostic::Severity;
use crate::suggest;

/// One class of findings.
#[derive(Debug, PartialEq, Eq)]
pub struct Class {
    /// Stable, in kebab case.
    pub id: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What they touch, where no place in a spec says it.
    pub effect: Effect,
    /// What was found.
    pub about: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Class {
    /// The class of that id.
    pub fn find(id: &str) -> Option<&'static Self> {
        CLASSES.iter().find(|class| class.id == id)
    }

    /// The class of that id.
    ///
    /// # Errors
    /// A sentence that names the nearest one.
    pub fn parse(id: &str) -> Result<&'static Self, String> {
        Self::find(id).ok_or_else(|| {
            let near = suggest::nearest(id, CLASSES.iter().map(|class| class.id));
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            format!("there is no such class; {near}`docsdk lint --list` shows all")
        })
    }
}

const fn class(
    id: &'static str,
    (severity, effect): (Severity, Effect),
    about: &'static str,
    remedy: &'static str,
) -> Class {
    Class { id, severity, effect, about, remedy }
}

use Effect::{Answer, Call, Check, Errors, Operation, Text};
use Severity::{Advice, Error, Warning};

const SPEC: &str = "mend it in the service's overlay: the page says something that no spec can hold";

/// Every class; each kind of finding that extraction makes has one.
pub const CLASSES: &[Class] = &[
    // What no crate can be made of.
    class("operation-name", (Error, Operation), "an operation's name is no name", SPEC),
    class("http-method", (Error, Operation), "a method is none of HTTP's", SPEC),
    class("http-path", (Error, Operation), "a path is none", SPEC),
    class("path-parameter", (Error, Call), "a parameter travels in the path, which has no place for it", SPEC),
    class("path-placeholder", (Error, Call), "a path's placeholder has no parameter", SPEC),
    class("parameter-place", (Error, Call), "where a parameter travels is not said, or said of a field", SPEC),
    class("name-empty", (Error, Call), "a parameter or field has no name", SPEC),
    class("name-twice", (Error, Call), "two parameters or fields have one name", SPEC),
    class("fields-unfit", (Error, Call), "something has fields that is no object", SPEC),
    class("items-missing", (Error, Call), "a list or map does not say what it holds", SPEC),
    class("items-unfit", (Error, Call), "something has items that is no list or map", SPEC),
    class("json-unfit", (Error, Call), "something says what its JSON holds that is no text", SPEC),
    class("rust-name", (Error, Call), "two places have one name in Rust", "give one of them another in the overlay"),
    class("rust-type", (Error, Call), "places that share a type are not alike", "`split` one off in the overlay"),
    class("value-empty", (Error, Check), "a listed value is empty", SPEC),
    class("limits", (Error, Check), "a smallest value is larger than the largest", SPEC),
    class("condition-empty", (Error, Check), "a condition says nothing of when it holds", SPEC),
    class("condition-unknown", (Error, Check), "a condition names a parameter that is not there", SPEC),
    class("pagination", (Error, Operation), "a pagination names a parameter or field that is not there", SPEC),
    class("waiter", (Error, Operation), "a waiter names no status or no state", SPEC),
    class("status", (Error, Errors), "a status is none of HTTP's", SPEC),
    class("error-code", (Error, Errors), "an error has no code, or one twice", SPEC),
    class(
        "endpoint",
        (Error, Operation),
        "an endpoint is no URL",
        "write it with its scheme, and `{region}` where the region goes",
    ),
    class(
        "service-name",
        (Error, Operation),
        "a service's name is none",
        "use small letters, digits and single hyphens",
    ),
    class("overlay-entry", (Error, Call), "an overlay's entry can't be applied", "mend the entry as the finding says"),
    class(
        "overlay-astray",
        (Error, Call),
        "an overlay's entry leads nowhere: the pages moved on",
        "mend its path, or take it out",
    ),
    class(
        "overlay-redundant",
        (Error, Text),
        "an overlay's entry changes nothing: the pages say so by now",
        "take it out",
    ),
    class(
        "overlay-conflict",
        (Error, Call),
        "two entries of an overlay undo each other",
        "take one of the two out, or write both in one",
    ),
    class(
        "overlay-empty",
        (Warning, Text),
        "an overlay holds no entries",
        "take the file away, or its last version back",
    ),
    // What was lost on the way from the page.
    class(
        "no-operation",
        (Warning, Operation),
        "a page yields no operation",
        "take the page out of the service's pages, or teach the vocabulary its titles",
    ),
    class(
        "page-empty",
        (Warning, Operation),
        "a page holds no text",
        "fetch it again, or take it out of the service's pages",
    ),
    class("page-encoding", (Warning, Operation), "a page's bytes are not all of one encoding", "save it as UTF-8"),
    class(
        "operation-twice",
        (Warning, Operation),
        "two operations have one name and different calls",
        "leave one of the pages out, or rename one of the operations in the overlay",
    ),
    class(
        "row-unclaimed",
        (Warning, Call),
        "a row of a table was not read",
        "add the missing word to the vocabulary, or the fact to the overlay",
    ),
    class(
        "table-unclaimed",
        (Warning, Call),
        "a table was not read",
        "add its section's title or its column names to the vocabulary",
    ),
    class(
        "code-unclaimed",
        (Advice, Answer),
        "a code block was not read",
        "add its section's title to the vocabulary if it is a sample",
    ),
    class(
        "values-lost",
        (Advice, Check),
        "values are announced but not listed",
        "list them in the overlay, or give another page of the operation",
    ),
    class(
        "condition-partial",
        (Advice, Check),
        "a condition says more than a spec can hold",
        "say in the overlay what calls should be checked for",
    ),
    class(
        "response-from-sample",
        (Advice, Answer),
        "an answer's fields are known from a sample alone",
        "confirm them in the overlay, or give a page that has their table",
    ),
    // What was read with doubt.
    class(
        "pages-contradict",
        (Warning, Call),
        "two pages of one operation contradict each other",
        "confirm in the overlay who is right, or set it",
    ),
    class(
        "pages-nest-differently",
        (Warning, Answer),
        "two pages of one operation nest something differently",
        "see which page is right, and leave the other out or mend the overlay",
    ),
    class(
        "pages-unpaired",
        (Advice, Operation),
        "pages of two languages could not be told to be of one operation",
        "rename the operations of one language in the overlay, or leave one language out",
    ),
    class(
        "left-out",
        (Advice, Answer),
        "what one page alone has was left out",
        "add it in the overlay if the vendor serves it",
    ),
    class(
        "sources-disagree",
        (Warning, Call),
        "two sources contradict each other",
        "confirm in the overlay who is right, or set it",
    ),
    class(
        "gone-from-newer-page",
        (Warning, Call),
        "a newer page lacks what an older one has",
        "remove it in the overlay if the vendor no longer serves it",
    ),
    class(
        "on-some-pages-only",
        (Advice, Call),
        "some pages of an operation lack what others have",
        "see whether the page without it is out of date, or lost it when it was saved",
    ),
    class(
        "type-contradicted",
        (Warning, Call),
        "a sample shows what a type does not allow",
        "say in the overlay which of them is right",
    ),
    class(
        "name-case-contradicted",
        (Warning, Call),
        "a sample writes a name in another case than the table",
        "say in the overlay which of them is right",
    ),
    class(
        "nesting-contradicted",
        (Warning, Call),
        "a sample has a name in another place than the table",
        "say in the overlay which of them is right",
    ),
    class(
        "value-not-listed",
        (Advice, Check),
        "a sample shows a value that is none of those listed",
        "if it is a value, add it in the overlay",
    ),
    class(
        "required-not-shown",
        (Advice, Call),
        "no sample request passes a required parameter",
        "if calls work without it, say so in the overlay",
    ),
    class(
        "field-not-in-table",
        (Advice, Answer),
        "a sample shows fields that no table names",
        "if the service still has them, add them in the overlay",
    ),
    class(
        "fact-doubtful",
        (Warning, Call),
        "something was read with doubt",
        "confirm it in the overlay, or set what is right",
    ),
    // What the specs leave open.
    class(
        "required-unknown",
        (Warning, Call),
        "whether a parameter must be given is not known",
        "set it in the overlay",
    ),
    class("type-any", (Warning, Call), "a type is not known", "set it in the overlay"),
    class(
        "error-message-missing",
        (Advice, Errors),
        "an error code has no message",
        "set it in the overlay, if a page or the service itself tells it",
    ),
    class(
        "description-missing",
        (Advice, Text),
        "an operation, a parameter or a field is not described",
        "set a description in the overlay",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use regex::Regex;

    use super::{CLASSES, Class};

    /// Ids of findings that say that a file could not be read or written: no class, since nothing was looked at.
    const NO_CLASS: &[&str] = &[
        "crate-kept",
        "file-name",
        "file-not-ours",
        "lock-line",
        "no-facts",
        "no-manifest",
        "no-pages",
        "no-services",
        "no-source",
        "no-specs",
        "no-texts",
        "not-utf-8",
        "operation-kept",
        "operation-left-out",
        "overlay-layout",
        "page-changed",
        "page-pattern",
        "pages-lock",
        "pattern",
        "pattern-group",
        "release-unreadable",
        "spec-too-large",
        "unknown-key",
        "unknown-language",
        "unknown-operation",
        "unknown-path",
        "unknown-provider",
    ];

    #[test]
    fn every_finding_of_extraction_has_a_class() {
        let id = Regex::new(r#"(?:Diagnostic::new\(|\.report\(|\.finding\()\s*"([a-z-]+)""#).unwrap();
        let mut ids = BTreeSet::new();
        for folder in ["extract", "page", "project", "spec"] {
            for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder)) {
                let entry = entry.unwrap();
                if entry.file_type().is_file() && entry.path().extension().is_some_and(|ending| ending == "rs") {
                    let source = fs::read_to_string(entry.path()).unwrap();
                    ids.extend(id.captures_iter(&source).map(|found| found[1].to_owned()));
                }
            }
        }
        assert!(ids.len() > 20, "{ids:?}");
        let unknown: Vec<_> =
            ids.iter().filter(|id| Class::find(id).is_none() && !NO_CLASS.contains(&id.as_str())).collect();
        assert!(unknown.is_empty(), "add them to the classes: {unknown:?}");
    }

    #[test]
    fn ids_are_told_apart_and_near_ones_found() {
        let ids: BTreeSet<_> = CLASSES.iter().map(|class| class.id).collect();
        assert_eq!(ids.len(), CLASSES.len());
        assert_eq!(Class::parse("type-any").unwrap().id, "type-any");
        assert!(Class::parse("row-unclamed").unwrap_err().contains("did you mean `row-unclaimed`?"));
    }
}
