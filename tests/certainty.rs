//! Facts as the scorer that comes with the corpora judges them, by how sure their rules are, and the figures of it that the
//! repository keeps.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use serde_json::Value;

use crate::scorer::{kept, shared};

/// The certainties, from the least to the most.
pub const CERTAINTIES: [&str; 3] = ["doubtful", "likely", "certain"];

/// A fact that the scorer can judge.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The corpus of its page.
    pub corpus: String,
    /// `request`, `response` or `errors`.
    pub part: String,
    /// What it is of its place: `name`, `type`, `in`, `required`, `code`, `message`.
    pub key: String,
    /// The rule that read it; nothing where `sources.lock` does not tell it.
    pub rule: String,
    /// How sure the rule is.
    pub certainty: String,
    /// Whether the scorer calls it right.
    pub right: bool,
    /// Its page.
    pub page: String,
    /// Its place in the spec, as the scorer writes it.
    pub path: String,
}

/// Facts, and how many of them are wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// How many there are.
    pub facts: u32,
    /// How many are wrong.
    pub wrong: u32,
}

impl Tally {
    /// Counts facts.
    pub fn of<'j>(judged: impl IntoIterator<Item = &'j Judged>) -> Self {
        let mut tally = Self::default();
        for fact in judged {
            tally.add(fact.right);
        }
        tally
    }

    fn add(&mut self, right: bool) {
        self.facts += 1;
        self.wrong += u32::from(!right);
    }

    /// The share of right facts; 1 where there is none.
    #[must_use]
    pub fn right(self) -> f64 {
        1.0 - f64::from(self.wrong) / f64::from(self.facts.max(1))
    }
}

/// Judges the facts of the specs that [`crate::scorer::score`] left in a folder.
///
/// # Errors
/// When Python or the scorer is missing, or `judge.py` prints what it should not.
pub fn judge(folder: &Path) -> io::Result<Vec<Judged>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("judge.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(shared("score")).arg(folder).env("PYTHONDONTWRITEBYTECODE", "1");
    let run = command.output()?;
    if !run.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&run.stderr).into_owned()));
    }
    let lines = String::from_utf8_lossy(&run.stdout);
    lines.lines().map(|line| Ok(fact(&serde_json::from_str(line)?))).collect()
}

fn fact(line: &Value) -> Judged {
    let text = |at: usize| line[at].as_str().unwrap_or_default().to_owned();
    Judged {
        corpus: text(0),
        part: text(1),
        key: text(2),
        rule: text(3),
        certainty: text(4),
        right: line[5] == true,
        page: text(6),
        path: text(7),
    }
}

/// Those of a certainty.
pub fn of<'j>(judged: &'j [Judged], certainty: &'j str) -> impl Iterator<Item = &'j Judged> {
    judged.iter().filter(move |fact| fact.certainty == certainty)
}

/// The share of all errors that the least certain tenth of facts holds. Where the tenth ends inside a certainty, its facts
/// count evenly: nothing else is known of them.
#[must_use]
pub fn doubtful_tenth(judged: &[Judged]) -> f64 {
    let all = Tally::of(judged);
    let mut left = f64::from(all.facts) / 10.0;
    let mut held = 0.0;
    for certainty in CERTAINTIES {
        let tally = Tally::of(of(judged, certainty));
        let taken = left.min(f64::from(tally.facts));
        held += taken * (1.0 - tally.right());
        left -= taken;
    }
    held / f64::from(all.wrong.max(1))
}

/// Writes the figures of `docs/certainty.md` anew.
///
/// # Errors
/// When the file can't be read or written, or has lost the lines between which the figures stand.
pub fn keep(judged: &[Judged], head: &str) -> io::Result<()> {
    const MARKS: (&str, &str) = ("<!-- figures -->\n", "<!-- end of figures -->");
    let path = kept("certainty.md");
    let text = fs::read_to_string(&path)?;
    let parts = text.split_once(MARKS.0).and_then(|(before, rest)| Some((before, rest.split_once(MARKS.1)?.1)));
    let Some((before, after)) = parts else {
        return Err(io::Error::other(format!("docs/certainty.md has no `{}` … `{}`", MARKS.0.trim(), MARKS.1)));
    };
    let (of_all, of_corpora, of_rules) = (by_certainty(judged), by_corpus(judged), by_rule(judged));
    let figures = format!("{head}\n\n```text\n{of_all}\n{of_corpora}\n{of_rules}```\n");
    fs::write(path, format!("{before}{}{figures}{}{after}", MARKS.0, MARKS.1))
}

fn by_certainty(judged: &[Judged]) -> String {
    let all = Tally::of(judged);
    let mut out = "certainty     facts  wrong  right %  share of errors %\n".to_owned();
    let certainties = CERTAINTIES.into_iter().rev().map(|certainty| (certainty, Tally::of(of(judged, certainty))));
    for (name, tally) in certainties.chain([("all", all)]) {
        let share = 100.0 * f64::from(tally.wrong) / f64::from(all.wrong.max(1));
        let right = 100.0 * tally.right();
        let _ = writeln!(out, "{name:<10} {:>8} {:>6}  {right:>7.2}  {share:>17.1}", tally.facts, tally.wrong);
    }
    let held = 100.0 * doubtful_tenth(judged);
    let _ = writeln!(out, "The least certain tenth of all facts holds {held:.1} % of the errors.");
    out
}

fn by_corpus(judged: &[Judged]) -> String {
    let mut corpora: BTreeMap<&str, Tally> = BTreeMap::new();
    for fact in of(judged, "certain") {
        corpora.entry(&fact.corpus).or_default().add(fact.right);
    }
    let mut out = "certain facts of    facts  wrong  right %\n".to_owned();
    for (corpus, tally) in corpora {
        let _ = writeln!(out, "{corpus:<16} {:>8} {:>6}  {:>7.2}", tally.facts, tally.wrong, 100.0 * tally.right());
    }
    out
}

/// The rules with errors, and those that made many facts, the worst first.
fn by_rule(judged: &[Judged]) -> String {
    const MANY: u32 = 500;
    let mut rules: BTreeMap<(&str, String, &str), Tally> = BTreeMap::new();
    for Judged { part, key, rule, certainty, right, .. } in judged {
        rules.entry((rule, format!("{part} {key}"), certainty)).or_default().add(*right);
    }
    let mut rules: Vec<_> = rules.into_iter().filter(|(_, tally)| tally.wrong > 0 || tally.facts >= MANY).collect();
    rules.sort_by(|(a, x), (b, y)| x.right().total_cmp(&y.right()).then_with(|| a.cmp(b)));
    let mut out = "rule                       of a                certainty    facts  wrong  right %\n".to_owned();
    for ((rule, what, certainty), tally) in rules {
        let (facts, wrong, right) = (tally.facts, tally.wrong, 100.0 * tally.right());
        let _ = writeln!(out, "{rule:<26} {what:<19} {certainty:<9} {facts:>8} {wrong:>6}  {right:>7.2}");
    }
    out
}
