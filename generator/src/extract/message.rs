//! A message told by several tables: which table lists the fields of which row, by links, by numbers, by captions and by
//! what the sample shows.

use super::container_kinds::settled;
use super::draft::Draft;
use super::habits::Habits;
use super::outermost::Outermost;
use super::page::Reading;
use super::shapes::Shapes;
use super::tables::Listed;
use super::vocabulary::SectionKind;
use super::{nesting, witness};
use crate::provenance::Certainty;
use crate::spec::{Field, Location, Type};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// How deep tables may nest.
const DEPTH: usize = 16;
/// How many fields a message may have; pages whose tables link each other in circles stop here.
const FIELDS: usize = 20_000;

/// What reading a message's tables gave.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// The fields of each table that is no other's part: the table's place among those of the page, and its rows.
    pub(crate) roots: Vec<(usize, Vec<Draft>)>,
    /// The object around them that only the sample shows, and whether it is a list of such.
    pub(crate) wrapper: Option<(String, bool)>,
}

/// Reads one message: the tables of the page that `group` names, nested.
pub(crate) fn read(
    reading: &mut Reading<'_, '_, '_>,
    tables: &[Listed<'_, '_>],
    group: &[usize],
    request: bool,
    sample: Option<&Json>,
) -> Message {
    for listed in group.iter().filter_map(|at| tables.get(*at)) {
        let what = if request { "parameters" } else { "response fields" };
        reading.count_rows(listed.rows.rows, &listed.rows.unclaimed, what);
        if let Some(block) = listed.block {
            reading.claim(block);
        }
    }
    let mut nest = Nest {
        tables,
        group,
        parts: BTreeMap::new(),
        taken: BTreeSet::new(),
        dotted: reading.provider.dotted_names,
        habits: &reading.provider.habits,
        outermost: reading.outermost,
        shapes: reading.shapes,
        answer: !request,
        left: FIELDS,
    };
    nest.link();
    nest.name();
    nest.set_values_apart();
    // Where parameters travel in the query, samples wear the envelopes of their formats.
    let enveloped = reading.provider.default_location != Location::Body;
    let wrapper = if enveloped { None } else { nest.wrapper(sample) };
    let inner = match (&wrapper, sample) {
        (Some((name, _)), Some(sample)) => witness::object_of(sample).and_then(|entries| entries.get(name)),
        _ => sample,
    };
    let mut roots = Vec::new();
    for at in group {
        if !nest.taken.contains(at) {
            roots.push((*at, nest.build(*at, inner, &mut Vec::new())));
        }
    }
    Message { roots, wrapper }
}

/// How a row came to its table.
#[derive(Clone, Copy, Debug)]
struct Part {
    table: usize,
    rule: &'static str,
    certainty: Certainty,
}

struct Nest<'n, 'd, 'a> {
    tables: &'n [Listed<'d, 'a>],
    group: &'n [usize],
    /// The tables that list the fields of a row, by table and row.
    parts: BTreeMap<(usize, usize), Vec<Part>>,
    /// Tables that are part of a row.
    taken: BTreeSet<usize>,
    dotted: bool,
    habits: &'n Habits,
    outermost: &'n Outermost<'n>,
    shapes: &'n Shapes<'n>,
    /// Whether the message is an answer.
    answer: bool,
    /// How many fields may still be made.
    left: usize,
}

impl<'n> Nest<'n, '_, '_> {
    /// The rows of a table of the page.
    fn rows(&self, at: usize) -> &'n [Draft] {
        self.tables.get(at).map(|listed| listed.rows.drafts.as_slice()).unwrap_or_default()
    }

    /// Follows the rows' links and the tables' numbers, into tables of other messages too.
    fn link(&mut self) {
        let mut open: Vec<usize> = self.group.to_vec();
        let mut seen: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            for (row, draft) in self.rows(at).iter().enumerate() {
                let parts = self.linked(at, draft);
                for part in &parts {
                    // What begins the message is no part of it, whatever links back to it.
                    if self.group.first() != Some(&part.table) {
                        self.taken.insert(part.table);
                    }
                    if seen.insert(part.table) {
                        open.push(part.table);
                    }
                }
                if !parts.is_empty() {
                    self.parts.insert((at, row), parts);
                }
            }
        }
    }

    fn linked(&self, at: usize, draft: &Draft) -> Vec<Part> {
        let target = |link: &String| {
            let found = self.target(at, link)?;
            // A link copied from another page beside a table of this one that bears the row's name is a slip.
            let strange = self.tables.get(found).is_some_and(|listed| listed.block.is_none());
            let near = |other: &usize| {
                *other != at && self.tables.get(*other).is_some_and(|one| likeness(draft, &one.words) > 1)
            };
            (!strange || !self.group.iter().skip(1).any(near)).then_some(found)
        };
        let part = |table, rule, certainty| Part { table, rule, certainty };
        let says =
            |table: &usize| self.tables.get(*table).is_some_and(|listed| listed.words.contains(&draft.field.name));
        let own = |table: &usize| self.tables.get(*table).is_some_and(|listed| likeness(draft, &listed.words) > 1);
        let targets: Vec<usize> = draft.type_links.iter().filter_map(target).collect();
        if let Some(table) = targets.first() {
            // A link to another row's table beside a table that bears the row's own name is a slip.
            let mut named = self.group.iter().skip(1).filter(|other| **other != at && says(other));
            if let (Some(named), None, false) = (named.next(), named.next(), says(table)) {
                return vec![part(*named, "table-caption-over-link", Certainty::Likely)];
            }
            // Several links are several uses of one field, each with a table of its own.
            let further = targets.iter().skip(1).filter(|table| own(table));
            let all = std::iter::once(table).chain(further);
            return all.map(|table| part(*table, "table-linked-from-type", Certainty::Certain)).collect();
        }
        // A description may link to several tables of the field, and to any other table for its values.
        let targets: Vec<usize> = draft.links.iter().filter_map(target).collect();
        let mut named: Vec<usize> = targets.iter().copied().filter(own).collect();
        named.dedup();
        let flat = matches!(draft.field.kind, Type::Integer | Type::Number | Type::Boolean);
        if named.is_empty() && draft.may_hold_fields() {
            named.extend(targets.first());
        }
        if !named.is_empty() && !flat {
            let linked = |table| part(table, "table-linked-from-description", Certainty::Certain);
            return named.into_iter().map(linked).collect();
        }
        let number = draft.schema.as_deref().filter(|_| draft.may_hold_fields()).and_then(number_of);
        let numbered = |table: &&usize| {
            **table != at && self.tables.get(**table).is_some_and(|listed| number.is_some() && listed.number == number)
        };
        let table = self.group.iter().find(numbered);
        table.map(|table| part(*table, "table-number", Certainty::Likely)).into_iter().collect()
    }

    /// Gives rows without a link the table whose caption says their schema's or their own name.
    fn name(&mut self) {
        let linked = self.taken.clone();
        for at in self.group {
            for (row, draft) in self.rows(*at).iter().enumerate() {
                if self.parts.contains_key(&(*at, row)) || !draft.may_hold_fields() {
                    continue;
                }
                let mut best: Option<(u8, usize)> = None;
                for table in self.group.iter().skip(1).filter(|table| *table != at && !linked.contains(table)) {
                    let Some(listed) = self.tables.get(*table).filter(|listed| is_body(listed)) else { continue };
                    let score = likeness(draft, &listed.words);
                    if score > 0 && best.is_none_or(|(most, _)| score > most) {
                        best = Some((score, *table));
                    }
                }
                if let Some((_, table)) = best {
                    let part = Part { table, rule: "table-caption-names-field", certainty: Certainty::Likely };
                    self.parts.insert((*at, row), vec![part]);
                    self.taken.insert(table);
                }
            }
        }
    }

    /// Tables that nothing but descriptions of plain values lead to list what these may be, not further fields.
    fn set_values_apart(&mut self) {
        let mut found = Vec::new();
        for at in self.group {
            let plain = self.rows(*at).iter().filter(|row| !row.may_hold());
            let targets = plain.flat_map(|row| &row.links).filter_map(|link| self.target(*at, link));
            found.extend(targets.filter(|table| self.group.iter().skip(1).any(|other| other == table)));
        }
        self.taken.extend(found);
    }

    /// The other table that a link leads to.
    fn target(&self, at: usize, link: &str) -> Option<usize> {
        let link = link.rsplit('#').next()?.to_lowercase();
        let anchored = |listed: &Listed<'_, '_>| listed.table.anchors.iter().any(|name| name.to_lowercase() == link);
        self.tables.iter().position(anchored).filter(|table| *table != at)
    }

    /// The one key of the sample whose value, and not the sample itself, has the names that the tables list.
    fn wrapper(&self, sample: Option<&Json>) -> Option<(String, bool)> {
        let entries = witness::object_of(sample?)?;
        let names: BTreeSet<&str> = self
            .group
            .iter()
            .filter(|at| !self.taken.contains(at) && self.tables.get(**at).is_some_and(is_body))
            .flat_map(|at| self.rows(*at))
            .map(|draft| draft.field.name.as_str())
            .collect();
        if names.is_empty() || entries.keys().any(|key| names.contains(key.as_str())) {
            return None;
        }
        let mut found = entries.iter().filter(|(_, value)| {
            let known = witness::object_of(value)
                .map_or(0, |inner| inner.keys().filter(|k| names.contains(k.as_str())).count());
            known > 0 && known * 2 >= names.len().min(witness::object_of(value).map_or(0, serde_json::Map::len))
        });
        let (name, value) = found.next()?;
        found.next().is_none().then(|| (name.clone(), value.is_array()))
    }

    /// A table's rows with the fields below them; `above` are the tables that it stands in.
    fn build(&mut self, at: usize, sample: Option<&Json>, above: &mut Vec<usize>) -> Vec<Draft> {
        let rows = self.rows(at);
        if above.len() >= DEPTH || above.contains(&at) || rows.len() > self.left {
            return Vec::new();
        }
        self.left -= rows.len();
        above.push(at);
        let shown = sample.and_then(witness::object_of);
        let mut linked = false;
        let mut drafts = Vec::with_capacity(rows.len());
        for (row, known) in rows.iter().enumerate() {
            let mut draft = known.clone();
            rename(&mut draft, rows, shown);
            let value = shown.and_then(|entries| entries.get(&draft.field.name));
            let parts = match self.parts.get(&(at, row)) {
                Some(parts) => parts.clone(),
                None => self.sampled(&draft, value).into_iter().collect(),
            };
            for part in parts {
                linked = true;
                if let [entry] = self.rows(part.table)
                    && entry.any_name
                {
                    self.map(&mut draft, entry, part, value, above);
                    continue;
                }
                let value = value.map(|value| self.below_wrapper(part.table, value));
                let fields = self.build(part.table, value, above);
                let new = |field: &Draft| !draft.children.iter().any(|known| known.field.name == field.field.name);
                let fields: Vec<Draft> = fields.into_iter().filter(new).collect();
                draft.children.extend(fields);
                draft.mark("fields", draft.span, part.rule, part.certainty);
            }
            if draft.field.kind == Type::String && !value.is_some_and(|value| value.is_object() || value.is_array()) {
                // Text that holds what the table lists: on the wire it is one string.
                draft.children.clear();
            }
            if !draft.children.is_empty() && matches!(draft.field.kind, Type::String | Type::Any) {
                draft.field.kind = Type::Object;
                draft.field.format = None;
                draft.mark("type", draft.span, "object-by-its-table", Certainty::Likely);
            }
            drafts.push(draft);
        }
        above.pop();
        // Rows whose fields stand in other tables are no containers of the rows below them.
        let nested = if linked && self.dotted {
            nesting::nest_told(drafts, sample, self.shapes)
        } else if self.dotted {
            let (shapes, habits, outermost) = (self.shapes, self.habits, self.outermost);
            nesting::nest(drafts, nesting::Known { sample, answer: self.answer, shapes, habits, outermost })
        } else {
            nesting::nest_linked(drafts, sample.filter(|_| !linked))
        };
        let mut settled: Vec<Draft> = nested.into_iter().map(|draft| settled(draft, shown)).collect();
        match settled.as_mut_slice() {
            [only] if !above.is_empty() && is_skipped(only, shown) => std::mem::take(&mut only.children),
            _ => settled,
        }
    }

    /// Makes a field a map, whose entries a row without a name of its own describes.
    fn map(&mut self, draft: &mut Draft, entry: &Draft, part: Part, value: Option<&Json>, above: &mut Vec<usize>) {
        let shown = value.and_then(witness::object_of).and_then(|entries| entries.values().next());
        let below = self.parts.get(&(part.table, 0)).and_then(|parts| parts.first()).copied();
        let fields = below.map(|below| self.build(below.table, shown, above)).unwrap_or_default();
        let item = Field { kind: entry.field.kind, items: entry.field.items.clone(), ..Field::default() };
        draft.field.kind = Type::Map;
        draft.field.items = Some(Box::new(item));
        draft.children = fields;
        draft.mark("type", entry.span, "map-of-any-names", Certainty::Likely);
    }

    /// What a sample shows of the items of a list that it wraps, if a table's rows are in there and not around it.
    fn below_wrapper<'j>(&self, table: usize, value: &'j Json) -> &'j Json {
        let Some((_, inner)) = witness::sole_entry(value).filter(|_| self.dotted) else { return value };
        let shows = |value: &Json| {
            witness::object_of(value)
                .is_some_and(|entries| self.rows(table).iter().any(|row| entries.contains_key(&row.field.name)))
        };
        if shows(inner) && !shows(value) { inner } else { value }
    }

    /// A table that nothing links to, whose names the sample shows below this row.
    fn sampled(&mut self, draft: &Draft, value: Option<&Json>) -> Option<Part> {
        let value = value?;
        let table = self.group.iter().skip(1).copied().find(|table| {
            let rows = self.rows(*table);
            let Some(entries) = witness::object_of(self.below_wrapper(*table, value)) else { return false };
            let shown = rows.iter().filter(|row| entries.contains_key(&row.field.name)).count();
            !self.taken.contains(table)
                && self.tables.get(*table).is_some_and(is_body)
                && draft.may_hold_fields()
                && shown > 0
                && shown * 2 >= rows.len().min(entries.len())
        })?;
        self.taken.insert(table);
        Some(Part { table, rule: "table-from-sample", certainty: Certainty::Likely })
    }
}

/// A name in another number than the one the sample shows alone: `versions` of `{"version": …}`. The wire's counts.
fn rename(draft: &mut Draft, rows: &[Draft], shown: Option<&serde_json::Map<String, Json>>) {
    let Some(entries) = shown.filter(|entries| !entries.contains_key(&draft.field.name)) else { return };
    if !draft.is_container() {
        return;
    }
    let own = key(&draft.field.name);
    let mut alike = entries.keys().filter(|name| key(name) == own && rows.iter().all(|row| row.field.name != **name));
    if let (Some(name), None) = (alike.next(), alike.next()) {
        draft.field.name.clone_from(name);
        draft.mark("name", draft.span, "name-from-sample", Certainty::Likely);
    }
}

/// Whether a table's only row is a level that the sample does not have: its fields stand in its place.
fn is_skipped(only: &Draft, shown: Option<&serde_json::Map<String, Json>>) -> bool {
    let Some(entries) = shown.filter(|entries| !entries.contains_key(&only.field.name)) else { return false };
    let known = only.children.iter().filter(|child| entries.contains_key(&child.field.name)).count();
    known > 0 && known * 2 >= only.children.len()
}

/// Whether a table may list what a body's row holds.
fn is_body(listed: &Listed<'_, '_>) -> bool {
    !matches!(
        listed.place,
        Some(SectionKind::PathParameters | SectionKind::QueryParameters | SectionKind::HeaderParameters)
    )
}

fn number_of(schema: &str) -> Option<u32> {
    schema.split(' ').rev().find_map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok())
}

/// How well a caption's own words fit a row: by its schema, by its name, by the last part of a longer name.
fn likeness(draft: &Draft, words: &[String]) -> u8 {
    let name = key(nesting::unnumbered(&draft.field.name));
    let is = |word: &String, wanted: &str| key(word) == wanted;
    let schema = draft.schema.as_deref().map(key).filter(|schema| !schema.is_empty());
    if schema.is_some_and(|schema| words.iter().any(|word| is(word, &schema))) {
        3
    } else if words.iter().any(|word| is(word, &name)) {
        2
    } else {
        u8::from(words.iter().any(|word| word.rsplit('_').next().is_some_and(|last| key(last) == name)))
    }
}

/// A name without case, joints and number: `volumeAttachments` and `volume_attachment` are one.
fn key(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match plain.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plain.strip_suffix('s').unwrap_or(&plain).to_owned(),
    }
}
