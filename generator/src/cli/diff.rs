//! `docsdk diff`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use docsdk::diff::{
    AllowFile, Bump, Cause, Comparison, Files, Gate, Hidden, Now, Policy, Report, Rule, SideError, compare,
};
use docsdk::project::{Project, Sides};
use docsdk_runtime::extended_timestamp;

use super::args::Global;
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
  docsdk diff --against @published specs/acme-disk  what changed since the last release
  docsdk diff --last-change --format markdown       the changelog entry of the last change
  docsdk diff --history 5                           the last five revisions of the specs, oldest first
  docsdk diff pages-may pages-june --provider aliyun
                                                    two folders of pages, extracted and compared
  docsdk diff openapi-may.yaml openapi-june.yaml    two OpenAPI documents, or one and a folder of specs
  docsdk diff --against main openapi.yaml           an OpenAPI document against a git revision of it
  docsdk diff old new --format html=report.html --format text

Formats: text, json, markdown, html, sarif, junit, github, gitlab, oneline; FORMAT=FILE writes a file.

Exit status: 0 nothing at the gate, 1 findings at the gate, 2 wrong use or configuration,
3 a side could not be read, 4 operations were lost in a way that looks like a failed crawl.")]
pub(crate) struct Diff {
    /// OLD and NEW: folders of specs, services, files of one operation, archives, OpenAPI documents, or folders of pages; with `--against`,
    /// NEW alone
    #[arg(value_name = "OLD NEW", num_args = 0..=2)]
    sides: Vec<PathBuf>,
    /// The old side: a git revision, REVISION:FOLDER, REPOSITORY#branch=…,subdir=…, a folder, or `@published`: what the
    /// last release tags hold
    #[arg(long, value_name = "WHAT", conflicts_with = "last_change")]
    against: Option<String>,
    /// The old side: the newest revision that differs
    #[arg(long)]
    last_change: bool,
    /// One report over the last N revisions of NEW, oldest first
    #[arg(long, value_name = "N", conflicts_with_all = ["against", "last_change", "write_allow"])]
    history: Option<NonZeroUsize>,
    /// Whose pages they are, where a side is a folder of pages that no manifest knows: `aliyun`, `huawei`, or the path of a provider file
    #[arg(long, value_name = "PROVIDER")]
    provider: Option<String>,
    /// The language of the report's texts; ids never change
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
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
    /// The version of the crate as last released: below 1.0.0 every bump is one step less; without it, of the manifest's
    /// services the versions that stand there
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

/// A language of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Lang {
    En,
    Zh,
}

impl From<Lang> for docsdk::diff::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Zh => Self::Zh,
        }
    }
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
    Rule::find(id).map(|rule| rule.id.to_owned()).ok_or_else(|| "there is no such rule".to_owned())
}

impl Diff {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let project = Project::open(global.manifest.as_deref()).ok();
        let home = project.as_ref().map(|project| project.root.clone()).unwrap_or_default();
        let comparisons = match self.compare(project.as_ref(), &home) {
            Ok(comparisons) => comparisons,
            Err(Failure::Side(error)) => return fail(UNREADABLE, &error.to_string()),
            Err(Failure::Use(message)) => return fail(FAILURE, &message),
        };
        let version = self.version(project.as_ref(), &home, &comparisons);
        match self.report(comparisons, (&home, version.as_deref()), global, output) {
            Ok(exit) => exit.into(),
            Err(message) => fail(FAILURE, &message),
        }
    }

    /// One comparison, or with `--history` one for each step.
    fn compare(&self, project: Option<&Project>, home: &Path) -> Result<Vec<Comparison>, Failure> {
        let today = day(SystemTime::now());
        let sides = Sides { project, provider: self.provider.as_deref(), today: &today };
        let folder = || self.sides.first().cloned().unwrap_or_else(|| home.join("specs"));
        let (old, new) = match (self.sides.as_slice(), &self.against, self.last_change, self.history) {
            ([old, new], None, false, None) => sides.pair(old, new)?,
            ([] | [_], Some(what), false, None) => sides.against(what, &folder())?,
            ([] | [_], None, true, None) => {
                let new = Files::read(&folder())?;
                (new.last_change(&folder())?, new)
            }
            ([] | [_], None, false, Some(count)) => {
                let states = Files::history(&folder(), count.get())?;
                let pairs = states.iter().zip(states.iter().skip(1));
                return Ok(pairs.map(|(old, new)| compare(old, new)).collect::<Result<_, _>>()?);
            }
            _ => {
                let message = "name OLD and NEW, or NEW with `--against WHAT`, `--last-change` or `--history N`";
                return Err(Failure::Use(message.to_owned()));
            }
        };
        Ok(vec![compare(&old, &new)?])
    }

    /// The version that bumps count from: as given, or the one of the manifest whose service was compared. Of several
    /// services the highest counts, since below 1.0.0 a bump says less.
    fn version(&self, project: Option<&Project>, home: &Path, comparisons: &[Comparison]) -> Option<String> {
        if self.crate_version.is_some() {
            return self.crate_version.clone();
        }
        let specs = home.join("specs");
        let sides: Vec<&Path> =
            if self.sides.is_empty() { vec![&specs] } else { self.sides.iter().map(PathBuf::as_path).collect() };
        let known = Sides { project, provider: None, today: "" }.versions(&sides);
        let services: BTreeSet<&str> =
            comparisons.iter().flat_map(|comparison| &comparison.findings).map(|it| it.service.as_str()).collect();
        let versions: Option<Vec<_>> = services.into_iter().map(|service| known.get(service)).collect();
        versions?.into_iter().max().map(ToString::to_string)
    }

    fn report(
        &self,
        mut comparisons: Vec<Comparison>,
        (home, version): (&Path, Option<&str>),
        global: &Global,
        output: &Output,
    ) -> Result<u8, String> {
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
        let policy = self.policy(version);
        let now = Now { today: &today, version };
        let verdicts = policy.judge_all(&mut comparisons, &file, now).map_err(place)?;
        for target in &global.format {
            let colour = target.file.is_none() && output.stdout_style().color;
            let judged = comparisons.iter().zip(&verdicts);
            let reports: Vec<Report<'_>> = judged
                .map(|(comparison, verdict)| Report {
                    comparison,
                    verdict,
                    policy: &policy,
                    colour,
                    lang: self.lang.into(),
                })
                .collect();
            let text = match reports.as_slice() {
                [report] if self.history.is_none() => target.format.render(report),
                reports => target.format.render_history(reports),
            };
            match &target.file {
                Some(path) => replace(path, &text)?,
                None => output.print(&text),
            }
        }
        if self.write_allow {
            let until = day(SystemTime::now() + Duration::from_secs(ALLOWED_DAYS * 24 * 60 * 60));
            let findings: Vec<_> = comparisons.iter().flat_map(|comparison| comparison.findings.clone()).collect();
            let text = AllowFile::with_added(&text, &findings, policy.gate, &until);
            replace(&path, &text)?;
        }
        Ok(verdicts.iter().map(|verdict| verdict.exit).max().unwrap_or_default())
    }

    fn policy(&self, version: Option<&str>) -> Policy {
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
            below_one: version.is_some_and(|version| version.starts_with("0.")),
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
