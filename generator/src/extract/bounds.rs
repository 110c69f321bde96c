//! How large, how long and how many: bounds of numbers, lengths of strings, counts of items.

use std::cmp::Ordering;

use regex::{Captures, Match, Regex};
use serde_yaml::Number;

use super::cell::{Piece, PieceKind, locate};
use super::draft::Draft;
use super::phrases::Phrases;
use super::values;
use crate::page::Span;
use crate::provenance::Certainty;
use crate::spec::Type;

/// A number that prose gives as a bound, and where it stands.
#[derive(Clone, Debug)]
struct Bound {
    value: Number,
    span: Span,
}

/// All that prose says of one pair of bounds.
#[derive(Debug, Default)]
struct Statements {
    least: Vec<Bound>,
    most: Vec<Bound>,
}

impl Statements {
    /// The bounds, unless the prose gives several: those hold under conditions that a spec can't say.
    fn settled(&self) -> Option<(Option<&Bound>, Option<&Bound>)> {
        let one = |bounds: &[Bound]| bounds.windows(2).all(|two| matches!(two, [a, b] if same(&a.value, &b.value)));
        let (least, most) = (self.least.first(), self.most.first());
        let crossed = least.zip(most).is_some_and(|(a, b)| order(&a.value, &b.value) == Some(Ordering::Greater));
        (one(&self.least) && one(&self.most) && !crossed).then_some((least, most))
    }
}

fn order(a: &Number, b: &Number) -> Option<Ordering> {
    a.as_f64()?.partial_cmp(&b.as_f64()?)
}

fn same(a: &Number, b: &Number) -> bool {
    order(a, b) == Some(Ordering::Equal)
}

/// Whether a piece tells of the field as a whole, not of one key, one item or one of several parts.
pub(crate) fn is_own(piece: &Piece<'_>, phrases: &Phrases) -> bool {
    let text = piece.text.trim();
    let item = matches!(piece.kind, PieceKind::Item(_));
    let part = || {
        let name = text.find([':', '：']).and_then(|at| text.get(..at));
        !phrases.own_item.iter().any(|own| own.is_match(text)) && name.is_some_and(is_part_name)
    };
    let begins = |list: &[Regex]| list.iter().any(|phrase| phrase.is_match(text));
    piece.kind != PieceKind::Code && !begins(&phrases.part) && !(item && (begins(&phrases.case) || part()))
}

/// Whether words in front of an item's colon name a value, a key or a kind of things: `PL1`, `Windows instances`.
fn is_part_name(name: &str) -> bool {
    let name = name.trim();
    if name.is_ascii() { values::is_value(values::unquoted(name)) } else { name.chars().count() <= 16 }
}

/// Reads the bounds of a number or of a string's length.
pub(crate) fn read(draft: &mut Draft, source: &str, pieces: &[Piece<'_>], phrases: &Phrases) {
    let own = || pieces.iter().filter(|piece| !piece.note && is_own(piece, phrases));
    match draft.field.kind {
        Type::Integer | Type::Number | Type::Any if draft.field.min.is_none() && draft.field.max.is_none() => {
            let mut found = Statements::default();
            for piece in own() {
                gather(&mut found, source, piece, &phrases.range, &phrases.index_range);
                if draft.field.kind != Type::Any {
                    gather(&mut found, source, piece, &phrases.bound, &phrases.index_range);
                    gather(&mut found, source, piece, &phrases.bound_line, &phrases.index_range);
                }
            }
            let Some((least, most)) = found.settled() else { return };
            draft.field.min = least.map(|bound| bound.value.clone());
            draft.field.max = most.map(|bound| bound.value.clone());
            for (key, bound) in [("min", least), ("max", most)] {
                if let Some(bound) = bound {
                    draft.mark(key, bound.span, "prose-range", Certainty::Certain);
                }
            }
        }
        Type::String => {
            let mut found = Statements::default();
            for piece in own() {
                for list in [&phrases.length, &phrases.max_length, &phrases.min_length, &phrases.bound_line] {
                    gather(&mut found, source, piece, list, &phrases.index_range);
                }
            }
            let Some((least, most)) = found.settled() else { return };
            set_length(draft, "min_length", least, |draft| &mut draft.field.min_length);
            set_length(draft, "max_length", most, |draft| &mut draft.field.max_length);
        }
        _ => {}
    }
}

fn set_length(draft: &mut Draft, key: &'static str, bound: Option<&Bound>, slot: fn(&mut Draft) -> &mut Option<u64>) {
    let Some(bound) = bound else { return };
    let Some(length) = bound.value.as_u64() else { return };
    if slot(draft).is_none() {
        *slot(draft) = Some(length);
        draft.mark(key, bound.span, "prose-length", Certainty::Certain);
    }
}

fn gather(found: &mut Statements, source: &str, piece: &Piece<'_>, phrases: &[Regex], index: &[Regex]) {
    let text = piece.text.as_ref();
    let indexes =
        |at: usize| index.iter().any(|phrase| phrase.find_iter(text).any(|found| found.range().contains(&at)));
    for captures in phrases.iter().flat_map(|phrase| phrase.captures_iter(text)) {
        // How far `N` of `Name.N` goes is no bound of the value.
        if captures.get(0).is_some_and(|whole| indexes(whole.end().saturating_sub(1)) || indexes(whole.start())) {
            continue;
        }
        // `1 to 9, 12, 24`: values, of which some stand together.
        let goes_on = captures.get(0).and_then(|whole| text.get(whole.end()..)).is_some_and(is_more_numbers);
        if goes_on {
            continue;
        }
        let bound = |matched: Match<'_>, outside: i64| {
            let value = shifted(number(matched.as_str())?, outside)?;
            Some(Bound { value, span: locate(source, piece.span, matched.as_str()) })
        };
        // A bound that is itself outside moves by one, if the number is whole.
        let past = |group: &str| i64::from(captures.name(group).is_some());
        found.least.extend(captures.name("min").and_then(|least| bound(least, past("above"))));
        found.most.extend(captures.name("max").and_then(|most| bound(most, -past("below"))));
    }
}

fn is_more_numbers(rest: &str) -> bool {
    let rest = rest.trim_start_matches([',', '，', '、', ' ']).trim_start_matches("and ").trim_start_matches("or ");
    let listed = rest.starts_with(|c: char| c.is_ascii_digit());
    listed
        && rest.find(|c: char| !c.is_ascii_digit()).is_none_or(|end| {
            rest.get(end..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([',', '，', '、', '.', '。', ';', '；']))
        })
}

fn shifted(number: Number, by: i64) -> Option<Number> {
    match number.as_i64() {
        _ if by == 0 => Some(number),
        Some(whole) => whole.checked_add(by).map(Number::from),
        None => None,
    }
}

fn number(text: &str) -> Option<Number> {
    if text.eq_ignore_ascii_case("zero") {
        return Some(Number::from(0));
    }
    let plain = text.replace(',', "");
    plain.parse::<i64>().map(Number::from).ok().or_else(|| plain.parse::<f64>().ok().map(Number::from))
}

/// Reads how many items lists and maps take, once it is known which fields are lists; gives back the count that
/// belongs to a list further up, as `Tag.N.Key` says how far `N` goes.
pub(crate) fn read_counts(drafts: &mut [Draft], source: &str, phrases: &Phrases) -> Option<(u64, Span)> {
    let mut above = None;
    for draft in drafts {
        let below = read_counts(&mut draft.children, source, phrases);
        let indexed = draft.prose.iter().find_map(|said| index_range(said, source, phrases)).or(below);
        match draft.field.kind {
            Type::Array | Type::Map => {
                set_counts(draft, source, phrases);
                if let Some((most, span)) = indexed.filter(|_| draft.field.max_items.is_none()) {
                    draft.field.max_items = Some(most);
                    draft.mark("max_items", span, "prose-index-range", Certainty::Likely);
                }
            }
            // An object whose keys nobody lists is a map in all but name.
            Type::Object if draft.children.is_empty() => set_counts(draft, source, phrases),
            _ => above = above.or(indexed),
        }
    }
    above
}

fn index_range((text, span): &(String, Span), source: &str, phrases: &Phrases) -> Option<(u64, Span)> {
    let most = phrases.index_range.iter().find_map(|phrase| phrase.captures(text)?.name("max"))?;
    Some((number(most.as_str())?.as_u64()?, locate(source, *span, most.as_str())))
}

fn set_counts(draft: &mut Draft, source: &str, phrases: &Phrases) {
    let map = draft.field.kind == Type::Object;
    let lists = [&phrases.items, &phrases.bound_line];
    let found = draft.prose.iter().find_map(|(text, span)| {
        let all = lists.iter().flat_map(|list| list.iter()).flat_map(|phrase| phrase.captures_iter(text));
        let first = all.into_iter().find(|captures| counts(captures, map, phrases))?;
        let bound = |group| first.name(group).and_then(|m: Match<'_>| number(m.as_str())?.as_u64());
        Some((bound("min"), bound("max"), locate(source, *span, first.get(0)?.as_str())))
    });
    let Some((least, most, span)) = found else { return };
    if least.zip(most).is_some_and(|(least, most)| least > most) {
        return;
    }
    for (key, bound, slot) in
        [("min_items", least, &mut draft.field.min_items), ("max_items", most, &mut draft.field.max_items)]
    {
        if bound.is_some() && slot.is_none() {
            *slot = bound;
            draft.marks.push(super::draft::Mark {
                key: key.into(),
                span,
                rule: "prose-item-count",
                certainty: Certainty::Likely,
                losers: Vec::new(),
            });
        }
    }
}

/// Whether a phrase counts items, not characters, bytes or hours.
fn counts(captures: &Captures<'_>, map: bool, phrases: &Phrases) -> bool {
    let unit = captures.name("unit").map(|unit| unit.as_str().trim());
    match unit {
        Some(unit) => {
            !phrases.measure.iter().any(|measure| measure.is_match(unit))
                && (!map || phrases.entries.iter().any(|entries| entries.is_match(unit)))
        }
        None => !map,
    }
}
