//! What providers read from the machine they run on: variables, files, the output of commands.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::secret::Secret;
use crate::time::BoxFuture;

/// The machine, as far as credentials depend on it: replaceable, so that tests need no files or variables.
pub trait Machine: Send + Sync + fmt::Debug {
    /// An environment variable, where it is set and Unicode.
    fn variable(&self, name: &str) -> Option<String>;

    /// A file's text.
    ///
    /// # Errors
    ///
    /// Where there is no such file, or it cannot be read.
    fn read(&self, path: &Path) -> io::Result<Secret>;

    /// The user's home directory: `HOME`, else `USERPROFILE`.
    fn home(&self) -> Option<PathBuf> {
        let set = |name: &str| self.variable(name).filter(|value| !value.is_empty());
        set("HOME").or_else(|| set("USERPROFILE")).map(PathBuf::from)
    }

    /// The standard output of a command, run without a shell and killed where the future is dropped.
    ///
    /// # Errors
    ///
    /// Where it cannot be run or fails; by default always.
    fn run<'a>(&'a self, command: &'a [String]) -> BoxFuture<'a, io::Result<Secret>> {
        let _ = command;
        Box::pin(std::future::ready(Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "commands are not run here; enable the feature `process`",
        ))))
    }
}

/// The real machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemMachine;

impl Machine for SystemMachine {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn read(&self, path: &Path) -> io::Result<Secret> {
        std::fs::read_to_string(path).map(Secret::from)
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir()
    }

    #[cfg(feature = "process")]
    fn run<'a>(&'a self, command: &'a [String]) -> BoxFuture<'a, io::Result<Secret>> {
        Box::pin(async move {
            let Some((program, arguments)) = command.split_first() else {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "the command is empty"));
            };
            let output = tokio::process::Command::new(program)
                .args(arguments)
                .stdin(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .kill_on_drop(true)
                .output()
                .await?;
            if !output.status.success() {
                return Err(io::Error::other(format!("it ended with {}", output.status)));
            }
            // Of an error, the bytes come along; they may be secrets, and so stay here.
            String::from_utf8(output.stdout)
                .map(Secret::from)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "its output is no UTF-8"))
        })
    }
}

/// A machine whose variables, files and commands are given: for tests, and for places that hold them elsewhere.
///
/// When shown, it gives names only.
#[derive(Clone, Default)]
pub struct GivenMachine {
    variables: BTreeMap<String, Secret>,
    files: BTreeMap<PathBuf, Secret>,
    outputs: BTreeMap<Vec<String>, Secret>,
}

impl GivenMachine {
    /// A machine with nothing on it.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with an environment variable.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// The same with a file.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>, text: impl Into<Secret>) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    /// The same with a command, given as program and arguments, and its output.
    #[must_use]
    pub fn output(mut self, command: &[&str], text: impl Into<Secret>) -> Self {
        self.outputs.insert(command.iter().map(|&part| part.to_owned()).collect(), text.into());
        self
    }
}

impl Machine for GivenMachine {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(|value| value.expose().to_owned())
    }

    fn read(&self, path: &Path) -> io::Result<Secret> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file"))
    }

    fn run<'a>(&'a self, command: &'a [String]) -> BoxFuture<'a, io::Result<Secret>> {
        let output = self.outputs.get(command).cloned();
        let output = output.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such command"));
        Box::pin(std::future::ready(output))
    }
}

impl fmt::Debug for GivenMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenMachine")
            .field("variables", &self.variables.keys())
            .field("files", &self.files.keys())
            .field("commands", &self.outputs.len())
            .finish()
    }
}
