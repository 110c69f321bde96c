//! `docsdk templates`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::files::{self, Plan};
use docsdk::project::Run;
use docsdk::render::{TEMPLATES, Template};
use serde_json::json;

use super::output::{FINE, Output};

/// List the templates of generated crates, or write them out to be changed.
///
/// A folder of changed templates is named by `templates` under `[generate]` in the manifest. What it lacks is docsdk's own;
/// templates of other names are there to be included. Files that are there already are not written over.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk templates                                    their names, and what is made of each
  docsdk templates --out templates README.md.jinja    one of them, to be changed
  docsdk templates --out templates                    all of them")]
pub(crate) struct Templates {
    /// The folder that gets them; without it, they are listed
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which of them; without any, all
    #[arg(value_name = "TEMPLATE", value_parser = PossibleValuesParser::new(TEMPLATES.iter().map(|t| t.name)))]
    names: Vec<String>,
}

impl Templates {
    pub(crate) fn run(&self, output: &Output) -> ExitCode {
        let wanted =
            |template: &&Template| self.names.is_empty() || self.names.iter().any(|name| name == template.name);
        let templates: Vec<&Template> = TEMPLATES.iter().filter(wanted).collect();
        let run = match &self.out {
            Some(folder) => match write(folder, &templates) {
                Ok(run) => run,
                Err(run) => return output.fail("templates", &run),
            },
            None => Run::default(),
        };
        if output.is_json() {
            let list: Vec<_> =
                templates.iter().map(|template| json!({ "name": template.name, "makes": template.makes })).collect();
            output.json("templates", json!({ "templates": list }), &run);
            return output.status(&run);
        }
        output.findings(&run);
        if self.out.is_none() {
            let lines = templates.iter().map(|template| format!("{:20} {}\n", template.name, template.makes));
            output.print(&lines.collect::<String>());
            return FINE.into();
        }
        output.status(&run)
    }
}

/// Writes templates out; none where one of them is there already.
fn write(folder: &Path, templates: &[&Template]) -> Result<Run, Run> {
    let plan = Plan {
        files: templates.iter().map(|template| (folder.join(template.name), template.source.into())).collect(),
        ..Plan::default()
    };
    let there = |path: &Path| {
        let message = "is there already, and may have been changed";
        Diagnostic::new("template-there", Severity::Error, files::display(path), message)
            .help("move it out of the way, or name only the templates that are to be written")
    };
    let findings: Vec<_> = plan.files.keys().filter(|path| path.exists()).map(|path| there(path)).collect();
    if !findings.is_empty() {
        return Err(Run { findings, ..Run::default() });
    }
    Ok(Run { findings: plan.apply().findings, ..Run::default() })
}
