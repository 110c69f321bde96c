//! Rows in reading order → how deep each stands, where the page lost that: the cheapest of all readings, by what samples
//! show, what types may hold, names that would stand twice, and the order of names.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::draft::Draft;
use super::nesting::Known;
use super::shapes::Shapes;
use super::witness::{object_of, sole_entry};
use crate::spec::Type;

/// Readings kept side by side; tables longer than `LONG` keep one.
const KEPT: usize = 24;
const LONG: usize = 2000;
/// How deep rows may nest.
const DEPTH: usize = 24;
/// How many fields of one object are compared with a new one's name.
const COMPARED: usize = 512;

// What a reading costs.
const NOT_IN_SAMPLE: i64 = 22;
const ELSEWHERE: i64 = 8;
const LAST_ELSEWHERE: i64 = 12;
const NO_SAMPLE: i64 = 15;
const TWICE: i64 = 200;
const LEFT_EMPTY: i64 = 25;
const OUT_OF_ORDER: i64 = 12;
const OUT_OF_ALPHABET: i64 = 20;
const RULED_OUT: i64 = 10;
const IN_SCALAR: i64 = 80;
const BESIDE_ITEMS: i64 = 60;
const AGAINST_MARK: i64 = 500;
const CLOSES: i64 = 1;
const OPENS_ITEMS: i64 = -30;
// Where no sample shows anything of the message: seven times the logarithm of how unlikely each is, roughly.
const ITEMS_LEFT_EMPTY: i64 = 150;
const UNSEEN_LEFT_EMPTY: i64 = 6;
const UNSEEN_CLOSES: i64 = 10;
const UNSEEN_OUTSIDE: i64 = 6;
const UNSEEN_INSIDE: i64 = 2;
const OUTERMOST_ELSEWHERE: i64 = 15;
const OUTERMOST: i64 = 45;
const OF_SHAPE: i64 = -40;
const NOT_OF_SHAPE: i64 = 60;
const OUT_OF_ITEMS_ORDER: i64 = 30;
const OTHER_CASE: i64 = 25;

/// What readings share: chains of entries, each with the place of the one before it.
#[derive(Default)]
struct Chains {
    /// Names that a level already has.
    seen: Vec<(u64, Option<usize>)>,
    /// Depths of the rows.
    steps: Vec<(usize, Option<usize>)>,
}

/// An open container.
#[derive(Clone)]
struct Level<'j> {
    row: Option<usize>,
    sample: Option<&'j Map<String, Json>>,
    seen: Option<usize>,
    last: Option<usize>,
    sorted: bool,
    children: usize,
    /// What it costs to close it without fields.
    empty: i64,
    /// What each field in it costs.
    inside: i64,
    /// Whether its first row opened its items, where all further fields belong.
    items: bool,
}

struct Reading<'j> {
    open: Vec<Level<'j>>,
    cost: i64,
    steps: Option<usize>,
}

/// Sets each draft's depth.
pub(super) fn place(flat: &mut [Draft], known: Known<'_>) {
    let sample = known.sample;
    let table = Rows::of(flat, known);
    let root = Level {
        row: None,
        sample: sample.and_then(object_of),
        seen: None,
        last: None,
        sorted: true,
        children: 0,
        empty: 0,
        inside: 0,
        items: false,
    };
    let mut chains = Chains::default();
    let mut readings = vec![Reading { open: vec![root], cost: 0, steps: None }];
    for row in 0..flat.len() {
        readings = step(&readings, row, &table, &mut chains);
    }
    let closing = |reading: &Reading<'_>| reading.cost + reading.open.iter().map(left_empty).sum::<i64>();
    let mut at = readings.into_iter().min_by_key(closing).and_then(|reading| reading.steps);
    for draft in flat.iter_mut().rev() {
        let Some((depth, before)) = at.and_then(|at| chains.steps.get(at)) else { return };
        (draft.depth, at) = (*depth, *before);
    }
}

/// A table's rows, and what holds of all of them.
struct Rows<'d> {
    flat: &'d [Draft],
    /// What all samples of the run show.
    shapes: &'d Shapes<'d>,
    /// Readings kept.
    kept: usize,
    /// Whether one mark stands in front of every row that is part of another, however deep.
    marked: bool,
    /// Whether names mostly follow the alphabet.
    alphabetical: bool,
    /// Whether capitals go before all small letters, as `ISP` before `Image`.
    capitals_first: bool,
    /// Whether a further row has the name of the row at that place.
    again: Vec<bool>,
    known: Known<'d>,
}

impl<'d> Rows<'d> {
    fn of(flat: &'d [Draft], known: Known<'d>) -> Self {
        let pairs = || flat.iter().zip(flat.iter().skip(1)).filter(|(_, after)| !after.field.name.is_empty());
        let rising = pairs().filter(|(a, b)| lower(a) <= lower(b)).count();
        let rising_by_bytes = pairs().filter(|(a, b)| a.field.name <= b.field.name).count();
        let capitals_first = rising_by_bytes > rising;
        let rising = rising.max(rising_by_bytes);
        let mut later = HashSet::new();
        let mut again: Vec<bool> = flat.iter().rev().map(|draft| !later.insert(draft.field.name.as_str())).collect();
        again.reverse();
        Self {
            flat,
            shapes: known.shapes,
            kept: if flat.len() > LONG { 1 } else { KEPT },
            marked: flat.iter().any(|draft| draft.depth > 0),
            alphabetical: flat.len() > 5 && rising * 100 >= pairs().count() * 68,
            capitals_first,
            again,
            known,
        }
    }

    /// Whether a name follows the last one of its level in the alphabet.
    fn ordered(&self, level: &Level<'_>, draft: &Draft) -> bool {
        let last = level.last.and_then(|last| self.flat.get(last));
        last.is_none_or(|last| {
            if self.capitals_first { last.field.name <= draft.field.name } else { lower(last) <= lower(draft) }
        })
    }

    /// Whether no sample shows anything of the message.
    fn unseen(&self) -> bool {
        self.known.sample.is_none()
    }

    /// Whether the next row's mark says that it is part of this one.
    fn holds_next(&self, row: usize) -> bool {
        let depth = |row: usize| self.flat.get(row).map_or(0, |draft| draft.depth);
        self.marked && depth(row + 1) > depth(row)
    }
}

fn lower(draft: &Draft) -> String {
    draft.field.name.to_lowercase()
}

/// The cheapest readings of the rows up to this one, one for each set of open containers.
fn step<'j>(readings: &[Reading<'j>], row: usize, table: &Rows<'j>, chains: &mut Chains) -> Vec<Reading<'j>> {
    let mut costs: Vec<(i64, &Reading<'j>, usize)> = Vec::new();
    for reading in readings {
        let depths = 0..reading.open.len();
        costs.extend(depths.filter_map(|depth| Some((cost(reading, depth, row, table, chains)?, reading, depth))));
    }
    costs.sort_by_key(|(cost, _, _)| *cost);
    let mut next: Vec<Reading<'j>> = Vec::new();
    for (cost, reading, depth) in costs {
        let open = reading.open.get(..=depth).unwrap_or_default();
        let same = |other: &Reading<'_>| {
            let others = other.open.iter().map(|level| level.row).filter(|other| *other != Some(row));
            others.eq(open.iter().map(|level| level.row))
        };
        if !next.iter().any(same) {
            next.extend(placed(reading, depth, row, cost, table, chains));
        }
        if next.len() == table.kept {
            break;
        }
    }
    next
}

fn left_empty(level: &Level<'_>) -> i64 {
    if level.children == 0 { level.empty } else { 0 }
}

/// FNV-1a; names are compared by it alone, since a reading is a guess anyway.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a sample's object has of that name: its own, that of its items, or that of a name's first part.
pub(super) fn find<'j>(sample: &'j Map<String, Json>, name: &str) -> Option<&'j Json> {
    let own = |sample: &'j Map<String, Json>| {
        sample.get(name).or_else(|| name.split_once('.').and_then(|(first, _)| sample.get(first)))
    };
    own(sample).or_else(|| {
        let only = sample.values().next().filter(|_| sample.len() == 1)?;
        object_of(only).and_then(own)
    })
}

/// Whether a row opens the items of the container it stands in: it has the name of their schema, or nothing but a name.
pub(super) fn names_items(draft: &Draft, parent: &Draft) -> bool {
    let of_schema = parent.schema.as_ref().is_some_and(|schema| schema.eq_ignore_ascii_case(&draft.field.name));
    let bare = draft.field.kind == Type::Any && draft.field.description.is_none() && draft.field.example.is_none();
    of_schema && matches!(draft.field.kind, Type::Any | Type::Object | Type::Array)
        || bare && parent.field.kind == Type::Array
}

/// What it costs to put a row into the container at this depth.
fn cost(reading: &Reading<'_>, depth: usize, row: usize, table: &Rows<'_>, chains: &Chains) -> Option<i64> {
    let draft = table.flat.get(row)?;
    let level = reading.open.get(depth)?;
    let closed = reading.open.get(depth + 1..)?;
    // `Regions`, shown as `{"Region": ["a"]}`, has a row for its plain items by their name.
    let sole = level.sample.is_some_and(|sample| sample.len() == 1 && sample.contains_key(&draft.field.name));
    let inside = if sole { 0 } else { level.inside } + if level.items { BESIDE_ITEMS } else { 0 };
    let close = |level: &Level<'_>| match (table.unseen(), level.children) {
        (true, 1..) => UNSEEN_CLOSES,
        _ => CLOSES + left_empty(level),
    };
    let mut cost = reading.cost + inside + closed.iter().map(close).sum::<i64>();
    let shown = level.sample.is_some_and(|sample| find(sample, &draft.field.name).is_some());
    if table.marked && (draft.depth > 0) != (depth > 0) {
        cost += AGAINST_MARK;
    }
    if opens_items(level, draft, table.flat) {
        cost += OPENS_ITEMS;
    } else if !shown {
        cost += if level.sample.is_some() { NOT_IN_SAMPLE } else { NO_SAMPLE };
        let elsewhere = |level: &Level<'_>| level.sample.is_some_and(|sample| sample.contains_key(&draft.field.name));
        if reading.open.iter().any(|level| elsewhere(level) && !has(level, hash(&draft.field.name), chains)) {
            let again = table.again.get(row).copied().unwrap_or_default();
            cost += if again { ELSEWHERE } else { LAST_ELSEWHERE };
        }
        let container = level.row.and_then(|row| table.flat.get(row));
        if container.is_some_and(|container| table.shapes.rules_out(&container.field.name, &draft.field.name)) {
            cost += RULED_OUT;
        }
    }
    if has(level, hash(&draft.field.name), chains) {
        cost += TWICE;
    }
    if table.unseen() {
        cost += habit(level, draft, table);
    }
    let rising = table.alphabetical && level.row.is_some();
    if !table.unseen() && (level.sorted || rising) && !table.ordered(level, draft) {
        cost += match (rising, level.children) {
            (true, _) => OUT_OF_ALPHABET,
            (false, 0..=1) => 0,
            (false, _) => OUT_OF_ORDER,
        };
    }
    Some(cost)
}

/// What it costs to put a row into an object that no sample shows: by the vendor's habits, and those of documents, which
/// list an object's fields by name and in one way of writing.
fn habit(level: &Level<'_>, draft: &Draft, table: &Rows<'_>) -> i64 {
    let row = |row: Option<usize>| row.and_then(|row| table.flat.get(row));
    let Some(parent) = row(level.row) else { return UNSEEN_OUTSIDE };
    let (known, name) = (table.known, draft.field.name.as_str());
    let outermost = match (known.habits.is_outermost(name), known.outermost.knows(name)) {
        (true, _) => OUTERMOST,
        (_, true) => OUTERMOST_ELSEWHERE,
        _ => UNSEEN_INSIDE,
    };
    let shape = match known.habits.holds(&parent.field.name, name) {
        Some(true) => return OF_SHAPE,
        Some(false) => NOT_OF_SHAPE,
        None => 0,
    };
    let Some(last) = row(level.last) else { return shape + outermost };
    let small = |draft: &Draft| draft.field.name.starts_with(|c: char| c.is_ascii_lowercase());
    let order = if rises(last, draft) { 0 } else { OUT_OF_ITEMS_ORDER };
    let case = if small(last) == small(draft) { 0 } else { OTHER_CASE };
    shape + outermost + order + case
}

fn opens_items(level: &Level<'_>, draft: &Draft, flat: &[Draft]) -> bool {
    let parent = level.row.and_then(|row| flat.get(row));
    level.children == 0 && parent.is_some_and(|parent| names_items(draft, parent))
}

/// Whether a row is the only entry that the sample shows of the container, which holds others.
fn is_sole(level: &Level<'_>, draft: &Draft) -> bool {
    level.sample.is_some_and(|sample| {
        sample.len() == 1 && sample.get(&draft.field.name).is_some_and(|inner| object_of(inner).is_some())
    })
}

/// Whether a name follows another, with capitals before small letters or regardless of case.
fn rises(last: &Draft, draft: &Draft) -> bool {
    last.field.name <= draft.field.name || lower(last) <= lower(draft)
}

/// The reading with the row in the container at this depth.
fn placed<'j>(
    reading: &Reading<'j>,
    depth: usize,
    row: usize,
    cost: i64,
    table: &Rows<'j>,
    chains: &mut Chains,
) -> Option<Reading<'j>> {
    let flat = table.flat;
    let draft = flat.get(row)?;
    let mut open = reading.open.get(..=depth)?.to_vec();
    let here = open.last_mut()?;
    let shown = here.sample.and_then(|sample| find(sample, &draft.field.name));
    let items = opens_items(here, draft, flat);
    let sample = if items && shown.is_none() { here.sample } else { shown.and_then(telling) };
    let others = || table.shapes.of(&draft.field.name, flat.get(row + 1..)?).and_then(telling);
    let sample = sample.or_else(|| others().filter(|_| draft.may_hold()));
    chains.seen.push((hash(&draft.field.name), here.seen));
    here.seen = Some(chains.seen.len() - 1);
    here.sorted &= table.ordered(here, draft);
    here.last = Some(row);
    here.items |= items || here.row.is_some() && shown.is_some() && is_sole(here, draft);
    here.children += 1;
    if open.len() < DEPTH && (may_hold(draft, sample.is_some()) || table.holds_next(row)) {
        let mut level = opened(draft, row, shown, sample);
        if table.unseen() {
            level.empty = level.empty.min(if draft.items_row.is_some() { ITEMS_LEFT_EMPTY } else { UNSEEN_LEFT_EMPTY });
        }
        open.push(level);
    }
    chains.steps.push((depth, reading.steps));
    Some(Reading { open, cost, steps: Some(chains.steps.len() - 1) })
}

/// Whether a row may have fields: by its type, or because the sample shows some.
fn may_hold(draft: &Draft, shown: bool) -> bool {
    shown || draft.is_container() || draft.field.kind == Type::Any && draft.field.example.is_none()
}

fn opened<'j>(draft: &Draft, row: usize, shown: Option<&'j Json>, sample: Option<&'j Map<String, Json>>) -> Level<'j> {
    // A list of plain values, bare or below its items' name.
    let plain = |value: &Json| match value {
        Json::Array(items) => items.first().is_some_and(|item| !item.is_object() && !item.is_array()),
        _ => false,
    };
    let scalars = shown.is_some_and(|shown| plain(shown) || sole_entry(shown).is_some_and(|(_, inner)| plain(inner)));
    let said = matches!(draft.field.kind, Type::Object | Type::Array | Type::Map);
    let (empty, inside) = match (scalars, said, sample.is_some()) {
        _ if draft.items_row.is_some() && shown.is_none() => (ITEMS_LEFT_EMPTY, 0),
        (true, _, _) => (0, IN_SCALAR),
        (false, _, true) => (LEFT_EMPTY, 0),
        (false, true, false) if draft.field.example.as_ref().is_some_and(|value| !is_sentence(value)) => (0, IN_SCALAR),
        (false, true, false) => (if shown.is_some_and(is_plain) { 0 } else { LEFT_EMPTY }, 0),
        (false, false, false) => (0, if shown.is_some_and(is_plain) { IN_SCALAR } else { 0 }),
    };
    Level { row: Some(row), sample, seen: None, last: None, sorted: true, children: 0, empty, inside, items: false }
}

/// Whether an example is prose that lost its own cell.
fn is_sentence(text: &str) -> bool {
    text.ends_with(['.', '。', ':', '：'])
}

fn is_plain(value: &Json) -> bool {
    matches!(value, Json::Bool(_) | Json::Number(_)) || value.as_str().is_some_and(|text| !text.is_empty())
}

/// The object a value shows, unless all it holds is a list without items, which tells nothing of what they hold.
fn telling(value: &Json) -> Option<&Map<String, Json>> {
    let empty = |value: &Json| value.as_array().is_some_and(Vec::is_empty);
    object_of(value).filter(|entries| entries.len() != 1 || !entries.values().any(empty))
}

fn has(level: &Level<'_>, name: u64, chains: &Chains) -> bool {
    let mut here = level.seen;
    for _ in 0..COMPARED {
        let Some((seen, before)) = here.and_then(|at| chains.seen.get(at)) else { return false };
        if *seen == name {
            return true;
        }
        here = *before;
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::asked::Asked;
    use super::super::habits::Habits;
    use super::super::outermost::{Outermost, OutermostNames};
    use super::super::shapes::SampleShapes;
    use super::*;
    use crate::spec::Field;

    fn draft(name: &str, kind: Type, schema: Option<&str>) -> Draft {
        let field = Field { name: name.to_owned(), kind, ..Field::default() };
        Draft { field, schema: schema.map(str::to_owned), ..Draft::default() }
    }

    fn depths(mut flat: Vec<Draft>, sample: Option<&Json>) -> Vec<usize> {
        let (all, names, asked, habits) =
            (SampleShapes::default(), OutermostNames::default(), Asked::default(), Habits::default());
        let (shapes, outermost) = (Shapes::new(&all, &asked), Outermost::new(&names, &asked));
        place(&mut flat, Known { sample, answer: true, shapes: &shapes, habits: &habits, outermost: &outermost });
        flat.iter().map(|draft| draft.depth).collect()
    }

    #[test]
    fn rows_go_where_the_sample_has_them() {
        let sample = json!({"Items": {"Item": [{"Id": "", "Tags": {"Tag": [{"Key": ""}]}, "Zone": ""}]}, "Total": 1});
        let flat = vec![
            draft("Items", Type::Array, Some("Item")),
            draft("Item", Type::Any, None),
            draft("Id", Type::String, None),
            draft("Tags", Type::Array, Some("Tag")),
            draft("Tag", Type::Any, None),
            draft("Key", Type::String, None),
            draft("Zone", Type::String, None),
            draft("Total", Type::Integer, None),
        ];
        assert_eq!(depths(flat, Some(&sample)), [0, 1, 2, 2, 3, 4, 2, 0]);
    }

    #[test]
    fn a_name_that_would_stand_twice_closes_its_object() {
        let flat = vec![
            draft("A", Type::Object, None),
            draft("Key", Type::String, None),
            draft("B", Type::Object, None),
            draft("Key", Type::String, None),
        ];
        let sample = json!({"A": {"Key": ""}, "B": {"Key": ""}});
        assert_eq!(depths(flat, Some(&sample)), [0, 1, 0, 1]);
    }
}
