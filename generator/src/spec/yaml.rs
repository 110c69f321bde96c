//! Specs as YAML: reading with places for errors, writing byte-stable.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};

use crate::diagnostic::{Diagnostic, Severity};
use crate::merge_mark;
use crate::page::Span;
use crate::suggest;

use super::{Operation, Service, place};

/// The largest file that is read, in bytes. The largest operation of any vendor known is below 1 MiB.
pub const MAX_BYTES: usize = 32 << 20;

/// Reads a value from a YAML text.
///
/// # Errors
/// A diagnostic at the place of what is wrong: text that is no YAML, an unknown or repeated key, a value of the wrong
/// type, an alias, a file too large.
pub fn read<T: DeserializeOwned>(source: &str, file: &str) -> Result<T, Box<Diagnostic>> {
    if source.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than the {MAX_BYTES} that are read", source.len());
        return Err(Box::new(Diagnostic::new("spec-too-large", Severity::Error, file, message)));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_depth: 128,
            max_documents: 1,
            max_events: 8_000_000,
            max_nodes: 4_000_000,
            max_total_scalar_bytes: MAX_BYTES,
            max_reader_input_bytes: Some(MAX_BYTES),
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(source, options).map_err(|error| Box::new(explain(&error, source, file)))
}

/// Reads an operation's spec, its `x-…` keys kept.
///
/// # Errors
/// As [`read`].
pub fn read_operation(source: &str, file: &str) -> Result<Operation, Box<Diagnostic>> {
    let (masked, extensions) = split_extensions(source, file)?;
    Ok(Operation { extensions, ..read(masked.as_deref().unwrap_or(source), file)? })
}

/// Reads a `service.yaml`, its `x-…` keys kept.
///
/// # Errors
/// As [`read`].
pub fn read_service(source: &str, file: &str) -> Result<Service, Box<Diagnostic>> {
    let (masked, extensions) = split_extensions(source, file)?;
    Ok(Service { extensions, ..read(masked.as_deref().unwrap_or(source), file)? })
}

type Extensions = BTreeMap<String, serde_json::Value>;

/// The `x-…` keys of a spec, and the spec with blanks in their place: what is left keeps its places, and unknown keys in
/// it are still errors.
fn split_extensions(source: &str, file: &str) -> Result<(Option<String>, Extensions), Box<Diagnostic>> {
    let mut extensions = BTreeMap::new();
    if !source.contains("\nx-") || source.len() > MAX_BYTES {
        return Ok((None, extensions));
    }
    let mut masked = source.as_bytes().to_vec();
    for (_, range) in place::entries(source).into_iter().filter(|(key, _)| key.starts_with("x-")) {
        extensions.extend(read::<Extensions>(&source[range.clone()], file)?);
        masked[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    let masked = String::from_utf8(masked).expect("whole entries of UTF-8 text were blanked");
    Ok((Some(masked), extensions))
}

/// Writes a value as YAML: block style, long text folded, text of several lines as it stands, and quotes around
/// whatever a YAML 1.1 or 1.2 reader would take for another type.
///
/// # Panics
/// Where a value is not plain data: a map with keys that are no text.
pub fn write<T: Serialize>(value: &T) -> String {
    let options = serde_saphyr::ser_options! {
        prefer_block_scalars: true,
        folded_wrap_chars: 110,
        compact_list_indent: true,
    };
    let text =
        serde_saphyr::to_string_with_options(value, options).expect("specs hold only text, numbers, lists and maps");
    let tree = serde_json::to_value(value).expect("specs hold only text, numbers, lists and maps");
    if holds_blank_line(&tree) { text } else { without_trailing_blanks(&text) }
}

/// Whether some text has a line of nothing but white space: then white space at the end of a written line may count.
fn holds_blank_line(tree: &serde_json::Value) -> bool {
    match tree {
        serde_json::Value::String(text) => text.split('\n').any(|line| !line.is_empty() && line.trim().is_empty()),
        serde_json::Value::Array(list) => list.iter().any(holds_blank_line),
        serde_json::Value::Object(map) => map.values().any(holds_blank_line),
        _ => false,
    }
}

/// Empties lines that hold only indentation, as the writer leaves them inside blocks.
fn without_trailing_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        out.push_str(if line.trim_matches([' ', '\n']).is_empty() { "\n" } else { line });
    }
    out
}

/// What is wrong: the finding's id, its message, its label and what to do.
type Told = (&'static str, String, String, String);

fn explain(error: &Error, source: &str, file: &str) -> Diagnostic {
    if let Some(finding) = merge_mark::finding(source, file) {
        return finding;
    }
    let error = error.without_snippet();
    let told = match error {
        Error::SerdeUnknownField { field, expected, .. } => (
            "unknown-key",
            format!("unknown key `{field}`"),
            "not a key of this".to_owned(),
            suggest::remedy(field, expected.iter().copied()),
        ),
        Error::SerdeUnknownVariant { variant, expected, .. } => (
            "unknown-value",
            format!("unknown value `{variant}`"),
            "not one of the values this can have".to_owned(),
            suggest::remedy(variant, expected.iter().copied()),
        ),
        Error::SerdeMissingField { field, .. } => (
            "missing-key",
            format!("the key `{field}` is missing"),
            format!("this needs `{field}`"),
            format!("add `{field}: …`"),
        ),
        Error::DuplicateMappingKey { key, .. } => (
            "duplicate-key",
            format!("the key `{}` is there twice", key.as_deref().unwrap_or("?")),
            "again here".to_owned(),
            "take one of the two out".to_owned(),
        ),
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => (
            "wrong-type",
            format!("{unexpected} where {expected} belongs"),
            format!("expected {expected}"),
            "see the JSON Schema of this file for what each key holds".to_owned(),
        ),
        Error::Unexpected { expected, .. } => {
            let expected = plain(expected);
            let help = "see the JSON Schema of this file for what each key holds".to_owned();
            ("wrong-type", format!("something else where {expected} belongs"), format!("expected {expected}"), help)
        }
        Error::Budget { breach, .. } => beyond(&limit(breach)),
        Error::AliasReplayLimitExceeded { .. } | Error::AliasError { .. } => beyond("an alias"),
        _ if source.trim_start_matches('\u{feff}').trim().is_empty() => (
            "empty-file",
            "the file is empty".to_owned(),
            "nothing stands here".to_owned(),
            "take its last version back; what docsdk writes itself, `docsdk build` writes again".to_owned(),
        ),
        _ => {
            let message = UserMessageFormatter.format_message(error);
            let message = message.strip_suffix('.').unwrap_or(&message);
            if message.contains("recursion limit") {
                return located(error, source, file, beyond("nesting that deep"));
            }
            ("not-yaml", message.to_owned(), "here".to_owned(), remedy_for_syntax(source))
        }
    };
    located(error, source, file, told)
}

fn located(error: &Error, source: &str, file: &str, (id, message, label, help): Told) -> Diagnostic {
    let diagnostic = Diagnostic::new(id, Severity::Error, file, message).help(help);
    let Some(place) = error.location().and_then(|location| span(&location, source)) else { return diagnostic };
    // A reader stumbles over a tab where it stands, or at what the line above left open.
    let line = source[..place.range().start].rfind('\n').map_or(0, |at| at + 1);
    let next = source[line..].match_indices('\n').nth(1).map_or(source.len(), |(at, _)| line + at);
    match indenting_tab(source, line).filter(|(_, tab)| id == "not-yaml" && tab.range().start < next) {
        Some((_, tab)) => diagnostic.at(tab, "a tab"),
        None => diagnostic.at(place, label),
    }
}

fn beyond(what: &str) -> Told {
    let help =
        "write values out: a spec is one document without anchors, aliases or merges, and nests at most 128 deep";
    ("yaml-limit", "the file goes beyond what a spec may hold".to_owned(), what.to_owned(), help.to_owned())
}

fn limit(breach: &BudgetBreach) -> String {
    match breach {
        BudgetBreach::Depth { .. } => "nesting that deep",
        BudgetBreach::Documents { .. } => "a second document",
        BudgetBreach::Anchors { .. } => "an anchor",
        BudgetBreach::Aliases { .. } | BudgetBreach::MergeKeys { .. } => "an alias",
        _ => "more than anybody writes",
    }
    .to_owned()
}

/// The word for a kind of YAML node that a person would use.
fn plain(kind: &str) -> &str {
    match kind {
        "mapping start" => "a map of keys and values",
        "sequence start" => "a list",
        "string scalar" => "text",
        other => other,
    }
}

fn remedy_for_syntax(source: &str) -> String {
    match indenting_tab(source, 0) {
        Some((line, _)) => format!("line {line} is indented with a tab; YAML wants spaces"),
        None => "the file has to be YAML as the format's JSON Schema describes it".to_owned(),
    }
}

/// The first tab that a line from some byte on is indented with: the line's number from 1, and the tab.
fn indenting_tab(source: &str, from: usize) -> Option<(usize, Span)> {
    let mut start = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        let tab = start + line.len() - line.trim_start_matches(' ').len();
        if start >= from && source[tab..].starts_with('\t') {
            return Some((index + 1, Span::new(tab..tab + 1)));
        }
        start += line.len();
    }
    None
}

fn span(location: &serde_saphyr::Location, source: &str) -> Option<Span> {
    let line_index = usize::try_from(location.line()).ok()?.checked_sub(1)?;
    let column = usize::try_from(location.column()).ok()?.saturating_sub(1);
    let start_of_line = source.split_inclusive('\n').take(line_index).map(str::len).sum::<usize>();
    let line = source.get(start_of_line..)?.split('\n').next()?;
    let offset = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let rest = line.get(offset..)?;
    // No word is that long: what has no end is deep nesting.
    let most = rest.char_indices().nth(80).map_or(rest.len(), |(at, _)| at);
    let word = rest.find([':', ' ', ',', ']', '}']).unwrap_or(rest.len()).min(most);
    let word = word.max(rest.chars().next().map_or(0, char::len_utf8));
    Some(Span::new(start_of_line + offset..start_of_line + offset + word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{read, read_operation, write};
    use crate::spec::{ErrorCode, Field, History, Http, Operation, Required, Response, Type, Value};

    /// Text as pages have it, and text that YAML readers take for something else.
    fn text() -> impl Strategy<Value = String> {
        let traps = [
            "true",
            "no",
            "On",
            "null",
            "~",
            "1",
            "0o17",
            "1_000",
            "1.5",
            ".inf",
            "12:30:00",
            "2024-09-03",
            "=",
            "<<",
            "- a",
            "a: b",
            "a #b",
            "",
            " lead",
            "trail ",
            "\"q\"",
            "'q'",
            "%x",
            "@x",
            "`x`",
            "!x",
            "&x",
            "*x",
            "{x",
            "[x",
            "| x",
            "> x",
            "a\n",
            "a\n\nb",
            "\na",
            "  a\nb",
            "a\n\n",
            "tab\there",
            "中文：是",
            "\u{feff}x",
            "y",
            "0x1F",
            "---",
            "...",
            "a\r\nb",
            "\u{85}",
            "x\u{2028}y",
        ];
        let long = "[a-z]{1,9}( [a-zü中]{1,9}){15,40}";
        prop_oneof![
            proptest::sample::select(traps.to_vec()).prop_map(str::to_owned),
            "\\PC{0,30}",
            long,
            "(\\PC{0,20}\n){1,4}\\PC{0,9}",
            "( |\n|[a-z#:-]){0,20}",
        ]
    }

    fn field() -> impl Strategy<Value = Field> {
        let leaf = (text(), proptest::option::of(text()), proptest::option::of(text()), any::<Option<i64>>(), text())
            .prop_map(|(name, description, default, min, value)| Field {
                name,
                description,
                default,
                min: min.map(Into::into),
                required: Some(Required::Unknown),
                values: vec![Value { value, ..Value::default() }],
                ..Field::default()
            });
        leaf.prop_recursive(3, 8, 3, |inner| {
            (text(), proptest::collection::vec(inner, 1..3)).prop_map(|(name, fields)| Field {
                name,
                kind: Type::Array,
                items: Some(Box::new(Field { kind: Type::Object, fields, ..Field::default() })),
                ..Field::default()
            })
        })
    }

    proptest! {
        #[test]
        fn operations_come_back_as_they_were(
            operation in text(), summary in proptest::option::of(text()), description in proptest::option::of(text()),
            request in proptest::collection::vec(field(), 0..3), code in text(), message in proptest::option::of(text()),
        ) {
            let spec = Operation {
                operation, summary, description,
                http: Http { method: "GET".into(), path: "/{a}".into() },
                responses: vec![Response { status: 200, fields: request.clone(), ..Response::default() }],
                request,
                errors: vec![ErrorCode { status: Some(400), code, message, ..ErrorCode::default() }],
                history: vec![History { date: "2024-09-03".into(), summary: "x".into() }],
                ..Operation::default()
            };
            let yaml = write(&spec);
            let back: Operation = read(&yaml, "x.yaml").unwrap_or_else(|error| panic!("{error:?}\n{yaml}"));
            prop_assert_eq!(&back, &spec, "{}", yaml);
            prop_assert_eq!(write(&back), yaml);
        }
    }

    #[track_caller]
    fn fails(source: &str, id: &str, marked: &str, help: &str) {
        let error = read::<Operation>(source, "x.yaml").unwrap_err();
        let span = error.span.map(|span| &source[span.range()]).unwrap_or_default();
        assert_eq!((error.id, span), (id, marked), "{error:?}");
        assert!(error.help.as_deref().unwrap_or_default().contains(help), "{error:?}");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        fails(
            "operation: A\nhttp: { method: POST, path: / }\nrequests: []\n",
            "unknown-key",
            "requests",
            "did you mean `request`?",
        );
        fails("operation: A\noperation: B\n", "duplicate-key", "operation", "take one of the two out");
        fails(
            "operation: A\nhttp: { method: POST, path: / }\nrequest:\n- { name: x, type: strin }\n",
            "unknown-value",
            "strin",
            "`string`",
        );
        fails("operation: A\n", "missing-key", "operation", "http");
        fails("operation: A\nhttp:\n\tmethod: POST\n", "not-yaml", "\t", "line 3 is indented with a tab");
        fails("operation: &a one\nsummary: *a\n", "yaml-limit", "one", "write values out");
        fails("operation: A\n---\noperation: B\n", "missing-key", "operation", "http");
        fails("", "empty-file", "", "take its last version back");
        fails(" \n", "empty-file", "", "take its last version back");
        fails("- operation: A\n", "wrong-type", "-", "JSON Schema");
        fails("operation: A\nhttp: { method: [POST], path: / }\n", "wrong-type", "[POST", "JSON Schema");
        fails("operation: A\nhttp: { method: POST, path: / }\nrequest: 7\n", "wrong-type", "7", "JSON Schema");
    }

    #[test]
    fn keys_of_people_are_kept() {
        let source = "operation: A\nx-owner:\n  team: storage\nhttp: { method: POST, path: / }\nx-since: 2\n";
        let spec = read_operation(source, "x.yaml").unwrap();
        assert_eq!(spec.extensions.keys().collect::<Vec<_>>(), ["x-owner", "x-since"]);
        assert_eq!(read_operation(&write(&spec), "x.yaml").unwrap(), spec);
        let error = read_operation(&source.replace("http:", "htpp:"), "x.yaml").unwrap_err();
        assert_eq!(error.message, "unknown key `htpp`");
        assert_eq!(error.span.unwrap().start as usize, source.find("http").unwrap());
    }

    #[test]
    fn a_bomb_is_refused_at_once() {
        let anchors = (1..20).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", ")));
        let source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned() + &anchors.collect::<String>();
        assert!(read::<Operation>(&source, "x.yaml").is_err());
        for deep in ["[".repeat(100_000), "request: ".to_owned() + &"{a: ".repeat(9_000), "- ".repeat(9_000)] {
            let error = read::<Operation>(&deep, "x.yaml").unwrap_err();
            assert!(["yaml-limit", "wrong-type"].contains(&error.id), "{error:?}");
            assert!(error.span.is_some_and(|span| span.range().len() <= 80), "{error:?}");
        }
    }
}
