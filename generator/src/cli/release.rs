//! `docsdk release`.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::diff::{Files, SideError};
use docsdk::files::{self, Plan};
use docsdk::manifest::ServiceEntry;
use docsdk::project::{CrateJob, Project, Run, generate, read_specs};
use docsdk::release::{self, CHANGELOG, Entry, Release, Standing};
use docsdk_runtime::extended_timestamp;
use serde_json::{Value, json};

use super::args::Global;
use super::build::locked;
use super::output::{FINE, Output};

/// Say which version the next release of each crate must have, and why; `--write` makes it so.
///
/// The specs are held against those at the last release's tag. With `--write`, the manifest's version is raised, an
/// entry is put into `specs/NAME/CHANGELOG.md`, and the crate is generated anew; what people wrote into either stays.
/// Tags are named as `[release] tag` of the manifest says, `{service}-v{version}` without it, and are made by people.
#[derive(Debug, Args)]
#[command(
    name = "release",
    after_help = "\
Examples:
  docsdk release                      where every service stands: version, last tag, bump, next version
  docsdk release aliyun-rds           one service
  docsdk release aliyun-rds --write   raise its version, write its changelog, generate its crate
  docsdk release --format json

Afterwards, once it is merged:
  git tag aliyun-rds-v0.2.0 && git push origin aliyun-rds-v0.2.0"
)]
pub(crate) struct ReleaseCommand {
    /// The services; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Raise versions and write changelogs where a release is due
    #[arg(long)]
    write: bool,
}

/// A service and where it stands.
struct Row<'a> {
    entry: &'a ServiceEntry,
    standing: Standing,
    written: usize,
}

impl ReleaseCommand {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let open = || Project::open(global.manifest.as_deref());
        let opened = open().and_then(|project| {
            if !self.write {
                return Ok((project, None, None));
            }
            let (project, lock, recovered) = locked(project, &open)?;
            Ok((project, Some(lock), recovered))
        });
        let (project, _lock, recovered) = match opened {
            Ok(opened) => opened,
            Err(run) => return output.fail("release", &run),
        };
        let mut run = Run { findings: recovered.into_iter().collect(), ..Run::default() };
        let rows = match self.rows(&project, &mut run) {
            Ok(rows) => rows,
            Err(run) => return output.fail("release", &run),
        };
        if output.is_json() {
            let services: Value = rows.iter().map(|row| as_json(&project, row)).collect();
            output.json("release", json!({ "services": services }), &run);
        } else {
            output.findings(&run);
            if !output.is_quiet() {
                output.print(&rows.iter().map(|row| self.text(&project, row)).collect::<Vec<_>>().join("\n"));
            }
        }
        if run.has_errors() { output.status(&run) } else { FINE.into() }
    }

    fn rows<'p>(&self, project: &'p Project, run: &mut Run) -> Result<Vec<Row<'p>>, Run> {
        let services = project.services(&self.services).map_err(|finding| Run::only(*finding))?;
        let today = today();
        let unreadable = |error| unreadable(&error, &project.file);
        let release = Release::open(project, &today).map_err(unreadable)?;
        run.findings.extend(release.shared_tags());
        let mut rows = Vec::new();
        for entry in services {
            let now = Files::read(&project.specs_folder(entry)).map_err(unreadable)?;
            let standing = release.standing(entry, &now).map_err(unreadable)?;
            rows.push(Row { entry, standing, written: 0 });
        }
        for row in &rows {
            run.findings.extend(row.standing.finding(row.entry, &project.file).filter(|_| row.standing.unknown));
        }
        if self.write {
            // Without the last release, the changelog would call everything new.
            for finding in run.findings.iter_mut().filter(|finding| finding.id == "release-unknown") {
                finding.severity = Severity::Error;
            }
            if run.has_errors() {
                return Err(std::mem::take(run));
            }
            write(project, &mut rows, &today, run)?;
        }
        Ok(rows)
    }

    fn text(&self, project: &Project, row: &Row<'_>) -> String {
        const REASONS: usize = 5;
        let standing = &row.standing;
        let mut text = format!("{} {}\n", standing.service, standing.version);
        let Some(tag) = &standing.last else {
            let first = project.manifest.release.pattern().tag(&standing.service, &standing.version);
            let _ = if standing.unknown {
                writeln!(text, "  last release: not known: the clone is shallow and has no tag of it")
            } else {
                writeln!(text, "  last release: none: there is no tag such as `{first}`")
            };
            let _ = writeln!(text, "  next release: {}, tagged `{first}`", standing.next);
            return text;
        };
        let _ = writeln!(text, "  last release: {} (tag `{}`)", tag.version, tag.name);
        if !standing.is_due() {
            text.push_str("  nothing changed since\n");
            if standing.is_behind() {
                let _ = writeln!(
                    text,
                    "  the manifest's version is lower: write `version = \"{}\"` or more",
                    standing.next
                );
            }
            return text;
        }
        let _ = writeln!(text, "  bump since:   {}", standing.summary.proposal(4));
        for finding in standing.forcing(REASONS) {
            let operation = if finding.path.is_empty() { "" } else { finding.operation.as_str() };
            let _ = writeln!(text, "    {}", format!("{operation} {}", finding.text()).trim_start());
        }
        let more = standing.forcing(usize::MAX).count().saturating_sub(REASONS);
        if more > 0 {
            let specs = files::display(&row.entry.specs_folder());
            let _ = writeln!(text, "    … and {more} more: `docsdk diff --against {} {specs}`", tag.name);
        }
        let _ = write!(text, "  next release: {}", standing.next);
        text.push_str(match (self.write, row.written, standing.is_behind()) {
            (true, 0, _) => ", as written already\n",
            (true, ..) => ", written: manifest, changelog and crate\n",
            (false, _, true) => "; `--write` raises the version and writes the changelog\n",
            (false, _, false) => ", which the manifest has; `--write` writes the changelog\n",
        });
        text
    }
}

/// Raises versions, writes changelogs and generates crates: all of them, or nothing.
fn write(project: &Project, rows: &mut [Row<'_>], today: &str, run: &mut Run) -> Result<(), Run> {
    let path = project.root.join(docsdk::manifest::FILE);
    let path = if project.file.is_empty() { path } else { project.file.clone().into() };
    let unreadable = |error: std::io::Error| Run::only(files::failure("manifest-read", &path, "read", &error));
    let mut manifest = fs::read_to_string(&path).map_err(unreadable)?;
    let mut plans = Vec::new();
    for row in rows.iter_mut().filter(|row| row.standing.is_due()) {
        let (standing, entry) = (&row.standing, row.entry);
        let raised = release::with_version(&manifest, &project.file, &standing.service, &standing.next);
        manifest = raised.map_err(|finding| Run::only(*finding))?;
        let plan = plan(project, entry, standing, today, run)?;
        row.written = plan.differences().len();
        plans.push(plan);
    }
    let mut whole = Plan { files: [(path, manifest.into_bytes())].into(), stale: Vec::new() };
    for plan in plans {
        whole.extend(plan);
    }
    run.findings.extend(whole.commit(&project.root).findings);
    Ok(())
}

/// The changelog and the crate of a service's next release.
fn plan(project: &Project, entry: &ServiceEntry, standing: &Standing, today: &str, run: &mut Run) -> Result<Plan, Run> {
    let folder = project.specs_folder(entry);
    let path = folder.join(CHANGELOG);
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Run::only(files::failure("changelog-read", &path, "read", &error))),
    };
    let changes = match &standing.last {
        Some(_) => release::changes(&standing.findings),
        None => "First release.\n".to_owned(),
    };
    let released = standing.last.as_ref().map(|tag| &tag.version);
    let changelog =
        release::with_entry(&old, &Entry { version: &standing.next, date: today, released, changes: &changes });
    let (stored, found) = read_specs(&folder);
    let Some(stored) = stored.filter(|_| !found.has_errors()) else { return Err(found) };
    run.extend(found);
    let version = standing.next.clone();
    let job = CrateJob { version, changelog: Some(changelog.clone()), ..project.crate_job(entry) };
    let (mut plan, found) = generate(&stored, &job)?;
    run.extend(found);
    plan.files.insert(path, changelog.into_bytes());
    Ok(plan)
}

fn as_json(project: &Project, row: &Row<'_>) -> Value {
    let standing = &row.standing;
    let forcing: Value = standing
        .forcing(usize::MAX)
        .map(|it| json!({ "rule": it.rule.id, "operation": it.operation, "path": it.path, "text": it.text() }))
        .collect();
    json!({
        "service": standing.service,
        "version": standing.version.to_string(),
        "last": standing.last.as_ref().map(|tag| json!({ "tag": tag.name, "version": tag.version.to_string() })),
        "unknown": standing.unknown,
        "bump": standing.summary.bump.map_or("none", docsdk::diff::Bump::word),
        "reasons": standing.summary.reasons,
        "forced_by": forcing,
        "next": standing.next.to_string(),
        "tag": project.manifest.release.pattern().tag(&standing.service, &standing.next),
        "due": standing.is_due(),
        "behind": standing.is_behind(),
        "files_written": row.written,
    })
}

/// A tag or a file that could not be read, told in the manifest, which says what is released.
fn unreadable(error: &SideError, manifest: &str) -> Run {
    Run::only(Diagnostic::new("release-unreadable", Severity::Error, manifest, error.to_string()))
}

/// `2026-01-31`, in UTC.
pub(crate) fn today() -> String {
    extended_timestamp(SystemTime::now()).chars().take(10).collect()
}
