//! Whether what is checked in is what would be made now.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{self, Difference, Plan};

/// A file that is not what would be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its path.
    pub file: String,
    /// How it differs.
    pub finding: Diagnostic,
    /// The first lines that differ: `-` as checked in, `+` as it would be made. Empty where a whole file is at issue.
    pub diff: String,
}

/// Compares a plan with what is on disk; touches nothing.
pub fn compare(plan: &Plan) -> Vec<Stale> {
    let differences = plan.differences();
    differences
        .into_iter()
        .map(|(path, difference)| {
            let file = files::display(&path);
            let (id, message) = match &difference {
                Difference::Missing => ("stale-missing", "is missing"),
                Difference::Changed(_) => ("stale-changed", "is not what docsdk makes of its sources"),
                Difference::Left => ("stale-left", "is of docsdk's making, and nothing makes it any longer"),
            };
            let diff = match &difference {
                Difference::Changed(bytes) => short_diff(bytes, plan.files.get(&path).map_or(&[], Vec::as_slice)),
                _ => String::new(),
            };
            let help = "run `docsdk build` and check in what it writes; corrections belong into `overlay.yaml`";
            let finding = Diagnostic::new(id, Severity::Error, file.clone(), message).help(help);
            Stale { file, finding, diff }
        })
        .collect()
}

/// The first hunks of a line diff.
fn short_diff(old: &[u8], new: &[u8]) -> String {
    const MOST_LINES: usize = 24;
    const MOST_CHARS: usize = 160;
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    let mut text = String::new();
    let mut shown = 0;
    for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
        if shown >= MOST_LINES {
            text.push_str("  …\n");
            break;
        }
        let _ = writeln!(text, "  {}", hunk.header());
        for change in hunk.iter_changes().take(MOST_LINES - shown) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let line: String = change.value().trim_end().chars().take(MOST_CHARS).collect();
            let _ = writeln!(text, "  {sign}{line}");
            shown += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::files::Plan;

    #[test]
    fn shows_the_lines_that_differ() {
        let root = tempfile::tempdir().unwrap();
        let (edited, missing) = (root.path().join("a.yaml"), root.path().join("b.yaml"));
        std::fs::write(&edited, "one\ntwo\nthree\n").unwrap();
        let plan = Plan { files: [(edited, b"one\n2\nthree\n".to_vec()), (missing, vec![])].into(), stale: vec![] };
        let stale = compare(&plan);
        assert_eq!(stale.iter().map(|stale| stale.finding.id).collect::<Vec<_>>(), ["stale-changed", "stale-missing"]);
        assert_eq!(stale[0].diff, "  @@ -1,3 +1,3 @@\n   one\n  -two\n  +2\n   three\n");
    }
}
