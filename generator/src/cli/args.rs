//! Commands and the options they share.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use docsdk::cache::Cache;
use docsdk::extract::languages;
use docsdk::files::OWN_FOLDER;

use docsdk::lint::Denied;

use super::output::Output;
#[cfg(feature = "fetch")]
use super::update;
use super::{
    build, call, check, completions, diff, explain, export, extract, generate, import, lint, man, mock, overlay,
    release, report, templates, watch,
};

/// Compiles a vendor's API documentation pages to Rust SDKs.
#[derive(Debug, Parser)]
#[command(
    name = "docsdk",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit status: 0 all is well, 1 there are findings, 2 the command was misused or could not do its work."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Global {
    /// The manifest; without it, the nearest `docsdk.toml` from here upwards
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// How results are printed: text or json; `diff` and `lint` know more
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", value_parser = FormatTo::parse)]
    pub(crate) format: Vec<FormatTo>,
    /// Whether colours are used; `auto` obeys `NO_COLOR` and uses them on a terminal only
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print every finding: advice too, and all of a kind
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Findings that make the command fail (exit status 1) besides errors: warnings, advice, all, or a class; repeatable
    #[arg(long, global = true, value_name = "WHAT", value_parser = Denied::parse)]
    pub(crate) deny: Vec<Denied>,
}

/// The option of commands that write or check crates.
#[derive(Clone, Debug, Args)]
pub(crate) struct Lang {
    /// The language of the crates' documentation; without it, the one that the manifest names
    #[arg(long, value_name = "LANGUAGE", value_parser = PossibleValuesParser::new(languages()))]
    pub(crate) lang: Option<String>,
}

/// The options of commands that read pages.
#[derive(Clone, Debug, Args)]
pub(crate) struct CacheArgs {
    /// The folder of what earlier runs kept of pages; without it, `.docsdk-cache/pages` beside the manifest, or what
    /// `DOCSDK_CACHE` names (`off`: none)
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// Read all pages anew, and keep nothing of them
    #[arg(long, conflicts_with = "cache_dir")]
    no_cache: bool,
}

impl CacheArgs {
    /// The cache for a run in a root folder, where one is wanted.
    pub(crate) fn cache(&self, root: &Path) -> Option<Arc<Cache>> {
        let named = || std::env::var_os("DOCSDK_CACHE").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let folder = self.cache_dir.clone().or_else(named).unwrap_or_else(|| root.join(OWN_FOLDER).join("pages"));
        let wanted = !self.no_cache && (self.cache_dir.is_some() || folder.as_os_str() != "off");
        wanted.then(|| Arc::new(Cache::at(folder)))
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// A format, and the file that it is written to instead of standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormatTo {
    pub(crate) format: docsdk::diff::Format,
    pub(crate) file: Option<PathBuf>,
}

impl FormatTo {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        match docsdk::diff::Format::parse(name) {
            Some(format) if file.as_ref().is_none_or(|file| !file.as_os_str().is_empty()) => Ok(Self { format, file }),
            Some(_) => Err("expected a file after `=`".to_owned()),
            None => {
                let names: Vec<&str> = docsdk::diff::Format::ALL.iter().map(|(name, _)| *name).collect();
                Err(format!("expected one of {}", names.join(", ")))
            }
        }
    }
}

impl Global {
    /// The format of commands that print one document; `None` where another was asked for.
    pub(crate) fn plain_format(&self) -> Option<Format> {
        match self.format.as_slice() {
            [FormatTo { format: docsdk::diff::Format::Text, file: None }] => Some(Format::Text),
            [FormatTo { format: docsdk::diff::Format::Json, file: None }] => Some(Format::Json),
            _ => None,
        }
    }
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Build),
    Watch(watch::Watch),
    Extract(extract::Extract),
    Generate(generate::Generate),
    Explain(explain::Explain),
    Check(check::Check),
    Lint(lint::Lint),
    Overlay(overlay::OverlayCommand),
    Report(report::ReportCommand),
    Diff(Box<diff::Diff>),
    Release(release::ReleaseCommand),
    #[cfg(feature = "fetch")]
    Update(update::UpdateCommand),
    Call(Box<call::Call>),
    Mock(mock::MockCommand),
    Export(export::Export),
    Import(import::Import),
    Templates(templates::Templates),
    Completions(completions::Completions),
    Man(man::Man),
}

/// The command line's definition: its commands and their options.
#[must_use]
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Runs the command that the program's arguments name.
pub fn run() -> ExitCode {
    run_words(Cli::command(), std::env::args_os().collect())
}

/// Runs the command that the program's arguments name where cargo runs it: `cargo docsdk build` runs
/// `cargo-docsdk docsdk build`.
pub fn run_under_cargo() -> ExitCode {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "docsdk") {
        words.remove(1);
    }
    run_words(Cli::command().bin_name("cargo docsdk"), words)
}

fn run_words(mut command: clap::Command, words: Vec<OsString>) -> ExitCode {
    command.build();
    let words = call::parameters_last(&command, words);
    let parsed = command.try_get_matches_from_mut(words).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = parsed.unwrap_or_else(|error| error.with_cmd(&command).exit());
    if cli.global.plain_format().is_none() && !matches!(cli.command, Command::Diff(_) | Command::Lint(_)) {
        let message = "`--format` is text or json for every command but `diff` and `lint`, once and without a file";
        command.error(clap::error::ErrorKind::InvalidValue, message).exit();
    }
    let output = Output::new(&cli.global);
    let global = &cli.global;
    match cli.command {
        Command::Build(command) => command.run(global, &output),
        Command::Watch(command) => command.run(global, &output),
        Command::Extract(command) => command.run(global, &output),
        Command::Generate(command) => command.run(global, &output),
        Command::Explain(command) => command.run(global, &output),
        Command::Check(command) => command.run(global, &output),
        Command::Lint(command) => command.run(global, &output),
        Command::Overlay(command) => command.run(global, &output),
        Command::Report(command) => command.run(global, &output),
        Command::Diff(command) => command.run(global, &output),
        Command::Release(command) => command.run(global, &output),
        #[cfg(feature = "fetch")]
        Command::Update(command) => command.run(global, &output),
        Command::Call(command) => command.run(global, &output),
        Command::Mock(command) => command.run(global, &output),
        Command::Export(command) => command.run(global, &output),
        Command::Import(command) => command.run(&output),
        Command::Templates(command) => command.run(&output),
        Command::Completions(command) => command.run(&output),
        Command::Man(command) => command.run(&output),
    }
}
