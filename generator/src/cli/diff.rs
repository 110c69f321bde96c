//! `docsdk diff`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use docsdk::diff::{
    AllowFile, Bump, Cause, Comparison, Files, Gate, Hidden, Now, Policy, RULES, Report, SideError, Verdict, compare,
};
use docsdk::project::Project;
use docsdk_runtime::extended_timestamp;

use super::args::{FormatTo, Global};
use super::output::{FAILURE, Output};

/// A side could not be read.
const UNREADABLE: u8 = 3;
/// How long an allowance of `--write-allow` counts.
const ALLOWED_DAYS: u64 = 90;

/// Say what changed between two states of specs, whether it breaks, and what the crate's version must do.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
#[command(after_help = "\
Examples:
  docsdk diff old-specs specs                       two folders
  docsdk diff --against v1.4.0                      the working tree's specs against a git revision
  docsdk diff --against main:other/specs specs      another folder at a revision
  docsdk diff --last-change --format markdown       the changelog entry of the last change
  docsdk diff old new --format html=report.html --format text

Formats: text, json, markdown, html, sarif, junit, github, gitlab, oneline; FORMAT=FILE writes a file.

Exit status: 0 nothing at the gate, 1 findings at the gate, 2 wrong use or configuration,
3 a side could not be read, 4 operations were lost in a way that looks like a failed crawl.")]
pub(crate) struct Diff {
    /// OLD and NEW: folders of specs, services, or files of one operation; with `--against`, NEW alone
    #[arg(value_name = "OLD NEW", num_args = 0..=2)]
    sides: Vec<PathBuf>,
    /// The old side: a git revision, REVISION:FOLDER, REPOSITORY#branch=…,subdir=…, or a folder
    #[arg(long, value_name = "WHAT", conflicts_with = "last_change")]
    against: Option<String>,
    /// The old side: the newest revision that differs
    #[arg(long)]
    last_change: bool,
    /// From where on findings fail the run: breaking, risky, safe, any, major, minor, never
    #[arg(long, value_name = "GATE", default_value = "breaking", value_parser = gate)]
    fail_on: Gate,
    /// Fail where the findings ask for more than this
    #[arg(long, value_name = "BUMP", value_parser = bump)]
    max_bump: Option<Bump>,
    /// Rules to report, and no others
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    only: Vec<String>,
    /// Rules to leave out
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    skip: Vec<String>,
    /// Operations to report, with `*`
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    operation: Vec<String>,
    /// What to show although it is hidden
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    show: Vec<Show>,
    /// Whose changes count for the gate
    #[arg(long, value_name = "CAUSE", value_delimiter = ',')]
    cause: Vec<By>,
    /// The version of the crate as last released: below 1.0.0 every bump is one step less
    #[arg(long, value_name = "VERSION")]
    crate_version: Option<String>,
    /// Count what is removed or renamed as kept, deprecated, for one minor release
    #[arg(long)]
    tombstones: bool,
    /// Allowances; without it, `docsdk-allow.yaml` beside the manifest, or here
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,
    /// Add what stands at the gate to the allowances, for 90 days, with reasons to be filled in
    #[arg(long)]
    write_allow: bool,
    /// Fail on allowances that have ended or fit nothing
    #[arg(long)]
    strict: bool,
    /// Go on where operations were lost in a way that looks like a failed crawl
    #[arg(long)]
    accept_loss: bool,
}

/// Findings that are hidden unless asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    Order,
    Whitespace,
}

/// Who caused a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Page,
    Extractor,
    Overlay,
    Unknown,
}

fn gate(word: &str) -> Result<Gate, String> {
    Gate::parse(word).ok_or_else(|| "expected breaking, risky, safe, any, major, minor or never".to_owned())
}

fn bump(word: &str) -> Result<Bump, String> {
    let found = Bump::WORST_FIRST.into_iter().find(|bump| bump.word() == word);
    found.ok_or_else(|| "expected major, minor or patch".to_owned())
}

fn rule(id: &str) -> Result<String, String> {
    let known = RULES.iter().any(|rule| rule.id == id);
    known.then(|| id.to_owned()).ok_or_else(|| "there is no such rule".to_owned())
}

impl Diff {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let home = Project::open(global.manifest.as_deref()).map(|project| project.root).unwrap_or_default();
        let comparison = match self.compare(&home) {
            Ok(comparison) => comparison,
            Err(Failure::Side(error)) => return fail(UNREADABLE, &error.to_string()),
            Err(Failure::Use(message)) => return fail(FAILURE, &message),
        };
        match self.report(comparison, &home, global, output) {
            Ok(exit) => exit.into(),
            Err(message) => fail(FAILURE, &message),
        }
    }

    fn compare(&self, home: &Path) -> Result<Comparison, Failure> {
        let (old, new) = match (self.sides.as_slice(), &self.against, self.last_change) {
            ([old, new], None, false) => {
                let (old, new) = (Files::read(old)?, Files::read(new)?);
                if old.is_empty() && new.is_empty() && ![&old.label, &new.label].iter().any(|it| Path::new(it).exists())
                {
                    let message = format!("neither `{}` nor `{}` exists", old.label, new.label);
                    return Err(Failure::Side(SideError { place: old.label, message }));
                }
                (old, new)
            }
            (sides @ ([] | [_]), Some(_), false) | (sides @ ([] | [_]), None, true) => {
                let folder = sides.first().cloned().unwrap_or_else(|| home.join("specs"));
                let new = Files::read(&folder)?;
                let old = match &self.against {
                    Some(what) => Files::against(what, &folder)?,
                    None => new.last_change(&folder)?,
                };
                (old, new)
            }
            _ => {
                let message = "name OLD and NEW, or NEW with `--against WHAT` or `--last-change`";
                return Err(Failure::Use(message.to_owned()));
            }
        };
        Ok(compare(&old, &new)?)
    }

    fn report(&self, mut comparison: Comparison, home: &Path, global: &Global, output: &Output) -> Result<u8, String> {
        let path = self.allow.clone().unwrap_or_else(|| home.join("docsdk-allow.yaml"));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.allow.is_none() => String::new(),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.write_allow => String::new(),
            Err(error) => return Err(format!("`{}` cannot be read: {error}", path.display())),
        };
        let place = |message: String| format!("`{}` {message}", path.display());
        let file =
            if text.trim().is_empty() { AllowFile::default() } else { AllowFile::parse(&text).map_err(place)? };
        let today = day(SystemTime::now());
        let policy = self.policy();
        let now = Now { today: &today, version: self.crate_version.as_deref() };
        let verdict = policy.judge(&mut comparison, &file, now).map_err(place)?;
        for target in &global.format {
            write(target, &comparison, &verdict, &policy, output)?;
        }
        if self.write_allow {
            let until = day(SystemTime::now() + Duration::from_secs(ALLOWED_DAYS * 24 * 60 * 60));
            let text = AllowFile::with_added(&text, &comparison.findings, policy.gate, &until);
            replace(&path, &text)?;
        }
        Ok(verdict.exit)
    }

    fn policy(&self) -> Policy {
        let show = self.show.iter().map(|show| match show {
            Show::Order => Hidden::Order,
            Show::Whitespace => Hidden::Whitespace,
        });
        let causes = self.cause.iter().map(|cause| match cause {
            By::Page => Cause::Page,
            By::Extractor => Cause::Extractor,
            By::Overlay => Cause::Overlay,
            By::Unknown => Cause::Unknown,
        });
        Policy {
            only: self.only.clone(),
            skip: self.skip.clone(),
            operations: self.operation.clone(),
            causes: causes.collect(),
            show: show.collect::<BTreeSet<_>>(),
            gate: self.fail_on,
            max_bump: self.max_bump,
            below_one: self.crate_version.as_deref().is_some_and(|version| version.starts_with("0.")),
            tombstones: self.tombstones,
            strict: self.strict,
            accept_loss: self.accept_loss,
        }
    }
}

/// Why no comparison came about.
enum Failure {
    Side(SideError),
    Use(String),
}

impl From<SideError> for Failure {
    fn from(error: SideError) -> Self {
        Self::Side(error)
    }
}

fn fail(exit: u8, message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {message}");
    exit.into()
}

/// `2026-01-31`, in UTC.
fn day(instant: SystemTime) -> String {
    extended_timestamp(instant).chars().take(10).collect()
}

fn write(
    target: &FormatTo,
    comparison: &Comparison,
    verdict: &Verdict,
    policy: &Policy,
    output: &Output,
) -> Result<(), String> {
    let colour = target.file.is_none() && output.stdout_style().color;
    let text = target.format.render(&Report { comparison, verdict, policy, colour });
    if let Some(path) = &target.file {
        return replace(path, &text);
    }
    output.print(&text);
    Ok(())
}

/// Writes a file whole or not at all.
fn replace(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        // A temporary file is its owner's alone; what is written here is for everybody who may read the folder.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        file.persist(path).map_err(|error| error.error)
    });
    written.map(drop).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
