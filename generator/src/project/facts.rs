//! Facts of extraction and overlay, made into lines of `sources.lock`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use crate::page::{Line, LineIndex, Span};
use crate::provenance::{Certainty, Fact};
use crate::spec::Operation;
use crate::spec::lock::{Lock, LockedFact, LockedLoser, LockedPage};
use crate::spec::overlay::{self, Change, Settled};
use crate::spec::path::{self, below};

/// The overlay's name among the pages of a lock.
pub(super) const OVERLAY: &str = "overlay.yaml";

/// Gives a witness's text by its number; a text of its own, so that it is held no longer than it is needed.
pub(super) type Texts<'t> = dyn Fn(usize) -> Option<Cow<'t, str>> + Sync + 't;

/// A page as facts are told about it.
pub(super) struct Witness<'a> {
    /// The path that facts call it by.
    pub(super) shown: &'a str,
    /// Its name in the lock and its hash.
    pub(super) locked: LockedPage,
}

/// A lock of facts, each list in the order of its operation's spec; `text` gives a witness's text, by its number.
pub(super) fn lock(
    witnesses: &[Witness<'_>],
    text: &Texts<'_>,
    facts: BTreeMap<String, Vec<Fact>>,
    settled: &[Settled],
    operations: &BTreeMap<String, Operation>,
) -> Lock {
    let by_path: BTreeMap<&str, usize> =
        witnesses.iter().enumerate().map(|(index, witness)| (witness.shown, index)).collect();
    let by_operation: BTreeMap<String, Vec<LockedFact>> =
        facts.into_par_iter().map(|(operation, facts)| (operation, all_locked(facts, &by_path, text))).collect();
    settle(witnesses, text, by_operation, settled, operations)
}

/// The lock of facts that know their lines, with what an overlay settled.
fn settle(
    witnesses: &[Witness<'_>],
    text: &Texts<'_>,
    mut by_operation: BTreeMap<String, Vec<LockedFact>>,
    settled: &[Settled],
    operations: &BTreeMap<String, Operation>,
) -> Lock {
    if let Some(page) = witnesses.iter().position(|witness| witness.locked.name == OVERLAY)
        && let Some(text) = text(page)
    {
        let lines = LineIndex::new(&text);
        for Settled { operation, change, span } in settled {
            let set = |path: &str| {
                locked(path.to_owned(), page, lines.lines(*span), overlay::RULE, Certainty::Certain, Vec::new())
            };
            apply(&mut by_operation, operation, change, set);
        }
    }
    for name in operations.keys() {
        by_operation.entry(name.clone()).or_default();
    }
    by_operation.retain(|name, _| name == crate::spec::lock::SERVICE || operations.contains_key(name));
    for (name, facts) in &mut by_operation {
        if let Some(operation) = operations.get(name) {
            sort(facts, operation);
        }
    }
    Lock { pages: witnesses.iter().map(|witness| witness.locked.clone()).collect(), operations: by_operation }
}

/// The same for pages that hold many operations each: the lines of a page are counted once.
pub(super) fn lock_of_large(
    witnesses: &[Witness<'_>],
    text: &Texts<'_>,
    facts: BTreeMap<String, Vec<Fact>>,
    settled: &[Settled],
    operations: &BTreeMap<String, Operation>,
) -> Lock {
    let by_path: BTreeMap<&str, usize> =
        witnesses.iter().enumerate().map(|(index, witness)| (witness.shown, index)).collect();
    let mut bytes: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for fact in facts.values().flatten() {
        if let Some(page) = by_path.get(fact.page.as_str()) {
            bytes.entry(*page).or_default().extend([fact.span.start, fact.span.end]);
        }
    }
    let mut places: HashMap<(usize, u32), Line> = HashMap::new();
    for (page, mut bytes) in bytes {
        let Some(text) = text(page) else { continue };
        bytes.sort_unstable();
        bytes.dedup();
        let lines = LineIndex::new(&text).ascending(&bytes);
        places.extend(bytes.into_iter().zip(lines).map(|(byte, line)| ((page, byte), line)));
    }
    let place = |fact: Fact| {
        let page = *by_path.get(fact.page.as_str())?;
        let lines = (*places.get(&(page, fact.span.start))?, *places.get(&(page, fact.span.end))?);
        Some(locked(fact.path, page, lines, fact.rule, fact.certainty, Vec::new()))
    };
    let by_operation =
        facts.into_iter().map(|(name, facts)| (name, facts.into_iter().filter_map(place).collect())).collect();
    settle(witnesses, text, by_operation, settled, operations)
}

/// The facts of one operation with the lines they stand on. One page's text is held at a time.
fn all_locked(facts: Vec<Fact>, by_path: &BTreeMap<&str, usize>, text: &Texts<'_>) -> Vec<LockedFact> {
    let mut spans: BTreeMap<usize, HashSet<Span>> = BTreeMap::new();
    for fact in &facts {
        let losers = fact.losers.iter().map(|loser| (&loser.page, loser.span));
        for (page, span) in losers.chain([(&fact.page, fact.span)]) {
            if let Some(page) = by_path.get(page.as_str()) {
                spans.entry(*page).or_default().insert(span);
            }
        }
    }
    let mut places: HashMap<(usize, Span), (Line, Line)> = HashMap::new();
    for (page, spans) in spans {
        let Some(text) = text(page) else { continue };
        let lines = LineIndex::new(&text);
        places.extend(spans.into_iter().map(|span| ((page, span), lines.lines(span))));
    }
    let place = |page: &str, span: Span| -> Option<(usize, (Line, Line))> {
        let page = *by_path.get(page)?;
        Some((page, *places.get(&(page, span))?))
    };
    let facts = facts.into_iter().filter_map(|fact| {
        let (page, lines) = place(&fact.page, fact.span)?;
        let losers = fact.losers.into_iter().filter_map(|loser| {
            let (page, (start, end)) = place(&loser.page, loser.span)?;
            let (rule, settled) = (loser.rule.to_owned(), loser.settled);
            Some(LockedLoser { page, start, end, rule, settled, value: loser.value })
        });
        Some(locked(fact.path, page, lines, fact.rule, fact.certainty, losers.collect()))
    });
    facts.collect()
}

fn locked(
    path: String,
    page: usize,
    (start, end): (Line, Line),
    rule: &str,
    certainty: Certainty,
    losers: Vec<LockedLoser>,
) -> LockedFact {
    LockedFact { path, page, start, end, rule: rule.to_owned(), certainty, losers }
}

fn apply(
    facts: &mut BTreeMap<String, Vec<LockedFact>>,
    operation: &str,
    change: &Change,
    set: impl Fn(&str) -> LockedFact,
) {
    match change {
        Change::OperationRemoved => drop(facts.remove(operation)),
        Change::OperationRenamed(from) => {
            let mut moved = facts.remove(from).unwrap_or_default();
            moved.retain(|fact| fact.path != "operation");
            moved.push(set("operation"));
            facts.insert(operation.to_owned(), moved);
        }
        Change::Set(path) => {
            let list = facts.entry(operation.to_owned()).or_default();
            // What sources said instead is worth knowing whoever settled it.
            let (replaced, kept): (Vec<_>, Vec<_>) =
                std::mem::take(list).into_iter().partition(|fact| fact.path == *path);
            *list = kept;
            let losers = replaced.into_iter().flat_map(|fact| fact.losers).collect();
            list.push(LockedFact { losers, ..set(path) });
        }
        Change::Removed(path) => {
            facts.entry(operation.to_owned()).or_default().retain(|fact| below(&fact.path, path).is_none());
        }
        Change::Renamed { from, to } => {
            let list = facts.entry(operation.to_owned()).or_default();
            for fact in list.iter_mut() {
                if let Some(rest) = below(&fact.path, from) {
                    fact.path = format!("{to}{rest}");
                }
            }
            list.push(set(to));
        }
    }
}

fn sort(facts: &mut [LockedFact], operation: &Operation) {
    let tree = path::tree(operation);
    let leaves = path::leaves(&tree);
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    for (rank, leaf) in leaves.iter().enumerate() {
        // A path above leaves ranks with the first of them.
        let ends = leaf.match_indices(['.', '[', '{']).map(|(at, _)| at).chain([leaf.len()]);
        for end in ends {
            ranks.entry(&leaf[..end]).or_insert(rank);
        }
    }
    facts.sort_by(|a, b| {
        let rank = |fact: &LockedFact| ranks.get(fact.path.as_str()).copied().unwrap_or(usize::MAX);
        let key = |fact: &LockedFact| (rank(fact), fact.path.len(), fact.page, fact.start, fact.end);
        key(a).cmp(&key(b)).then_with(|| (&a.path, &a.rule).cmp(&(&b.path, &b.rule)))
    });
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{OVERLAY, Witness, lock};
    use crate::page::Span;
    use crate::provenance::{Certainty, Fact, Loser, Settlement};
    use crate::spec::lock::{LockedPage, write};
    use crate::spec::overlay::{Change, Settled};
    use crate::spec::yaml;

    #[test]
    fn facts_stand_in_spec_order_and_overlays_replace_them() {
        let source = "operation: A\nhttp: { method: POST, path: / }\nrequest:\n- { name: W, in: query, type: string, required: true }\n";
        let operations = [("A".to_owned(), yaml::read(source, "A.yaml").unwrap())].into();
        let fact = |path: &str, start| Fact {
            path: path.into(),
            page: "p/a.md".into(),
            span: Span::new(start..start + 2),
            rule: "r",
            certainty: Certainty::Likely,
            losers: vec![Loser {
                page: "p/a.md".into(),
                span: Span::new(6..8),
                rule: "s",
                settled: Settlement::TableOverSample,
                value: format!("not {start}"),
            }],
        };
        let facts = vec![
            fact("request.X.required", 6),
            fact("request.X.type", 4),
            fact("http.method", 0),
            fact("request.Gone", 2),
        ];
        let witness =
            |shown, name: &str| Witness { shown, locked: LockedPage { name: name.into(), sha256: "0".repeat(64) } };
        let witnesses = [witness("p/a.md", "a.md"), witness("o", OVERLAY)];
        let text = |at: usize| ["ab\ncd\nef\n", "overlay:\n- x\n"].get(at).map(|text| Cow::Borrowed(*text));
        let settled = [
            Change::Renamed { from: "request.X".into(), to: "request.W".into() },
            Change::Set("request.W.required".into()),
            Change::Removed("request.Gone".into()),
        ]
        .map(|change| Settled { operation: "A".into(), change, span: Span::new(11..12) });
        let lock = lock(&witnesses, &text, [("A".to_owned(), facts)].into(), &settled, &operations);
        insta::assert_snapshot!(write(&lock));
    }
}
