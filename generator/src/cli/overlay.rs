//! `docsdk overlay`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::files::{self, RunLock};
use docsdk::lint::{Class, Proposal, Proposed, Wanted, Wanting};
use docsdk::manifest::ServiceEntry;
use docsdk::project::{Project, Run, read_overlay};
use docsdk::report::counted;
use docsdk::spec::overlay::{self, Entry, Overlay};
use docsdk::spec::yaml;
use serde_json::{Value, json};

use super::args::Global;
use super::output::{FINDINGS, FINE, Output};

/// What people know better than the pages: propose entries, check them, list them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk overlay suggest aliyun-rds CreateBackup DBName          entries that settle what lint finds there
  docsdk overlay suggest --class fact-doubtful --write           all of a class, added to the overlays
  docsdk overlay check                                           do all entries still apply?
  docsdk overlay list --format json

docs/guide/overlays.md says what entries do.")]
pub(crate) struct OverlayCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Suggest(Suggest),
    Check(CheckEntries),
    List(List),
}

/// Write entries that settle findings of `docsdk lint`: what was read is confirmed, what is open gets a value.
///
/// Each entry gives as its reason what the page has there, and where. Look at the page before you keep it. Without
/// `--write` the entries are printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk overlay suggest aliyun-rds                              everything that lint finds in a service
  docsdk overlay suggest aliyun-rds CreateBackup DBName --to true
  docsdk overlay suggest --class required-unknown --class fact-doubtful --write
  docsdk overlay suggest --finding 5f1c0d9a7b3e2c44 --reason \"asked the vendor\" --write

Exit status: 0 entries were found, 1 some findings got none (`-v` says which), 2 misuse, or something could not be read.")]
struct Suggest {
    /// The service; without it, all of the manifest
    #[arg(value_name = "SERVICE")]
    service: Option<String>,
    /// Findings about that operation
    #[arg(value_name = "OPERATION")]
    operation: Option<String>,
    /// Findings about that place of its spec, or about parameters and fields of that name
    #[arg(value_name = "PATH")]
    path: Option<String>,
    /// Findings of a class; repeatable
    #[arg(long, value_name = "CLASS", value_parser = Class::parse)]
    class: Vec<&'static Class>,
    /// The finding of a fingerprint, as `docsdk lint --format json` gives it
    #[arg(long, value_name = "FINGERPRINT")]
    finding: Option<String>,
    /// The value, where the page does not tell it or has it wrong; YAML
    #[arg(long, value_name = "VALUE")]
    to: Option<String>,
    /// What you know, in front of what the page says
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Add the entries to `overlay.yaml`; what stands there stays as it is
    #[arg(long)]
    write: bool,
}

/// Check that every entry still applies, changes something and fights no other; writes nothing.
///
/// Silent where all is well.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk overlay check
  docsdk overlay check aliyun-rds --format json

Exit status: 0 all apply, 1 some do not, 2 misuse, or something could not be read.")]
struct CheckEntries {
    /// The services; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

/// List the entries: file and line, what each does, and why.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk overlay list
  docsdk overlay list aliyun-rds --format json")]
struct List {
    /// The services; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

impl OverlayCommand {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let done = Project::open(global.manifest.as_deref()).and_then(|project| match &self.command {
            Command::Suggest(suggest) => suggest.run(&project, output),
            Command::Check(check) => check.run(&project, output),
            Command::List(list) => list.run(&project, output),
        });
        done.unwrap_or_else(|run| output.fail("overlay", &run))
    }
}

fn services<'p>(project: &'p Project, names: &[String]) -> Result<Vec<&'p ServiceEntry>, Run> {
    project.services(names).map_err(|finding| Run::only(*finding))
}

impl Suggest {
    fn run(&self, project: &Project, output: &Output) -> Result<ExitCode, Run> {
        let to = match self.to.as_deref().map(|text| yaml::read::<Value>(text, "--to")) {
            Some(Ok(value)) => Some(value),
            Some(Err(finding)) => return Err(Run::about(*finding, self.to.clone().unwrap_or_default())),
            None => None,
        };
        let names: Vec<String> = self.service.iter().cloned().collect();
        let services = services(project, &names)?;
        let _lock = if self.write { Some(RunLock::take(&project.root).map_err(|it| Run::only(*it))?) } else { None };
        let wanted = Wanted {
            operation: self.operation.clone(),
            path: self.path.clone(),
            classes: self.class.clone(),
            fingerprint: self.finding.clone(),
        };
        let said = Proposal { to: to.as_ref(), reason: self.reason.as_deref() };
        let bar = output.progress(project.count_pages(&services));
        let mut all = Vec::new();
        for entry in services {
            all.push((entry, project.propose(entry, &|| bar.inc(1), &wanted, &said)));
        }
        bar.finish_and_clear();
        if self.write {
            for (entry, proposed) in all.iter().filter(|(_, proposed)| !proposed.entries.is_empty()) {
                let (path, text) = written(project, entry, &proposed.entries)?;
                output.write(&path, &text)?;
            }
        }
        Ok(self.show(project, &all, output))
    }

    fn show(&self, project: &Project, all: &[(&ServiceEntry, Proposed)], output: &Output) -> ExitCode {
        let mut run = Run::default();
        let mut wanting = 0;
        let (mut text, mut services) = (String::new(), Vec::new());
        for (entry, proposed) in all {
            run.extend(proposed.run.clone());
            wanting += proposed.wanting.len();
            let file = files::display(&overlay_file(project, entry));
            if !proposed.entries.is_empty() {
                let overlay = Overlay { overlay: proposed.entries.clone(), renames: Vec::new() };
                let done = if self.write { "added to" } else { "for" };
                let _ = writeln!(text, "# {done} {file}\n{}", yaml::write(&overlay).trim_end());
            }
            services.push(json!({
                "service": entry.name.get_ref(), "file": file, "entries": proposed.entries, "written": self.write,
                "wanting": proposed.wanting.iter().map(|(finding, wanting)| json!({
                    "class": finding.class.id, "operation": finding.operation, "path": finding.path,
                    "message": finding.message, "fingerprint": finding.fingerprint(), "wanting": said(wanting),
                })).collect::<Value>(),
            }));
        }
        if output.is_json() {
            output.json("overlay suggest", json!({ "services": services }), &run);
        } else {
            output.findings(&run);
            output.print(&text);
            output.note(&self.told(all, wanting, output));
        }
        let found = all.iter().any(|(_, proposed)| !proposed.entries.is_empty());
        match (run.has_errors(), wanting > 0 || !found) {
            (true, _) => output.status(&run),
            (false, true) => FINDINGS.into(),
            (false, false) => FINE.into(),
        }
    }

    /// What to say of findings that got no entry.
    fn told(&self, all: &[(&ServiceEntry, Proposed)], wanting: usize, output: &Output) -> String {
        let found = all.iter().any(|(_, proposed)| !proposed.entries.is_empty());
        if wanting == 0 {
            return if found { String::new() } else { "no finding is meant: `docsdk lint` lists them\n".to_owned() };
        }
        let mut text = String::new();
        let one = self.finding.is_some() || self.path.is_some();
        for (finding, wanting) in
            all.iter().flat_map(|(_, proposed)| &proposed.wanting).filter(|_| one || output.is_verbose())
        {
            let _ = writeln!(text, "{}: {}: {}", finding.class.id, finding.message, said(wanting));
        }
        if text.is_empty() {
            let _ = writeln!(text, "{} got no entry: `-v` says why", counted(wanting, "finding"));
        }
        text
    }
}

fn said(wanting: &Wanting) -> String {
    match wanting {
        Wanting::Value(what) => format!("give {what} with `--to`"),
        Wanting::Elsewhere(remedy) => (*remedy).to_owned(),
    }
}

fn overlay_file(project: &Project, entry: &ServiceEntry) -> std::path::PathBuf {
    project.specs_folder(entry).join("overlay.yaml")
}

/// A service's overlay with entries at its end.
fn written(project: &Project, entry: &ServiceEntry, entries: &[Entry]) -> Result<(std::path::PathBuf, String), Run> {
    let path = overlay_file(project, entry);
    let source = read_overlay(&path).map_err(|it| Run::only(*it))?.unwrap_or_default();
    let text = overlay::append(&source, &files::display(&path), entries).map_err(|it| Run::about(*it, source))?;
    Ok((path, text))
}

impl CheckEntries {
    fn run(&self, project: &Project, output: &Output) -> Result<ExitCode, Run> {
        let services = services(project, &self.services)?;
        let bar = output.progress(project.count_pages(&services));
        let mut run = Run::default();
        for entry in services {
            let file = files::display(&overlay_file(project, entry));
            let (specs, _) = project.extract(entry, &|| bar.inc(1));
            let mut found = specs.run;
            // What kept pages or provider from being read kept entries from being checked.
            let unread = |finding: &Diagnostic| {
                finding.severity == Severity::Error
                    && finding.id != "file-not-ours"
                    && Class::find(finding.id).is_none()
            };
            found.findings.retain(|finding| finding.file == file || unread(finding));
            run.extend(found);
        }
        bar.finish_and_clear();
        if output.is_json() {
            output.json("overlay check", json!({}), &run);
        } else {
            output.findings(&run);
        }
        Ok(output.status(&run))
    }
}

impl List {
    fn run(&self, project: &Project, output: &Output) -> Result<ExitCode, Run> {
        let (mut text, mut rows) = (String::new(), Vec::new());
        for entry in services(project, &self.services)? {
            let path = overlay_file(project, entry);
            let file = files::display(&path);
            let read = read_overlay(&path).map_err(|finding| Run::only(*finding))?;
            let Some(source) = read else { continue };
            let overlay = overlay::read(&source, &file).map_err(|finding| Run::about(*finding, source.clone()))?;
            for (line, entry) in overlay.lines(&source).into_iter().zip(&overlay.overlay) {
                let (verb, paths) = entry.verb().unwrap_or_default();
                let paths = paths.join(", ");
                let to =
                    entry.to.as_ref().or(entry.value.as_ref()).map(|value| format!(" → {}", short(&value.to_string())));
                let wire = entry.wire.as_ref().map(|name| format!(" → {name} on the wire"));
                let _ = writeln!(text, "{file}:{line}: {verb} {paths}{}", to.or(wire).unwrap_or_default());
                let _ = writeln!(text, "    {}", entry.reason.split_whitespace().collect::<Vec<_>>().join(" "));
                rows.push(json!({ "file": file, "line": line, "verb": verb, "entry": entry }));
            }
        }
        if output.is_json() {
            output.json("overlay list", json!({ "entries": rows }), &Run::default());
        } else {
            output.print(&text);
        }
        Ok(FINE.into())
    }
}

fn short(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
