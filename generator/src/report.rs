//! Findings for people and for programs: excerpts with the marked words underlined, or JSON.

#[cfg(feature = "report")]
mod drawing;

#[cfg(feature = "lint")]
pub(crate) use drawing::one;
#[cfg(feature = "report")]
pub use drawing::{Style, excerpt, text};

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Severity};
use crate::page::{Line, LineIndex};

/// The texts that findings point into, by the file names they use.
pub type Sources = BTreeMap<String, String>;

impl Severity {
    /// The word for it in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// So many of something, as a person writes it: `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A finding as JSON: file, line, column (both from 1; absent for a whole file), id, severity, message, label, help.
pub fn json(finding: &Diagnostic, sources: &Sources) -> Value {
    one_json(finding, &mut |file| Some(Rc::new(LineIndex::new(sources.get(file)?))))
}

/// Findings as JSON, the lines of each text counted once.
pub fn json_list(findings: &[Diagnostic], sources: &Sources) -> Vec<Value> {
    let mut known: BTreeMap<&str, Rc<LineIndex<'_>>> = BTreeMap::new();
    let mut lines = |file: &str| {
        let (name, text) = sources.get_key_value(file)?;
        Some(Rc::clone(known.entry(name).or_insert_with(|| Rc::new(LineIndex::new(text)))))
    };
    findings.iter().map(|finding| one_json(finding, &mut lines)).collect()
}

fn one_json<'s>(finding: &Diagnostic, lines: &mut dyn FnMut(&str) -> Option<Rc<LineIndex<'s>>>) -> Value {
    let place = finding.span.and_then(|span| Some(lines(&finding.file)?.lines(span)));
    let mut value = json!({
        "id": finding.id,
        "severity": finding.severity.word(),
        "message": finding.message,
        "file": finding.file,
    });
    let Value::Object(map) = &mut value else { return value };
    if let Some((start, end)) = place {
        place_into(map, start, end);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|related| {
            let mut value = json!({ "file": related.file, "label": related.label });
            if let (Value::Object(map), Some(lines)) = (&mut value, lines(&related.file)) {
                let (start, end) = lines.lines(related.span);
                place_into(map, start, end);
            }
            value
        });
        map.insert("related".into(), related.collect());
    }
    for (key, text) in [("label", &finding.label), ("help", &finding.help)] {
        if let Some(text) = text {
            map.insert(key.into(), text.as_str().into());
        }
    }
    value
}

/// Lines and columns, from 1, as keys of JSON.
pub(crate) fn place_into(map: &mut serde_json::Map<String, Value>, start: Line, end: Line) {
    map.insert("line".into(), start.line.into());
    map.insert("column".into(), start.column.into());
    map.insert("end_line".into(), end.line.into());
    map.insert("end_column".into(), end.column.into());
}
