//! The page's own change log.

use crate::diff::finding::{Finding, Recorder};
use crate::diff::rule::Rule;
use crate::spec::History;

pub(super) fn compare(recorder: &mut Recorder<'_>, old: &[History], new: &[History]) {
    let mut come: Vec<&History> = new.iter().collect();
    let mut gone = Vec::new();
    for entry in old {
        match come.iter().position(|new| *new == entry) {
            Some(same) => {
                come.remove(same);
            }
            None => gone.push(entry),
        }
    }
    for old in gone {
        let changed = come
            .iter()
            .position(|new| new.date == old.date)
            .or_else(|| come.iter().position(|new| new.summary == old.summary))
            .map(|index| come.remove(index));
        recorder.add("history-rewritten", "history").before(Some(line(old))).after(changed.map(line));
    }
    for new in come {
        recorder.add("history-entry-added", "history").after(Some(line(new)));
    }
}

fn line(entry: &History) -> String {
    format!("{}: {}", entry.date, entry.summary)
}

/// Turns new entries into hints where nothing but texts changed in the operation.
pub(super) fn mark_unseen(findings: &mut [Finding]) {
    let Some(unseen) = Rule::find("history-without-visible-change") else { return };
    if findings.iter().any(|finding| !finding.rule.is_text()) {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| finding.rule.id == "history-entry-added") {
        finding.rule = unseen;
        finding.wire = unseen.wire;
        finding.rust = unseen.rust;
    }
}
