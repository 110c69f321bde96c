//! Whether what is checked in is what would be made now, and versions are what the changes ask for.

use std::fmt::Write as _;
use std::fs;

use similar::{ChangeTag, TextDiff};

use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::{Files, SideError};
use crate::files::{self, Difference, Plan};
use crate::manifest::ServiceEntry;
use crate::release::{Release, Standing};

use super::{Project, Run};

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

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Files that are not what would be made now.
    pub stale: Vec<Stale>,
    /// Where the crates' versions stand, for the services whose pages could be read.
    pub standings: Vec<Standing>,
    /// What came up; a version that is too low is an error here.
    pub run: Run,
}

/// Checks services: specs against pages, crates against specs, overlays, and versions against the last releases; touches
/// nothing. `today` is a day like `2026-01-31`.
pub fn check(project: &Project, services: &[&ServiceEntry], today: &str, on_page: &(dyn Fn() + Sync)) -> Checked {
    let mut checked = Checked::default();
    let release = match Release::open(project, today) {
        Ok(release) => Some(release),
        Err(error) => {
            checked.run.findings.push(unreadable(error));
            None
        }
    };
    for entry in services {
        let (_, plan, run) = project.plan(entry, on_page);
        checked.stale.extend(compare(&plan));
        // What could not be read says nothing of versions.
        let sound = !run.has_errors();
        checked.run.extend(run);
        let folder = project.specs_folder(entry);
        let standing = release.as_ref().filter(|_| sound).map(|release| {
            let planned = Files::planned(&folder, &plan)?;
            release.standing(entry, &planned)
        });
        match standing {
            Some(Ok(standing)) => {
                checked.run.findings.extend(standing.finding(entry, &project.file));
                checked.standings.push(standing);
            }
            Some(Err(error)) => checked.run.findings.push(unreadable(error)),
            None => {}
        }
    }
    if checked.run.findings.iter().any(|finding| finding.file == project.file)
        && let Ok(source) = fs::read_to_string(&project.file)
    {
        checked.run.sources.insert(project.file.clone(), source);
    }
    checked
}

fn unreadable(error: SideError) -> Diagnostic {
    let finding = Diagnostic::new("release-unreadable", Severity::Error, error.place, error.message);
    finding.help("the version is held against the last release's tag, which has to be readable for that")
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
