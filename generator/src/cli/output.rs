//! What commands print, and the exit status it comes to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::files::Plan;
use docsdk::lint::Denied;
use docsdk::project::{Row, Run};
use docsdk::report::{self, Style, counted};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::args::{Color, Format, Global};

/// All is well.
pub(crate) const FINE: u8 = 0;
/// There are findings.
pub(crate) const FINDINGS: u8 = 1;
/// The command was misused or could not do its work.
pub(crate) const FAILURE: u8 = 2;

/// Findings of a kind that are shown where not all are asked for.
const MOST_OF_A_KIND: usize = 5;

/// Where and how a command prints.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    quiet: bool,
    verbose: bool,
    deny: Vec<Denied>,
    on_stdout: Style,
    on_stderr: Style,
}

impl Output {
    pub(crate) fn new(global: &Global) -> Self {
        let wanted = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let style = |terminal| Style { color: wanted(terminal), width: 110 };
        Self {
            format: global.plain_format().unwrap_or(Format::Text),
            quiet: global.quiet,
            verbose: global.verbose > 0,
            deny: global.deny.clone(),
            on_stdout: style(io::stdout().is_terminal()),
            on_stderr: style(io::stderr().is_terminal()),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    pub(crate) fn stdout_style(&self) -> Style {
        self.on_stdout
    }

    /// Prints to standard output; a reader that went away is no error.
    #[expect(clippy::unused_self, reason = "an output is where commands print, whatever it needs for that")]
    pub(crate) fn print(&self, text: &str) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Writes a result to a file, whole or not at all.
    ///
    /// # Errors
    /// What the system says.
    #[expect(clippy::unused_self, reason = "as for standard output")]
    pub(crate) fn write(&self, file: &Path, text: &str) -> Result<(), Run> {
        let plan = Plan { files: [(file.to_owned(), text.as_bytes().to_vec())].into(), ..Plan::default() };
        let findings = plan.apply_synced().findings;
        if findings.is_empty() { Ok(()) } else { Err(Run { findings, ..Run::default() }) }
    }

    /// Prints a result as JSON, with the findings in it.
    pub(crate) fn json(&self, command: &str, mut result: Value, run: &Run) {
        let findings = report::json_list(&run.findings, &run.sources);
        if let Value::Object(map) = &mut result {
            map.shift_insert(0, "command".to_owned(), command.into());
            map.insert("findings".to_owned(), findings.into());
        }
        let text = serde_json::to_string_pretty(&result).unwrap_or_default();
        self.print(&(text + "\n"));
    }

    /// Prints findings for people: on standard error, of each kind the first few.
    pub(crate) fn findings(&self, run: &Run) {
        let least = self.least();
        let mut of_a_kind: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
        let shown: Vec<Diagnostic> = run
            .findings
            .iter()
            .filter(|finding| finding.severity >= least || self.denies(finding))
            .filter(|finding| {
                let count = of_a_kind.entry((finding.severity, finding.id)).or_default();
                *count += 1;
                self.verbose || *count <= MOST_OF_A_KIND
            })
            .cloned()
            .collect();
        let mut text = report::text(&shown, &run.sources, self.on_stderr);
        if !self.verbose {
            for ((severity, id), count) in of_a_kind.iter().rev().filter(|(_, count)| **count > MOST_OF_A_KIND) {
                let _ = writeln!(
                    text,
                    "… and {} more `{id}` ({}); `-v` shows all",
                    count - MOST_OF_A_KIND,
                    severity.word()
                );
            }
        }
        let mut err = io::stderr().lock();
        let _ = err.write_all(text.as_bytes());
    }

    /// The least weight of findings that are shown.
    fn least(&self) -> Severity {
        match (self.quiet, self.verbose) {
            (true, _) => Severity::Error,
            (_, true) => Severity::Advice,
            _ => Severity::Warning,
        }
    }

    /// Whether a finding makes the command fail.
    fn denies(&self, finding: &Diagnostic) -> bool {
        finding.severity == Severity::Error
            || self.deny.iter().any(|denied| denied.covers(finding.id, finding.severity))
    }

    /// A line about findings that were too light to show; empty where there are none.
    pub(crate) fn hidden(&self, run: &Run) -> String {
        match run.findings.iter().filter(|it| it.severity < self.least() && !self.denies(it)).count() {
            0 => String::new(),
            1 => "1 finding is advice; `-v` shows it\n".to_owned(),
            count => format!("{count} findings are advice; `-v` shows them\n"),
        }
    }

    /// A line about findings that are not listed since overlays have settled them; empty unless much is asked for.
    pub(crate) fn settled(&self, rows: &[Row]) -> String {
        let count: usize = rows.iter().map(|row| row.settled).sum();
        if self.verbose && count > 0 {
            let are = if count == 1 { "is" } else { "are" };
            format!("{} more {are} settled by overlays\n", counted(count, "finding"))
        } else {
            String::new()
        }
    }

    /// Says something beside the result: on standard error, unless errors alone are wanted.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let mut err = io::stderr().lock();
            let _ = err.write_all(text.as_bytes());
        }
    }

    /// Prints a run that could not begin, and fails.
    pub(crate) fn fail(&self, command: &str, run: &Run) -> ExitCode {
        if self.is_json() {
            self.json(command, json!({}), run);
        } else {
            self.findings(run);
        }
        FAILURE.into()
    }

    /// The exit status that findings come to.
    pub(crate) fn status(&self, run: &Run) -> ExitCode {
        const FAILURES: [&str; 5] = ["file-write", "file-remove", "run-lock", "unknown-provider", "fetch-failed"];
        if run.findings.iter().any(|finding| FAILURES.contains(&finding.id)) {
            FAILURE.into()
        } else if run.findings.iter().any(|finding| self.denies(finding)) {
            FINDINGS.into()
        } else {
            FINE.into()
        }
    }

    /// A bar over the pages of a run; nothing where nobody watches.
    pub(crate) fn progress(&self, pages: usize) -> ProgressBar {
        if self.quiet || self.is_json() || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len} pages {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(Some(pages as u64), ProgressDrawTarget::stderr()).with_style(style)
    }
}

/// The table of what was built, one line a service.
pub(crate) fn table(rows: &[Row]) -> String {
    const HEAD: [&str; 7] =
        ["service", "pages", "operations", "parameters", "error codes", "findings", "files written"];
    let cells: Vec<[String; 7]> = rows
        .iter()
        .map(|row| {
            let counts = [row.pages, row.operations, row.parameters, row.errors, row.findings, row.written];
            let mut cells = [row.service.as_str(), "", "", "", "", "", ""].map(str::to_owned);
            for (cell, count) in cells.iter_mut().skip(1).zip(counts) {
                *cell = count.to_string();
            }
            cells
        })
        .collect();
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| {
            cells.iter().map(|row| row[column].chars().count()).chain([HEAD[column].len()]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: [&str; 7]| {
        let mut line = format!("{:<width$}", cells[0], width = widths[0]);
        for (cell, width) in cells.iter().zip(&widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        line + "\n"
    };
    let mut text = line(HEAD);
    for row in &cells {
        text += &line(row.each_ref().map(String::as_str));
    }
    text
}

/// The rows as JSON.
pub(crate) fn rows_json(rows: &[Row]) -> Value {
    rows.iter()
        .map(|row| {
            json!({
                "service": row.service, "pages": row.pages, "operations": row.operations, "parameters": row.parameters,
                "error_codes": row.errors, "findings": row.findings,
                "findings_settled": row.settled, "files_written": row.written,
            })
        })
        .collect()
}
