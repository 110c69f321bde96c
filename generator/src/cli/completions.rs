//! `docsdk completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::args::Cli;
use super::output::{FINE, Output};

/// Print a shell's completion script.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk completions bash > ~/.local/share/bash-completion/completions/docsdk
  docsdk completions zsh > ~/.zfunc/_docsdk
  docsdk completions fish > ~/.config/fish/completions/docsdk.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, output: &Output) -> ExitCode {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "docsdk", &mut script);
        output.print(&String::from_utf8_lossy(&script));
        FINE.into()
    }
}
