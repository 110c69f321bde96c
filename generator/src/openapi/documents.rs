//! The files of a document, and where references between and within them lead.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use percent_encoding::percent_decode_str;

use super::loss::{self, Losses};
use super::node::{self, Node, Parsed, Value};
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::page::Span;

/// How many files a document may be made of.
const MAX_FILES: usize = 2_000;
/// How many bytes they may have together.
const MAX_TOTAL: usize = 256 << 20;

/// A file, read.
#[derive(Debug)]
pub(super) struct Document {
    /// Its path as findings show it.
    pub(super) shown: String,
    /// Where it lies, without `..` and links.
    path: PathBuf,
    pub(super) text: String,
    pub(super) root: Node,
    repeated: Vec<(String, Span)>,
}

/// All files that references of the first lead to.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) files: Vec<Document>,
    by_path: BTreeMap<PathBuf, usize>,
    /// What can't be read, by its path: why.
    unreadable: BTreeMap<PathBuf, Unreadable>,
    root: PathBuf,
    resolved: Mutex<HashMap<(usize, String), Target>>,
}

/// Why a document can't be read, and its text where there is one.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) finding: Diagnostic,
    pub(super) text: Option<String>,
}

/// Why a file that a reference names is not there.
#[derive(Debug)]
enum Unreadable {
    Missing(String),
    Broken(Box<Diagnostic>),
    Outside,
}

/// Where a reference leads: a file, and the way from its root by positions.
#[derive(Clone, Debug)]
struct Target {
    file: usize,
    steps: Vec<usize>,
}

/// A place in the documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) file: usize,
    pub(super) node: &'a Node,
    /// What to mark for it: its key, where it has one.
    pub(super) span: Span,
}

impl<'a> At<'a> {
    pub(super) fn get(self, key: &str) -> Option<Self> {
        let entry = self.node.entries().iter().find(|entry| entry.key == key)?;
        Some(Self { node: &entry.node, span: entry.at, ..self })
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Self)> {
        let file = self.file;
        self.node
            .entries()
            .iter()
            .map(move |entry| (entry.key.as_str(), Self { file, node: &entry.node, span: entry.at }))
    }

    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        let file = self.file;
        self.node.items().iter().map(move |node| Self { file, node, span: node.span })
    }

    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_text().filter(|text| !text.trim().is_empty())
    }

    /// Tells this place from all others.
    pub(super) fn id(self) -> usize {
        std::ptr::from_ref(self.node).addr()
    }
}

impl Documents {
    /// A document of one tree that lies in no file.
    pub(super) fn of(root: Node) -> Self {
        let file =
            Document { shown: String::new(), path: PathBuf::new(), text: String::new(), root, repeated: Vec::new() };
        Self { files: vec![file], ..Self::default() }
    }

    /// Reads a file and all that its references lead to, as far as it lies under `root`.
    ///
    /// # Errors
    /// What is wrong with the first file.
    pub(super) fn read(path: &Path, root: &Path) -> Result<Self, Box<Refused>> {
        let shown = files::display(path);
        let real = |path: &Path| {
            let refused = |error| Refused { finding: files::failure("openapi-read", path, "read", &error), text: None };
            fs::canonicalize(path).map_err(|error| Box::new(refused(error)))
        };
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let mut documents = Self { root: real(root)?, ..Self::default() };
        let path = real(path)?;
        let text = text(&path).map_err(|message| {
            let finding = Diagnostic::new("openapi-read", crate::diagnostic::Severity::Error, &shown, message);
            let finding = finding.help("see whether the path is right and the file is text");
            Box::new(Refused { finding, text: None })
        })?;
        match node::parse(&text, &shown) {
            Ok(parsed) => documents.add(path, shown, text, parsed),
            Err(finding) => return Err(Box::new(Refused { finding: *finding, text: Some(text) })),
        }
        documents.follow();
        Ok(documents)
    }

    fn add(&mut self, path: PathBuf, shown: String, text: String, Parsed { root, repeated }: Parsed) {
        self.by_path.insert(path.clone(), self.files.len());
        self.files.push(Document { shown, path, text, root, repeated });
    }

    /// Reads the files that references lead to, until there are no more.
    fn follow(&mut self) {
        let mut next = 0;
        let mut total: usize = self.files.iter().map(|file| file.text.len()).sum();
        while next < self.files.len() {
            let mut named = Vec::new();
            references(&self.files[next].root, &mut named);
            let folder = self.files[next].path.parent().unwrap_or(Path::new("")).to_owned();
            let shown_folder = Path::new(&self.files[next].shown).parent().unwrap_or(Path::new("")).to_owned();
            named.sort();
            named.dedup();
            for name in named {
                let wanted = plain(&folder.join(&name));
                if self.by_path.contains_key(&wanted) || self.unreadable.contains_key(&wanted) {
                    continue;
                }
                if let Err(why) = self.open(&wanted, &shown_folder.join(&name), &mut total) {
                    self.unreadable.insert(wanted, why);
                }
            }
            next += 1;
        }
    }

    fn open(&mut self, wanted: &Path, shown: &Path, total: &mut usize) -> Result<(), Unreadable> {
        if !wanted.starts_with(&self.root) {
            return Err(Unreadable::Outside);
        }
        let real = fs::canonicalize(wanted).map_err(|error| Unreadable::Missing(error.to_string()))?;
        // A link may lead out of the folder.
        if !real.starts_with(&self.root) {
            return Err(Unreadable::Outside);
        }
        if let Some(known) = self.by_path.get(&real).copied() {
            self.by_path.insert(wanted.to_owned(), known);
            return Ok(());
        }
        let text = text(&real).map_err(Unreadable::Missing)?;
        *total += text.len();
        if self.files.len() >= MAX_FILES || *total > MAX_TOTAL {
            return Err(Unreadable::Missing("the document is made of too many files".to_owned()));
        }
        let shown = files::display(&plain(shown));
        let parsed = node::parse(&text, &shown).map_err(Unreadable::Broken)?;
        self.by_path.insert(wanted.to_owned(), self.files.len());
        self.add(real, shown, text, parsed);
        Ok(())
    }

    /// The whole of a file.
    pub(super) fn whole(&self, file: usize) -> Option<At<'_>> {
        let node = &self.files.get(file)?.root;
        Some(At { file, node, span: node.span })
    }

    /// Reports keys that stand in a map twice.
    pub(super) fn report(&self, losses: &mut Losses) {
        for (file, document) in self.files.iter().enumerate() {
            for (key, span) in &document.repeated {
                losses.add(loss::REPEATED_KEY, file, *span, format!("the key `{key}` is there twice"));
            }
        }
    }

    /// Where a reference leads.
    pub(super) fn resolve<'a>(&'a self, at: At<'_>, reference: &str, losses: &mut Losses) -> Option<At<'a>> {
        let key = (at.file, reference.to_owned());
        let known = self.resolved.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let target = if let Some(target) = known {
            target
        } else {
            let target = self.find(at, reference, losses)?;
            self.resolved.lock().unwrap_or_else(PoisonError::into_inner).insert(key, target.clone());
            target
        };
        let mut found = self.whole(target.file)?;
        for step in target.steps {
            let (node, span) = match &found.node.value {
                Value::Map(entries) => entries.get(step).map(|entry| (&entry.node, entry.at))?,
                Value::List(items) => items.get(step).map(|node| (node, node.span))?,
                _ => return None,
            };
            found = At { node, span, ..found };
        }
        Some(found)
    }

    fn find(&self, at: At<'_>, reference: &str, losses: &mut Losses) -> Option<Target> {
        let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let mut lost = |class, message| {
            losses.add(class, at.file, at.span, message);
            None
        };
        let file = if name.is_empty() {
            at.file
        } else if is_remote(name) {
            return lost(loss::REFERENCE_OUTSIDE, format!("`{reference}` lies on the network"));
        } else {
            let folder = self.files.get(at.file)?.path.parent().unwrap_or(Path::new(""));
            let wanted = plain(&folder.join(file_name(name)));
            match (self.by_path.get(&wanted), self.unreadable.get(&wanted)) {
                (Some(file), _) => *file,
                (None, Some(Unreadable::Missing(why))) => {
                    return lost(loss::REFERENCE, format!("`{name}` can't be read: {why}"));
                }
                (None, Some(Unreadable::Broken(finding))) => {
                    return lost(loss::REFERENCE, format!("`{name}` can't be read: {}", finding.message));
                }
                (None, _) => {
                    return lost(loss::REFERENCE_OUTSIDE, format!("`{name}` lies outside of the document's folder"));
                }
            }
        };
        match walk(&self.files.get(file)?.root, fragment) {
            Some(steps) => Some(Target { file, steps }),
            None => lost(loss::REFERENCE, format!("`{reference}` leads nowhere")),
        }
    }

    /// The JSON Pointer of a place, `#/paths/~1pets/get`.
    pub(super) fn pointer(&self, file: usize, span: Span) -> String {
        let mut pointer = "#".to_owned();
        let Some(document) = self.files.get(file) else { return pointer };
        let mut node = &document.root;
        loop {
            let next = match &node.value {
                Value::Map(entries) => {
                    let within = entries.iter().filter(|entry| entry.at.start <= span.start);
                    within.max_by_key(|entry| entry.at.start).map(|entry| {
                        let key = entry.key.replace('~', "~0").replace('/', "~1");
                        (key, &entry.node, entry.at.start == span.start)
                    })
                }
                Value::List(items) => {
                    let within = items.iter().enumerate().filter(|(_, item)| item.span.start <= span.start);
                    let last = within.max_by_key(|(_, item)| item.span.start);
                    last.map(|(index, item)| {
                        let inner = item.entries().first().is_some_and(|entry| entry.at.start == span.start);
                        (index.to_string(), item, item.span.start == span.start && !inner)
                    })
                }
                _ => None,
            };
            let Some((step, below, done)) = next else { return pointer };
            pointer.push('/');
            pointer.push_str(&step);
            if done {
                return pointer;
            }
            node = below;
        }
    }
}

/// The way that a JSON Pointer leads, by positions.
fn walk(root: &Node, fragment: &str) -> Option<Vec<usize>> {
    let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
    let mut steps = Vec::new();
    let mut node = root;
    if fragment.is_empty() {
        return Some(steps);
    }
    for step in fragment.strip_prefix('/')?.split('/') {
        let step = step.replace("~1", "/").replace("~0", "~");
        let position = match &node.value {
            Value::Map(entries) => entries.iter().position(|entry| entry.key == step)?,
            Value::List(_) => step.parse().ok()?,
            _ => return None,
        };
        node = match &node.value {
            Value::Map(entries) => &entries.get(position)?.node,
            Value::List(items) => items.get(position)?,
            _ => return None,
        };
        steps.push(position);
    }
    Some(steps)
}

/// The file names of references in a tree.
fn references(node: &Node, named: &mut Vec<String>) {
    for item in node.items() {
        references(item, named);
    }
    for entry in node.entries() {
        if entry.key == "$ref"
            && let Some(reference) = entry.node.as_text()
        {
            let name = reference.split('#').next().unwrap_or_default();
            if !name.is_empty() && !is_remote(name) {
                named.push(file_name(name));
            }
        }
        references(&entry.node, named);
    }
}

fn file_name(name: &str) -> String {
    percent_decode_str(name).decode_utf8().map_or_else(|_| name.to_owned(), Cow::into_owned)
}

fn is_remote(name: &str) -> bool {
    name.contains("://") || name.starts_with("//") || name.starts_with("urn:") || name.starts_with("file:")
}

fn text(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?;
    if !length.is_file() {
        return Err("it is no file".to_owned());
    }
    if length.len() > node::MAX_BYTES as u64 {
        return Err(format!("it has {} bytes, more than the {} that are read", length.len(), node::MAX_BYTES));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| format!("{error}"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A path without `.` and `..`, by its text.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
