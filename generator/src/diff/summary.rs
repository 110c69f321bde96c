//! Counts over findings, and the release that they ask for.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::lang::Lang;
use super::rule::{Bump, Rule, Wire};

/// How many of each verdict, and why the version must go up as far as it must.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Findings by wire verdict.
    pub wire: BTreeMap<Wire, usize>,
    /// Findings by effect on the crate.
    pub rust: BTreeMap<Bump, usize>,
    /// The bump of the release, below 1.0.0 one step less; none where nothing was found.
    pub bump: Option<Bump>,
    /// What asks for that bump: `3 new operations`, most first.
    pub reasons: Vec<String>,
    /// The same as rules, with how many there are of each.
    pub(crate) forcing: Vec<(usize, &'static Rule)>,
}

impl Summary {
    /// Counts findings; allowed ones too, since one can accept a break but not undo it.
    pub fn of(findings: &[Finding], below_one: bool) -> Self {
        let mut summary = Self::default();
        let mut rules = BTreeMap::<Bump, BTreeMap<&str, (usize, &'static Rule)>>::new();
        for finding in findings {
            *summary.wire.entry(finding.wire).or_default() += 1;
            *summary.rust.entry(finding.rust).or_default() += 1;
            let count = rules.entry(finding.rust).or_default().entry(finding.rule.id).or_insert((0, finding.rule));
            count.0 += 1;
        }
        if let Some((bump, rules)) = rules.pop_last() {
            let mut counts: Vec<(usize, &'static Rule)> = rules.into_values().collect();
            counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.id.cmp(b.1.id)));
            summary.reasons = counts.iter().map(|(count, rule)| rule.counted(*count)).collect();
            summary.forcing = counts;
            summary.bump = Some(if below_one { bump.below_one() } else { bump });
        }
        summary
    }

    /// `minor, because of 3 new operations and 1 new value`; at most `most` reasons by name.
    pub fn proposal(&self, most: usize) -> String {
        self.proposal_in(most, Lang::En)
    }

    /// [`Summary::proposal`] in a language.
    pub fn proposal_in(&self, most: usize, lang: Lang) -> String {
        let Some(bump) = self.bump else {
            return lang.pick("none, because nothing changed", "无，因为没有变更").to_owned();
        };
        let named = self.forcing.iter().take(most.max(1));
        let mut reasons: Vec<String> = named.map(|(count, rule)| rule.counted_in(*count, lang)).collect();
        let more = self.forcing.len() - reasons.len();
        if more > 0 {
            reasons.push(match lang {
                Lang::En => format!("{more} more kind{} of change", if more == 1 { "" } else { "s" }),
                Lang::Zh => format!("另外 {more} 类变更"),
            });
        }
        if lang == Lang::Zh {
            return format!("{}，因为有 {}", bump.word(), reasons.join("、"));
        }
        let last = reasons.pop().unwrap_or_default();
        if reasons.is_empty() {
            return format!("{}, because of {last}", bump.word());
        }
        format!("{}, because of {} and {last}", bump.word(), reasons.join(", "))
    }

    /// `7 breaking, 3 risky, 41 safe`; empty where nothing was found.
    pub fn counts(&self) -> String {
        let counts = Wire::WORST_FIRST
            .iter()
            .filter_map(|wire| self.wire.get(wire).map(|count| format!("{count} {}", wire.word())));
        counts.collect::<Vec<_>>().join(", ")
    }
}
