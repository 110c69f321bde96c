//! The scorer that comes with the corpora, and the figures of it that the repository keeps.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use serde_json::{Map, Value};

/// One run of the scorer.
#[derive(Debug)]
pub struct Scores {
    /// What it prints: a table, a line a page set.
    pub table: String,
    /// Its figures by page set, as in `docs/accuracy.json` but with the counts behind them.
    pub sets: Map<String, Value>,
}

/// A part of the shared material: at `DOCSDK_SHARED`, else at `../shared` beside the checkout.
#[must_use]
pub fn shared(part: &str) -> PathBuf {
    let root = env::var_os("DOCSDK_SHARED");
    root.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from).join(part)
}

/// Where the repository keeps the figures: `docs/accuracy.md` for people, `docs/accuracy.json` for the test.
#[must_use]
pub fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

/// Runs the scorer with the command of this build over the page sets whose name has `only`, a regular expression; leaves
/// the specs it scored in a folder, where one is named.
///
/// # Errors
/// When the command is not built, Python or the scorer is missing, or a page set could not be extracted at all.
pub fn score(only: &str, keep: Option<&Path>) -> io::Result<Scores> {
    let out = tempfile::NamedTempFile::new()?;
    let mut command = Command::new("python3");
    command.arg(shared("score/accuracy.py")).arg("--docsdk").arg(docsdk()?).arg("--only").arg(only);
    if let Some(folder) = keep {
        command.arg("--keep").arg(folder);
    }
    command.arg("--json").arg(out.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let run = command.output()?;
    let table = String::from_utf8_lossy(&run.stdout).into_owned();
    if !run.status.success() {
        return Err(io::Error::other(format!("{table}{}", String::from_utf8_lossy(&run.stderr))));
    }
    let mut figures: Value = serde_json::from_reader(out.reopen()?)?;
    if figures["broken"] != 0 {
        return Err(io::Error::other(format!("{} page sets could not be extracted\n{table}", figures["broken"])));
    }
    match figures["sets"].take() {
        Value::Object(sets) => Ok(Scores { table, sets }),
        other => Err(io::Error::other(format!("the scorer gave no figures but {other}"))),
    }
}

/// Every share of a page set: precision, recall and the rest, by part.
#[must_use]
pub fn shares(set: &Value) -> BTreeMap<String, f64> {
    let parts = ["request", "response", "errors"].into_iter().filter_map(|part| Some((part, set[part].as_object()?)));
    parts
        .flat_map(|(part, figures)| {
            figures.iter().filter_map(move |(name, value)| Some((format!("{part} {name}"), value.as_f64()?)))
        })
        .collect()
}

/// The command that this build made: it stands beside the test or program that runs.
///
/// # Errors
/// When it is not built.
pub fn docsdk() -> io::Result<PathBuf> {
    let own = env::current_exe()?;
    let name = format!("docsdk{}", env::consts::EXE_SUFFIX);
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|path| path.is_file());
    beside.ok_or_else(|| io::Error::other("the command `docsdk` is not built: run `cargo build` first"))
}

/// Writes `docs/accuracy.json` and the table of `docs/accuracy.md` anew.
///
/// # Errors
/// When a file can't be read or written, or `docs/accuracy.md` has lost the lines between which the table stands.
pub fn keep(scores: &Scores, head: &str) -> io::Result<()> {
    const MARKS: (&str, &str) = ("<!-- figures -->\n", "<!-- end of figures -->");
    let path = kept("accuracy.md");
    let text = fs::read_to_string(&path)?;
    let parts = text.split_once(MARKS.0).and_then(|(before, rest)| Some((before, rest.split_once(MARKS.1)?.1)));
    let Some((before, after)) = parts else {
        return Err(io::Error::other(format!("docs/accuracy.md has no `{}` … `{}`", MARKS.0.trim(), MARKS.1)));
    };
    let table: String =
        scores.table.lines().filter(|line| !line.contains(" s in docsdk")).flat_map(|line| [line, "\n"]).collect();
    let text = format!("{before}{}{head}\n\n```text\n{table}```\n{}{after}", MARKS.0, MARKS.1);
    let sets: Map<String, Value> = scores.sets.iter().map(|(name, set)| (name.clone(), rounded(set))).collect();
    fs::write(kept("accuracy.json"), serde_json::to_string_pretty(&Value::Object(sets))? + "\n")?;
    fs::write(path, text)
}

/// A set's operations and shares, rounded to five places; the counts behind them are left out.
fn rounded(set: &Value) -> Value {
    let mut kept = Map::new();
    kept.insert("operations".to_owned(), set["operations"].clone());
    for part in ["request", "response", "errors"] {
        let Some(figures) = set[part].as_object() else { continue };
        let shares = figures.iter().filter_map(|(name, value)| {
            let share = value.as_f64().filter(|_| value.is_f64())?;
            Some((name.clone(), Value::from((share * 1e5).round() / 1e5)))
        });
        kept.insert(part.to_owned(), Value::Object(shares.collect()));
    }
    Value::Object(kept)
}
