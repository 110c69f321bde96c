//! The command as a real process, in a project of its own.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Writes a file of a project.
pub(crate) fn write(root: &Path, path: &str, contents: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}

/// Reads a file of a project.
pub(crate) fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

/// Runs the command in a project.
pub(crate) fn docsdk(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docsdk"));
    command.current_dir(root).args(arguments).env_remove("NO_COLOR").output().unwrap()
}

/// What a run said, for snapshots: exit status, standard output and error, times left out.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().trim_end().to_owned();
    format!("exit {}\n{}\n---\n{}", output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Where this workspace's builds lie: what cargo builds there, it need not build again for other packages.
pub(crate) fn target() -> PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned()
}

/// Takes from a command what cargo tells a test of its package: it would have build scripts run again that have run.
pub(crate) fn without_own_package(command: &mut Command) {
    let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_EXE_"];
    for (name, _) in std::env::vars_os() {
        if own.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
}
