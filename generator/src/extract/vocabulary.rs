//! The words pages are written in: one data file a language, all of them known at once.

use std::collections::{BTreeMap, HashMap};

use regex::{Regex, RegexSet};
use schemars::JsonSchema;
use serde::Deserialize;

use super::pattern::Pattern;
use super::phrases::{self, Phrases};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::place::{self, Step};
use crate::spec::{Access, Type};
use crate::suggest;

/// A language's data file: the words and phrases of documentation pages in it.
///
/// Words are compared without regard to case and outer white space; patterns are regular expressions.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LanguageFile {
    /// The language's code: `en`.
    pub(crate) language: String,
    /// Titles of sections, by what stands below them.
    sections: BTreeMap<SectionKind, Vec<String>>,
    /// Column names of tables, by what a table lists and what a column holds.
    tables: BTreeMap<TableKind, BTreeMap<Role, Vec<String>>>,
    /// Type words.
    types: BTreeMap<String, TypeWord>,
    /// Patterns of types that are lists, what is listed in the group `item`: `array of …`.
    lists: Vec<String>,
    /// What a cell says where a parameter must be given.
    required_yes: Vec<String>,
    /// What a cell says where a parameter may be left out.
    required_no: Vec<String>,
    /// What a cell says where there is nothing.
    nothing: Vec<Option<String>>,
    /// Words of captions that do not tell one table from another.
    caption_words: Vec<String>,
    /// Words that open a note.
    note: Vec<String>,
    /// What a cell says for all resources.
    everything: Vec<String>,
    /// Access levels.
    access: BTreeMap<String, Access>,
    /// Patterns of lines that belong to the site, not to the page.
    chrome: Vec<String>,
    /// Patterns of lines that end a table saved as text.
    table_end: Vec<String>,
    /// Patterns of rows that say that a table is empty.
    dead_rows: Vec<String>,
    /// Words of links that are no text.
    links: Vec<String>,
    /// The pattern of a line that names a sample's format, in the group `format`.
    sample_format: Option<String>,
    /// Words that such a line may be broken before.
    sample_format_words: Vec<String>,
    /// The pattern of a line that states a status, in the group `status`.
    status_line: Option<String>,
    /// Phrases of descriptions: patterns in which `{value}`, `{values}`, `{name}`, `{min}` and others stand for what is read.
    pub(crate) prose: BTreeMap<String, Patterns>,
    /// Patterns of words for formats, by the format's name.
    pub(crate) formats: BTreeMap<String, Patterns>,
    /// Kinds of characters, by the patterns of their words: parts of a character class.
    pub(crate) characters: BTreeMap<String, Vec<String>>,
    /// How titles become names.
    naming: NamingFile,
}

impl LanguageFile {
    /// The titles and column names of pages in this language.
    pub(crate) fn page_words(&self) -> impl Iterator<Item = &str> {
        let columns = self.tables.values().flat_map(BTreeMap::values);
        self.sections.values().chain(columns).flatten().map(String::as_str)
    }

    /// What is wrong in the file's patterns and keys; it stands in `source` below the keys of `within`.
    pub(crate) fn check(&self, within: &[&str], source: &str, file: &str) -> Vec<Diagnostic> {
        let at = |key: &'static str| [within, &[key]].concat();
        let mut plain = Vec::new();
        for (key, list) in [("chrome", &self.chrome), ("table_end", &self.table_end), ("dead_rows", &self.dead_rows)] {
            plain.extend(Pattern::list(&at(key), list.iter().map(String::as_str), &[]));
        }
        plain.extend(Pattern::list(&at("lists"), self.lists.iter().map(String::as_str), &["item"]));
        plain.extend(self.sample_format.iter().map(|one| Pattern::new(&at("sample_format"), one, &["format"])));
        plain.extend(self.status_line.iter().map(|one| Pattern::new(&at("status_line"), one, &["status"])));
        let silent = [within, &["naming", "silent_e"]].concat();
        plain.extend(self.naming.silent_e.iter().map(|one| Pattern::new(&silent, one, &[])));
        for word in self.characters.keys() {
            plain.push(Pattern::new(&[within, &["characters", word]].concat(), word, &[]));
        }
        let mut findings: Vec<Diagnostic> =
            plain.iter().filter_map(|one| one.check(Regex::new(one.text), source, file)).collect();
        let phrases = |section: &'static str, key: &str, patterns: &Patterns| {
            let place = [within, &[section, key]].concat();
            let phrases = Pattern::list(&place, patterns.iter(), &[]);
            let wrong = phrases.iter().filter_map(|one| one.check(phrases::compile(one.text, &[]), source, file));
            wrong.collect::<Vec<_>>()
        };
        findings.extend(self.formats.iter().flat_map(|(format, patterns)| phrases("formats", format, patterns)));
        for (key, patterns) in self.prose.iter().filter(|(key, _)| *key != phrases::OWN) {
            if Phrases::knows(key) {
                findings.extend(phrases("prose", key, patterns));
            } else {
                findings.push(unknown_phrase(key, &[within, &["prose", key]].concat(), source, file));
            }
        }
        findings
    }
}

fn unknown_phrase(key: &str, place: &[&str], source: &str, file: &str) -> Diagnostic {
    let known = super::provider::english();
    let keys: Vec<&str> = known.prose.keys().map(String::as_str).collect();
    let finding = Diagnostic::new("unknown-key", Severity::Error, file, format!("unknown key `{key}`"));
    let finding = finding.help(suggest::remedy(key, keys));
    let steps: Vec<Step> = place.iter().map(|key| Step::Key((*key).to_owned())).collect();
    match place::find(source, &steps) {
        Some(span) => finding.at(span, "no phrases are read under this key"),
        None => finding,
    }
}

/// One pattern or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a pattern or a list of patterns")]
pub(crate) enum Patterns {
    /// One.
    One(String),
    /// Several, tried in order.
    Many(Vec<String>),
}

impl Patterns {
    /// The patterns in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
        .map(String::as_str)
    }
}

/// How titles become names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NamingFile {
    /// Words that are left out.
    articles: Vec<String>,
    /// Words that join two names, of which the first counts.
    alternatives: Vec<String>,
    /// Leading words that are turned into verbs.
    gerunds: BTreeMap<String, String>,
    /// The pattern of verbs' stems that get an `e`.
    silent_e: Option<String>,
}

/// How titles become names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Naming {
    pub(crate) articles: Vec<String>,
    pub(crate) alternatives: Vec<String>,
    pub(crate) gerunds: BTreeMap<String, String>,
    pub(crate) silent_e: Vec<Regex>,
}

/// What a type word stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypeWord {
    /// The type.
    #[serde(rename = "type")]
    pub(crate) kind: Type,
    /// What narrows it.
    #[serde(default)]
    pub(crate) format: Option<String>,
}

/// What a section of a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SectionKind {
    /// What stands before the first known title.
    #[serde(skip)]
    Opening,
    Description,
    Constraints,
    Authorization,
    Debugging,
    Uri,
    RequestSyntax,
    PathParameters,
    QueryParameters,
    HeaderParameters,
    BodyParameters,
    Request,
    Response,
    NormalResponse,
    ErrorResponse,
    Examples,
    RequestSamples,
    ResponseSamples,
    ErrorSamples,
    Errors,
    Statuses,
    History,
    Feedback,
    /// A title the vocabulary does not know.
    #[serde(skip)]
    Other,
}

/// What a table lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableKind {
    Parameters,
    Errors,
    Permissions,
    History,
    Statuses,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Name,
    Type,
    Required,
    Description,
    Example,
    Default,
    Location,
    Status,
    Code,
    Message,
    Solution,
    Action,
    Api,
    Access,
    Resource,
    Condition,
    Dependent,
    Date,
    Summary,
    Link,
}

/// The words of every language of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    sections: HashMap<String, SectionKind>,
    columns: BTreeMap<TableKind, BTreeMap<String, Role>>,
    types: HashMap<String, TypeWord>,
    /// Type words, longest first.
    pub(crate) type_words: Vec<String>,
    /// Types that are lists.
    pub(crate) lists: Vec<Regex>,
    required: Vec<(String, bool)>,
    nothing: Vec<String>,
    caption_words: Vec<String>,
    /// Words that open a note, longest first.
    pub(crate) note: Vec<String>,
    everything: Vec<String>,
    access: Vec<(String, Access)>,
    pub(crate) chrome: RegexSet,
    pub(crate) table_end: RegexSet,
    pub(crate) dead_rows: RegexSet,
    pub(crate) links: Vec<String>,
    pub(crate) sample_format: Vec<Regex>,
    sample_format_words: Vec<String>,
    pub(crate) status_line: Vec<Regex>,
    pub(crate) naming: Naming,
}

impl Vocabulary {
    /// Joins language files; a later file's words win.
    pub(crate) fn new(files: &[LanguageFile]) -> Result<Self, regex::Error> {
        let mut all = Self::default();
        let (mut chrome, mut table_end, mut dead_rows) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            for (kind, titles) in &file.sections {
                all.sections.extend(titles.iter().map(|title| (folded(title), *kind)));
            }
            for (kind, roles) in &file.tables {
                let columns = all.columns.entry(*kind).or_default();
                for (role, words) in roles {
                    columns.extend(words.iter().map(|word| (folded(word), *role)));
                }
            }
            all.types.extend(file.types.iter().map(|(word, kind)| (folded(word), kind.clone())));
            for pattern in &file.lists {
                all.lists.push(Regex::new(pattern)?);
            }
            all.required.extend(file.required_yes.iter().map(|word| (folded(word), true)));
            all.required.extend(file.required_no.iter().map(|word| (folded(word), false)));
            all.nothing.extend(file.nothing.iter().map(|word| folded(word.as_deref().unwrap_or("null"))));
            all.caption_words.extend(file.caption_words.iter().map(|word| folded(word)));
            all.note.extend(file.note.iter().cloned());
            all.everything.extend(file.everything.iter().map(|word| folded(word)));
            all.access.extend(file.access.iter().map(|(word, access)| (folded(word), *access)));
            chrome.extend(file.chrome.iter());
            table_end.extend(file.table_end.iter());
            dead_rows.extend(file.dead_rows.iter());
            all.links.extend(file.links.iter().cloned());
            all.sample_format_words.extend(file.sample_format_words.iter().map(|word| folded(word)));
            if let Some(pattern) = &file.sample_format {
                all.sample_format.push(Regex::new(pattern)?);
            }
            if let Some(pattern) = &file.status_line {
                all.status_line.push(Regex::new(&format!("(?i){pattern}"))?);
            }
            all.naming.articles.extend(file.naming.articles.iter().cloned());
            all.naming.alternatives.extend(file.naming.alternatives.iter().cloned());
            all.naming.gerunds.extend(file.naming.gerunds.iter().map(|(k, v)| (k.clone(), v.clone())));
            if let Some(pattern) = &file.naming.silent_e {
                all.naming.silent_e.push(Regex::new(pattern)?);
            }
        }
        all.type_words = all.types.keys().cloned().collect();
        all.type_words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.note.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.required.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        all.access.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        all.chrome = RegexSet::new(chrome)?;
        all.table_end = RegexSet::new(table_end)?;
        all.dead_rows = RegexSet::new(dead_rows)?;
        Ok(all)
    }

    /// The section a title opens.
    pub(crate) fn section(&self, title: &str) -> Option<SectionKind> {
        if title.len() > 60 {
            return None;
        }
        self.sections.get(&folded(title)).copied()
    }

    /// The type a word stands for.
    pub(crate) fn type_word(&self, word: &str) -> Option<&TypeWord> {
        if word.len() > 40 {
            return None;
        }
        self.types.get(&folded(word))
    }

    /// Whether a cell says yes or no.
    pub(crate) fn required(&self, cell: &str) -> Option<bool> {
        if cell.len() > 40 {
            return None;
        }
        let cell = folded(cell.trim_end_matches(['.', '。']));
        self.required.iter().find(|(word, _)| *word == cell).map(|(_, yes)| *yes)
    }

    /// A yes or no at the end of a word, and what stands before it.
    pub(crate) fn required_suffix<'t>(&self, text: &'t str) -> Option<(&'t str, bool)> {
        self.required.iter().filter(|(word, _)| word.len() > 1).find_map(|(word, yes)| {
            let cut = text.len().checked_sub(word.len())?;
            let tail = text.get(cut..)?;
            // The words are capitals or Chinese: `Yes` closes a row, `yes` may be part of a name.
            let starts_well = tail.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_ascii());
            (starts_well && folded(tail) == *word).then(|| (text.get(..cut).unwrap_or_default(), *yes))
        })
    }

    /// The length of a yes or no at the start of `text`.
    pub(crate) fn required_prefix(&self, text: &str) -> Option<usize> {
        let found = self.required.iter().filter(|(word, _)| word.len() > 1).find(|(word, _)| {
            text.get(..word.len()).is_some_and(|head| {
                folded(head) == *word && head.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_ascii())
            })
        })?;
        Some(found.0.len())
    }

    /// Whether a cell says that there is nothing.
    pub(crate) fn is_nothing(&self, cell: &str) -> bool {
        cell.is_empty() || (cell.len() < 20 && self.nothing.contains(&folded(cell)))
    }

    /// Whether a word of a caption says nothing of what its table lists: `parameter`, `description`.
    pub(crate) fn is_caption_word(&self, word: &str) -> bool {
        word.len() < 40 && self.caption_words.contains(&folded(word))
    }

    /// Whether a cell names all resources.
    pub(crate) fn is_everything(&self, cell: &str) -> bool {
        cell.len() < 40 && self.everything.contains(&folded(cell))
    }

    /// Whether a paragraph is no more than the tail of a sample's format line.
    pub(crate) fn is_sample_format_word(&self, cell: &str) -> bool {
        cell.len() < 40 && self.sample_format_words.contains(&folded(cell))
    }

    /// An access level.
    pub(crate) fn access(&self, cell: &str) -> Option<Access> {
        let cell = folded(cell);
        self.access.iter().find(|(word, _)| *word == cell).map(|(_, access)| *access)
    }

    /// An access level at the end of a word, and what stands before it.
    pub(crate) fn access_suffix<'t>(&self, text: &'t str) -> Option<(&'t str, Access)> {
        self.access.iter().find_map(|(word, access)| {
            let cut = text.len().checked_sub(word.len())?;
            let tail = text.get(cut..)?;
            (folded(tail) == *word).then(|| (text.get(..cut).unwrap_or_default(), *access))
        })
    }

    /// The columns of each kind of table, folded.
    pub(crate) fn columns(&self) -> &BTreeMap<TableKind, BTreeMap<String, Role>> {
        &self.columns
    }
}

/// Text for comparing: lower case, single spaces, no space at the ends.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}
