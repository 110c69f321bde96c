//! `docsdk export`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use docsdk::openapi::{Exported, export};
use docsdk::project::{Project, Run, Stored, find_services, read_lock, read_specs};
use docsdk::report::counted;
use serde_json::json;

use super::args::Global;
use super::output::Output;

/// Write specs in another form.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk export openapi --out openapi
  docsdk export openapi --help             one service, the form of the files, what OpenAPI has no place for")]
pub(crate) struct Export {
    #[command(subcommand)]
    form: Form,
}

#[derive(Debug, Subcommand)]
enum Form {
    Openapi(Openapi),
}

/// Write services as OpenAPI 3.1 documents.
///
/// What OpenAPI has no place for (error codes, conditions, permissions, history, where each fact came from) stands in
/// extensions `x-docsdk-…`, so that `docsdk import openapi` gives the same specs again; docs/openapi.md tells them all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk export openapi aliyun-rds                          to standard output, as YAML
  docsdk export openapi aliyun-rds --out rds.json           the file's ending tells the form
  docsdk export openapi --out openapi                       all services, a file each
  docsdk export openapi --specs specs --out openapi --as json --no-sources")]
struct Openapi {
    /// A service's specs, or a folder of such folders; without it, those of the manifest
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// A file of one service, or a folder that gets a file for each; without it, standard output
    #[arg(long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,
    /// The documents' form; without it, as the file's name ends, else YAML
    #[arg(long = "as", value_name = "FORM", value_enum)]
    form: Option<Written>,
    /// Leave out where each fact came from
    #[arg(long)]
    no_sources: bool,
    /// The services; without any, all
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Written {
    Yaml,
    Json,
}

impl Export {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let Form::Openapi(openapi) = &self.form;
        openapi.run(global, output)
    }
}

impl Openapi {
    fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let folders = match self.folders(global) {
            Ok(folders) => folders,
            Err(run) => return output.fail("export", &run),
        };
        let mut run = Run::default();
        let mut documents = Vec::new();
        for folder in folders {
            let (stored, found) = read_specs(&folder);
            let usable = stored.filter(|_| !found.has_errors());
            run.extend(found);
            let wanted = |stored: &Stored| {
                self.specs.is_none() || self.services.is_empty() || self.services.contains(&stored.service.service)
            };
            if let Some(stored) = usable.filter(wanted) {
                let (lock, found) = if self.no_sources { (None, Run::default()) } else { read_lock(&folder) };
                run.extend(found);
                let exported = export(&stored.service, &stored.operations, lock.as_ref());
                documents.push((stored.service.service, stored.operations.len(), exported));
            }
        }
        let written = match &self.out {
            Some(out) => match self.write(out, &documents, output) {
                Ok(written) => written,
                Err(failed) => {
                    run.extend(failed);
                    return output.fail("export", &run);
                }
            },
            None => Vec::new(),
        };
        if output.is_json() && self.out.is_some() {
            let rows = documents.iter().zip(&written).map(|((service, operations, _), file)| {
                json!({ "service": service, "operations": operations, "file": docsdk::files::display(file) })
            });
            output.json("export", json!({ "documents": rows.collect::<Vec<_>>() }), &run);
            return output.status(&run);
        }
        output.findings(&run);
        if self.out.is_none() {
            let written = if output.is_json() { Written::Json } else { self.form.unwrap_or(Written::Yaml) };
            for (.., exported) in &documents {
                output.print(&text(exported, written));
            }
        } else if !output.is_quiet() {
            for ((service, operations, _), file) in documents.iter().zip(&written) {
                output.print(&format!(
                    "{service}: {}, {}\n",
                    counted(*operations, "operation"),
                    docsdk::files::display(file)
                ));
            }
        }
        output.status(&run)
    }

    fn folders(&self, global: &Global) -> Result<Vec<PathBuf>, Run> {
        if let Some(specs) = &self.specs {
            return find_services(specs).map_err(|finding| Run::only(*finding));
        }
        let project = Project::open(global.manifest.as_deref())?;
        let services = project.services(&self.services).map_err(|finding| Run::only(*finding))?;
        Ok(services.into_iter().map(|entry| project.specs_folder(entry)).collect())
    }

    fn write(&self, out: &Path, documents: &[(String, usize, Exported)], output: &Output) -> Result<Vec<PathBuf>, Run> {
        let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let by_name = match ending {
            "json" => Some(Written::Json),
            "yaml" | "yml" => Some(Written::Yaml),
            _ => None,
        };
        let written = self.form.or(by_name).unwrap_or(Written::Yaml);
        let one = by_name.is_some() && !out.is_dir();
        if one && documents.len() > 1 {
            let message = format!("one file can't hold {} services", documents.len());
            let finding = docsdk::diagnostic::Diagnostic::new(
                "export-out",
                docsdk::diagnostic::Severity::Error,
                "--out",
                message,
            );
            return Err(Run::only(finding.help("name one service, or a folder")));
        }
        let ending = if written == Written::Json { "json" } else { "yaml" };
        let mut files = Vec::new();
        for (service, _, exported) in documents {
            let file = if one { out.to_owned() } else { out.join(format!("{service}.{ending}")) };
            output.write(&file, &text(exported, written))?;
            files.push(file);
        }
        Ok(files)
    }
}

fn text(exported: &Exported, written: Written) -> String {
    match written {
        Written::Yaml => exported.yaml(),
        Written::Json => exported.json(),
    }
}
