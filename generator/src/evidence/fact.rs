//! The facts of an operation, as the report's file holds them.

use serde::Serialize;

use super::text::{Places, Range, Texts};
use crate::provenance::Certainty;
use crate::spec::lock::LockedFact;

/// A place on one of the service's pages: the page's number, then the range.
type Place = (usize, Range);

/// A fact. Its path begins as the one before it does: so many UTF-16 units of that, then the rest.
#[derive(Debug, Serialize)]
pub(super) struct FactEvidence(usize, String, Place, usize, u8, Vec<LoserEvidence>);

/// What another source says of a fact.
#[derive(Debug, Serialize)]
struct LoserEvidence(Place, usize, &'static str, String);

/// The facts of an operation, in their order.
pub(super) fn facts(facts: &[LockedFact], pages: &[Option<Places<'_>>], rules: &mut Texts) -> Vec<FactEvidence> {
    let place = |page: usize, start, end| {
        let range = pages.get(page).and_then(Option::as_ref).map_or([1, 0, 1, 0], |places| places.range(start, end));
        (page, range)
    };
    let mut before = "";
    let mut evidence = Vec::with_capacity(facts.len());
    for fact in facts {
        let (kept, rest) = rest(before, &fact.path);
        let losers = fact.losers.iter().map(|loser| {
            let place = place(loser.page, loser.start, loser.end);
            LoserEvidence(place, rules.number(&loser.rule), loser.settled.word(), loser.value.clone())
        });
        let losers = losers.collect();
        let rule = rules.number(&fact.rule);
        let at = place(fact.page, fact.start, fact.end);
        evidence.push(FactEvidence(kept, rest.to_owned(), at, rule, certainty(fact.certainty), losers));
        before = &fact.path;
    }
    evidence
}

/// A certainty as the report's file has it: the less, the less certain.
pub(super) fn certainty(certainty: Certainty) -> u8 {
    match certainty {
        Certainty::Doubtful => 0,
        Certainty::Likely => 1,
        Certainty::Certain => 2,
    }
}

/// How many UTF-16 units a path has in common with the one before, and what it has of its own.
fn rest<'p>(before: &str, path: &'p str) -> (usize, &'p str) {
    let common = before.chars().zip(path.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a);
    let (units, bytes) = common.fold((0, 0), |(units, bytes), c| (units + c.len_utf16(), bytes + c.len_utf8()));
    (units, path.get(bytes..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::rest;

    #[test]
    fn paths_go_on_where_the_one_before_left() {
        assert_eq!(rest("request.A.name", "request.A.type"), (10, "type"));
        assert_eq!(rest("errors.😀.a", "errors.😀.b"), (10, "b"));
        assert_eq!(rest("a", "a.b"), (1, ".b"));
    }
}
