//! SARIF 2.1.0: the rules once, and a result a finding.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Level;
use crate::page::Line;

/// A log of one run.
pub(crate) fn log(rules: &[Value], results: &[Value]) -> String {
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "docsdk", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{sarif:#}\n")
}

/// The word for a level.
pub(crate) const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// What a finding is about, as a logical location: service, operation, path.
pub(crate) fn logical(parts: [&str; 3]) -> Value {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    json!([{ "fullyQualifiedName": parts.join("/") }])
}

/// A place in a file; without one, the file's first line.
pub(crate) fn physical(file: &str, place: Option<(Line, Option<Line>)>) -> Value {
    let region = match place {
        None => json!({ "startLine": 1 }),
        Some((start, end)) => {
            let mut region = json!({ "startLine": start.line.max(1), "startColumn": start.column.max(1) });
            if let Some(end) = end {
                region["endLine"] = end.line.max(1).into();
                region["endColumn"] = end.column.max(1).into();
            }
            region
        }
    };
    json!({ "artifactLocation": { "uri": uri(file) }, "region": region })
}

/// A relative path as a URI reference.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
