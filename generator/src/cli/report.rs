//! `docsdk report`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::evidence::{self, Counts};
use docsdk::files;
use docsdk::project::{Project, Run};
use docsdk::report::counted;
use serde_json::json;

use super::args::Global;
use super::output::{FAILURE, FINE, Output};

/// Where the report goes, from the manifest's folder, unless another place is named.
const USUAL: &str = "target/docsdk-report.html";

/// Write one HTML file that shows each fact beside the words of the page it came from.
///
/// Coverage and certainty as a picture first; then, by operation, the page on the left and the spec on the right. It
/// needs no network and holds all pages: treat it as you treat them. Extracts as `build` does and writes nothing else.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk report --open                          all services, to the browser
  docsdk report aliyun-rds                      one of them
  docsdk report --against v1.4.0                with what changed since a git revision
  docsdk report --out rds.html aliyun-rds       another file; `--out -` prints it

Links into it: report.html#SERVICE/OPERATION/FACT, as in #aliyun-rds/CreateBackup/request.DBName.type

Exit status: 0 the report was written, 2 misuse, or something could not be read or written.")]
pub(crate) struct ReportCommand {
    /// The services to show; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// The file to write, `-` for standard output; without it, `target/docsdk-report.html` beside the manifest
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show what changed since: a git revision, REVISION:FOLDER, REPOSITORY#branch=…,subdir=…, or a folder
    #[arg(long, value_name = "WHAT")]
    against: Option<String>,
    /// Open the report in the browser
    #[arg(long)]
    open: bool,
}

impl ReportCommand {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        match self.write(global, output) {
            Ok(exit) => exit,
            Err(run) => output.fail("report", &run),
        }
    }

    fn write(&self, global: &Global, output: &Output) -> Result<ExitCode, Run> {
        let project = Project::open(global.manifest.as_deref())?;
        let services = project.services(&self.services).map_err(|finding| Run::only(*finding))?;
        let bar = output.progress(project.count_pages(&services));
        let evidence = evidence::gather(&project, &services, self.against.as_deref(), &|| bar.inc(1));
        bar.finish_and_clear();
        let evidence = evidence?;
        let html = evidence::html(&evidence);
        let file = self.out.clone().unwrap_or_else(|| project.root.join(USUAL));
        if file == Path::new("-") {
            output.print(&html);
            output.findings(&evidence.run);
        } else {
            output.write(&file, &html)?;
            self.tell(&file, html.len(), &evidence, output);
            if self.open {
                open(&file)?;
            }
        }
        Ok(if evidence.run.has_errors() { FAILURE.into() } else { FINE.into() })
    }

    fn tell(&self, file: &Path, bytes: usize, evidence: &evidence::Evidence, output: &Output) {
        let shown = files::display(file);
        let Counts { services, operations, facts, findings, changes } = evidence.counts;
        if output.is_json() {
            let changes = self.against.as_ref().map(|_| changes);
            let result = json!({
                "file": shown, "bytes": bytes, "services": services, "operations": operations, "facts": facts,
                "findings_shown": findings, "changes": changes,
            });
            output.json("report", result, &evidence.run);
            return;
        }
        output.findings(&evidence.run);
        if !output.is_quiet() {
            let changes = self.against.as_ref().map(|_| format!(", {}", counted(changes, "change")));
            output.print(&format!(
                "{shown}: {} of {}, {}, {}{}\n",
                counted(operations, "operation"),
                counted(services, "service"),
                counted(facts, "fact"),
                counted(findings, "finding"),
                changes.unwrap_or_default(),
            ));
        }
    }
}

fn open(file: &Path) -> Result<(), Run> {
    open::that_detached(file).map_err(|error| {
        let message = format!("was written, but no browser could be started: {error}");
        let finding = Diagnostic::new("browser", Severity::Error, files::display(file), message);
        Run::only(finding.help("open the file in a browser of yours"))
    })
}
