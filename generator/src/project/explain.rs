//! Where the facts of a spec came from, for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{PageFile, Run, pages};
use crate::diagnostic::{Diagnostic, Severity};
use crate::files;
use crate::page::{self, LineIndex, Span};
use crate::provenance::{Certainty, Settlement};
use crate::spec::lock::{self, Lock, LockedFact, LockedLoser, LockedPage};
use crate::spec::{path, yaml};
use crate::suggest;

/// A fact, its value and the words it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The place in the spec.
    pub path: String,
    /// The value, as the spec has it now; nothing where the spec has no such place.
    pub value: Option<serde_json::Value>,
    /// The page's path.
    pub page: String,
    /// Where on the page.
    pub span: Span,
    /// Line and column, from 1.
    pub place: page::Line,
    /// The rule that read it.
    pub rule: String,
    /// How sure the rule is.
    pub certainty: Certainty,
    /// What other sources say instead.
    pub losers: Vec<ExplainedLoser>,
}

/// What a source says of a fact that another source was believed on, and the words it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedLoser {
    /// The value it gives.
    pub value: String,
    /// The page's path.
    pub page: String,
    /// Where on the page.
    pub span: Span,
    /// Line and column, from 1.
    pub place: page::Line,
    /// The rule that read it.
    pub rule: String,
    /// The rule by which the other source was believed.
    pub settled: Settlement,
}

/// What is known of an operation's facts.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// The facts, in the order of the spec.
    pub facts: Vec<Explained>,
    /// Pages that changed since, or are gone.
    pub findings: Vec<Diagnostic>,
    /// The texts of the pages.
    pub sources: crate::report::Sources,
}

/// Explains the facts of an operation: all, or those at and below a path. A path that is no place in the spec may be a
/// parameter's or field's name. Pages are looked for among `known`, the service's pages wherever they lie, and in `folder`,
/// that of its specs.
///
/// # Errors
/// A finding where the specs or their lock can't be read, or have no such operation or path.
pub fn explain(folder: &Path, known: &[PageFile], operation: &str, wanted: Option<&str>) -> Result<Explanation, Run> {
    let lock_path = folder.join("sources.lock");
    let shown = files::display(&lock_path);
    let source = fs::read_to_string(&lock_path).map_err(|error| {
        let failed = files::failure("lock-read", &lock_path, "read", &error);
        Run::only(failed.help("run `docsdk build` first: it writes where each fact came from"))
    })?;
    let lock = lock::read(&source, &shown).map_err(|finding| Run::about(*finding, source))?;
    let facts = lock.operations.get(operation).ok_or_else(|| Run::only(unknown_operation(&lock, operation, shown)))?;
    let spec_path = folder.join("operations").join(format!("{operation}.yaml"));
    let shown = files::display(&spec_path);
    let source = fs::read_to_string(&spec_path)
        .map_err(|error| Run::only(files::failure("specs-read", &spec_path, "read", &error)))?;
    let spec = yaml::read_operation(&source, &shown).map_err(|finding| Run::about(*finding, source))?;
    let tree = path::tree(&spec);
    let mut chosen = match wanted {
        Some(wanted) => choose(facts, wanted),
        None => facts.iter().collect(),
    };
    if let (true, Some(wanted)) = (chosen.is_empty(), wanted)
        && path::resolve(&tree, wanted).rest.is_empty()
    {
        chosen.extend(whole(facts, wanted));
    }
    if chosen.is_empty() {
        return Err(Run::only(unknown_path(operation, wanted, facts, &tree, &shown)));
    }
    let hashes = lock.pages.iter().map(|page| page.sha256.as_str()).collect();
    Ok(witness(&Shelf { folder, known, hashes }, &lock, &chosen, &tree))
}

fn unknown_operation(lock: &Lock, operation: &str, file: String) -> Diagnostic {
    let finding = Diagnostic::new("unknown-operation", Severity::Error, file, format!("no operation `{operation}`"));
    let names: Vec<&str> = lock.operations.keys().map(String::as_str).filter(|name| *name != lock::SERVICE).collect();
    finding.help(match lock.nearest_operation(operation) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.len() <= 20 => suggest::remedy(operation, names),
        None => format!("there are {} operations: see the folder `operations`", names.len()),
    })
}

/// The facts at and below a path; without any, those of parameters and fields of that name.
fn choose<'a>(facts: &'a [LockedFact], wanted: &str) -> Vec<&'a LockedFact> {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[', '{']);
    let below: Vec<_> = facts.iter().filter(|fact| fact.path.strip_prefix(wanted).is_some_and(ends)).collect();
    if !below.is_empty() {
        return below;
    }
    let of_name = |path: &str| {
        path.match_indices(wanted).any(|(at, _)| {
            let begins = matches!(path.as_bytes().get(at.wrapping_sub(1)), Some(b'.'));
            begins && ends(&path[at + wanted.len()..])
        })
    };
    let fields = |fact: &&LockedFact| fact.path.starts_with("request.") || fact.path.starts_with("responses.");
    let named: Vec<_> = facts.iter().filter(|fact| of_name(&fact.path)).collect();
    let in_fields: Vec<_> = named.iter().copied().filter(fields).collect();
    if in_fields.is_empty() { named } else { in_fields }
}

/// The fact that a place belongs to, where that was read or written as a whole: a list of values by an overlay.
fn whole<'a>(facts: &'a [LockedFact], place: &str) -> Option<&'a LockedFact> {
    let owners = std::iter::successors(Some(place), |place| place.rfind(['.', '[', '{']).map(|at| &place[..at]));
    owners.skip(1).find_map(|owner| facts.iter().find(|fact| fact.path == owner))
}

fn unknown_path(
    operation: &str,
    wanted: Option<&str>,
    facts: &[LockedFact],
    tree: &serde_json::Value,
    file: &str,
) -> Diagnostic {
    let Some(wanted) = wanted else {
        return Diagnostic::new("no-facts", Severity::Error, file, format!("no fact of `{operation}` has a source"));
    };
    let resolved = path::resolve(tree, wanted);
    if resolved.rest.is_empty() {
        let message = format!("`{wanted}` of `{operation}` has no source on a page");
        return Diagnostic::new("no-source", Severity::Error, file, message)
            .help("it was written by hand: `docsdk check` shows what the pages give");
    }
    let parts = facts
        .iter()
        .flat_map(|fact| fact.path.split(['.', '[', '{']))
        .chain(facts.iter().map(|fact| fact.path.as_str()));
    let message = format!("`{operation}` has no `{wanted}`");
    let finding = Diagnostic::new("unknown-path", Severity::Error, file, message);
    match suggest::nearest(wanted, parts) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("a path is as in `request.DBInstanceId.required`; a name alone will do"),
    }
}

fn witness(shelf: &Shelf<'_>, lock: &Lock, facts: &[&LockedFact], tree: &serde_json::Value) -> Explanation {
    let mut explanation = Explanation::default();
    let pages: BTreeSet<usize> =
        facts.iter().flat_map(|fact| fact.losers.iter().map(|loser| loser.page).chain([fact.page])).collect();
    let mut shown: BTreeMap<usize, String> = BTreeMap::new();
    for index in pages {
        if let Some(page) = lock.pages.get(index) {
            shown.insert(index, shelf.open(page, &mut explanation));
        }
    }
    let lines: BTreeMap<&str, LineIndex<'_>> =
        explanation.sources.iter().map(|(page, text)| (page.as_str(), LineIndex::new(text))).collect();
    let place = |page: usize, start, end| {
        let page = shown.get(&page)?;
        let lines = lines.get(page.as_str())?;
        Some((page.clone(), Span { start: lines.byte(start), end: lines.byte(end) }))
    };
    for fact in facts {
        let Some((page, span)) = place(fact.page, fact.start, fact.end) else { continue };
        let resolved = path::resolve(tree, &fact.path);
        let losers = fact.losers.iter().filter_map(|loser| {
            let (page, span) = place(loser.page, loser.start, loser.end)?;
            let LockedLoser { start: place, rule, settled, value, .. } = loser.clone();
            Some(ExplainedLoser { value, page, span, place, rule, settled })
        });
        explanation.facts.push(Explained {
            path: fact.path.clone(),
            value: resolved.rest.is_empty().then(|| path::get(tree, &resolved.steps).cloned()).flatten(),
            page,
            span,
            place: fact.start,
            rule: fact.rule.clone(),
            certainty: fact.certainty,
            losers: losers.collect(),
        });
    }
    explanation
}

/// Where a service's pages may lie.
struct Shelf<'a> {
    folder: &'a Path,
    known: &'a [PageFile],
    /// The hashes of all pages: a file with one of them is that page and no other.
    hashes: BTreeSet<&'a str>,
}

impl Shelf<'_> {
    /// A page's file and its bytes: of several by its name, the one whose facts were read.
    fn find(&self, page: &LockedPage) -> (PathBuf, std::io::Result<Vec<u8>>) {
        let named = self.known.iter().filter(|known| known.name == page.name).map(|known| known.path.clone());
        let at_home = self.folder.join(&page.name);
        // What an OpenAPI document refers to is none of the service's pages.
        let folders: BTreeSet<&Path> = self.known.iter().filter_map(|known| known.path.parent()).collect();
        let beside = folders.into_iter().map(|folder| folder.join(&page.name));
        let mut changed = None;
        for path in named.chain([at_home.clone()]).chain(beside) {
            match fs::read(&path) {
                Ok(bytes) => match pages::hash(&bytes) {
                    hash if hash == page.sha256 => return (path, Ok(bytes)),
                    hash if self.hashes.contains(hash.as_str()) => {}
                    _ => drop(changed.get_or_insert((path, Ok(bytes)))),
                },
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => drop(changed.get_or_insert((path, Err(error)))),
            }
        }
        changed.unwrap_or_else(|| (at_home, Err(std::io::ErrorKind::NotFound.into())))
    }

    /// Reads a page into the explanation's sources; its path.
    fn open(&self, page: &LockedPage, explanation: &mut Explanation) -> String {
        let (path, read) = self.find(page);
        let shown = files::display(&path);
        let text = match read {
            Ok(bytes) => {
                if pages::hash(&bytes) != page.sha256 {
                    let message = "changed since its facts were read: the marked words may be others";
                    let finding = Diagnostic::new("page-changed", Severity::Warning, shown.clone(), message);
                    explanation.findings.push(finding.help("run `docsdk build`"));
                }
                page::decode(&shown, bytes).map(|(text, _)| text).unwrap_or_default()
            }
            Err(error) => {
                let failed = files::failure("page-read", &path, "read", &error);
                let help = "facts of this page are shown without its words; `docsdk build` reads the pages anew";
                explanation.findings.push(Diagnostic { severity: Severity::Warning, ..failed }.help(help));
                String::new()
            }
        };
        explanation.sources.insert(shown.clone(), text);
        shown
    }
}
