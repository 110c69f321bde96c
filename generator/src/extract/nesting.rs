//! Which field is part of which: by dots, by indentation, by unnamed rows, and by what the sample shows.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value as Json;

use super::draft::Draft;
use super::habits::Habits;
use super::outermost::Outermost;
use super::shapes::Shapes;
use crate::provenance::Certainty;
use crate::spec::{Field, Required, Type};

/// How deep fields may nest; what lies deeper stays where it is.
const DEPTH: usize = 24;

/// What is known of a message besides its table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'k> {
    pub(crate) sample: Option<&'k Json>,
    /// Whether the message is an answer, all of which its samples show.
    pub(crate) answer: bool,
    /// What all samples of the run show.
    pub(crate) shapes: &'k Shapes<'k>,
    pub(crate) habits: &'k Habits,
    /// What the run's other pages have outside of objects.
    pub(crate) outermost: &'k Outermost<'k>,
}

/// Nests the rows of a table that holds a whole message; a dot in a name parts it.
pub(crate) fn nest(flat: Vec<Draft>, known: Known<'_>) -> Vec<Draft> {
    let mut flat = with_items(flat);
    let sample = known.sample.map(|sample| if known.answer { below_root(sample, &flat) } else { sample });
    let known = Known { sample, ..known };
    let shapes = known.shapes;
    let indented = flat.iter().any(|draft| draft.depth > 0);
    let dotted = flat.iter().any(|draft| is_dotted(&draft.field.name));
    let unnamed = flat.iter().any(|draft| draft.field.name.is_empty());
    let typed = flat.iter().any(|draft| draft.field.kind != Type::Any);
    let containers = flat.iter().any(|draft| draft.is_container() || typed && draft.field.kind == Type::Any)
        || sample.and_then(super::witness::object_of).is_some_and(|sample| {
            flat.iter()
                .any(|draft| sample.get(&draft.field.name).is_some_and(|shown| shown.is_object() || shown.is_array()))
        });
    // One mark a row, or as many as the row is deep.
    let deep = flat.iter().any(|draft| draft.depth > 1);
    let spelt_out = dotted && !indented && spelt_out(&flat);
    let stated = spelt_out || indented && (unnamed || deep || sample.is_none()) || !containers && !unnamed;
    for draft in &mut flat {
        // One mark for all depths tells what is inside, and not where.
        draft.inferred = !stated && (!indented || draft.depth > 0);
    }
    let mut nested = if spelt_out {
        by_dots(flat)
    } else if indented && !unnamed && !deep && sample.is_some() {
        by_cost(flat, known)
    } else if indented {
        settled(by_depth(flat), sample, shapes)
    } else if dotted && !containers {
        by_dots(flat)
    } else if containers && !unnamed {
        best_shown(by_cost(flat.clone(), known), flat, sample)
    } else if sample.is_none() && unnamed {
        by_cost(flat.into_iter().filter(|draft| !draft.field.name.is_empty()).collect(), known)
    } else if unnamed || containers {
        by_sample(flat, sample)
    } else {
        flat
    };
    if let Some(sample) = sample.filter(|_| known.answer) {
        super::settling::lift(&mut nested, sample, 0);
    }
    nested
}

/// Whether every name says where it belongs: each dotted one goes on from another row's whole name, and each object has
/// such fields.
fn spelt_out(flat: &[Draft]) -> bool {
    let plain = |name: &str| name.split('.').filter(|part| !is_index(part)).collect::<Vec<_>>().join(".");
    let names: BTreeSet<String> = flat.iter().map(|draft| plain(&draft.field.name)).collect();
    let owners: BTreeSet<&str> = names.iter().filter_map(|name| Some(name.rsplit_once('.')?.0)).collect();
    let objects = flat.iter().filter(|draft| draft.field.kind == Type::Object);
    owners.iter().all(|owner| names.contains(*owner))
        && objects.map(|draft| plain(&draft.field.name)).all(|name| owners.contains(name.as_str()))
}

/// Rows without a name, below a list or map, say what its items are: those of plain values go into the row above, those
/// of objects mark it as one whose fields follow.
fn with_items(flat: Vec<Draft>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::with_capacity(flat.len());
    // Whether the last row is a list or map, or an unnamed row for the items of one.
    let mut open = false;
    for draft in flat {
        if !draft.field.name.is_empty() {
            open = matches!(draft.field.kind, Type::Array | Type::Map);
            out.push(draft);
            continue;
        }
        let above = out.iter_mut().rfind(|above| !above.field.name.is_empty()).filter(|_| open);
        let Some(above) = above else {
            out.push(draft);
            continue;
        };
        if matches!(draft.field.kind, Type::Object | Type::Array | Type::Map) {
            above.items_row = Some(draft.span);
            open = draft.field.kind != Type::Object;
            out.push(draft);
        } else if let Some(item) = innermost(&mut above.field) {
            item.kind = draft.field.kind;
            item.format = draft.field.format;
            above.items_row = None;
            open = false;
        }
    }
    out
}

/// The items of a list or map, of a list of lists the innermost ones', where nothing says that they are objects.
fn innermost(field: &mut Field) -> Option<&mut Field> {
    let mut holder = field;
    for _ in 0..4 {
        if !matches!(holder.kind, Type::Array | Type::Map) {
            break;
        }
        holder = &mut **holder.items.get_or_insert_default();
    }
    (holder.kind != Type::Object).then_some(holder)
}

/// Nests rows some of which have the fields that another table lists, in a message told by dots or by its samples.
pub(crate) fn nest_told(flat: Vec<Draft>, sample: Option<&Json>, shapes: &Shapes) -> Vec<Draft> {
    settled(flat, sample, shapes)
}

/// A name without the number at its end: `Configuration` of `Configuration.N`.
pub(crate) fn unnumbered(name: &str) -> &str {
    name.rsplit_once('.').filter(|(_, number)| is_index(number)).map_or(name, |(name, _)| name)
}

/// Nests the rows of a vendor that gives each object a table of its own: a table's rows are siblings, unless marks or
/// unnamed rows say otherwise.
pub(crate) fn nest_linked(mut flat: Vec<Draft>, sample: Option<&Json>) -> Vec<Draft> {
    if flat.iter().any(|draft| draft.depth > 0) {
        by_depth(flat)
    } else if flat.iter().any(|draft| draft.field.name.is_empty() || draft.is_container()) {
        for draft in &mut flat {
            draft.inferred = true;
        }
        by_sample(flat, sample)
    } else {
        flat
    }
}

/// The answer below a root that no row names and that holds most of what rows do name.
pub(super) fn below_root<'j>(sample: &'j Json, flat: &[Draft]) -> &'j Json {
    let Some(entries) = super::witness::object_of(sample) else { return sample };
    let rows = |key: &str| flat.iter().any(|draft| draft.field.name == key);
    let root = entries.iter().find(|(key, value)| {
        let named = |value: &Json| flat.iter().filter(|draft| value.get(&draft.field.name).is_some()).count();
        value.is_object() && !rows(key) && named(value) > 1 && named(value) >= named(sample)
    });
    root.map_or(sample, |(_, value)| value)
}

/// Rows read by cost, unless that puts fields where the sample has none and reading the rows one by one does not.
fn best_shown(by_cost: Vec<Draft>, flat: Vec<Draft>, sample: Option<&Json>) -> Vec<Draft> {
    let Some(sample) = sample.filter(|sample| misplaced(&by_cost, Some(sample), 0) > 0) else { return by_cost };
    let row_by_row = by_sample(flat, Some(sample));
    if misplaced(&row_by_row, Some(sample), 0) == 0 { row_by_row } else { by_cost }
}

/// How many fields stand where the sample has none of their name, or beside one of their name.
fn misplaced(drafts: &[Draft], sample: Option<&Json>, depth: usize) -> usize {
    if depth > DEPTH {
        return 0;
    }
    let entries = sample.and_then(super::witness::object_of);
    let mut names = HashSet::new();
    let mut count = 0;
    for draft in drafts {
        let shown = entries.and_then(|entries| entries.get(&draft.field.name));
        let twice = !names.insert(draft.field.name.as_str());
        count += usize::from(shown.is_none() || twice) + misplaced(&draft.children, shown, depth + 1);
    }
    count
}

/// Rows whose nesting the page lost, all of them named.
fn by_cost(mut flat: Vec<Draft>, known: Known<'_>) -> Vec<Draft> {
    super::placing::place(&mut flat, known);
    settled(by_depth(flat), known.sample, known.shapes)
}

/// Nested rows, held against the sample: lists told from objects, wrappers put in, dots taken apart.
fn settled(mut drafts: Vec<Draft>, sample: Option<&Json>, shapes: &Shapes) -> Vec<Draft> {
    super::settling::settle(&mut drafts, sample.and_then(super::witness::object_of), shapes, 0);
    undotted(drafts, 0)
}

fn undotted(mut drafts: Vec<Draft>, depth: usize) -> Vec<Draft> {
    if depth < DEPTH {
        for draft in &mut drafts {
            draft.children = undotted(std::mem::take(&mut draft.children), depth + 1);
        }
    }
    if drafts.iter().any(|draft| is_dotted(&draft.field.name)) { by_dots(drafts) } else { drafts }
}

/// Whether a name has parts: `Tag.N.Key`, not `a.b` of a version or a file.
fn is_dotted(name: &str) -> bool {
    name.split('.').count() > 1 && name.split('.').all(|part| !part.is_empty())
}

fn by_depth(flat: Vec<Draft>) -> Vec<Draft> {
    let mut open: Vec<(usize, Draft)> = Vec::new();
    let mut done = Vec::new();
    for draft in flat.into_iter().filter(|draft| !draft.field.name.is_empty()) {
        while open.last().is_some_and(|(depth, _)| *depth >= draft.depth) {
            close(&mut open, &mut done);
        }
        open.push((draft.depth, draft));
    }
    while !open.is_empty() {
        close(&mut open, &mut done);
    }
    done
}

fn close(open: &mut Vec<(usize, Draft)>, done: &mut Vec<Draft>) {
    let Some((_, draft)) = open.pop() else { return };
    match open.last_mut() {
        Some((_, parent)) => parent.children.push(draft),
        None => done.push(draft),
    }
}

fn is_index(part: &str) -> bool {
    matches!(part, "n" | "N" | "m" | "M" | "#" | "*" | "{n}" | "{N}")
        || (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn by_dots(flat: Vec<Draft>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for mut draft in flat.into_iter().filter(|draft| !draft.field.name.is_empty()) {
        let name = std::mem::take(&mut draft.field.name);
        let parts: Vec<&str> = name.split('.').collect();
        let names = parts.iter().filter(|part| !is_index(part)).count();
        if names == 0 || parts.len() > DEPTH || parts.iter().any(|part| part.is_empty()) {
            draft.field.name.clone_from(&name);
            out.push(draft);
            continue;
        }
        place(&mut out, &parts, draft);
    }
    out
}

/// The fields of the parent of that name, which is made where no row has it.
fn below<'l>(level: &'l mut Vec<Draft>, name: &str, indexed: bool, draft: &Draft) -> Option<&'l mut Vec<Draft>> {
    let at = level.iter().position(|known| known.field.name == name).unwrap_or_else(|| {
        let mut parent = Draft { span: draft.span, ..Draft::default() };
        name.clone_into(&mut parent.field.name);
        parent.field.kind = if indexed { Type::Array } else { Type::Object };
        parent.field.required =
            if draft.may_be_none { draft.field.required.map(|_| Required::No) } else { draft.field.required };
        let mark = |key| super::draft::Mark {
            key,
            span: draft.span,
            rule: "dotted-name",
            certainty: Certainty::Likely,
            losers: Vec::new(),
        };
        parent.marks = vec![mark("name".into()), mark("type".into())];
        if parent.field.required.is_some() {
            // A list whose items must have a key may be left out as a whole.
            parent.mark("required", draft.span, "required-of-parts", Certainty::Doubtful);
        }
        level.push(parent);
        level.len() - 1
    });
    let parent = level.get_mut(at)?;
    if indexed && parent.field.kind != Type::Array {
        parent.field.kind = Type::Array;
    }
    Some(&mut parent.children)
}

/// Puts a draft below the parents its name's parts spell, which are made where no row has them.
fn place(level: &mut Vec<Draft>, parts: &[&str], mut draft: Draft) {
    let Some((first, rest)) = parts.split_first() else { return };
    let indexed = rest.first().is_some_and(|part| is_index(part));
    let rest = if indexed { rest.get(1..).unwrap_or_default() } else { rest };
    if rest.is_empty() {
        (*first).clone_into(&mut draft.field.name);
        if indexed && draft.field.kind != Type::Array {
            // `SecurityIPList.N` of type string: a list of strings.
            let item = Field { kind: draft.field.kind, format: draft.field.format.take(), ..Field::default() };
            draft.field.kind = Type::Array;
            draft.field.items = Some(Box::new(item));
        }
        match level.iter_mut().find(|known| known.field.name == draft.field.name) {
            Some(known) if !known.children.is_empty() => {
                draft.children = std::mem::take(&mut known.children);
                *known = draft;
            }
            Some(_) => {}
            None => level.push(draft),
        }
        return;
    }
    if let Some(children) = below(level, first, indexed, &draft) {
        place(children, rest, draft);
    }
}

/// An open container while rows are placed one after the other.
struct Open<'j> {
    draft: Draft,
    sample: Option<&'j Json>,
    /// Whether an unnamed row for its items has been met.
    opened: bool,
    /// Whether only the sample shows it so far.
    implied: bool,
}

/// Sets a container's kind by its sample, where the row says nothing or calls an object a list.
fn settle_kind(draft: &mut Draft, value: Option<&Json>) {
    let kind = match (draft.field.kind, value) {
        (Type::Any, Some(Json::Array(items))) if items.first().is_some_and(Json::is_object) => Type::Array,
        (Type::Any | Type::Array, Some(Json::Object(_))) => Type::Object,
        _ => return,
    };
    draft.field.kind = kind;
    draft.field.items = None;
    draft.mark("type", draft.span, "type-from-sample", Certainty::Likely);
}

/// `Items`, an `Array of Item`, is `{"Item": […]}` on the wire: the list is the schema's name, which may have no row.
fn wrapper<'j>(draft: &Draft, value: Option<&'j Json>) -> Option<Open<'j>> {
    let schema = draft.schema.as_deref()?;
    let Some(Json::Object(entries)) = value else { return None };
    let list = entries.get(schema).filter(|list| list.is_array() && entries.len() == 1)?;
    let mut inner = Draft { span: draft.span, ..Draft::default() };
    schema.clone_into(&mut inner.field.name);
    inner.field.kind = Type::Array;
    inner.mark("name", draft.span, "wrapper-from-sample", Certainty::Likely);
    inner.mark("type", draft.span, "wrapper-from-sample", Certainty::Likely);
    if let Some(item) = list.get(0).filter(|item| !item.is_object()) {
        let kind = if item.is_string() { Type::String } else { Type::Any };
        inner.field.items = Some(Box::new(Field { kind, ..Field::default() }));
    }
    Some(Open { draft: inner, sample: list.get(0).filter(|item| item.is_object()), opened: false, implied: true })
}

/// Rows whose nesting the page lost: a row belongs to the deepest open container whose sample has its name; where there
/// is no sample, to the one an unnamed row opened, as long as names go on in their order.
fn by_sample(flat: Vec<Draft>, sample: Option<&Json>) -> Vec<Draft> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut out: Vec<Draft> = Vec::new();
    let root = sample.map(first_object);
    let small: Vec<bool> =
        flat.iter().map(|draft| draft.field.name.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    for (at, mut draft) in flat.into_iter().enumerate() {
        if draft.field.name.is_empty() {
            if let Some(last) = open.last_mut() {
                last.opened = true;
            }
            continue;
        }
        // The wrapper that the sample showed has a row of its own after all.
        if let Some(last) = open.last_mut().filter(|last| last.implied && last.draft.field.name == draft.field.name) {
            last.implied = false;
            if draft.field.description.is_some() {
                last.draft.field.description = draft.field.description.take();
                last.draft.marks.extend(draft.marks.into_iter().filter(|mark| mark.key == "description"));
            }
            continue;
        }
        let name = draft.field.name.as_str();
        let depth = deepest(&open, &out, root, name);
        while open.len() > depth {
            shut(&mut open, &mut out);
        }
        let around = open.last().map_or(root, |parent| parent.sample);
        let value = around.and_then(|sample| sample.get(name));
        settle_kind(&mut draft, value);
        let inner = value.map(first_object).filter(|sample| sample.is_object());
        if draft.is_container() && open.len() < DEPTH {
            let wrapped = wrapper(&draft, value);
            // Fields written in another case than the object in front of them are its own.
            let other_case = small.get(at + 1).is_some_and(|next| *next && small.get(at) == Some(&false));
            open.push(Open { draft, sample: inner, opened: other_case && inner.is_none(), implied: false });
            open.extend(wrapped);
        } else if let Some(parent) = open.last_mut() {
            parent.draft.children.push(draft);
        } else {
            out.push(draft);
        }
    }
    while !open.is_empty() {
        shut(&mut open, &mut out);
    }
    out
}

/// How many containers stay open for a row of this name.
fn deepest(open: &[Open<'_>], out: &[Draft], root: Option<&Json>, name: &str) -> usize {
    let has = |drafts: &[Draft]| drafts.iter().any(|known| known.field.name == name);
    for depth in (1..=open.len()).rev() {
        let Some(container) = open.get(depth - 1) else { continue };
        let below = open.get(depth).is_some_and(|child| child.draft.field.name == name);
        if has(&container.draft.children) || below {
            continue;
        }
        if let Some(sample) = container.sample {
            if sample.get(name).is_some() {
                return depth;
            }
            continue;
        }
        // A name the root's sample has is not an item's.
        let mut outside = open.get(..depth - 1).unwrap_or_default().iter().filter_map(|o| o.sample).chain(root);
        if outside.any(|sample| sample.get(name).is_some()) {
            continue;
        }
        let last = container.draft.children.last();
        let small = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
        let ordered =
            last.is_none_or(|last| last.field.name.as_str() <= name && small(&last.field.name) == small(name));
        if container.opened && ordered {
            return depth;
        }
    }
    // No sample has it: it stays beside the row before it, unless that level has it already.
    let known_outside = root.is_none_or(|root| root.get(name).is_some());
    let repeated = has(out);
    if known_outside && !repeated {
        return 0;
    }
    let stays = open.iter().rposition(|container| container.sample.is_some() && !has(&container.draft.children));
    stays.map_or(0, |at| at + 1)
}

fn shut(open: &mut Vec<Open<'_>>, out: &mut Vec<Draft>) {
    let Some(closed) = open.pop() else { return };
    match open.last_mut() {
        Some(parent) => parent.draft.children.push(closed.draft),
        None => out.push(closed.draft),
    }
}

/// The object a sample shows: itself, or the first item of a list of lists.
fn first_object(sample: &Json) -> &Json {
    let mut here = sample;
    for _ in 0..DEPTH {
        match here {
            Json::Array(items) => match items.first() {
                Some(first) => here = first,
                None => break,
            },
            _ => break,
        }
    }
    here
}
