//! GitHub's workflow commands: at most ten of a level, since the service shows no more, then a summary.

use std::fmt::Write as _;

use super::report::{Loudness, Report};

const MOST: usize = 10;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    let shown = report.shown();
    for (level, word) in [(Loudness::Error, "error"), (Loudness::Warning, "warning"), (Loudness::Note, "notice")] {
        let all: Vec<_> = shown.iter().filter(|finding| report.level(finding) == level).collect();
        // The last place of a full level tells of the rest.
        let most = if all.len() > MOST { MOST - 1 } else { MOST };
        for finding in all.iter().take(most) {
            let title = property(finding.rule.id);
            let place = match &finding.file {
                Some(file) => format!("file={},line=1,", property(file)),
                None => String::new(),
            };
            let message = format!("{}; {}", finding.text(), finding.rule.advice);
            let _ = writeln!(text, "::{word} {place}title={title}::{}", data(&message));
        }
        if all.len() > most {
            let _ = writeln!(text, "::{word} title=docsdk diff::and {} more", all.len() - most);
        }
    }
    let summary = &report.verdict.summary;
    if summary.bump.is_some() {
        let line = format!("{}; crate bump: {}", summary.counts(), summary.proposal(4));
        let _ = writeln!(text, "::notice title=docsdk diff::{}", data(&line));
    }
    text
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which colons and commas end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
