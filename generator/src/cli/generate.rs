//! `docsdk generate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use docsdk::files::RunLock;
use docsdk::manifest::RuntimeSource;
use docsdk::project::{CrateJob, Project, Run, Stored, find_services, generate, read_specs};
use docsdk::release::FIRST;
use docsdk::report::counted;
use serde_json::{Value, json};

use super::args::{Global, Lang};
use super::output::Output;

/// Generate crates from specs: the second half of a build.
///
/// With `--specs` and `--out`, from any specs without a manifest: a crate OUT/SERVICE for each service.
///
/// An operation whose spec can't be used is an error, and is left out; the others are written. A crate that has such an
/// operation already is left as it was, so that no method vanishes from it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk generate                           all services of the nearest docsdk.toml
  docsdk generate aliyun-rds                one of them
  docsdk generate --specs specs --out sdk --runtime path:../docsdk/runtime
  docsdk generate --specs specs/acme-disk --out sdk --runtime version:0.1")]
pub(crate) struct Generate {
    /// A service's specs, or a folder of such folders
    #[arg(long, value_name = "DIR", requires = "out")]
    specs: Option<PathBuf>,
    /// The folder that gets a folder for each crate
    #[arg(long, value_name = "DIR", requires = "specs")]
    out: Option<PathBuf>,
    /// Where the crates take `docsdk-runtime` from: `path:DIR`, `git:URL` or `version:X`
    #[arg(long, value_name = "FROM")]
    runtime: Option<RuntimeSource>,
    /// A folder of templates that replace docsdk's own, file by file
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// The services to generate; without any, all
    #[arg(value_name = "SERVICE", conflicts_with = "specs")]
    services: Vec<String>,
    #[command(flatten)]
    lang: Lang,
}

/// A crate's name, and how many operations and written files it has.
struct Row {
    service: String,
    operations: usize,
    written: usize,
    /// Whether the crate was left as it was, because of errors.
    kept: bool,
}

impl Row {
    fn line(&self) -> String {
        if self.kept {
            return format!("{}: the crate stays as before because of errors\n", self.service);
        }
        let (operations, files) = (counted(self.operations, "operation"), counted(self.written, "file"));
        format!("{}: {operations}, {files} written\n", self.service)
    }
}

impl Generate {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let started = Instant::now();
        let jobs = match (&self.specs, &self.out) {
            (Some(specs), Some(out)) => self.folders(specs, out),
            _ => self.manifest(global),
        };
        let (root, jobs) = match jobs {
            Ok(jobs) => jobs,
            Err(run) => return output.fail("generate", &run),
        };
        let _lock = match RunLock::take(&root) {
            Ok(lock) => lock,
            Err(finding) => return output.fail("generate", &Run::only(*finding)),
        };
        let (mut rows, mut removed, mut run) = (Vec::new(), 0, Run::default());
        for (folder, job) in jobs {
            let (stored, found) = read_specs(&folder);
            let usable = stored.as_ref().is_some_and(|stored| stored.broken.is_all_of(&found));
            run.extend(found);
            let Some(stored) = stored else { continue };
            let (row, gone) = write(&stored, usable, &job, &mut run);
            rows.push(row);
            removed += gone;
        }
        if output.is_json() {
            let crates: Value = rows
                .iter()
                .map(|row| {
                    json!({
                        "service": row.service, "operations": row.operations, "files_written": row.written,
                        "crate_kept": row.kept,
                    })
                })
                .collect();
            output.json("generate", json!({ "crates": crates, "removed": removed }), &run);
        } else {
            output.findings(&run);
            if !output.is_quiet() {
                let lines: String = rows.iter().map(Row::line).collect();
                let seconds = started.elapsed().as_secs_f64();
                output.print(&format!("{lines}({seconds:.2} s)\n{}", output.hidden(&run)));
            }
        }
        output.status(&run)
    }

    fn folders(&self, specs: &Path, out: &Path) -> Result<(PathBuf, Vec<(PathBuf, CrateJob)>), Run> {
        let services = find_services(specs).map_err(|finding| Run::only(*finding))?;
        let runtime = self.runtime.clone().unwrap_or_default();
        let jobs = services.into_iter().map(|folder| {
            let name = folder
                .canonicalize()
                .unwrap_or_else(|_| folder.clone())
                .file_name()
                .map(PathBuf::from)
                .unwrap_or_default();
            let job = CrateJob {
                folder: out.join(name),
                runtime: runtime.clone(),
                templates: self.templates.clone(),
                language: self.lang.lang.clone(),
                version: FIRST,
                changelog: None,
                links: None,
            };
            (folder, job)
        });
        Ok((out.to_owned(), jobs.collect()))
    }

    fn manifest(&self, global: &Global) -> Result<(PathBuf, Vec<(PathBuf, CrateJob)>), Run> {
        let project = Project { language: self.lang.lang.clone(), ..Project::open(global.manifest.as_deref())? };
        let services = project.services(&self.services).map_err(|finding| Run::only(*finding))?;
        let jobs = services.into_iter().map(|entry| {
            let mut job = project.crate_job(entry);
            if let Some(runtime) = &self.runtime {
                job.runtime.clone_from(runtime);
            }
            if self.templates.is_some() {
                job.templates.clone_from(&self.templates);
            }
            (project.specs_folder(entry), job)
        });
        let jobs = jobs.collect();
        Ok((project.root, jobs))
    }
}

fn write(stored: &Stored, usable: bool, job: &CrateJob, run: &mut Run) -> (Row, usize) {
    let service = stored.service.service.clone();
    let kept = Row { service, operations: 0, written: 0, kept: true };
    if !usable {
        return (kept, 0);
    }
    match generate(stored, job) {
        Ok((plan, found)) => {
            run.extend(found);
            let applied = plan.apply();
            run.findings.extend(applied.findings);
            let operations = stored.operations.keys().filter(|name| !stored.broken.has(name)).count();
            (Row { operations, written: applied.written, kept: false, ..kept }, applied.removed)
        }
        Err(failed) => {
            run.extend(failed);
            (kept, 0)
        }
    }
}
