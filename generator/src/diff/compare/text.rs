//! Texts: changed in words or in white space alone, and whether they speak of the contract.

use std::sync::LazyLock;

use super::side::Place;
use crate::diff::finding::{Finding, Recorder};
use crate::diff::pairing::is_ideograph;
use crate::diff::rule::Rule;

/// Words of obligation, range, default and retirement, by language.
static HINTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let languages: std::collections::BTreeMap<String, Vec<String>> =
        serde_yaml::from_str(include_str!("../hints.yaml")).unwrap_or_default();
    languages.into_values().flatten().map(|hint| hint.to_lowercase()).collect()
});

/// Compares two texts under a rule; what differs in white space and marks alone has a rule of its own.
pub(super) fn compare(recorder: &mut Recorder<'_>, id: &str, place: &Place, old: Option<&str>, new: Option<&str>) {
    if old == new {
        return;
    }
    let same_words = plain(old.unwrap_or_default()) == plain(new.unwrap_or_default());
    let id = if same_words { "text-whitespace-changed" } else { id };
    recorder.add(id, &*place.path).from(&place.old).before(old).after(new);
}

/// A text without white space, full-width forms and Markdown marks.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_start();
        let line = ["- ", "+ ", "* "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
        let chars: Vec<char> = line.chars().map(half_width).collect();
        for (index, &c) in chars.iter().enumerate() {
            let beside = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
            // An underscore inside a word is part of a name, not a mark.
            let mark = match c {
                '_' => !(beside(index.checked_sub(1)) && beside(Some(index + 1))),
                '*' | '`' | '#' | '>' | '~' | '\\' => true,
                _ => false,
            };
            if !mark && !c.is_whitespace() && c != '\u{200b}' && c != '\u{feff}' {
                plain.push(c);
            }
        }
    }
    plain
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Whether what was added or taken away holds a word of the contract.
pub(super) fn hints_contract(old: &str, new: &str) -> bool {
    let (old, new) = (spaced(old), spaced(new));
    HINTS.iter().any(|hint| occurrences(&old, hint) != occurrences(&new, hint))
}

/// Lower case, one space between words.
fn spaced(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn occurrences(text: &str, hint: &str) -> usize {
    let word = |c: Option<char>| c.is_some_and(|c| (c.is_alphanumeric() || c == '_') && !is_ideograph(c));
    let ideographs = hint.chars().any(is_ideograph);
    text.match_indices(hint)
        .filter(|(at, _)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            let after = text.get(at + hint.len()..).and_then(|after| after.chars().next());
            ideographs || !(word(before) || word(after))
        })
        .count()
}

/// Turns changed descriptions into hints where nothing but texts changed at their place.
pub(super) fn mark_hints(findings: &mut [Finding]) {
    let Some(hint) = Rule::find("description-hints-contract") else { return };
    let facts: std::collections::BTreeSet<String> =
        findings.iter().filter(|finding| !finding.rule.is_text()).map(|finding| finding.path.clone()).collect();
    for finding in findings {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        if finding.rule.id == "description-changed"
            && !facts.contains(&finding.path)
            && hints_contract(&text(&finding.before), &text(&finding.after))
        {
            finding.rule = hint;
            finding.wire = hint.wire;
            finding.rust = hint.rust;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{hints_contract, plain};

    #[test]
    fn sees_through_marks_and_white_space() {
        assert_eq!(plain("- **Name**  shown\nin `the` list（1）"), plain("Name shown in the list(1)"));
        assert_ne!(plain("disk_id"), plain("diskid"));
    }

    #[test]
    fn finds_words_of_the_contract_in_what_changed() {
        assert!(hints_contract("A size.", "A size. At most 5."));
        assert!(hints_contract("大小。", "大小，必填。"));
        assert!(hints_contract("at least 5", "at most 5"));
        assert!(!hints_contract("You must give it.", "It must be given."));
        assert!(!hints_contract("A rule.", "A mustard rule, limited."));
    }
}
