//! Scores extraction over the corpora and writes `docs/accuracy.md` and `docs/accuracy.json` anew:
//!
//! ```text
//! cargo build --workspace && cargo run -p docsdk-tests --bin refresh-accuracy
//! ```
//!
//! It needs the corpora with their scorer (`DOCSDK_SHARED`, else `../shared`), Python with `PyYAML`, and git.

use std::io;
use std::process::{Command, ExitCode};

use docsdk_tests::scorer;

fn main() -> ExitCode {
    match refresh() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn refresh() -> io::Result<()> {
    let scores = scorer::score("", None)?;
    let git = Command::new("git").args(["describe", "--always", "--dirty=, with changes"]).output()?;
    let commit = String::from_utf8_lossy(&git.stdout).trim().to_owned();
    let today = jiff::Zoned::now().date();
    scorer::keep(&scores, &format!("Measured on {today} at commit {commit}."))
}
