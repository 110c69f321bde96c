//! Counts over findings, and the release that they ask for.

use std::collections::BTreeMap;

use super::finding::Finding;
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
            let mut counts: Vec<(usize, &Rule)> = rules.into_values().collect();
            counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.id.cmp(b.1.id)));
            summary.reasons = counts.into_iter().map(|(count, rule)| rule.counted(count)).collect();
            summary.bump = Some(if below_one { bump.below_one() } else { bump });
        }
        summary
    }

    /// `minor, because of 3 new operations and 1 new value`; at most `most` reasons by name.
    pub fn proposal(&self, most: usize) -> String {
        let Some(bump) = self.bump else { return "none, because nothing changed".to_owned() };
        let mut reasons: Vec<String> = self.reasons.iter().take(most.max(1)).cloned().collect();
        if self.reasons.len() > reasons.len() {
            let more = self.reasons.len() - reasons.len();
            reasons.push(format!("{more} more kind{} of change", if more == 1 { "" } else { "s" }));
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
