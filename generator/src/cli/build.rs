//! `docsdk build`.

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use docsdk::diagnostic::Diagnostic;
use docsdk::files::{self, RunLock};
use docsdk::project::{Built, Project, Run};
use docsdk::report::counted;
use serde_json::json;

use super::args::{CacheArgs, Global, Lang};
use super::output::{Output, rows_json, table};

/// Build every service of the manifest: pages to specs to crates.
///
/// Files are written only where their bytes differ: a second run writes nothing. Pages that did not change since the last run,
/// and that no other page's change concerns, are not read again.
///
/// An operation that comes out of its pages as no crate can be made of it is an error and stops no other: the spec and module
/// of an earlier build stay, and without one it is left out. Other errors, as of overlays and templates, leave the whole crate
/// of their service as it was.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk build                              all services of the nearest docsdk.toml
  docsdk build aliyun-rds                   one of them
  docsdk build --lang zh                    the crates' documentation in Chinese, from Chinese pages
  docsdk build --deny warnings              for CI: fail on warnings
  docsdk build --no-cache                   read every page, whatever earlier runs kept
  docsdk build --manifest sdk/docsdk.toml   another manifest")]
pub(crate) struct Build {
    /// The services to build; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    lang: Lang,
    #[command(flatten)]
    cache: CacheArgs,
}

impl Build {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let started = Instant::now();
        let open = || Project::open(global.manifest.as_deref());
        let (project, _lock, recovered) = match open().and_then(|project| locked(project, &open)) {
            Ok(locked) => locked,
            Err(run) => return output.fail("build", &run),
        };
        let cache = self.cache.cache(&project.root);
        let project = Project { language: self.lang.lang.clone(), cache, ..project };
        let services = match project.services(&self.services) {
            Ok(services) => services,
            Err(finding) => return output.fail("build", &Run::only(*finding)),
        };
        let bar = output.progress(project.count_pages(&services));
        let mut built = project.build(&services, &|| bar.inc(1));
        built.run.findings.extend(recovered);
        bar.finish_and_clear();
        let written: usize = built.rows.iter().map(|row| row.written).sum();
        if output.is_json() {
            let result = json!({
                "services": rows_json(&built.rows), "written": written, "removed": built.removed,
                "pages_read": built.pages_read, "crates_kept": crates_kept(&built),
            });
            output.json("build", result, &built.run);
        } else {
            output.findings(&built.run);
            if !output.is_quiet() {
                let seconds = started.elapsed().as_secs_f64();
                let done = done(&built);
                let unsaid = output.settled(&built.rows) + &output.hidden(&built.run);
                output.print(&format!("{}{done} ({seconds:.2} s)\n{unsaid}", table(&built.rows)));
            }
        }
        output.status(&built.run)
    }
}

/// The services whose crates were left as they were.
fn crates_kept(built: &Built) -> Vec<&str> {
    built.rows.iter().filter(|row| row.crate_kept).map(|row| row.service.as_str()).collect()
}

/// What a build came to, in a line.
fn done(built: &Built) -> String {
    let written: usize = built.rows.iter().map(|row| row.written).sum();
    let removed = match built.removed {
        0 => String::new(),
        count => format!(", {count} removed"),
    };
    let done = match written + built.removed {
        0 if built.run.has_errors() => "nothing written".to_owned(),
        0 => "nothing to write: all files are as they should be".to_owned(),
        _ => format!("{} written{removed}", counted(written, "file")),
    };
    let kept = crates_kept(built);
    let stay = match kept.len() {
        0 => return done,
        1 => "crate stays",
        _ => "crates stay",
    };
    format!("{done}; the {stay} as before because of errors: {}", kept.join(", "))
}

/// Takes the lock of a project, ends an update that was cut off, and reads the manifest again where that changed it.
pub(super) fn locked(
    project: Project,
    open: &dyn Fn() -> Result<Project, Run>,
) -> Result<(Project, RunLock, Option<Diagnostic>), Run> {
    let lock = RunLock::take(&project.root).map_err(|finding| Run::only(*finding))?;
    let recovered = files::recover(&project.root).map_err(|finding| Run::only(*finding))?;
    let finding = recovered.as_ref().map(|recovered| recovered.finding(&project.root));
    let project = if recovered.is_some() { open()? } else { project };
    Ok((project, lock, finding))
}
