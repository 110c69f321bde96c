//! Whether certainties mean something: each fact that the scorer can judge, by how sure its rule was.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// A fact as `judge.py` prints it: corpus, part, key, rule, certainty, whether it is right, page and path.
#[derive(Deserialize)]
struct Judged(String, String, String, String, String, bool, String, String);

/// Facts, and how many of them are wrong.
#[derive(Clone, Copy, Default)]
struct Tally {
    facts: u32,
    wrong: u32,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.facts += 1;
        self.wrong += u32::from(!right);
    }

    fn right(self) -> f64 {
        1.0 - f64::from(self.wrong) / f64::from(self.facts.max(1))
    }
}

/// From the least certain to the most.
const CERTAINTIES: [&str; 3] = ["doubtful", "likely", "certain"];

fn judged() -> Vec<Judged> {
    let kept = tempfile::tempdir().unwrap();
    docsdk_tests::scorer::score("", Some(kept.path())).unwrap();
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("shared/judge.py");
    let mut command = Command::new("python3");
    command.arg(judge).arg(crate::shared("score")).arg(kept.path());
    let run = command.env("PYTHONDONTWRITEBYTECODE", "1").output().expect("python3");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lines = String::from_utf8(run.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn tally<'j>(judged: impl Iterator<Item = &'j Judged>) -> Tally {
    judged.fold(Tally::default(), |mut tally, fact| {
        tally.add(fact.5);
        tally
    })
}

fn of<'j>(judged: &'j [Judged], certainty: &'j str) -> impl Iterator<Item = &'j Judged> {
    judged.iter().filter(move |fact| fact.4 == certainty)
}

/// The share of all errors that the least certain tenth of facts holds. Where a tenth ends inside a certainty, its facts
/// count evenly: nothing else is known of them.
fn doubtful_tenth(judged: &[Judged]) -> f64 {
    let all = tally(judged.iter());
    let mut left = f64::from(all.facts) / 10.0;
    let mut held = 0.0;
    for certainty in CERTAINTIES {
        let tally = tally(of(judged, certainty));
        let taken = left.min(f64::from(tally.facts));
        held += taken * (1.0 - tally.right());
        left -= taken;
    }
    held / f64::from(all.wrong.max(1))
}

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn certain_facts_are_right_and_doubtful_ones_hold_the_errors() {
    let judged = judged();
    assert!(judged.len() > 100_000, "only {} facts were judged", judged.len());
    let unsourced: Vec<_> = judged.iter().filter(|fact| fact.3.is_empty()).map(|fact| (&fact.6, &fact.7)).collect();
    assert!(unsourced.is_empty(), "{} values have no fact: {:?}", unsourced.len(), unsourced.first());
    let [doubtful, likely, certain] = CERTAINTIES.map(|certainty| tally(of(&judged, certainty)));
    assert!(certain.right() >= 0.999, "{} of {} certain facts are wrong", certain.wrong, certain.facts);
    assert!(doubtful.right() < likely.right() && likely.right() < certain.right());
    assert!(likely.facts > 0 && certain.facts * 2 > doubtful.facts + likely.facts);
    let held = doubtful_tenth(&judged);
    assert!(held > 0.5, "the least certain tenth of facts holds {:.1} % of the errors", 100.0 * held);
    if std::env::var_os("DOCSDK_REFRESH").is_some() {
        refresh(&judged);
    }
}

/// Writes the figures into `docs/certainty.md`, in place of the block of text that is there.
fn refresh(judged: &[Judged]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/certainty.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once("```text\n").expect("a block of text");
    let (_, tail) = rest.split_once("```\n").expect("its end");
    std::fs::write(path, format!("{head}```text\n{}```\n{tail}", figures(judged))).unwrap();
}

fn figures(judged: &[Judged]) -> String {
    let all = tally(judged.iter());
    let mut out = String::new();
    let _ = writeln!(out, "certainty     facts  wrong  right %  share of errors %");
    let mut row = |name: &str, tally: Tally| {
        let (right, share) = (100.0 * tally.right(), 100.0 * f64::from(tally.wrong) / f64::from(all.wrong.max(1)));
        let _ = writeln!(out, "{name:<10} {:>8} {:>6}  {right:>7.2}  {share:>17.1}", tally.facts, tally.wrong);
    };
    for certainty in CERTAINTIES.into_iter().rev() {
        row(certainty, tally(of(judged, certainty)));
    }
    row("all", all);
    let held = 100.0 * doubtful_tenth(judged);
    let _ = writeln!(out, "The least certain tenth of all facts holds {held:.1} % of the errors.\n");

    let _ = writeln!(out, "certain facts of    facts  wrong  right %");
    let mut corpora: BTreeMap<&str, Tally> = BTreeMap::new();
    for fact in of(judged, "certain") {
        corpora.entry(&fact.0).or_default().add(fact.5);
    }
    for (corpus, tally) in corpora {
        let _ = writeln!(out, "{corpus:<16} {:>8} {:>6}  {:>7.2}", tally.facts, tally.wrong, 100.0 * tally.right());
    }

    let _ = writeln!(out, "\nrule                       of a                certainty    facts  wrong  right %");
    let mut rules: BTreeMap<(&str, String, &str), Tally> = BTreeMap::new();
    for Judged(_, part, key, rule, certainty, right, ..) in judged {
        rules.entry((rule, format!("{part} {key}"), certainty)).or_default().add(*right);
    }
    let mut rules: Vec<_> = rules.into_iter().filter(|(_, tally)| tally.wrong > 0 || tally.facts >= 500).collect();
    rules.sort_by(|(a, x), (b, y)| x.right().total_cmp(&y.right()).then_with(|| a.cmp(b)));
    for ((rule, what, certainty), tally) in rules {
        let (facts, wrong, right) = (tally.facts, tally.wrong, 100.0 * tally.right());
        let _ = writeln!(out, "{rule:<26} {what:<19} {certainty:<9} {facts:>8} {wrong:>6}  {right:>7.2}");
    }
    out
}
