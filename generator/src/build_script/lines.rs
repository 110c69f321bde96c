//! Findings as lines that cargo reads from a build script.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::files;
use crate::page::LineIndex;
use crate::project::{Inputs, Run};
use crate::report::Sources;

/// Warnings of a kind that are shown; a build shows them each time.
const MOST_OF_A_KIND: usize = 5;

/// A finding in one line: `pages/a.md:12:3: a row … was not read (row-unclaimed); add …`.
pub(super) fn one(finding: &Diagnostic, sources: &Sources) -> String {
    let place = finding.span.zip(sources.get(&finding.file)).map_or_else(String::new, |(span, text)| {
        let start = LineIndex::new(text).line(span.start);
        format!(":{}:{}", start.line, start.column)
    });
    let help = finding.help.as_deref().filter(|help| !help.is_empty()).map(|help| format!("; {help}"));
    plain(&format!("{}{place}: {} ({}){}", finding.file, finding.message, finding.id, help.unwrap_or_default()))
}

/// The findings as cargo's instructions: each error, and of warnings the first of each kind. Advice is left to
/// `docsdk lint`.
pub(super) fn of(run: &Run) -> Vec<String> {
    let mut lines = Vec::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &run.findings {
        match finding.severity {
            Severity::Error => lines.push(format!("cargo::error={}", one(finding, &run.sources))),
            Severity::Warning => {
                let count = kinds.entry(finding.id).or_default();
                *count += 1;
                if *count <= MOST_OF_A_KIND {
                    lines.push(format!("cargo::warning={}", one(finding, &run.sources)));
                }
            }
            Severity::Advice => {}
        }
    }
    for (kind, count) in kinds.into_iter().filter(|(_, count)| *count > MOST_OF_A_KIND) {
        let more = count - MOST_OF_A_KIND;
        lines.push(format!("cargo::warning=… and {more} more `{kind}`; `docsdk lint` shows all"));
    }
    lines
}

/// The paths whose change makes cargo run the script again.
pub(super) fn watched(inputs: &Inputs) -> Vec<String> {
    inputs.paths().map(|path| format!("cargo::rerun-if-changed={}", files::display(path))).collect()
}

/// Text of a page in cargo's output: a line break would end the instruction and begin another.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{of, one};
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::page::Span;
    use crate::project::Run;

    #[test]
    fn a_finding_is_one_line_with_its_place() {
        let sources = [("a.md".to_owned(), "one\ntwo\n".to_owned())].into();
        let finding = Diagnostic::new("row-unclaimed", Severity::Warning, "a.md", "a row\ncargo::error=x was not read");
        let finding = finding.at(Span::new(5..6), "here").help("add the word");
        assert_eq!(
            one(&finding, &sources),
            "a.md:2:2: a row cargo::error=x was not read (row-unclaimed); add the word"
        );
    }

    #[test]
    fn many_of_a_kind_are_counted() {
        let finding = |severity, id| Diagnostic::new(id, severity, "a.md", "m");
        let mut findings = vec![finding(Severity::Warning, "w"); 8];
        findings.push(finding(Severity::Advice, "a"));
        findings.extend(vec![finding(Severity::Error, "e"); 7]);
        let lines = of(&Run { findings, ..Run::default() });
        let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
        assert_eq!((count("cargo::error="), count("cargo::warning=")), (7, 6));
        assert_eq!(lines.last().unwrap(), "cargo::warning=… and 3 more `w`; `docsdk lint` shows all");
    }
}
