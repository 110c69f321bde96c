//! `docsdk import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Subcommand};
use docsdk::files::RunLock;
use docsdk::openapi::PROVIDER;
use docsdk::project::{Row, Run, SpecJob, collect, import, row};
use docsdk::spec::Service;
use serde_json::json;

use super::output::{Output, rows_json, table};

/// Make specs of documents that machines can read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk import openapi petstore.yaml --service petstore --out specs
  docsdk import openapi --help                                          what is carried, and how references are read")]
pub(crate) struct Import {
    #[command(subcommand)]
    form: Form,
}

#[derive(Debug, Subcommand)]
enum Form {
    Openapi(Openapi),
}

/// Make specs of OpenAPI 3.0 and 3.1 documents, YAML or JSON.
///
/// Writes OUT/SERVICE/service.yaml, operations/*.yaml and sources.lock, as `docsdk extract` does of pages; generate,
/// diff, mock, call and check take them. References lead to files beside the document, never to the network. What a
/// spec has no place for is listed with its place in the document; docs/openapi.md tells what is carried.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk import openapi petstore.yaml --service petstore --out specs
  docsdk import openapi api/openapi.yaml --root . --service acme-disk --out specs    references may lead to `..`
  docsdk import openapi petstore.yaml --service petstore --out specs -v              all that is not carried
  docsdk import openapi petstore.yaml --service petstore --out specs --format json --deny openapi-body

Then `docsdk generate --specs specs/petstore --out sdk`, or `docsdk mock --specs specs/petstore`.")]
struct Openapi {
    /// The documents; those after the first add operations to its service
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    /// The service's name, in kebab case
    #[arg(long, value_name = "NAME")]
    service: String,
    /// The folder that gets a folder of the service's name
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The vendor's name in the specs
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// The folder under which references may lead to files; without it, the document's own
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

impl Import {
    pub(crate) fn run(&self, output: &Output) -> ExitCode {
        let Form::Openapi(openapi) = &self.form;
        openapi.run(output)
    }
}

impl Openapi {
    fn run(&self, output: &Output) -> ExitCode {
        let started = Instant::now();
        let service = Service {
            service: self.service.clone(),
            provider: self.provider.clone().unwrap_or_else(|| PROVIDER.to_owned()),
            ..Service::default()
        };
        let _lock = match RunLock::take(&self.out) {
            Ok(lock) => lock,
            Err(finding) => return output.fail("import", &Run::only(*finding)),
        };
        let folder = self.out.join(&self.service);
        let (pages, findings) = collect(Path::new(""), &self.files, &folder);
        let job = SpecJob { service, protocol: None, pages, folder, overlay: None, language: None, cache: None };
        let mut specs = import(&job, self.root.as_deref());
        specs.run.findings.splice(0..0, findings);
        let counted = row(&specs);
        let applied = specs.plan.apply();
        let mut run = specs.run;
        run.findings.extend(applied.findings);
        let rows = [Row { pages: self.files.len(), written: applied.written, findings: run.findings.len(), ..counted }];
        if output.is_json() {
            output.json("import", json!({ "services": rows_json(&rows), "removed": applied.removed }), &run);
        } else {
            output.findings(&run);
            if !output.is_quiet() {
                let seconds = started.elapsed().as_secs_f64();
                let unsaid = output.settled(&rows) + &output.hidden(&run);
                output.print(&format!("{}({seconds:.2} s)\n{unsaid}", table(&rows)));
            }
        }
        output.status(&run)
    }
}
