//! Applies an overlay's entries, one after the other.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::Value;

use super::claims::{Claims, Gone};
use super::edit::{Edit, edit};
use super::entry::{Deed, Entry, Overlay};
use super::fault::{Fault, astray, conflict, redundant, unfit};
use super::pattern::{self, Found, is_wild, nowhere, places};
use super::settled::{Change, Settled};
use super::types;
use crate::diagnostic::Diagnostic;
use crate::page::Span;
use crate::render::snake;
use crate::spec::{Operation, path, place};

/// Applies an overlay to a service's operations: what it settled, and what is wrong with it.
///
/// Entries with something wrong are left out; the others are applied all the same.
pub fn apply(
    overlay: &Overlay,
    source: &str,
    file: &str,
    operations: &mut BTreeMap<String, Operation>,
) -> (Vec<Settled>, Vec<Diagnostic>) {
    let keys = place::keys_of_items(source, "overlay");
    let spans: Vec<Span> = overlay
        .overlay
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let keys = keys.get(index);
            let verb = entry.verb().map_or("", |(verb, _)| verb);
            keys.and_then(|keys| keys.get(verb).or_else(|| keys.get(""))).copied().unwrap_or_default()
        })
        .collect();
    let mut bench = Bench { operations, trees: BTreeMap::new(), claims: Claims::default() };
    let (mut settled, mut findings) = (Vec::new(), Vec::new());
    for (index, (entry, span)) in overlay.overlay.iter().zip(&spans).enumerate() {
        match bench.entry(index, entry) {
            Ok(facts) => settled.extend(facts.into_iter().map(|fact| Settled { span: *span, ..fact })),
            Err(fault) => findings.push(fault.told(file, index, &spans)),
        }
    }
    (settled, findings)
}

/// The operations that entries work on.
struct Bench<'o> {
    operations: &'o mut BTreeMap<String, Operation>,
    /// The trees of operations that some path led into.
    trees: BTreeMap<String, Value>,
    claims: Claims,
}

/// What an entry does to one operation.
struct Work {
    name: String,
    tree: Value,
    operation: Operation,
    edits: Vec<Edit>,
}

fn fact(operation: &str, change: Change) -> Settled {
    Settled { operation: operation.to_owned(), change, span: Span::default() }
}

impl Bench<'_> {
    fn entry(&mut self, index: usize, entry: &Entry) -> Result<Vec<Settled>, Fault> {
        let (deed, paths) = entry.deed()?;
        let wild = paths.iter().any(|path| is_wild(path));
        if !wild && !entry.except.is_empty() {
            return Err(unfit("`except` without a `*` in the path", "take `except` out: the path means one place"));
        }
        let targets = self.targets(&paths, deed, &entry.except)?;
        if let Some(name) = whole(&targets) {
            return self.whole_operations(index, deed, &targets, &name);
        }
        let mut done = Vec::new();
        for (name, found) in &targets {
            if matches!(deed, Deed::Merge(_)) && found.len() < 2 {
                continue;
            }
            done.push(self.work(name, found, deed, wild)?);
        }
        if done.is_empty() && matches!(deed, Deed::Merge(_)) {
            let help = "name two places or more of one operation: each operation's module has types of its own";
            return Err(unfit("there are no two places of one operation to merge", help));
        }
        if done.iter().all(|work| work.edits.iter().all(|edit| edit.changes.is_empty())) {
            return Err(redundant(unchanged(deed, &paths, &targets, &self.trees)));
        }
        Ok(self.commit(index, done))
    }

    /// The places that an entry means, by operation; none of those it excepts.
    fn targets(
        &mut self,
        paths: &[&str],
        deed: Deed<'_>,
        except: &[String],
    ) -> Result<BTreeMap<String, Vec<Found>>, Fault> {
        let absent = matches!(deed, Deed::Set(_) | Deed::Add(_));
        let mut targets: BTreeMap<String, Vec<Found>> = BTreeMap::new();
        for path in paths {
            let found = self.find(path, absent)?;
            for (name, found) in found {
                let list = targets.entry(name).or_default();
                list.extend(found);
                list.sort_by(|a, b| a.steps.cmp(&b.steps));
                list.dedup();
            }
        }
        for except in except {
            let mut left_out = 0;
            for (name, excepted) in self.find(except, true)? {
                let Some(list) = targets.get_mut(&name) else { continue };
                let before = list.len();
                list.retain(|found| !excepted.iter().any(|except| covers(except, found)));
                left_out += before - list.len();
            }
            if left_out == 0 {
                let help = "take it out of `except`, or mend it";
                return Err(astray(format!("`{except}` is none of what the path means"), help));
            }
        }
        targets.retain(|_, found| !found.is_empty());
        if targets.is_empty() {
            return Err(astray(
                "nothing is left of what the path means",
                "take the entry out, or some of its `except`",
            ));
        }
        Ok(targets)
    }

    /// The places that one path means.
    fn find(&mut self, path: &str, absent: bool) -> Result<Vec<(String, Vec<Found>)>, Fault> {
        let (names, rest) = match pattern::operations(path, self.operations) {
            Ok(found) => found,
            Err(fault) => return Err(self.claims.operation_gone(path).map_or(fault, |gone| taken(path, gone))),
        };
        let mut found = Vec::new();
        for name in &names {
            let tree = self.tree(name);
            let places = places(tree, rest, absent);
            if !places.is_empty() {
                found.push((name.clone(), places));
            }
        }
        match (found.is_empty(), names.as_slice()) {
            (false, _) => Ok(found),
            (true, [name]) => match self.claims.gone(name, rest) {
                Some(gone) => Err(taken(rest, gone)),
                None => Err(nowhere(self.tree(name), name, rest)),
            },
            (true, _) => {
                let help = "mend the path; if the pages dropped what it meant, take the entry out";
                Err(astray(format!("`{path}` means no place of any operation"), help))
            }
        }
    }

    fn tree(&mut self, name: &str) -> &Value {
        let operations = &self.operations;
        self.trees.entry(name.to_owned()).or_insert_with(|| operations.get(name).map(path::tree).unwrap_or_default())
    }

    /// Works out what an entry makes of an operation.
    fn work(&mut self, name: &str, found: &[Found], deed: Deed<'_>, wild: bool) -> Result<Work, Fault> {
        let mut tree = self.tree(name).clone();
        let Some(before) = self.operations.get(name) else { return Err(astray(format!("no operation `{name}`"), "")) };
        let merged = match deed {
            Deed::Merge(to) => types::may_merge(&tree, before, found, to)?,
            _ => true,
        };
        let mut edits = Vec::new();
        // From the end, so that what is taken out moves no place that is still to come.
        for found in found.iter().rev() {
            let wanted = match deed {
                Deed::Split(name) => types::may_split(&tree, before, found, name)?,
                Deed::Call(name) => match types::named_by(&tree, found) {
                    Some(typed) => types::may_rename(&tree, before, &typed, name)?,
                    None => true,
                },
                _ => merged,
            };
            let mut copy = (!wanted).then(|| tree.clone());
            let mut edit = edit(copy.as_mut().unwrap_or(&mut tree), found, deed)?;
            if !wanted {
                edit.changes.clear();
            }
            // What goes by a name moves with it: only the name itself is at issue.
            let at = match edit.changes.first() {
                Some(Change::Renamed { from, .. }) => format!("{from}.name"),
                _ => edit.place.clone(),
            };
            if let Some((other, place)) = self.claims.overlapping(name, &at) {
                return Err(fight(name, &at, &place, other, wild));
            }
            edits.push(edit);
        }
        edits.reverse();
        let operation = Operation::deserialize(&tree).map_err(|error| {
            let path = found.first().map(|found| found.path(self.tree(name))).unwrap_or_default();
            let help = "see the JSON Schema of operations, docs/schema/operation.schema.json, for what each key holds";
            unfit(format!("`{name}.{path}` can't hold that: {error}"), help)
        })?;
        let confirms = matches!(deed, Deed::Confirm(_));
        if !confirms && self.operations.get(name) == Some(&operation) {
            for edit in &mut edits {
                edit.changes.clear();
            }
        }
        Ok(Work { name: name.to_owned(), tree, operation, edits })
    }

    /// Takes over what an entry made of operations.
    fn commit(&mut self, index: usize, done: Vec<Work>) -> Vec<Settled> {
        let mut settled = Vec::new();
        for Work { name, tree, operation, edits } in done {
            for Edit { place, changes } in edits {
                for change in &changes {
                    match change {
                        Change::Removed(path) if *path == place => self.claims.removed(&name, path, index),
                        Change::Renamed { from, to } => self.claims.moved(&name, from, to, index),
                        _ => {}
                    }
                }
                let place = if changes.iter().any(|change| matches!(change, Change::Renamed { .. })) {
                    format!("{place}.name")
                } else {
                    place
                };
                self.claims.claim(&name, place, index);
                settled.extend(changes.into_iter().map(|change| fact(&name, change)));
            }
            self.operations.insert(name.clone(), operation);
            self.trees.insert(name, tree);
        }
        settled
    }

    /// Takes out whole operations, or renames one.
    fn whole_operations(
        &mut self,
        index: usize,
        deed: Deed<'_>,
        targets: &BTreeMap<String, Vec<Found>>,
        name: &str,
    ) -> Result<Vec<Settled>, Fault> {
        let changed = |name: &String| Some((name.clone(), self.claims.overlapping(name, "")?));
        if let (Deed::Remove, Some((name, (other, place)))) = (deed, targets.keys().find_map(changed)) {
            let message = format!("the entry takes `{name}` out, and another one changes `{name}.{place}`");
            return Err(conflict(message, "take one of the two entries out", other));
        }
        match deed {
            Deed::Remove => {
                let names: Vec<String> = targets.keys().cloned().collect();
                Ok(names.into_iter().map(|name| self.remove_operation(index, &name)).collect())
            }
            Deed::Call(_) | Deed::Correct(_) if targets.len() > 1 => {
                let message = format!("{} operations can't have one name", targets.len());
                Err(unfit(message, "name one operation"))
            }
            Deed::Call(to) => self.call_operation(index, name, to),
            Deed::Correct(to) => self.correct_operation(index, name, to),
            _ => {
                let help = "say which of its keys: `OPERATION.request`, `OPERATION.summary`…";
                Err(unfit(format!("`{name}` is an operation"), help))
            }
        }
    }

    fn remove_operation(&mut self, index: usize, name: &str) -> Settled {
        self.operations.remove(name);
        self.trees.remove(name);
        self.claims.operation_removed(name, index);
        fact(name, Change::OperationRemoved)
    }

    fn call_operation(&mut self, index: usize, name: &str, to: &str) -> Result<Vec<Settled>, Fault> {
        let Some(operation) = self.operations.get(name) else { return Ok(Vec::new()) };
        if let Some((other, _)) = self.claims.overlapping(name, "rust_name") {
            return Err(fight(name, "rust_name", "rust_name", other, false));
        }
        if snake(operation.called()) == snake(to) {
            return Err(redundant(format!("`{name}` is called `{}` in Rust already", snake(to))));
        }
        let taken = |other: &&Operation| other.operation != name && snake(other.called()) == snake(to);
        if let Some(other) = self.operations.values().find(taken) {
            let message = format!("`{}` is the Rust name of `{}` already", snake(to), other.operation);
            return Err(unfit(message, "choose another name, or rename the other first"));
        }
        if let Some(operation) = self.operations.get_mut(name) {
            operation.rust_name = Some(to.to_owned());
        }
        self.trees.remove(name);
        self.claims.claim(name, "rust_name".to_owned(), index);
        Ok(vec![fact(name, Change::Set("rust_name".to_owned()))])
    }

    fn correct_operation(&mut self, index: usize, name: &str, to: &str) -> Result<Vec<Settled>, Fault> {
        if let Some((other, _)) = self.claims.overlapping(name, "operation") {
            let help = "give it its last name in one entry";
            return Err(conflict(format!("another entry calls the operation `{name}`"), help, other));
        }
        if to == name {
            return Err(redundant(format!("`{name}` has that name already")));
        }
        if self.operations.contains_key(to) {
            return Err(unfit(format!("there is an operation `{to}` already"), "rename or remove the other first"));
        }
        if let Some(mut operation) = self.operations.remove(name) {
            to.clone_into(&mut operation.operation);
            self.operations.insert(to.to_owned(), operation);
        }
        self.trees.remove(name);
        self.claims.operation_renamed(name, to, index);
        self.claims.claim(to, "operation".to_owned(), index);
        Ok(vec![fact(to, Change::OperationRenamed(name.to_owned()))])
    }
}

/// The first operation, where a path means whole ones.
fn whole(targets: &BTreeMap<String, Vec<Found>>) -> Option<String> {
    let whole = |found: &Found| found.steps.is_empty() && found.key.is_empty();
    targets.iter().find(|(_, found)| found.iter().any(whole)).map(|(name, _)| name.clone())
}

/// Whether a place is an excepted one, or below it.
fn covers(except: &Found, found: &Found) -> bool {
    match except.key.as_str() {
        "" => found.steps.starts_with(&except.steps),
        key => found.steps == except.steps && found.key == key,
    }
}

fn taken(path: &str, gone: &Gone) -> Fault {
    let Some(now) = &gone.now else {
        let message = format!("`{path}` is taken out by an entry above");
        return conflict(message, "take one of the two entries out", gone.entry);
    };
    let help = "entries are applied in order: use the new name, or give the name in one entry";
    conflict(format!("`{path}` is called `{now}` by an entry above"), help, gone.entry)
}

fn fight(name: &str, path: &str, place: &str, other: usize, wild: bool) -> Fault {
    let message = if path == place {
        format!("two entries change `{name}.{path}`")
    } else {
        format!("the entry changes `{name}.{path}`, another one `{name}.{place}`")
    };
    let help = if wild {
        "take one of the two out, or leave the place out of the wildcard with `except`"
    } else {
        "take one of the two out, or write both in one entry; of an entry with `*`, `except` leaves places out"
    };
    conflict(message, help, other)
}

/// What to say of an entry after which all is as before.
fn unchanged(
    deed: Deed<'_>,
    paths: &[&str],
    targets: &BTreeMap<String, Vec<Found>>,
    trees: &BTreeMap<String, Value>,
) -> String {
    let path = paths.first().copied().unwrap_or_default();
    let count: usize = targets.values().map(Vec::len).sum();
    match deed {
        _ if is_wild(path) => format!("`{path}` means {count} places, and nothing changes at any of them"),
        Deed::Set(to) => {
            let place = targets.iter().next().and_then(|(name, found)| Some(found.first()?.path(trees.get(name)?)));
            format!("`{}` is `{to}` already", place.unwrap_or_default())
        }
        Deed::Add(value) => {
            let name = path::names(value, 0).into_iter().next().unwrap_or_default();
            let list = path.split_once('.').map_or(path, |(_, list)| list);
            format!("`{list}` has `{name}` already")
        }
        Deed::Merge(name) => format!("the places have one type `{name}` already"),
        Deed::Split(_) => format!("`{path}` shares its type with no other place"),
        _ => format!("`{path}` has that name already"),
    }
}
