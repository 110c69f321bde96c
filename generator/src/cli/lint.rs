//! `docsdk lint`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _};
use docsdk::diff::Format;
use docsdk::lint::{self, CLASSES, Class, Gate, Looked, Report, look};
use docsdk::project::{Project, Run, SpecJob, collect};
use docsdk::spec::Service;

use super::args::{Cli, Global};
use super::output::{FAILURE, FINDINGS, FINE, Output};

/// Findings that a person is shown where not all are asked for.
const MOST: usize = 25;

/// The formats of this command.
const FORMATS: [Format; 4] = [Format::Text, Format::Json, Format::Github, Format::Sarif];

/// List what a person should look at, worst first: the page's lines, what was read there by which rule, what to do.
///
/// Extracts as `build` does and writes nothing. Errors and what `--deny` names make it fail.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk lint                                     all services of the nearest docsdk.toml
  docsdk lint aliyun-rds --limit 5                the worst of one of them
  docsdk lint --provider aliyun pages/            pages without a manifest
  docsdk lint --deny all --allow description-missing
  docsdk lint --deny warnings --format github --format sarif=lint.sarif
  docsdk lint --list                              the classes that --deny and --allow take

Formats: text, json, github, sarif; FORMAT=FILE writes a file.

Exit status: 0 nothing that is denied, 1 denied findings, 2 misuse, or something could not be read.")]
pub(crate) struct Lint {
    /// A service of the manifest; with `--provider` the name that the pages' service gets
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The vendor whose conventions the pages follow: a name, or a provider file
    #[arg(long, value_name = "NAME|FILE")]
    provider: Option<String>,
    /// With `--provider`, the folder that holds the service's folder, whose overlay counts
    #[arg(long, value_name = "DIR", default_value = "specs", requires = "provider")]
    specs: PathBuf,
    /// Leave out findings of a class; repeatable
    #[arg(long, value_name = "CLASS", value_parser = Class::parse)]
    allow: Vec<&'static Class>,
    /// No more findings than that; 0 for all. Text has 25 unless told otherwise, other formats all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// List the classes
    #[arg(long)]
    list: bool,
    /// With `--provider` files, folders and patterns of pages, else services of the manifest
    #[arg(value_name = "PATH|SERVICE")]
    paths: Vec<String>,
}

impl Lint {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        if self.list {
            output.print(&list());
            return FINE.into();
        }
        let gate = Gate { deny: global.deny.clone(), allow: self.allow.clone() };
        self.check(global, &gate);
        let looked = match &self.provider {
            Some(provider) => Ok(self.pages(provider, output)),
            None => self.manifest(global, output),
        };
        let looked = match looked {
            Ok(looked) => looked,
            Err(run) => return output.fail("lint", &run),
        };
        let report = Report::new(&looked, &gate).only_denied(output.is_quiet());
        for target in &global.format {
            let mut text = self.text(report, target.format, target.file.is_none(), output);
            if target.format == Format::Text {
                text += &self.offer(&report, global);
            }
            match &target.file {
                None => output.print(&text),
                Some(file) => {
                    if let Err(run) = output.write(file, &text) {
                        return output.fail("lint", &run);
                    }
                }
            }
        }
        let told = global.format.iter().any(|target| target.format == Format::Json && target.file.is_none());
        if !told {
            output.findings(&looked.run);
        }
        let status = if looked.run.has_errors() {
            FAILURE
        } else if report.fails() {
            FINDINGS
        } else {
            FINE
        };
        status.into()
    }

    /// Ends the run where it was misused.
    fn check(&self, global: &Global, gate: &Gate) {
        let misuse = |message: &str| Cli::command().error(ErrorKind::InvalidValue, message).exit();
        if let Some(class) = gate.contradiction() {
            misuse(&format!("`{}` is both denied and allowed: take one of the two out", class.id));
        }
        if global.format.iter().any(|target| !FORMATS.contains(&target.format)) {
            misuse("`--format` of `lint` is text, json, github or sarif");
        }
        if self.provider.is_some() && self.paths.is_empty() {
            misuse("with `--provider`, name the files, folders or patterns of the pages");
        }
    }

    fn pages(&self, provider: &str, output: &Output) -> Looked {
        let name = self.service.clone().unwrap_or_else(|| "pages".to_owned());
        let folder = self.specs.join(&name);
        let (pages, findings) = collect(Path::new(""), &self.paths, &folder);
        let service = Service { service: name, provider: provider.to_owned(), ..Service::default() };
        let job = SpecJob { service, protocol: None, pages, folder, overlay: None, language: None, cache: None };
        let bar = output.progress(job.pages.len());
        let mut looked = look(&job, &|| bar.inc(1));
        bar.finish_and_clear();
        looked.run.findings.splice(0..0, findings);
        looked
    }

    fn manifest(&self, global: &Global, output: &Output) -> Result<Looked, Run> {
        let project = Project::open(global.manifest.as_deref())?;
        let names: Vec<String> = self.service.iter().chain(&self.paths).cloned().collect();
        let services = project.services(&names).map_err(|finding| Run::only(*finding))?;
        let bar = output.progress(project.count_pages(&services));
        let mut all = Looked::default();
        for entry in services {
            all.extend(project.look(entry, &|| bar.inc(1)));
        }
        bar.finish_and_clear();
        Ok(all)
    }

    /// The command that writes overlay entries for what was found; nothing where there are none.
    fn offer(&self, report: &Report<'_>, global: &Global) -> String {
        let classes = report.offered();
        // Overlays of pages without a manifest are nobody's to write.
        if classes.is_empty() || self.provider.is_some() {
            return String::new();
        }
        let mut words = vec!["docsdk overlay suggest".to_owned()];
        if let Some(manifest) = &global.manifest {
            words.push(format!("--manifest {}", quoted(&manifest.to_string_lossy())));
        }
        let named: Vec<&String> = self.service.iter().chain(&self.paths).collect();
        if let [service] = named.as_slice() {
            words.push(quoted(service));
        }
        words.extend(classes.iter().map(|class| format!("--class {}", class.id)));
        format!("\nentries for the overlay, to look at and to keep with `--write`:\n  {}\n", words.join(" "))
    }

    fn text(&self, report: Report<'_>, format: Format, on_terminal: bool, output: &Output) -> String {
        let most = self.limit.filter(|limit| *limit > 0);
        let report = report.at_most(most);
        match format {
            Format::Json => format!("{:#}\n", lint::json(&report)),
            Format::Github => lint::github(&report),
            Format::Sarif => lint::sarif(&report),
            _ => {
                let unasked = self.limit.is_none() && on_terminal && !output.is_verbose();
                let style = output.stdout_style();
                let style = docsdk::report::Style { color: style.color && on_terminal, ..style };
                lint::text(&report.at_most(if unasked { Some(MOST) } else { most }), style)
            }
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The classes: id, severity, what was found, what to do.
fn list() -> String {
    let width = CLASSES.iter().map(|class| class.id.len()).max().unwrap_or_default();
    CLASSES.iter().fold(String::new(), |mut text, class| {
        let _ = writeln!(text, "{:<width$}  {:<7}  {}", class.id, class.severity.word(), class.about);
        let _ = writeln!(text, "{:<width$}  {:<7}  → {}", "", "", class.remedy);
        text
    })
}
