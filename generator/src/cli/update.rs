//! `docsdk update`.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use docsdk::project::{Project, Run};
use docsdk::report::counted;
use docsdk::update::{
    Change, Clock, PageState, Progress, Proposal, ServiceUpdate, SystemClock, UpdateOptions, Updated, update,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::args::Global;
use super::output::Output;

/// Fetch the pages that the manifest names on the web, and carry what changed to a proposed release.
///
/// Asks for changed pages alone, politely; keeps the page at hand where the new one looks broken; then extracts, diffs,
/// writes the changelog, raises the crate's version and generates. All of it is written, or nothing.
#[derive(Debug, Args)]
#[command(
    name = "update",
    after_help = "\
Examples:
  docsdk update                                  all services whose manifest entry names pages on the web
  docsdk update aliyun-rds                       one of them
  docsdk update --dry-run                        show pages, changes, version and files; write nothing
  docsdk update --accept create-backup.html      take a page that was kept back
  docsdk update --accept-removals                take it that many pages or operations are gone for good
  docsdk update --format json                    for programs

In docsdk.toml:
  [fetch]
  rate = 0.5                                     requests a second to one host

  [[service]]
  name = \"example\"
  provider = \"aliyun\"
  urls = [\"https://docs.example.com/api/create-backup\"]
  index = [{ url = \"https://docs.example.com/sitemap.xml\", links = [\"https://docs.example.com/api/*\"] }]

A run that was cut off goes on where it stopped. Exit status: 0 nothing changed or all was applied, 1 there are
findings (pages kept back or not fetched, removals refused), 2 nothing could be done."
)]
pub(crate) struct UpdateCommand {
    /// The services; without any, all of the manifest that name pages on the web
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Show all of it and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Take this page although it was kept back: its file under `pages`, with `*`, or its URL; repeatable
    #[arg(long, value_name = "PAGE")]
    accept: Vec<String>,
    /// Let pages and operations go, however many
    #[arg(long)]
    accept_removals: bool,
}

impl UpdateCommand {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let started = Instant::now();
        let project = match Project::open(global.manifest.as_deref()) {
            Ok(project) => project,
            Err(run) => return output.fail("update", &run),
        };
        let services = match project.services(&self.services) {
            Ok(services) => services,
            Err(finding) => return output.fail("update", &Run::only(*finding)),
        };
        let options =
            UpdateOptions { accept: self.accept.clone(), accept_removals: self.accept_removals, dry_run: self.dry_run };
        let bar = Bar::new(output);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let updated = update(&project, &services, &options, &clock, &bar);
        bar.0.finish_and_clear();
        let updated = match updated {
            Ok(updated) => updated,
            Err(run) => return output.fail("update", &run),
        };
        if output.is_json() {
            let result: Value = serde_json::to_value(&updated).unwrap_or_else(|_| json!({}));
            output.json("update", result, &updated.run);
        } else {
            output.findings(&updated.run);
            if !output.is_quiet() {
                let seconds = started.elapsed().as_secs_f64();
                output.print(&format!(
                    "{}{}",
                    text(&updated, output.is_verbose(), seconds),
                    output.hidden(&updated.run)
                ));
            }
        }
        output.status(&updated.run)
    }
}

/// A bar over the pages of a service, where somebody watches.
struct Bar(ProgressBar);

impl Bar {
    fn new(output: &Output) -> Self {
        let bar = output.progress(0);
        if !bar.is_hidden() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len} pages {elapsed} {wide_msg:.dim}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, service: &str, pages: usize) {
        self.0.set_prefix(service.to_owned());
        self.0.set_length(pages as u64);
        self.0.set_position(0);
    }

    fn page(&self, url: &str) {
        self.0.set_message(url.to_owned());
        self.0.inc(1);
    }
}

/// The table of services, the pages that something is to be said of, and the releases.
fn text(updated: &Updated, verbose: bool, seconds: f64) -> String {
    let mut text = table(&updated.services);
    for service in &updated.services {
        let told =
            |state: PageState| verbose || !matches!(state, PageState::Unchanged | PageState::Same | PageState::Empty);
        for page in service.pages.iter().filter(|page| told(page.state)) {
            let reason = page.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
            let file = page.file.as_deref().unwrap_or("-");
            let _ = writeln!(text, "  {:<17} {file}  {}{reason}", page.state.words(), page.url);
        }
        if service.resumed > 0 {
            let _ = writeln!(
                text,
                "  {} of {}'s pages were fetched by a run that was cut off",
                service.resumed, service.service
            );
        }
        if let Some(release) = &service.release {
            let why = match release.reasons.as_slice() {
                [] => String::new(),
                reasons => format!(": {}", reasons.join(", ")),
            };
            let _ = writeln!(text, "\n{} {} ({}{why})\n", service.service, versions(release), release.bump);
            for line in release.changes.trim().lines() {
                let _ = writeln!(text, "{}", format!("  {line}").trim_end());
            }
            text.push('\n');
        }
    }
    let count = |change: Change| updated.files.iter().filter(|file| file.change == change).count();
    let (added, changed, removed) = (count(Change::Added), count(Change::Changed), count(Change::Removed));
    let files = match added + changed + removed {
        0 if updated.services.iter().any(|service| service.refused) => "nothing written".to_owned(),
        0 => "nothing to write: all files are as they should be".to_owned(),
        _ if updated.dry_run => {
            format!("would add {}, change {changed} and remove {removed}; nothing written", counted(added, "file"))
        }
        _ => format!("{} added, {changed} changed, {removed} removed", counted(added, "file")),
    };
    if updated.dry_run {
        for file in &updated.files {
            let sign = match file.change {
                Change::Added => '+',
                Change::Changed => '~',
                Change::Removed => '-',
            };
            let _ = writeln!(text, "  {sign} {}", file.file);
        }
    }
    let _ = writeln!(text, "{files} ({seconds:.2} s)");
    text
}

fn versions(release: &Proposal) -> String {
    if release.from == release.to { release.to.clone() } else { format!("{} → {}", release.from, release.to) }
}

fn table(services: &[ServiceUpdate]) -> String {
    const COLUMNS: [(&str, &[PageState]); 7] = [
        ("unchanged", &[PageState::Unchanged, PageState::Same]),
        ("changed", &[PageState::Changed]),
        ("new", &[PageState::New]),
        ("gone", &[PageState::Gone]),
        ("kept back", &[PageState::KeptBack]),
        ("not fetched", &[PageState::Failed]),
        ("without operation", &[PageState::Empty]),
    ];
    let width = services.iter().map(|service| service.service.chars().count()).max().unwrap_or(0).max("service".len());
    let mut text = format!("{:<width$}  pages", "service");
    for (head, _) in COLUMNS {
        let _ = write!(text, "  {head}");
    }
    text.push_str("  version\n");
    for service in services {
        let _ = write!(text, "{:<width$}  {:>5}", service.service, service.pages.len());
        for (head, states) in COLUMNS {
            let count: usize = states.iter().map(|state| service.count(*state)).sum();
            let _ = write!(text, "  {count:>width$}", width = head.len());
        }
        let version = match (&service.release, service.refused) {
            (_, true) => "refused".to_owned(),
            (Some(release), _) => versions(release),
            (None, _) => "as it was".to_owned(),
        };
        let _ = writeln!(text, "  {version}");
    }
    text
}
