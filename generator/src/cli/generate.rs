//! `docsdk generate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use docsdk::files::RunLock;
use docsdk::manifest::RuntimeSource;
use docsdk::project::{CrateJob, Project, Run, Stored, find_services, generate, read_specs};
use docsdk::release::FIRST;
use serde_json::{Value, json};

use super::args::{Global, Lang};
use super::output::Output;

/// Generate crates from specs: the second half of a build.
///
/// With `--specs` and `--out`, from any specs without a manifest: a crate OUT/SERVICE for each service.
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
            let usable = stored.filter(|_| !found.has_errors());
            run.extend(found);
            if let Some(stored) = usable {
                let (row, gone) = write(&stored, &job, &mut run);
                rows.push(row);
                removed += gone;
            }
        }
        if output.is_json() {
            let crates: Value = rows
                .iter()
                .map(
                    |row| json!({ "service": row.service, "operations": row.operations, "files_written": row.written }),
                )
                .collect();
            output.json("generate", json!({ "crates": crates, "removed": removed }), &run);
        } else {
            output.findings(&run);
            if !output.is_quiet() {
                let lines = rows.iter().map(|row| {
                    format!("{}: {} operations, {} files written\n", row.service, row.operations, row.written)
                });
                let seconds = started.elapsed().as_secs_f64();
                output.print(&format!("{}({seconds:.2} s)\n{}", lines.collect::<String>(), output.hidden(&run)));
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

fn write(stored: &Stored, job: &CrateJob, run: &mut Run) -> (Row, usize) {
    let mut row = Row { service: stored.service.service.clone(), operations: stored.operations.len(), written: 0 };
    match generate(stored, job) {
        Ok((plan, found)) => {
            run.extend(found);
            let applied = plan.apply();
            run.findings.extend(applied.findings);
            row.written = applied.written;
            (row, applied.removed)
        }
        Err(failed) => {
            run.extend(failed);
            (row, 0)
        }
    }
}
