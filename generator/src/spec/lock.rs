//! `sources.lock`: where each fact of a service's specs came from, one fact a line.
//!
//! ```text
//! # docsdk sources.lock 1
//! page 1 5f1c… pages/000_ddb4.txt
//! operation RestoreDdrTable
//! http.method → 1 → 12:3-12:7 → method-row → certain
//!  → 1 → 40:1-40:4 → method-line → table-over-sample → GET
//! ```
//!
//! where `→` is a tab. A line that begins with one is a loser: what another source says of the fact above it, and by which
//! rule it was not believed. Pages are named from the service's folder where they lie in it. Names of operations without facts stand there too:
//! the file is also the list of the spec files that belong to docsdk.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Severity};
use crate::merge_mark;
use crate::page::{Line, Span};
use crate::provenance::{Certainty, Settlement};
use crate::suggest;

const HEAD: &str = "# docsdk sources.lock 1";

/// The name under which facts of the whole service stand.
pub const SERVICE: &str = "";

/// A whole `sources.lock`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The pages, in the order of their names.
    pub pages: Vec<LockedPage>,
    /// The facts of each operation, in the order of its spec; those of the service under [`SERVICE`].
    pub operations: BTreeMap<String, Vec<LockedFact>>,
}

/// A page that facts came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedPage {
    /// Its path from the service's folder, with `/`; of pages elsewhere, from the folder that was named.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// A fact and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedFact {
    /// The place in the operation's spec, a name path.
    pub path: String,
    /// The page, as a position in [`Lock::pages`].
    pub page: usize,
    /// Where on the page it begins.
    pub start: Line,
    /// Where it ends: the first character that is not part of it.
    pub end: Line,
    /// The rule that read it.
    pub rule: String,
    /// How sure the rule is.
    pub certainty: Certainty,
    /// What other sources say instead.
    pub losers: Vec<LockedLoser>,
}

/// What a source says of a fact that another source was believed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedLoser {
    /// The page, as a position in [`Lock::pages`].
    pub page: usize,
    /// Where on the page it begins.
    pub start: Line,
    /// Where it ends: the first character that is not part of it.
    pub end: Line,
    /// The rule that read it.
    pub rule: String,
    /// The rule by which the other source was believed.
    pub settled: Settlement,
    /// The value it gives, as the spec would write it.
    pub value: String,
}

/// Writes a lock: the same bytes for the same facts.
pub fn write(lock: &Lock) -> String {
    let mut text = format!("{HEAD}\n");
    for (index, page) in lock.pages.iter().enumerate() {
        let _ = writeln!(text, "page {} {} {}", index + 1, page.sha256, escape(&page.name));
    }
    for (operation, facts) in &lock.operations {
        let head = if operation == SERVICE { "service".to_owned() } else { format!("operation {}", escape(operation)) };
        let _ = writeln!(text, "{head}");
        for LockedFact { path, page, start, end, rule, certainty, losers } in facts {
            let (place, certainty) = (place(*page, *start, *end), certainty_word(*certainty));
            let _ = writeln!(text, "{}\t{place}\t{rule}\t{certainty}", escape(path));
            for LockedLoser { page, start, end, rule, settled, value } in losers {
                let (place, settled) = (self::place(*page, *start, *end), settled.word());
                let _ = writeln!(text, "\t{place}\t{rule}\t{settled}\t{}", escape(value));
            }
        }
    }
    text
}

fn place(page: usize, start: Line, end: Line) -> String {
    format!("{}\t{}:{}-{}:{}", page + 1, start.line, start.column, end.line, end.column)
}

/// Reads a lock.
///
/// # Errors
/// A diagnostic at the first line that is not as docsdk writes it.
pub fn read(source: &str, file: &str) -> Result<Lock, Box<Diagnostic>> {
    let mut lock = Lock::default();
    let mut current: Option<&mut Vec<LockedFact>> = None;
    let mut offset = 0;
    // An empty file has no first line either.
    let lines = source.split_inclusive('\n').chain(source.is_empty().then_some(""));
    for (index, raw) in lines.enumerate() {
        let line = raw.trim_end_matches(['\n', '\r']);
        let span = Span::new(offset..offset + line.len());
        offset += raw.len();
        let good = match line.split_once(' ') {
            _ if index == 0 => (line == HEAD).then_some(()),
            _ if line.is_empty() => Some(()),
            Some(("page", rest)) => read_page(rest).map(|page| lock.pages.push(page)),
            Some(("operation", name)) => {
                current = Some(lock.operations.entry(unescape(name)).or_default());
                Some(())
            }
            None if line == "service" => {
                current = Some(lock.operations.entry(SERVICE.to_owned()).or_default());
                Some(())
            }
            _ if line.starts_with('\t') => {
                let fact = current.as_mut().and_then(|facts| facts.last_mut());
                read_loser(line, lock.pages.len()).and_then(|loser| fact.map(|fact| fact.losers.push(loser)))
            }
            _ => read_fact(line, lock.pages.len()).and_then(|fact| current.as_mut().map(|facts| facts.push(fact))),
        };
        if good.is_none() {
            if let Some(finding) = merge_mark::finding(source, file) {
                return Err(Box::new(finding));
            }
            let message = format!("line {} is not as docsdk writes it", index + 1);
            let diagnostic = Diagnostic::new("lock-line", Severity::Error, file, message)
                .at(
                    span,
                    "expected `PATH PAGE LINE:COLUMN-LINE:COLUMN RULE CERTAINTY`, or below such a line ` PAGE LINE:COLUMN-LINE:COLUMN RULE SETTLEMENT VALUE`, between tabs",
                )
                .help(
                    "this file is written by `docsdk build`: take its last version back, or remove it and build again",
                );
            return Err(Box::new(diagnostic));
        }
    }
    Ok(lock)
}

fn read_page(rest: &str) -> Option<LockedPage> {
    let mut parts = rest.splitn(3, ' ');
    let _number = parts.next()?;
    let sha256 = parts.next().filter(|hash| hash.len() == 64)?.to_owned();
    Some(LockedPage { name: unescape(parts.next()?), sha256 })
}

fn read_place<'t>(parts: &mut impl Iterator<Item = &'t str>, pages: usize) -> Option<(usize, Line, Line)> {
    let page = parts.next()?.parse::<usize>().ok()?.checked_sub(1).filter(|page| *page < pages)?;
    let (start, end) = parts.next()?.split_once('-')?;
    let place = |text: &str| {
        let (line, column) = text.split_once(':')?;
        Some(Line { line: line.parse().ok()?, column: column.parse().ok()? })
    };
    Some((page, place(start)?, place(end)?))
}

fn read_loser(line: &str, pages: usize) -> Option<LockedLoser> {
    let mut parts = line.strip_prefix('\t')?.split('\t');
    let (page, start, end) = read_place(&mut parts, pages)?;
    let rule = parts.next()?.to_owned();
    let word = parts.next()?;
    let settled = Settlement::ALL.into_iter().find(|settled| settled.word() == word)?;
    let value = unescape(parts.next()?);
    parts.next().is_none().then_some(LockedLoser { page, start, end, rule, settled, value })
}

fn read_fact(line: &str, pages: usize) -> Option<LockedFact> {
    let mut parts = line.split('\t');
    let path = unescape(parts.next()?);
    let (page, start, end) = read_place(&mut parts, pages)?;
    let rule = parts.next()?.to_owned();
    let certainty = match parts.next()? {
        "certain" => Certainty::Certain,
        "likely" => Certainty::Likely,
        "doubtful" => Certainty::Doubtful,
        _ => return None,
    };
    parts.next().is_none().then_some(LockedFact { path, page, start, end, rule, certainty, losers: Vec::new() })
}

/// The word for a certainty, as the lock and `docsdk explain` have it.
pub fn certainty_word(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Likely => "likely",
        Certainty::Doubtful => "doubtful",
    }
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\t', "%09").replace('\n', "%0A").replace('\r', "%0D")
}

fn unescape(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%09", "\t").replace("%25", "%")
}

impl Lock {
    /// The operation nearest in name to one that is not there.
    pub fn nearest_operation(&self, name: &str) -> Option<&str> {
        suggest::nearest(name, self.operations.keys().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Lock, LockedFact, LockedLoser, LockedPage, read, write};
    use crate::page::Line;
    use crate::provenance::{Certainty, Settlement};

    proptest! {
        #[test]
        fn reads_what_it_writes(
            paths in proptest::collection::vec("\\PC{1,20}|a\tb%09", 0..5),
            name in "[A-Z][a-z%]{0,8}",
            values in proptest::collection::vec("\\PC{0,20}|\ta b\n", 0..3),
        ) {
            let losers: Vec<LockedLoser> = values.into_iter().zip(Settlement::ALL.into_iter().cycle()).map(|(value, settled)| LockedLoser {
                page: 0, start: Line { line: 5, column: 1 }, end: Line { line: 5, column: 9 },
                rule: "another-rule".into(), settled, value,
            }).collect();
            let facts = paths.into_iter().map(|path| LockedFact {
                path, page: 0, start: Line { line: 1, column: 2 }, end: Line { line: 3, column: 4 },
                rule: "a-rule".into(), certainty: Certainty::Likely, losers: losers.clone(),
            }).filter(|fact| !fact.path.starts_with("operation ") && !fact.path.starts_with("page ")).collect();
            let lock = Lock {
                pages: vec![LockedPage { name: "pages/a b.txt".into(), sha256: "0".repeat(64) }],
                operations: [(name, facts)].into(),
            };
            prop_assert_eq!(read(&write(&lock), "sources.lock").unwrap(), lock);
        }
    }

    #[test]
    fn points_at_a_line_that_is_not_its_own() {
        let error = read("# docsdk sources.lock 1\noperation A\nhttp.method\tone\n", "sources.lock").unwrap_err();
        assert_eq!(error.message, "line 3 is not as docsdk writes it");
        assert_eq!(error.span.unwrap().start, 36);
        assert_eq!(read("", "sources.lock").unwrap_err().message, "line 1 is not as docsdk writes it");
    }

    #[test]
    fn a_loser_stands_below_a_fact_and_names_its_page_and_settlement() {
        let head = format!("# docsdk sources.lock 1\npage 1 {} a.md\noperation A\n", "0".repeat(64));
        let fact = "http.path\t1\t1:1-1:2\tr\tcertain\n";
        let loser = "\t1\t2:1-2:3\ts\ttable-over-sample\t/x y\n";
        assert_eq!(read(&format!("{head}{fact}{loser}"), "l").unwrap().operations["A"][0].losers[0].value, "/x y");
        let other_page = loser.replacen("\t1", "\t2", 1);
        let other_settlement = loser.replace("table-over-sample", "luck");
        for wrong in [loser.to_owned(), format!("{fact}{other_page}"), format!("{fact}{other_settlement}")] {
            assert_eq!(read(&format!("{head}{wrong}"), "l").unwrap_err().id, "lock-line", "{wrong}");
        }
    }
}
