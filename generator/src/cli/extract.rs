//! `docsdk extract`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _};
use docsdk::cache::Cache;
use docsdk::extract::languages;
use docsdk::files::RunLock;
use docsdk::project::{Project, Row, Run, SpecJob, Specs, collect, extract, row};
use docsdk::spec::Service;
use serde_json::json;

use super::args::{CacheArgs, Cli, Global};
use super::output::{Output, rows_json, table};

/// Extract specs from pages: the first half of a build.
///
/// With `--service`, `--provider` and `--out`, from any pages without a manifest: writes OUT/SERVICE/service.yaml,
/// operations/*.yaml and sources.lock.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk extract                            all services of the nearest docsdk.toml
  docsdk extract aliyun-rds                 one of them
  docsdk extract --service acme-disk --provider aliyun --out specs pages/ more/page.html")]
pub(crate) struct Extract {
    /// The service's name, in kebab case
    #[arg(long, value_name = "NAME", requires_all = ["provider", "out"])]
    service: Option<String>,
    /// The vendor whose conventions apply
    #[arg(long, value_name = "NAME", requires = "service")]
    provider: Option<String>,
    /// The folder that gets a folder of the service's name
    #[arg(long, value_name = "DIR", requires = "service")]
    out: Option<PathBuf>,
    /// The language of the specs' texts where pages come in several
    #[arg(long, value_name = "LANGUAGE", requires = "service", value_parser = PossibleValuesParser::new(languages()))]
    lang: Option<String>,
    /// With `--service` files, folders and patterns of pages, else services of the manifest
    #[arg(value_name = "PATH|SERVICE")]
    paths: Vec<String>,
    #[command(flatten)]
    cache: CacheArgs,
}

impl Extract {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let started = Instant::now();
        if self.service.is_some() && self.paths.is_empty() {
            let message = "with `--service`, name the files, folders or patterns of its pages";
            Cli::command().error(ErrorKind::MissingRequiredArgument, message).exit();
        }
        let done = match (&self.service, &self.provider, &self.out) {
            (Some(service), Some(provider), Some(out)) => self.pages(service, provider, out, output),
            _ => self.manifest(global, output),
        };
        let (rows, removed, run) = match done {
            Ok(done) => done,
            Err(run) => return output.fail("extract", &run),
        };
        if output.is_json() {
            output.json("extract", json!({ "services": rows_json(&rows), "removed": removed }), &run);
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

    fn pages(
        &self,
        service: &str,
        provider: &str,
        out: &std::path::Path,
        output: &Output,
    ) -> Result<(Vec<Row>, usize, Run), Run> {
        let folder = out.join(service);
        let cache = self.cache.cache(out);
        let (pages, findings) = collect(std::path::Path::new(""), &self.paths, &folder);
        let service = Service { service: service.to_owned(), provider: provider.to_owned(), ..Service::default() };
        let job = SpecJob { service, protocol: None, pages, folder, overlay: None, language: self.lang.clone(), cache };
        let _lock = RunLock::take(out).map_err(|finding| Run::only(*finding))?;
        let bar = output.progress(job.pages.len());
        let mut specs = extract(&job, &|| bar.inc(1));
        bar.finish_and_clear();
        specs.run.findings.splice(0..0, findings);
        settle(job.cache.as_deref(), &mut specs.run);
        let (row, removed, run) = write(specs, job.pages.len());
        Ok((vec![row], removed, run))
    }

    fn manifest(&self, global: &Global, output: &Output) -> Result<(Vec<Row>, usize, Run), Run> {
        let project = Project::open(global.manifest.as_deref())?;
        let project = Project { cache: self.cache.cache(&project.root), ..project };
        let services = project.services(&self.paths).map_err(|finding| Run::only(*finding))?;
        let _lock = RunLock::take(&project.root).map_err(|finding| Run::only(*finding))?;
        let bar = output.progress(project.count_pages(&services));
        let (mut rows, mut all_removed, mut all) = (Vec::new(), 0, Run::default());
        for entry in services {
            let (specs, pages) = project.extract(entry, &|| bar.inc(1));
            let (row, removed, run) = write(specs, pages);
            rows.push(row);
            all_removed += removed;
            all.extend(run);
        }
        bar.finish_and_clear();
        settle(project.cache.as_deref(), &mut all);
        Ok((rows, all_removed, all))
    }
}

/// Ends the use of a cache.
fn settle(cache: Option<&Cache>, run: &mut Run) {
    if let Some(cache) = cache {
        run.findings.extend(cache.finding());
        cache.prune();
    }
}

fn write(specs: Specs, pages: usize) -> (Row, usize, Run) {
    let counted = row(&specs);
    let applied = specs.plan.apply();
    let mut run = specs.run;
    run.findings.extend(applied.findings);
    (Row { pages, written: applied.written, findings: run.findings.len(), ..counted }, applied.removed, run)
}
