//! `docsdk-allow.yaml`: what people accepted, for how long and why, and the verdicts they changed.

use std::fmt::Write as _;

use serde::Deserialize;

use super::finding::Finding;
use super::policy::Gate;
use super::rule::{Bump, Rule, Wire};
use super::wildcard::wildcard;

/// A whole file of allowances and overrides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AllowFile {
    /// Accepted findings.
    pub allow: Vec<Allowance>,
    /// Changed verdicts.
    pub levels: Vec<Level>,
}

/// One accepted change or kind of change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Allowance {
    /// A rule's id, or `*`.
    pub rule: Option<String>,
    /// A name with `*`; left out: any.
    pub service: Option<String>,
    /// A name with `*`; left out: any.
    pub operation: Option<String>,
    /// A path with `*`; left out: any.
    pub path: Option<String>,
    /// One finding and no other.
    pub fingerprint: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day it counts, `2026-03-31`.
    pub until: Option<String>,
    /// The first version it counts no more for, `3.0.0`.
    pub until_version: Option<String>,
}

/// One changed verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Level {
    /// The rule's id.
    pub rule: String,
    /// A name with `*`; left out: everywhere.
    pub operation: Option<String>,
    /// `breaking`, `risky`, `safe`, `info`, or `off`.
    pub wire: Option<String>,
    /// The effect on the crate; below the table's only with tombstones.
    pub rust: Option<Bump>,
}

/// When a file is applied: what decides whether an entry still counts.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// `2026-01-31`.
    pub today: &'a str,
    /// The crate's version, where it is known.
    pub version: Option<&'a str>,
}

impl AllowFile {
    /// Reads a file and checks what can be checked without findings.
    ///
    /// # Errors
    ///
    /// One line that says which entry is wrong and what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: Self = serde_yaml::from_str(text).map_err(|error| format!("is no allow file: {error}"))?;
        for (index, entry) in file.allow.iter().enumerate() {
            entry.check().map_err(|message| format!("entry {} of `allow` {message}", index + 1))?;
        }
        for (index, level) in file.levels.iter().enumerate() {
            level.check().map_err(|message| format!("entry {} of `levels` {message}", index + 1))?;
        }
        Ok(file)
    }

    /// The text of a file with an entry more for each finding at the gate; the reasons are left to be filled in.
    pub fn with_added(text: &str, findings: &[Finding], gate: Gate, until: &str) -> String {
        // The entries of one list stand equally far in.
        let first = text
            .lines()
            .skip_while(|line| !line.starts_with("allow:"))
            .find(|line| line.trim_start().starts_with("- "));
        let indent = first.map_or("  ", |line| line.get(..line.len() - line.trim_start().len()).unwrap_or("  "));
        let mut entries = String::new();
        for finding in findings.iter().filter(|finding| gate.stops(finding)) {
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let (print, until) = (quoted(&finding.fingerprint()), quoted(until));
            let _ = writeln!(entries, "{indent}# {}", finding.text().replace(char::is_control, " "));
            let _ = write!(entries, "{indent}- {{ rule: {}, fingerprint: {print}, reason: \"\"", finding.rule.id);
            let _ = writeln!(entries, ", until: {until} }}");
        }
        if entries.is_empty() {
            return text.to_owned();
        }
        let mut result = String::new();
        let mut added = false;
        for line in text.lines() {
            let opens = !added && matches!(line.trim_end(), "allow:" | "allow: []");
            if opens {
                result.push_str("allow:\n");
                result.push_str(&entries);
                added = true;
            } else {
                result.push_str(line);
                result.push('\n');
            }
        }
        if added { result } else { format!("{result}allow:\n{entries}") }
    }

    /// Overrides verdicts, drops what is off, and marks what is allowed; says which entries are spent.
    ///
    /// # Errors
    ///
    /// When an override lowers the effect on the crate without tombstones.
    pub fn apply(&self, findings: &mut Vec<Finding>, now: Now<'_>, tombstones: bool) -> Result<Vec<String>, String> {
        for level in &self.levels {
            level.apply(findings, tombstones)?;
        }
        let mut complaints = Vec::new();
        for (index, entry) in self.allow.iter().enumerate() {
            let name = format!("allowance {} ({})", index + 1, entry.name());
            if let Some(end) = entry.expired(now) {
                complaints.push(format!("{name} ended with {end}: remove it, or give it another end"));
                continue;
            }
            let mut used = false;
            let matcher = Matcher::new(entry);
            for finding in findings.iter_mut().filter(|finding| matcher.fits(finding)) {
                used = true;
                finding.allowed.get_or_insert_with(|| entry.reason.clone());
            }
            if !used {
                complaints.push(format!("{name} fits no finding: remove it"));
            }
        }
        Ok(complaints)
    }
}

impl Allowance {
    fn check(&self) -> Result<(), String> {
        match (&self.rule, &self.fingerprint) {
            (None, None) => return Err("names neither `rule` nor `fingerprint`: write one of them".to_owned()),
            (Some(rule), _) if rule != "*" && Rule::find(rule).is_none() => return Err(unknown(rule)),
            _ => {}
        }
        if self.reason.trim().is_empty() {
            return Err("has no `reason`: say why the change is accepted".to_owned());
        }
        match (&self.until, &self.until_version) {
            (None, None) => Err("has no end: write `until: 2026-12-31` or `until_version: 3.0.0`".to_owned()),
            (Some(day), _) if !is_day(day) => Err(format!("has `until: {day}`, which is no day like `2026-12-31`")),
            (_, Some(version)) if version_parts(version).is_none() => {
                Err(format!("has `until_version: {version}`, which is no version like `3.0.0`"))
            }
            _ => Ok(()),
        }
    }

    fn name(&self) -> String {
        let parts = [&self.rule, &self.fingerprint, &self.operation, &self.path];
        parts.into_iter().flatten().map(|part| format!("`{part}`")).collect::<Vec<_>>().join(" ")
    }

    /// The end that has passed.
    fn expired(&self, now: Now<'_>) -> Option<&str> {
        let day = self.until.as_deref().filter(|day| *day < now.today);
        let version = self
            .until_version
            .as_deref()
            .filter(|version| now.version.is_some_and(|current| version_parts(current) >= version_parts(version)));
        day.or(version)
    }
}

/// A name with `*`, where there is one.
enum Pattern {
    Anything,
    Nothing,
    Names(globset::GlobMatcher),
}

impl Pattern {
    fn new(pattern: Option<&str>) -> Self {
        match pattern.map(wildcard) {
            None => Self::Anything,
            Some(None) => Self::Nothing,
            Some(Some(matcher)) => Self::Names(matcher),
        }
    }

    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing => false,
            Self::Names(matcher) => matcher.is_match(name),
        }
    }
}

struct Matcher<'e> {
    entry: &'e Allowance,
    patterns: [Pattern; 3],
}

impl<'e> Matcher<'e> {
    fn new(entry: &'e Allowance) -> Self {
        let patterns = [&entry.service, &entry.operation, &entry.path];
        Self { entry, patterns: patterns.map(|pattern| Pattern::new(pattern.as_deref())) }
    }

    fn fits(&self, finding: &Finding) -> bool {
        let named = match &self.entry.rule {
            Some(rule) => rule == "*" || rule == finding.rule.id,
            None => true,
        };
        let places = [&finding.service, &finding.operation, &finding.path];
        named
            && self.entry.fingerprint.as_ref().is_none_or(|print| *print == finding.fingerprint())
            && self.patterns.iter().zip(places).all(|(pattern, place)| pattern.fits(place))
    }
}

impl Level {
    fn check(&self) -> Result<(), String> {
        let rule = Rule::find(&self.rule).ok_or_else(|| unknown(&self.rule))?;
        match self.wire.as_deref() {
            Some("off") if rule.cannot_be_turned_off() => {
                Err(format!("turns `{}` off, which a file cannot: use `--skip` on the command line", rule.id))
            }
            Some(word) if word != "off" && wire(word).is_none() => {
                Err(format!("has `wire: {word}`, which is none of breaking, risky, safe, info and off"))
            }
            None if self.rust.is_none() => Err("changes nothing: write `wire` or `rust`".to_owned()),
            _ => Ok(()),
        }
    }

    fn apply(&self, findings: &mut Vec<Finding>, tombstones: bool) -> Result<(), String> {
        let operation = Pattern::new(self.operation.as_deref());
        let fits = |finding: &Finding| finding.rule.id == self.rule && operation.fits(&finding.operation);
        if self.wire.as_deref() == Some("off") {
            findings.retain(|finding| !fits(finding));
            return Ok(());
        }
        for finding in findings.iter_mut().filter(|finding| fits(finding)) {
            if let Some(wire) = self.wire.as_deref().and_then(wire) {
                finding.wire = wire;
            }
            if let Some(rust) = self.rust {
                if rust < finding.rust && !tombstones {
                    return Err(format!(
                        "`levels` lowers `{}` from {} to {}, which only `--tombstones` makes true",
                        self.rule,
                        finding.rust.word(),
                        rust.word()
                    ));
                }
                finding.rust = rust;
            }
        }
        Ok(())
    }
}

fn unknown(rule: &str) -> String {
    let near = Rule::all()
        .map(|known| (strsim::jaro_winkler(known.id, rule), known.id))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.8);
    match near {
        Some((_, id)) => format!("names the rule `{rule}`, which does not exist; did you mean `{id}`?"),
        None => format!("names the rule `{rule}`, which does not exist"),
    }
}

fn wire(word: &str) -> Option<Wire> {
    Wire::WORST_FIRST.into_iter().find(|wire| wire.word() == word)
}

/// Whether a text is a day, `2026-03-31`, so that days compare as texts.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        (part.len() == digits).then(|| part.parse::<u16>().ok()).flatten().unwrap_or_default()
    };
    match parts.as_slice() {
        [year, month, day] => {
            number(year, 4) > 0 && (1..=12).contains(&number(month, 2)) && (1..=31).contains(&number(day, 2))
        }
        _ => false,
    }
}

/// Major, minor, patch; what follows a `-` or `+` does not count.
fn version_parts(text: &str) -> Option<[u64; 3]> {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let parts: Option<Vec<u64>> = core.split('.').map(|part| part.parse().ok()).collect();
    <[u64; 3]>::try_from(parts?).ok()
}

#[cfg(test)]
mod tests {
    use super::{AllowFile, Now};
    use crate::diff::Gate;
    use crate::diff::finding::{Finding, Recorder};
    use crate::diff::rule::Wire;

    fn finding() -> Vec<Finding> {
        let mut recorder = Recorder::new("s", "DescribeDisks");
        recorder.add("request-field-removed", "request.Owner").before(Some("string"));
        recorder.finish().0
    }

    const NOW: Now<'_> = Now { today: "2026-02-01", version: Some("2.9.0") };

    #[track_caller]
    fn apply(text: &str) -> (Vec<Finding>, Vec<String>) {
        let mut findings = finding();
        let complaints = AllowFile::parse(text).unwrap().apply(&mut findings, NOW, false).unwrap();
        (findings, complaints)
    }

    #[test]
    fn marks_what_is_allowed() {
        let (findings, complaints) = apply(
            "allow: [{ rule: request-field-removed, operation: 'Describe*', path: request.Owner, reason: old, until: 2026-02-01 }]",
        );
        assert_eq!(findings[0].allowed.as_deref(), Some("old"));
        assert!(complaints.is_empty());
        let print = finding()[0].fingerprint();
        let (findings, _) = apply(&format!("allow: [{{ fingerprint: {print}, reason: old, until_version: 3.0.0 }}]"));
        assert!(findings[0].allowed.is_some());
    }

    #[test]
    fn names_what_is_spent() {
        let (findings, complaints) = apply("allow: [{ rule: '*', reason: old, until: 2026-01-31 }]");
        assert!(findings[0].allowed.is_none() && complaints[0].contains("2026-01-31"));
        let (_, complaints) = apply("allow: [{ rule: '*', operation: List*, reason: old, until: 2027-01-31 }]");
        assert!(complaints[0].contains("fits no finding"));
    }

    #[test]
    fn changes_verdicts() {
        let (findings, _) = apply("levels: [{ rule: request-field-removed, wire: safe }]");
        assert_eq!(findings[0].wire, Wire::Safe);
        assert!(apply("levels: [{ rule: request-field-removed, wire: off }]").0.is_empty());
        let file = AllowFile::parse("levels: [{ rule: request-field-removed, rust: minor }]").unwrap();
        assert!(file.apply(&mut finding(), NOW, false).unwrap_err().contains("--tombstones"));
        assert!(file.apply(&mut finding(), NOW, true).is_ok());
    }

    #[test]
    fn adds_entries_that_fail_until_their_reason_is_filled_in() {
        let head = "allow:\n  - { rule: '*', operation: None, reason: a, until: 2026-12-31 }\nlevels: []\n";
        let text = AllowFile::with_added(head, &finding(), Gate::Any, "2026-05-01");
        assert!(text.ends_with("levels: []\n"));
        assert!(AllowFile::parse(&text).unwrap_err().contains("entry 1 of `allow` has no `reason`"));
        let filled = AllowFile::parse(&text.replace("reason: \"\"", "reason: b")).unwrap();
        let mut findings = finding();
        filled.apply(&mut findings, NOW, false).unwrap();
        assert_eq!(findings[0].allowed.as_deref(), Some("b"));
        assert_eq!(AllowFile::with_added(head, &findings, Gate::Any, "2026-05-01"), head);
        let flush = AllowFile::with_added(
            "allow:\n- { rule: '*', reason: a, until: 2026-12-31 }\n",
            &finding(),
            Gate::Any,
            "2026-05-01",
        );
        assert!(AllowFile::parse(&flush.replace("reason: \"\"", "reason: b")).is_ok(), "{flush}");
        assert!(AllowFile::with_added("", &finding(), Gate::Any, "2026-05-01").starts_with("allow:\n  # "));
    }

    #[test]
    fn refuses_bad_entries() {
        for (text, expected) in [
            ("allow: [{ rule: '*', until: 2026-01-01 }]", "no `reason`"),
            ("allow: [{ rule: '*', reason: a }]", "no end"),
            ("allow: [{ rule: '*', reason: a, until: 2026-13-01 }]", "no day"),
            ("allow: [{ rule: request-field-remove, reason: a, until: 2026-01-01 }]", "did you mean"),
            ("allow: [{ reason: a, until: 2026-01-01 }]", "neither"),
            ("allow: [{ colour: a }]", "no allow file"),
            ("levels: [{ rule: operation-emptied, wire: off }]", "cannot"),
            ("levels: [{ rule: operation-added, wire: bad }]", "none of"),
        ] {
            assert!(AllowFile::parse(text).unwrap_err().contains(expected), "{text}");
        }
    }
}
