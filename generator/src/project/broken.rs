//! Operations whose specs can't be used, and what becomes of the rest of their service.
//!
//! One of them stops no other. Where an earlier spec of it is there and sound, that one stays, and with it the operation's
//! module; where there is none, crates go without the operation. A crate that has a module of it already is left as it was:
//! a module whose spec is not known can't be made anew to fit the others, and without it callers would lose a method.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use regex::Regex;
use walkdir::WalkDir;

use super::Run;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files;

/// Operations whose specs can't be used, each with how many findings say why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken(BTreeMap<String, usize>);

impl Broken {
    /// Notes an operation, and how many errors say what is wrong with it.
    pub(super) fn add(&mut self, operation: &str, errors: usize) {
        *self.0.entry(operation.to_owned()).or_default() += errors;
    }

    /// Whether an operation is one of them.
    pub fn has(&self, operation: &str) -> bool {
        self.0.contains_key(operation)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether nothing but they is wrong: the rest of the service can be used.
    pub fn is_all_of(&self, run: &Run) -> bool {
        run.counts().get(&Severity::Error).copied().unwrap_or_default() <= self.0.values().sum()
    }

    /// Those for which there is no earlier spec.
    pub(super) fn without<T>(mut self, kept: &BTreeMap<String, T>) -> Self {
        self.0.retain(|name, _| !kept.contains_key(name));
        self
    }

    /// What becomes of them where a crate is made: each is left out.
    ///
    /// # Errors
    /// A finding where the crate in a folder has a module of one of them.
    pub(super) fn leave_out(&self, specs: &Path, crate_folder: &Path) -> Result<Vec<Diagnostic>, Diagnostic> {
        let modules: Vec<String> =
            self.names().filter(|name| has_module(crate_folder, name)).map(|name| format!("`{name}`")).collect();
        if !modules.is_empty() {
            let message = format!("is left as it was: it has {}, whose spec can't be used", modules.join(", "));
            let finding = Diagnostic::new("crate-kept", Severity::Error, files::display(crate_folder), message);
            let help = "mend the spec as its own error says, then run again; a crate without the operation would take a method from \
                        its callers. If the operation is to go, take its spec's file away";
            return Err(finding.help(help));
        }
        let told = |name| {
            let path = specs.join("operations").join(format!("{name}.yaml"));
            let message = format!("`{name}` is not in the crate: its spec can't be used");
            Diagnostic::new("operation-left-out", Severity::Warning, files::display(&path), message)
                .help("mend the spec as its own error says: what the pages have wrong belongs into `overlay.yaml`")
        };
        Ok(self.names().map(told).collect())
    }
}

/// That an operation's spec and module stay as they were.
pub(super) fn kept(path: &Path, operation: &str) -> Diagnostic {
    let message = format!("`{operation}` stays as it was, in the crate too: what its pages give now can't be used");
    Diagnostic::new("operation-kept", Severity::Warning, files::display(path), message)
        .help("mend what its own error says in `overlay.yaml` or on the pages; then it is made anew")
}

/// Whether the crate in a folder has a module of an operation.
fn has_module(folder: &Path, operation: &str) -> bool {
    // Rendered modules name their operation so, whatever template surrounds it.
    let name = regex::escape(&format!("{operation:?}"));
    let entry = format!(r"Operation::new\(\s*&crate::client::SERVICE,\s*{name}\s*,");
    let Ok(entry) = Regex::new(&entry) else { return false };
    let modules = WalkDir::new(folder.join("src/operation")).into_iter().filter_map(Result::ok);
    modules
        .filter(|module| module.path().extension().is_some_and(|ending| ending == "rs"))
        .any(|module| fs::read_to_string(module.path()).is_ok_and(|text| entry.is_match(&text)))
}

#[cfg(test)]
mod tests {
    use super::{Broken, has_module};
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::project::Run;

    #[test]
    fn other_errors_are_told_from_theirs() {
        let error = || Diagnostic::new("name-twice", Severity::Error, "A.yaml", "`X` is there twice");
        let mut broken = Broken::default();
        broken.add("A", 2);
        let mut run = Run { findings: vec![error(), error()], ..Run::default() };
        assert!(broken.is_all_of(&run) && !Broken::default().is_all_of(&run));
        run.findings.push(error());
        assert!(!broken.is_all_of(&run));
    }

    #[test]
    fn a_module_is_known_by_its_operation() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("src/operation");
        std::fs::create_dir_all(&folder).unwrap();
        let text = "const N: &str = \"Box\";\nstatic O: Operation = schema::Operation::new(\n    \
                    &crate::client::SERVICE,\n    \"Create-Box.v2\",\n    \"POST\");\n";
        std::fs::write(folder.join("create_box.rs"), text).unwrap();
        assert!(has_module(root.path(), "Create-Box.v2"));
        assert!(!has_module(root.path(), "Create-Box_v2") && !has_module(root.path(), "Box"));
        assert!(!has_module(&folder, "Create-Box.v2"));
    }
}
