//! `docsdk watch`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::files::{self, Difference, RunLock};
use docsdk::project::{Inputs, Project, Run};
use docsdk::report::counted;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until, timeout};

use super::args::{CacheArgs, Global, Lang};
use super::output::{FINE, Output};

/// How long nothing may change before a build begins: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(150);
/// How long a build waits at most while things go on changing.
const PATIENCE: Duration = Duration::from_secs(3);
/// When to try again where another docsdk is at work.
const AGAIN: Duration = Duration::from_millis(500);

/// Build whenever pages, overlays, templates or the manifest change, until Ctrl-C.
///
/// Prints only what a change came to: the files written and removed, and the findings that are new. Errors stop nothing: what
/// is wrong is told, and the next change is waited for.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk watch                     all services of the nearest docsdk.toml
  docsdk watch aliyun-rds          one of them
  docsdk watch --format json       a line of JSON a build, for editors")]
pub(crate) struct Watch {
    /// The services to build; without any, all of the manifest
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    lang: Lang,
    #[command(flatten)]
    cache: CacheArgs,
}

/// What a build left to compare the next one with, and to watch.
#[derive(Default)]
struct State {
    /// Files that docsdk writes: their changes are its own.
    ours: BTreeSet<PathBuf>,
    /// What the last build found.
    known: BTreeSet<(String, &'static str, String)>,
    inputs: Vec<PathBuf>,
}

/// What a build came to.
struct Outcome {
    /// `+` written anew, `~` changed, `-` removed, with the file.
    changed: Vec<(char, String)>,
    run: Run,
    /// Findings of the build before that are gone.
    settled: usize,
    /// Whether another docsdk was at work.
    busy: bool,
}

impl Watch {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        // What is wrong with the manifest or the arguments from the beginning is no change to wait for.
        let opened = self.open(global).and_then(|project| {
            project.services(&self.services).map(drop).map_err(|finding| Run::only(*finding))?;
            Ok(project)
        });
        if let Err(run) = opened {
            return output.fail("watch", &run);
        }
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return output.fail("watch", &failed(&error)),
        };
        match runtime.block_on(self.follow(global, output)) {
            Ok(()) => FINE.into(),
            Err(run) => output.fail("watch", &run),
        }
    }

    fn open(&self, global: &Global) -> Result<Project, Run> {
        let project = Project::open(global.manifest.as_deref())?;
        Ok(Project { language: self.lang.lang.clone(), cache: self.cache.cache(&project.root), ..project })
    }

    /// Builds, waits for a change, and builds again.
    async fn follow(&self, global: &Global, output: &Output) -> Result<(), Run> {
        let (sender, mut events) = unbounded_channel();
        // A receiver that is gone has no use for events.
        let send = move |event: notify::Result<Event>| drop(sender.send(event));
        let mut system = notify::recommended_watcher(send).map_err(|error| failed(&error))?;
        let mut watched = BTreeSet::new();
        let mut state = State::default();
        let mut first = true;
        let mut ended = std::pin::pin!(tokio::signal::ctrl_c());
        // Listens from now on: one that comes during a build ends the run after it.
        tokio::select! {
            biased;
            ended = &mut ended => return ended.map_err(|error| failed(&error)),
            () = std::future::ready(()) => {}
        }
        loop {
            let outcome = self.build(global, &mut state);
            watch(&mut system, &mut watched, &state.inputs);
            tell(&outcome, output);
            if first && !output.is_json() && !output.is_quiet() {
                output.print(&format!("watching {}; Ctrl-C ends\n", counted(state.inputs.len(), "path")));
            }
            first = false;
            let again = outcome.busy.then(|| Instant::now() + AGAIN);
            tokio::select! {
                biased;
                ended = &mut ended => return ended.map_err(|error| failed(&error)),
                () = changes(&mut events, &state) => {}
                () = sleep_until(again.unwrap_or_else(Instant::now)), if again.is_some() => {}
            }
        }
    }

    fn build(&self, global: &Global, state: &mut State) -> Outcome {
        let mut run = Run::default();
        let (mut changed, mut busy) = (Vec::new(), false);
        match self.open(global).and_then(|project| self.services(&project, &mut changed, &mut busy, state)) {
            Ok(found) | Err(found) => run.extend(found),
        }
        let seen = |finding: &Diagnostic| (finding.file.clone(), finding.id, finding.message.clone());
        let now: BTreeSet<_> = run.findings.iter().map(seen).collect();
        let settled = if busy { 0 } else { state.known.difference(&now).count() };
        run.findings.retain(|finding| !state.known.contains(&seen(finding)));
        if !busy {
            state.known = now;
        }
        Outcome { changed, run, settled, busy }
    }

    fn services(
        &self,
        project: &Project,
        changed: &mut Vec<(char, String)>,
        busy: &mut bool,
        state: &mut State,
    ) -> Result<Run, Run> {
        let services = project.services(&self.services).map_err(|finding| Run::only(*finding))?;
        let _lock = RunLock::take(&project.root).map_err(|finding| {
            *busy = finding.message.contains("another docsdk");
            Run::only(*finding)
        })?;
        let mut all = Run::default();
        for entry in &services {
            let (_, plan, run) = project.plan(entry, &|| {});
            all.extend(run);
            for (path, difference) in plan.differences() {
                let sign = match difference {
                    Difference::Missing => '+',
                    Difference::Changed(_) => '~',
                    Difference::Left => '-',
                };
                changed.push((sign, files::display(&path)));
            }
            all.findings.extend(plan.apply().findings);
            state.ours.extend(plan.files.into_keys().chain(plan.stale).map(|path| absolute(&path)));
        }
        if let Some(cache) = &project.cache {
            all.findings.extend(cache.finding());
            cache.prune();
        }
        let mut inputs = Inputs::default();
        project.inputs(&services, &mut inputs);
        state.inputs = inputs.paths().map(absolute).collect();
        Ok(all)
    }
}

/// Waits until something changed that builds are made from, and then until nothing does for a while.
async fn changes(events: &mut UnboundedReceiver<notify::Result<Event>>, state: &State) {
    loop {
        match events.recv().await {
            Some(event) if concerns(&event, state) => break,
            Some(_) => {}
            // The watcher lives as long as the loop that waits here.
            None => std::future::pending().await,
        }
    }
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end && timeout(QUIET, events.recv()).await.is_ok() {}
}

/// Whether an event is about what builds are made from. Where events were lost, anything may have changed.
fn concerns(event: &notify::Result<Event>, state: &State) -> bool {
    let Ok(event) = event else { return true };
    if event.need_rescan() {
        return true;
    }
    let written = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        state.ours.contains(path) || name.starts_with(".docsdk-")
    };
    let is_input = |path: &PathBuf| !written(path) && state.inputs.iter().any(|input| path.starts_with(input));
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_input)
}

/// Watches folders, and of files the folder they lie in: editors put a new file in a file's place.
fn watch(system: &mut RecommendedWatcher, watched: &mut BTreeSet<PathBuf>, inputs: &[PathBuf]) {
    for input in inputs {
        let (folder, mode) = match input.parent() {
            Some(folder) if !input.is_dir() => (folder, RecursiveMode::NonRecursive),
            _ => (input.as_path(), RecursiveMode::Recursive),
        };
        // One that vanished meanwhile is watched again once it is an input again.
        if !watched.contains(folder) && system.watch(folder, mode).is_ok() {
            watched.insert(folder.to_owned());
        }
    }
}

fn tell(outcome: &Outcome, output: &Output) {
    let Outcome { changed, run, settled, .. } = outcome;
    if output.is_json() {
        let files: Vec<_> =
            changed.iter().map(|(sign, file)| json!({ "change": sign.to_string(), "file": file })).collect();
        let findings: Vec<_> = run.findings.iter().map(|finding| docsdk::report::json(finding, &run.sources)).collect();
        output.print(&format!("{}\n", json!({ "changed": files, "findings": findings, "settled": settled })));
        return;
    }
    output.findings(run);
    if output.is_quiet() {
        return;
    }
    for (sign, file) in changed {
        output.print(&format!("{sign} {file}\n"));
    }
    if *settled > 0 {
        output.print(&format!("{} settled\n", counted(*settled, "finding")));
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn failed(error: &dyn std::error::Error) -> Run {
    let finding = Diagnostic::new("watch", Severity::Error, ".", format!("files can't be watched: {error}"));
    Run::only(finding.help("see what the system says; on Linux, `fs.inotify.max_user_watches` may be too small"))
}
