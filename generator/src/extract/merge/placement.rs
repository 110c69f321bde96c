//! Fields that pages put at different depths: saved text loses the nesting of its tables.
//!
//! Where a field stands at one place on a page and at another on another, and the one place is the other with levels
//! left out, it is the same field. The nesting of the part (the request, an answer) is then taken from one page: the one
//! whose places most pages share, else the one that nests deeper, since levels get lost and are not made up. The other
//! pages' fields move to its places, so that they are compared with their likes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Place, Tree};
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::run::ExtractedOperation;
use crate::spec::{Field, Operation, Type};

/// The fields of the answer of a status, of the request where there is none.
fn fields_of(operation: &mut Operation, status: Option<u16>) -> Option<&mut Vec<Field>> {
    let Some(status) = status else { return Some(&mut operation.request) };
    operation.responses.iter_mut().find(|response| response.status == status).map(|response| &mut response.fields)
}

/// Brings the nesting of several pages of an operation, most trusted first, into agreement.
pub(super) fn agree(pages: &mut [ExtractedOperation], diagnostics: &mut Vec<Diagnostic>) {
    let statuses: BTreeSet<u16> =
        pages.iter().flat_map(|page| page.operation.responses.iter().map(|response| response.status)).collect();
    for status in std::iter::once(None).chain(statuses.into_iter().map(Some)) {
        let path = status.map_or_else(|| "request".to_owned(), |status| format!("responses.{status}"));
        let mut trees: Vec<(usize, Tree)> = Vec::new();
        for (number, page) in pages.iter_mut().enumerate() {
            let fields = fields_of(&mut page.operation, status).filter(|fields| !fields.is_empty());
            trees.extend(fields.map(|fields| (number, Tree::new(&path, fields))));
        }
        let Some((lead, places)) = lead(&trees) else { continue };
        let (lead_page, lead_tree) = &trees[lead];
        let mut moved: Vec<(usize, Vec<Field>, BTreeMap<String, String>)> = Vec::new();
        for (number, (page, tree)) in trees.iter().enumerate() {
            let to = &places[number];
            if number == lead || to.is_empty() {
                continue;
            }
            diagnostics.push(report(&pages[*page], &pages[*lead_page], tree, lead_tree, to));
            let (fields, paths) = tree.moved(&path, to, lead_tree);
            moved.push((*page, fields, paths));
        }
        for (page, joined, paths) in moved {
            let page = &mut pages[page];
            if let Some(fields) = fields_of(&mut page.operation, status) {
                *fields = joined;
            }
            page.facts.retain_mut(|fact| rewritten(&mut fact.path, &path, &paths));
        }
    }
}

/// Gives a fact's path what its place is called now; false where the place is gone.
fn rewritten(fact: &mut String, part: &str, paths: &BTreeMap<String, String>) -> bool {
    if !fact.starts_with(part) {
        return true;
    }
    let mut above = fact.as_str();
    while above.len() > part.len() {
        if let Some(new) = paths.get(above) {
            let gone = new.is_empty();
            *fact = format!("{new}{}", &fact[above.len()..]);
            return !gone;
        }
        let Some(end) = above.rfind(['.', '[', '{']) else { break };
        above = &above[..end];
    }
    true
}

/// The tree whose nesting is believed, and where each tree's fields go by it; nothing where all agree.
fn lead(trees: &[(usize, Tree)]) -> Option<(usize, Vec<BTreeMap<Place, Place>>)> {
    let mut contested: BTreeSet<String> = BTreeSet::new();
    for (number, (_, a)) in trees.iter().enumerate() {
        for (_, b) in trees.iter().skip(number + 1) {
            contested.extend(displaced(a, b).into_keys().filter_map(|mut from| from.pop()));
        }
    }
    if contested.is_empty() {
        return None;
    }
    let mut votes: BTreeMap<&Place, usize> = BTreeMap::new();
    let of_tree = |tree: &Tree| -> Vec<Place> {
        let named = contested.iter().flat_map(|name| tree.named(name));
        named.cloned().collect()
    };
    let places: Vec<Vec<Place>> = trees.iter().map(|(_, tree)| of_tree(tree)).collect();
    for place in places.iter().flatten() {
        *votes.entry(place).or_default() += 1;
    }
    let score = |number: &usize| {
        let own = places.get(*number).map(Vec::as_slice).unwrap_or_default();
        let shared: usize = own.iter().filter_map(|place| votes.get(place)).map(|votes| votes - 1).sum();
        (Reverse(shared), Reverse(own.iter().map(Vec::len).sum::<usize>()), *number)
    };
    let lead = (0..trees.len()).min_by_key(score)?;
    let (_, believed) = &trees[lead];
    Some((lead, trees.iter().map(|(_, tree)| displaced(tree, believed)).collect()))
}

/// The fields of one tree that stand elsewhere in another, with the levels between left out or put in.
fn displaced<'t>(from: &'t Tree, to: &'t Tree) -> BTreeMap<Place, Place> {
    let only = |own: &'t Tree, other: &Tree, name: &str| -> Option<&'t Place> {
        let mut places = own.named(name).filter(|place| !other.has(place));
        let place = places.next()?;
        places.next().is_none().then_some(place)
    };
    let mut moves = BTreeMap::new();
    for name in from.names() {
        let (Some(a), Some(b)) = (only(from, to, name), only(to, from, name)) else { continue };
        if (within(a, b) || within(b, a)) && alike(from.kind(a), to.kind(b)) {
            moves.insert(a.clone(), b.clone());
        }
    }
    beside(from, to, &mut moves);
    moves
}

/// Moves what stands beside a field that moves and whose name stands beside it there too: names that a page has more than
/// once tell by their neighbours where they belong.
fn beside(from: &Tree, to: &Tree, moves: &mut BTreeMap<Place, Place>) {
    let parents: BTreeMap<Place, Place> = moves
        .iter()
        .filter_map(|(a, b)| Some((a.split_last()?.1.to_vec(), b.split_last()?.1.to_vec())))
        .filter(|(a, b)| a != b)
        .collect();
    for place in from.places() {
        let Some((name, above)) = place.split_last() else { continue };
        let Some(new) = parents.get(above).filter(|_| !to.has(place) && !moves.contains_key(place)) else { continue };
        let mut new = new.clone();
        new.push(name.clone());
        if to.has(&new) && !from.has(&new) && alike(from.kind(place), to.kind(&new)) {
            moves.insert(place.clone(), new);
        }
    }
}

/// Whether a place is another with levels left out.
fn within(short: &Place, long: &Place) -> bool {
    let mut levels = long.iter();
    short.len() < long.len() && short.iter().all(|name| levels.any(|level| level == name))
}

/// Whether two types may be readings of one field: containers are easily taken for each other.
fn alike(a: Type, b: Type) -> bool {
    let container = |kind: Type| matches!(kind, Type::Object | Type::Array | Type::Map);
    a == b || a == Type::Any || b == Type::Any || (container(a) && container(b))
}

fn report(
    page: &ExtractedOperation,
    lead: &ExtractedOperation,
    tree: &Tree,
    lead_tree: &Tree,
    moves: &BTreeMap<Place, Place>,
) -> Diagnostic {
    let file = |page: &ExtractedOperation| page.pages.first().cloned().unwrap_or_default();
    let fact = |page: &ExtractedOperation, tree: &Tree, place: Option<&Place>| {
        let path = format!("{}.name", tree.path(place?)?);
        page.facts.iter().find(|fact| fact.path == path).map(|fact| fact.span)
    };
    let (from, to) = moves.first_key_value().unzip();
    let dotted = |place: Option<&Place>| place.map(|place| place.join(".")).unwrap_or_default();
    let more = match moves.len() {
        0 | 1 => String::new(),
        more => format!(" and {} more", more - 1),
    };
    let name = &lead.operation.operation;
    let message = format!("pages of `{name}` nest `{}`{more} differently", dotted(to));
    let mut finding = Diagnostic::new("pages-nest-differently", Severity::Warning, file(lead), message);
    if let Some(span) = fact(lead, lead_tree, to) {
        finding = finding.at(span, format!("`{}`, believed", dotted(to)));
    }
    if let Some(span) = fact(page, tree, from) {
        finding = finding.related(file(page), span, format!("`{}` here", dotted(from)));
    }
    finding
        .help("compare with a sample of the answer; where the believed page is wrong, say so in the service's overlay")
}
