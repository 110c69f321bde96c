//! GitHub's workflow commands: at most ten of a level, since the service shows no more, then a summary.

use std::fmt::Write as _;

use super::Level;
use crate::page::Line;

const MOST: usize = 10;

/// One annotation.
#[derive(Clone, Debug)]
pub(crate) struct Annotation<'a> {
    pub(crate) level: Level,
    /// What kind of finding it is.
    pub(crate) title: &'a str,
    pub(crate) file: Option<&'a str>,
    /// Where in the file; without it, its first line.
    pub(crate) place: Option<(Line, Line)>,
    pub(crate) message: String,
}

/// The commands for some annotations, loud ones first and otherwise in their order, and for a summary.
pub(crate) fn render(tool: &str, annotations: &[Annotation<'_>], summary: Option<&str>) -> String {
    let mut text = String::new();
    for level in Level::LOUDEST_FIRST {
        let word = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let all: Vec<_> = annotations.iter().filter(|annotation| annotation.level == level).collect();
        // The last place of a full level tells of the rest.
        let most = if all.len() > MOST { MOST - 1 } else { MOST };
        for annotation in all.iter().take(most) {
            let (place, title) = (place(annotation), property(annotation.title));
            let _ = writeln!(text, "::{word} {place}title={title}::{}", data(&annotation.message));
        }
        if all.len() > most {
            let _ = writeln!(text, "::{word} title={}::and {} more", property(tool), all.len() - most);
        }
    }
    if let Some(summary) = summary {
        let _ = writeln!(text, "::notice title={}::{}", property(tool), data(summary));
    }
    text
}

fn place(annotation: &Annotation<'_>) -> String {
    let Some(file) = annotation.file else { return String::new() };
    let file = property(file);
    match annotation.place {
        None => format!("file={file},line=1,"),
        // The service takes columns only where the lines are one.
        Some((start, end)) if start.line == end.line => {
            let (line, from, to) = (start.line, start.column, end.column);
            format!("file={file},line={line},endLine={line},col={from},endColumn={to},")
        }
        Some((start, end)) => format!("file={file},line={},endLine={},", start.line, end.line),
    }
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which colons and commas end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
