//! `docsdk man`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::files::{self, Plan};
use docsdk::project::Run;
use docsdk::report::counted;

use super::args::Cli;
use super::output::{FINE, Output};

/// Print the manual page, or write those of all commands.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk man | man -l -                          read it
  docsdk man --out ~/.local/share/man/man1       install all of them")]
pub(crate) struct Man {
    /// The folder that gets one page a command; without it, docsdk's own is printed
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(&self, output: &Output) -> ExitCode {
        let mut root = Cli::command();
        root.build();
        let mut plan = Plan::default();
        let mut commands = vec![root.clone()];
        commands.extend(root.get_subcommands().filter(|command| command.get_name() != "help").cloned());
        for command in commands {
            let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
            let mut page = Vec::new();
            if let Err(error) = clap_mangen::Man::new(command).render(&mut page) {
                let finding = Diagnostic::new("man", Severity::Error, name, format!("can't be made: {error}"));
                return output.fail("man", &Run::only(finding));
            }
            let Some(folder) = &self.out else {
                output.print(&String::from_utf8_lossy(&page));
                return FINE.into();
            };
            plan.files.insert(folder.join(format!("{name}.1")), page);
        }
        let applied = plan.apply();
        if !output.is_quiet() {
            let folder = self.out.as_deref().map(files::display).unwrap_or_default();
            output.print(&format!("{} written to {folder}\n", counted(applied.written, "page")));
        }
        let run = Run { findings: applied.findings, ..Run::default() };
        output.findings(&run);
        output.status(&run)
    }
}
