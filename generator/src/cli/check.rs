//! `docsdk check`.

use std::process::ExitCode;

use clap::Args;
use docsdk::project::{Checked, Project, Run, check};
use serde_json::{Value, json};

use super::args::{Global, Lang};
use super::output::{FINDINGS, Output};
use super::release::today;

/// Check that specs are what the pages give, crates what the specs give, and versions what changed; touches nothing.
///
/// Names each stale file with the first lines that differ. Overlays that no longer apply are errors. The version of each
/// crate is held against its last release: the highest tag `{service}-v{version}` (`[release] tag` of the manifest) in
/// the history; without git or such a tag there is nothing to hold it against. Silent where all is well.
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
        let Checked { stale, standings, run } = check(&project, &services, &today(), &|| bar.inc(1));
        bar.finish_and_clear();
        if output.is_json() {
            let files: Value = stale
                .iter()
                .map(|stale| json!({ "file": stale.file, "id": stale.finding.id, "message": stale.finding.message, "diff": stale.diff }))
                .collect();
            let versions: Value = standings
                .iter()
                .map(|it| {
                    json!({
                        "service": it.service, "version": it.version.to_string(), "least": it.next.to_string(),
                        "last": it.last.as_ref().map(|tag| &tag.name),
                    })
                })
                .collect();
            output.json("check", json!({ "stale": files, "versions": versions }), &run);
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
