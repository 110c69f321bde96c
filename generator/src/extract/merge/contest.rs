//! What pages say of one place of the spec, and whose word counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::witness::Witness;
use crate::diagnostic::{Diagnostic, Severity};
use crate::provenance::{Certainty, Fact, Loser, Settlement};

/// Rules that read nothing: what they yield is usual for the provider, not said by the page.
const SILENT: &str = "provider-default";

/// A page's version of a part of the spec.
pub(super) struct At<'n, T> {
    /// The page, by its number among the witnesses.
    pub(super) witness: usize,
    /// The part's path in the page's own spec.
    pub(super) path: String,
    pub(super) node: &'n T,
}

impl<T> Clone for At<'_, T> {
    fn clone(&self) -> Self {
        Self { witness: self.witness, path: self.path.clone(), node: self.node }
    }
}

/// The operation being joined: its pages, most trusted first, and what came of them so far.
pub(super) struct Joining<'p, 'l> {
    pub(super) witnesses: Vec<Witness<'p, 'l>>,
    /// The language that texts are wanted in.
    pub(super) language: &'l str,
    pub(super) facts: Vec<Fact>,
    /// Texts in other languages than the operation's own, by language and path.
    pub(super) texts: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A page's value of a place.
struct Stand<'p, V> {
    witness: usize,
    /// The place's path in the page's own spec.
    path: String,
    value: V,
    /// Its fact, or the nearest above it.
    fact: Option<&'p Fact>,
    /// Whether the fact is its own: only what a page states counts as agreement.
    stated: bool,
}

impl<V> Stand<'_, V> {
    fn certainty(&self) -> Certainty {
        let certainty = self.fact.map_or(Certainty::Likely, |fact| fact.certainty);
        if self.stated { certainty } else { certainty.min(Certainty::Likely) }
    }
}

/// The path of a key below a path.
pub(super) fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A value as the spec would write it.
fn written(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(value) => value.to_string(),
        Err(_) => String::new(),
    }
}

impl<'p, 'l> Joining<'p, 'l> {
    /// Settles the value of a key: what the pages agree on, or the value of the page that is believed. Pages for which
    /// `get` yields nothing say nothing of it.
    pub(super) fn settle<T, V: PartialEq + Serialize>(
        &mut self,
        path: &str,
        key: &str,
        of: &[At<'_, T>],
        get: impl Fn(&T) -> Option<V>,
    ) -> Option<V> {
        let mut stands: Vec<Stand<'p, V>> = Vec::new();
        for at in of {
            let Some(value) = get(at.node) else { continue };
            let own = below(&at.path, key);
            stands.push(self.stand(at.witness, own, value));
        }
        let speaks = |stand: &Stand<'_, V>| stand.fact.is_none_or(|fact| fact.rule != SILENT);
        if stands.iter().any(speaks) {
            stands.retain(speaks);
        }
        let camps = Self::camps(&stands, |a, b| a == b);
        let (winner, losers) = camps.split_first()?;
        let best = Self::best(winner, &stands)?;
        let settled = losers.first().map(|second| self.settlement(winner, second, &stands));
        let certainty = outcome(winner, losers, settled, &stands);
        let place = below(path, key);
        let from = self.facts.len();
        self.take_facts(best.witness, &best.path, &place);
        for fact in self.facts.iter_mut().skip(from).filter(|fact| fact.path == place && fact.rule != SILENT) {
            fact.certainty = certainty;
        }
        if let Some(settled) = settled {
            let others: Vec<&Stand<'p, V>> = losers.iter().flatten().filter_map(|at| stands.get(*at)).collect();
            let kept = others.iter().filter_map(|stand| lost(stand, settled)).collect();
            if let Some(fact) = self.facts.iter_mut().skip(from).find(|fact| fact.path == place) {
                fact.losers.extend::<Vec<Loser>>(kept);
            }
            self.report(&place, best, &others, settled);
        }
        let best = stands.iter().position(|stand| std::ptr::eq(stand, best))?;
        Some(stands.swap_remove(best).value)
    }

    /// Settles a text: the one in the language that is asked for stands in the spec, the others are kept beside it.
    pub(super) fn text<'n, T>(
        &mut self,
        path: &str,
        key: &str,
        of: &[At<'n, T>],
        get: impl Fn(&'n T) -> Option<&'n String>,
    ) -> Option<String> {
        let mut by_language: BTreeMap<(usize, &'l str), Vec<Stand<'p, &'n String>>> = BTreeMap::new();
        for at in of {
            let Some(value) = get(at.node) else { continue };
            let own = below(&at.path, key);
            let stand = self.stand(at.witness, own, value);
            let witness = &self.witnesses[at.witness];
            by_language.entry((witness.rank.language, witness.rank.language_name)).or_default().push(stand);
        }
        let alike = |a: &&String, b: &&String| a.split_whitespace().eq(b.split_whitespace());
        let mut texts: Vec<(&str, usize, String, &'n String)> = Vec::new();
        for ((_, language), stands) in &by_language {
            let camps = Self::camps(stands, alike);
            let best = camps.first().and_then(|winner| Self::best(winner, stands));
            texts.extend(best.map(|best| (*language, best.witness, best.path.clone(), best.value)));
        }
        let own = texts.iter().position(|(language, ..)| *language == self.language).unwrap_or(0);
        let (_, witness, from, text) = (own < texts.len()).then(|| texts.remove(own))?;
        let place = below(path, key);
        self.take_facts(witness, &from, &place);
        for (language, _, _, other) in texts {
            if !alike(&other, &text) {
                self.texts.entry(language.to_owned()).or_default().insert(place.clone(), other.clone());
            }
        }
        Some(text.clone())
    }

    /// Takes over a page's facts at and below a place, under the path they have in the joined spec.
    pub(super) fn take_facts(&mut self, witness: usize, from: &str, to: &str) {
        let facts: Vec<Fact> = self.witnesses[witness]
            .below(from)
            .map(|fact| Fact { path: format!("{to}{}", &fact.path[from.len()..]), ..fact.clone() })
            .collect();
        self.facts.extend(facts);
    }

    fn stand<V>(&self, witness: usize, path: String, value: V) -> Stand<'p, V> {
        let page = &self.witnesses[witness];
        let own = page.fact(&path);
        Stand { witness, fact: own.or_else(|| page.nearest(&path)), stated: own.is_some(), path, value }
    }

    /// The stands of one value each, by number: the one that is believed first.
    fn camps<V>(stands: &[Stand<'p, V>], alike: impl Fn(&V, &V) -> bool) -> Vec<Vec<usize>> {
        let mut camps: Vec<Vec<usize>> = Vec::new();
        for (number, stand) in stands.iter().enumerate() {
            match camps.iter_mut().find(|camp| alike(&stands[camp[0]].value, &stand.value)) {
                Some(camp) => camp.push(number),
                None => camps.push(vec![number]),
            }
        }
        camps.sort_by_key(|camp| {
            let first = camp.iter().map(|at| stands[*at].witness).min();
            (Reverse(certainty(camp, stands)), Reverse(camp.len()), first)
        });
        camps
    }

    /// The stand of a camp whose facts are kept: the most certain, of the most trusted page.
    fn best<'s, V>(camp: &[usize], stands: &'s [Stand<'p, V>]) -> Option<&'s Stand<'p, V>> {
        camp.iter().filter_map(|at| stands.get(*at)).min_by_key(|stand| (Reverse(stand.certainty()), stand.witness))
    }

    /// What told two camps apart.
    fn settlement<V>(&self, winner: &[usize], second: &[usize], stands: &[Stand<'p, V>]) -> Settlement {
        let first = |camp: &[usize]| {
            camp.iter()
                .filter_map(|at| stands.get(*at))
                .map(|stand| &self.witnesses[stand.witness])
                .min_by(|a, b| a.rank.cmp(&b.rank))
        };
        let (Some(a), Some(b)) = (first(winner), first(second)) else { return Settlement::PageOrder };
        match () {
            () if certainty(winner, stands) != certainty(second, stands) => Settlement::MoreCertain,
            () if winner.len() != second.len() => Settlement::Majority,
            () if a.rank.language != b.rank.language => Settlement::UsualLanguage,
            () if a.rank.date != b.rank.date => Settlement::NewerPage,
            () if a.rank.facts != b.rank.facts => Settlement::FullerPage,
            () => Settlement::PageOrder,
        }
    }

    fn report<V: Serialize>(
        &mut self,
        place: &str,
        best: &Stand<'p, V>,
        others: &[&Stand<'p, V>],
        settled: Settlement,
    ) {
        let page = |witness: usize| self.witnesses[witness].page.pages.first().cloned().unwrap_or_default();
        let operation = &self.witnesses[best.witness].page.operation.operation;
        let message = format!("pages of `{operation}` contradict each other on `{place}`");
        let finding = Diagnostic::new("pages-contradict", Severity::Warning, page(best.witness), message).about(place);
        let label = format!("`{}`, believed: {}", written(&best.value), reason(settled));
        let mut finding = match best.fact {
            Some(fact) => finding.at(fact.span, label),
            None => finding,
        };
        for stand in others {
            if let Some(fact) = stand.fact {
                finding = finding.related(fact.page.clone(), fact.span, format!("`{}` here", written(&stand.value)));
            }
        }
        self.diagnostics.push(
            finding.help("say in the service's overlay which is right, or leave a page out that is not up to date"),
        );
    }
}

fn certainty<V>(camp: &[usize], stands: &[Stand<'_, V>]) -> Option<Certainty> {
    camp.iter().filter_map(|at| stands.get(*at)).map(Stand::certainty).max()
}

/// How sure a settled value is: agreement raises what is likely, never what is doubtful; a contradiction that is as
/// certain lowers it, and one that mere order decided leaves doubt.
fn outcome<V>(
    winner: &[usize],
    losers: &[Vec<usize>],
    settled: Option<Settlement>,
    stands: &[Stand<'_, V>],
) -> Certainty {
    let own = certainty(winner, stands).unwrap_or(Certainty::Doubtful);
    let stated = winner.iter().filter_map(|at| stands.get(*at)).filter(|stand| stand.stated).count();
    match settled {
        None if stated > 1 && own == Certainty::Likely => Certainty::Certain,
        None | Some(Settlement::MoreCertain) => own,
        Some(Settlement::Majority) => {
            let against = losers.iter().map(Vec::len).sum::<usize>();
            own.min(if winner.len() > 2 * against { own } else { Certainty::Likely })
        }
        Some(_) => Certainty::Doubtful,
    }
}

fn lost<V: Serialize>(stand: &Stand<'_, V>, settled: Settlement) -> Option<Loser> {
    let fact = stand.fact?;
    let value = written(&stand.value);
    Some(Loser { page: fact.page.clone(), span: fact.span, rule: fact.rule, settled, value })
}

/// Why a page was believed.
fn reason(settled: Settlement) -> &'static str {
    match settled {
        Settlement::MoreCertain => "it is stated more plainly",
        Settlement::Majority => "more pages say so",
        Settlement::UsualLanguage => "the vendor's pages are usually in its language",
        Settlement::NewerPage => "the page is newer",
        Settlement::FullerPage => "the page says more",
        Settlement::PageOrder => "the page comes first",
        Settlement::TableOverSample => "a table tells more",
        Settlement::SampleOverTable => "a sample shows it",
    }
}
