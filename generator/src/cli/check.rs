//! `docsdk check`.

use std::process::ExitCode;

use clap::Args;
use docsdk::project::{Project, Run, compare};
use serde_json::{Value, json};

use super::args::{Global, Lang};
use super::output::{FINDINGS, Output};

/// Check that specs are what the pages give and crates what the specs give; touches nothing.
///
/// Names each stale file with the first lines that differ. Silent where all is well.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk check                     for CI, before a merge
  docsdk check aliyun-rds          one service
  docsdk check --format json")]
pub(crate) struct Check {
    /// The services to check; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    lang: Lang,
}

impl Check {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let project = match Project::open(global.manifest.as_deref()) {
            Ok(project) => Project { language: self.lang.lang.clone(), ..project },
            Err(run) => return output.fail("check", &run),
        };
        let services = match project.services(&self.services) {
            Ok(services) => services,
            Err(finding) => return output.fail("check", &Run::only(*finding)),
        };
        let bar = output.progress(project.count_pages(&services));
        let (mut run, mut stale) = (Run::default(), Vec::new());
        for entry in services {
            let (_, plan, found) = project.plan(entry, &|| bar.inc(1));
            stale.extend(compare(&plan));
            run.extend(found);
        }
        bar.finish_and_clear();
        if output.is_json() {
            let files: Value = stale
                .iter()
                .map(|stale| json!({ "file": stale.file, "id": stale.finding.id, "message": stale.finding.message, "diff": stale.diff }))
                .collect();
            output.json("check", json!({ "stale": files }), &run);
        } else {
            output.findings(&run);
            for stale in &stale {
                output.print(&format!("{} {}\n{}", stale.file, stale.finding.message, stale.diff));
            }
            if let Some(help) =
                stale.first().and_then(|stale| stale.finding.help.as_deref()).filter(|_| !output.is_quiet())
            {
                output.print(&format!("{} stale: {help}\n", stale.len()));
            }
        }
        if stale.is_empty() { output.status(&run) } else { FINDINGS.into() }
    }
}
