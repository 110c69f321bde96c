//! Which findings make a run fail, and which are left out.

use super::class::Class;
use super::finding::Finding;
use crate::diagnostic::Severity;
use crate::{openapi, suggest};

/// Findings that make a command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Those of a severity, and worse ones.
    From(Severity),
    /// Those of a class.
    Class(&'static Class),
    /// What an OpenAPI document says that specs can't carry, by the id of its kind.
    Loss(&'static str),
}

impl Denied {
    /// Reads `warnings`, `advice`, `all` or a class.
    ///
    /// # Errors
    /// A sentence that names the nearest class.
    pub fn parse(word: &str) -> Result<Self, String> {
        match word {
            "warnings" => Ok(Self::From(Severity::Warning)),
            "advice" | "all" => Ok(Self::From(Severity::Advice)),
            id if id.starts_with("openapi-") => {
                let known = openapi::classes().find(|class| *class == id);
                known.map(Self::Loss).ok_or_else(|| {
                    let near = suggest::nearest(id, openapi::classes());
                    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    format!("there is no such class{near}")
                })
            }
            id => Class::parse(id).map(Self::Class),
        }
    }

    /// Whether it denies findings of that id and severity.
    pub fn covers(self, id: &str, severity: Severity) -> bool {
        match self {
            Self::From(least) => severity >= least,
            Self::Class(class) => class.id == id,
            Self::Loss(class) => class == id,
        }
    }
}

/// What is denied and what is allowed; errors are denied unless allowed.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// What makes the run fail.
    pub deny: Vec<Denied>,
    /// Classes that are left out, whatever is denied.
    pub allow: Vec<&'static Class>,
}

impl Gate {
    /// Whether a finding is left out.
    pub fn allows(&self, finding: &Finding) -> bool {
        self.allow.contains(&finding.class)
    }

    /// Whether a finding makes the run fail.
    pub fn denies(&self, finding: &Finding) -> bool {
        let denied = || self.deny.iter().any(|denied| denied.covers(finding.class.id, finding.severity));
        !self.allows(finding) && (finding.severity == Severity::Error || denied())
    }

    /// A class that is both denied and allowed by name.
    pub fn contradiction(&self) -> Option<&'static Class> {
        self.allow.iter().copied().find(|class| self.deny.contains(&Denied::Class(class)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documents_lose_is_denied_by_its_kind() {
        let denied = Denied::parse("openapi-body").unwrap();
        assert!(denied.covers("openapi-body", Severity::Warning));
        assert!(!denied.covers("openapi-answer", Severity::Warning));
        assert!(Denied::parse("openapi-bdy").unwrap_err().ends_with("did you mean `openapi-body`?"));
        assert_eq!(Denied::parse("values-lost"), Ok(Denied::Class(Class::parse("values-lost").unwrap())));
    }
}
