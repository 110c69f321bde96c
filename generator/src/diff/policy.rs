//! What is shown, what fails, and what the exit status is.

use std::collections::BTreeSet;

use super::Comparison;
use super::allow::{AllowFile, Now};
use super::finding::{Cause, Finding};
use super::rule::{Bump, Hidden, Wire};
use super::summary::Summary;
use super::wildcard::wildcard;

/// From where on a finding fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// A wire verdict, and what is worse.
    Wire(Wire),
    /// An effect on the crate, and what is greater.
    Rust(Bump),
    /// Any finding.
    Any,
    /// None.
    Never,
}

impl Gate {
    /// Reads `breaking`, `risky`, `safe`, `any`, `major`, `minor` or `never`.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "breaking" => Self::Wire(Wire::Breaking),
            "risky" => Self::Wire(Wire::Risky),
            "safe" => Self::Wire(Wire::Safe),
            "major" => Self::Rust(Bump::Major),
            "minor" => Self::Rust(Bump::Minor),
            "any" => Self::Any,
            "never" => Self::Never,
            _ => return None,
        })
    }

    /// Whether a finding stands at or above the gate; an allowed one never does.
    pub fn stops(self, finding: &Finding) -> bool {
        finding.allowed.is_none()
            && match self {
                Self::Wire(wire) => finding.wire >= wire,
                Self::Rust(rust) => finding.rust >= rust,
                Self::Any => true,
                Self::Never => false,
            }
    }
}

/// What a person asked for.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct Policy {
    /// Rules to keep; empty: all.
    pub only: Vec<String>,
    /// Rules to leave out.
    pub skip: Vec<String>,
    /// Operations to keep, with `*`; empty: all.
    pub operations: Vec<String>,
    /// Causes that count for the gate; empty: all.
    pub causes: Vec<Cause>,
    /// What is shown although it is hidden by default.
    pub show: BTreeSet<Hidden>,
    /// From where on a run fails.
    pub gate: Gate,
    /// The most that the release may be.
    pub max_bump: Option<Bump>,
    /// Whether the crate is below 1.0.0.
    pub below_one: bool,
    /// Whether removed and renamed items stay for one release.
    pub tombstones: bool,
    /// Whether spent allowances fail the run.
    pub strict: bool,
    /// Whether signs of a broken crawl were accepted.
    pub accept_loss: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            skip: Vec::new(),
            operations: Vec::new(),
            causes: Vec::new(),
            show: BTreeSet::new(),
            gate: Gate::Wire(Wire::Breaking),
            max_bump: None,
            below_one: false,
            tombstones: false,
            strict: false,
            accept_loss: false,
        }
    }
}

/// What came of a comparison under a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Counts and the proposed bump.
    pub summary: Summary,
    /// 0 passed, 1 failed, 2 spent allowances under `strict`, 4 signs of a broken crawl.
    pub exit: u8,
    /// What people should hear beside the findings.
    pub complaints: Vec<String>,
}

impl Policy {
    /// Applies overrides and allowances to the findings, and judges what is left.
    ///
    /// # Errors
    ///
    /// When the allow file asks for what the policy does not permit; a wrong configuration.
    pub fn judge(&self, comparison: &mut Comparison, file: &AllowFile, now: Now<'_>) -> Result<Verdict, String> {
        let findings = &mut comparison.findings;
        let operations: Vec<_> = self.operations.iter().filter_map(|pattern| wildcard(pattern)).collect();
        findings.retain(|finding| {
            let named = |ids: &[String]| ids.iter().any(|id| id == finding.rule.id);
            (self.only.is_empty() || named(&self.only))
                && !named(&self.skip)
                && (self.operations.is_empty()
                    || operations.iter().any(|operation| operation.is_match(&finding.operation)))
        });
        if self.tombstones {
            for finding in findings.iter_mut().filter(|finding| finding.rule.softened_by_tombstones()) {
                finding.rust = finding.rust.min(Bump::Minor);
            }
        }
        let complaints = file.apply(findings, now, self.tombstones)?;
        findings.sort_by_cached_key(Finding::rank);
        let summary = Summary::of(findings, self.below_one);
        let exit = self.exit(findings, &summary, !complaints.is_empty());
        Ok(Verdict { summary, exit, complaints })
    }

    /// Judges several comparisons under one file. An allowance is complained of where it is spent in all of them.
    ///
    /// # Errors
    ///
    /// As for [`Policy::judge`].
    pub fn judge_all(
        &self,
        comparisons: &mut [Comparison],
        file: &AllowFile,
        now: Now<'_>,
    ) -> Result<Vec<Verdict>, String> {
        let lenient = Self { strict: false, ..self.clone() };
        let mut verdicts = Vec::new();
        for comparison in comparisons.iter_mut() {
            verdicts.push(lenient.judge(comparison, file, now)?);
        }
        let all = verdicts.clone();
        for verdict in &mut verdicts {
            verdict.complaints.retain(|complaint| all.iter().all(|other| other.complaints.contains(complaint)));
            if self.strict && !verdict.complaints.is_empty() && verdict.exit < 2 {
                verdict.exit = 2;
            }
        }
        Ok(verdicts)
    }

    fn exit(&self, findings: &[Finding], summary: &Summary, spent: bool) -> u8 {
        let lost = |finding: &Finding| finding.rule.stops_regeneration() && finding.allowed.is_none();
        if !self.accept_loss && findings.iter().any(lost) {
            return 4;
        }
        if self.strict && spent {
            return 2;
        }
        let gated = |finding: &&Finding| self.causes.is_empty() || self.causes.contains(&finding.cause);
        let stopped = findings.iter().filter(gated).any(|finding| self.gate.stops(finding));
        let over = self.max_bump.is_some_and(|most| summary.bump.is_some_and(|bump| bump > most));
        u8::from(stopped || over)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Policy};
    use crate::diff::allow::{AllowFile, Now};
    use crate::diff::finding::Recorder;
    use crate::diff::rule::Bump;
    use crate::diff::{Comparison, Wire};

    const NOW: Now<'_> = Now { today: "2026-02-01", version: None };

    fn comparison(ids: &[&str]) -> Comparison {
        let mut recorder = Recorder::new("s", "Op");
        for id in ids {
            recorder.add(id, "request.A");
        }
        Comparison { findings: recorder.finish().0, ..Comparison::default() }
    }

    #[track_caller]
    fn test(policy: &Policy, ids: &[&str], exit: u8, bump: Option<Bump>) {
        let verdict = policy.judge(&mut comparison(ids), &AllowFile::default(), NOW).unwrap();
        assert_eq!((verdict.exit, verdict.summary.bump), (exit, bump), "{policy:?}");
    }

    #[test]
    fn gates_and_bumps() {
        let policy = Policy::default();
        test(&policy, &[], 0, None);
        test(&policy, &["request-field-removed"], 0, Some(Bump::Major));
        test(&policy, &["request-field-renamed"], 1, Some(Bump::Major));
        test(&policy, &["operation-emptied", "request-field-renamed"], 4, Some(Bump::Major));
        test(&Policy { accept_loss: true, ..policy.clone() }, &["operation-emptied"], 0, Some(Bump::Major));
        test(&Policy { below_one: true, ..policy.clone() }, &["operation-added"], 0, Some(Bump::Patch));
        test(&Policy { tombstones: true, ..policy.clone() }, &["request-field-removed"], 0, Some(Bump::Minor));
        test(&Policy { tombstones: true, ..policy.clone() }, &["request-type-widened"], 0, Some(Bump::Major));
        test(
            &Policy { max_bump: Some(Bump::Minor), ..policy.clone() },
            &["request-field-removed"],
            1,
            Some(Bump::Major),
        );
        test(
            &Policy { gate: Gate::Wire(Wire::Risky), ..policy.clone() },
            &["request-field-removed"],
            1,
            Some(Bump::Major),
        );
        test(&Policy { gate: Gate::Never, ..policy.clone() }, &["request-field-renamed"], 0, Some(Bump::Major));
        test(&Policy { skip: vec!["request-field-renamed".into()], ..policy }, &["request-field-renamed"], 0, None);
    }

    #[test]
    fn an_allowed_break_still_counts_for_the_bump() {
        let file = AllowFile::parse("allow: [{ rule: '*', reason: a, until: 2026-12-31 }]").unwrap();
        let mut comparison = comparison(&["request-field-renamed"]);
        let verdict = Policy::default().judge(&mut comparison, &file, NOW).unwrap();
        assert_eq!((verdict.exit, verdict.summary.bump), (0, Some(Bump::Major)));
    }
}
