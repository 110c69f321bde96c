//! `CHANGELOG.md` of a service, in the form of Keep a Changelog: what docsdk writes into it, and what people wrote.

use std::fmt::Write as _;

use semver::Version;

use crate::diff::{Finding, Lang, changelog_sections};

const HEAD: &str = "# Changelog\n\nThe format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); \
                    versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n";

/// Between these two is what docsdk wrote, which it writes anew as more changes until the release.
const OPEN: &str = "<!-- docsdk: what changed in the pages; lines of your own go below the end mark -->";
const CLOSE: &str = "<!-- docsdk: end -->";

/// The entry of one version.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The version.
    pub version: &'a Version,
    /// The day, `2026-01-31`.
    pub date: &'a str,
    /// The version that was released last. Entries of versions between the two were never released and go into this one.
    pub released: Option<&'a Version>,
    /// What changed, as [`changes`] says it.
    pub changes: &'a str,
}

/// Findings as the body of an entry: what breaks, what behaves otherwise, what is new, and counts for the rest.
pub fn changes(findings: &[Finding]) -> String {
    let shown: Vec<&Finding> = findings.iter().filter(|finding| finding.rule.hidden().is_none()).collect();
    changelog_sections(&shown, Lang::En)
}

/// The changelog's text with an entry put in, newest first. What people wrote into it stays, and so do all other
/// entries; the same entry put in twice changes nothing.
#[must_use]
pub fn with_entry(text: &str, entry: &Entry<'_>) -> String {
    let (head, sections) = split(text);
    let mut theirs = String::new();
    let (mut kept, mut place, mut date) = (Vec::new(), None, None);
    for section in sections {
        if !section.belongs_to(entry) {
            kept.push(section);
            continue;
        }
        place.get_or_insert(kept.len());
        let (generated, own) = section.parted();
        if section.version.as_ref() == Some(entry.version) && generated.trim() == pruned(entry.changes, &own).trim() {
            date = section.date();
        }
        theirs.push_str(&own);
    }
    let unreleased = |section: &Section<'_>| section.version.is_some();
    let place = place.unwrap_or_else(|| kept.iter().position(unreleased).unwrap_or(kept.len()));
    let mut result = if head.trim().is_empty() { HEAD.to_owned() } else { head.to_owned() };
    for section in kept.get(..place).unwrap_or_default() {
        section.write(&mut result);
    }
    end_with_blank_line(&mut result);
    let _ = writeln!(result, "## [{}] - {}\n", entry.version, date.unwrap_or(entry.date));
    let generated = pruned(entry.changes, &theirs);
    if !generated.trim().is_empty() {
        let _ = writeln!(result, "{OPEN}\n\n{}\n\n{CLOSE}", generated.trim());
    }
    if !theirs.trim().is_empty() {
        end_with_blank_line(&mut result);
        let _ = writeln!(result, "{}", theirs.trim());
    }
    for section in kept.get(place..).unwrap_or_default() {
        end_with_blank_line(&mut result);
        section.write(&mut result);
    }
    result
}

/// A heading of the second level and what stands below it.
struct Section<'a> {
    version: Option<Version>,
    heading: &'a str,
    body: &'a str,
}

impl<'a> Section<'a> {
    fn new(text: &'a str) -> Self {
        let (heading, body) = text.split_once('\n').unwrap_or((text, ""));
        let word = heading.trim_start_matches('#').split_whitespace().next().unwrap_or_default();
        let word = word.trim_start_matches('[').split(']').next().unwrap_or_default();
        let version = Version::parse(word.strip_prefix('v').unwrap_or(word)).ok();
        Self { version, heading, body }
    }

    /// Whether this is the entry's version, or one on the way to it that was never released.
    fn belongs_to(&self, entry: &Entry<'_>) -> bool {
        let Some(version) = &self.version else { return false };
        version == entry.version || entry.released.is_some_and(|released| version > released && version < entry.version)
    }

    /// The day in the heading.
    fn date(&self) -> Option<&'a str> {
        let day = self.heading.trim_end().rsplit(' ').next()?;
        (day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')).then_some(day)
    }

    /// What docsdk wrote, and what people did.
    fn parted(&self) -> (String, String) {
        let (mut generated, mut theirs, mut inside) = (String::new(), String::new(), false);
        for line in self.body.lines() {
            match line.trim_end() {
                OPEN => inside = true,
                CLOSE => inside = false,
                line => {
                    let text = if inside { &mut generated } else { &mut theirs };
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        (generated, theirs)
    }

    fn write(&self, text: &mut String) {
        text.push_str(self.heading);
        text.push('\n');
        text.push_str(self.body);
    }
}

/// What stands before the first heading of the second level, and the sections from there. Headings inside fenced code
/// are none.
fn split(text: &str) -> (&str, Vec<Section<'_>>) {
    let (mut starts, mut fenced, mut at) = (Vec::new(), false, 0);
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced && line.starts_with("## ") {
            starts.push(at);
        }
        at += line.len();
    }
    let head = text.get(..starts.first().copied().unwrap_or(text.len())).unwrap_or_default();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let sections = starts.iter().zip(ends).filter_map(|(start, end)| text.get(*start..end)).map(Section::new);
    (head, sections.collect())
}

/// The changes without the lines that people took over, and without headings that nothing is left under.
fn pruned(changes: &str, theirs: &str) -> String {
    let taken: std::collections::BTreeSet<&str> =
        theirs.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let (mut result, mut heading) = (String::new(), None);
    for line in changes.lines().filter(|line| !line.trim().is_empty() && !taken.contains(line.trim_end())) {
        if line.starts_with('#') {
            heading = Some(line);
            continue;
        }
        if let Some(heading) = heading.take() {
            let _ = write!(result, "{}{heading}\n\n", if result.is_empty() { "" } else { "\n" });
        }
        result.push_str(line);
        result.push('\n');
    }
    result
}

fn end_with_blank_line(text: &mut String) {
    while text.ends_with("\n\n") {
        text.pop();
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{CLOSE, Entry, HEAD, OPEN, with_entry};

    fn put(text: &str, version: &str, released: Option<&str>, changes: &str, date: &str) -> String {
        let version = Version::parse(version).unwrap();
        let released = released.map(|released| Version::parse(released).unwrap());
        with_entry(text, &Entry { version: &version, date, released: released.as_ref(), changes })
    }

    const ADDED: &str = "### Added\n\n- `A`: new operation\n";

    #[test]
    fn entries_come_newest_first_and_once() {
        let first = put("", "0.1.1", Some("0.1.0"), ADDED, "2026-01-01");
        assert_eq!(first, format!("{HEAD}\n## [0.1.1] - 2026-01-01\n\n{OPEN}\n\n{ADDED}\n{CLOSE}\n"));
        assert_eq!(put(&first, "0.1.1", Some("0.1.0"), ADDED, "2026-02-02"), first, "the same entry keeps its day");
        let next = put(&first, "0.2.0", Some("0.1.1"), ADDED, "2026-03-03");
        assert!(next.find("[0.2.0]").unwrap() < next.find("[0.1.1]").unwrap());
        assert!(next.contains("## [0.1.1] - 2026-01-01"));
    }

    #[test]
    fn what_people_wrote_stays() {
        let text =
            "# Changes of ours\n\nHello.\n\n## [Unreleased]\n\n- planned\n\n## 0.1.0\n\n```\n## no heading\n```\n";
        let text = put(text, "0.1.1", Some("0.1.0"), ADDED, "2026-01-01");
        let text = text.replace(CLOSE, &format!("{CLOSE}\n\nThanks to all.\n"));
        let more = "### Added\n\n- `A`: new operation\n- `B`: new operation\n";
        let grown = put(&text, "0.2.0", Some("0.1.0"), more, "2026-01-08");
        assert_eq!(grown.matches("new operation").count(), 2);
        assert!(!grown.contains("[0.1.1]"), "what was never released goes into the release: {grown}");
        for kept in
            ["# Changes of ours\n\nHello.", "- planned", "Thanks to all.", "## 0.1.0\n\n```\n## no heading\n```"]
        {
            assert!(grown.contains(kept), "{kept}: {grown}");
        }
        assert!(grown.find("[Unreleased]").unwrap() < grown.find("[0.2.0]").unwrap());
        let theirs = grown.replace(OPEN, "").replace(CLOSE, "");
        assert_eq!(put(&theirs, "0.2.0", Some("0.1.0"), more, "2026-01-09").matches("`A`: new operation").count(), 1);
    }
}
