//! A vendor's conventions, read from a data file: protocol, names, common parameters, and the languages of its pages.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use regex::{Regex, RegexSet};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::habits::Habits;
use super::language::Languages;
use super::pattern::Pattern;
use super::phrases::Phrases;
use super::vocabulary::{LanguageFile, Role, Vocabulary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::provenance::Certainty;
use crate::report::Sources;
use crate::spec::place::{self, Step};
use crate::spec::{Endpoints, Http, Location, Protocol, yaml};
use crate::suggest;

/// The languages that come with the tool: a language is a file, and a line here.
const LANGUAGES: [(&str, &str); 3] = [
    ("en", include_str!("../../vocabulary/en.yaml")),
    ("ja", include_str!("../../vocabulary/ja.yaml")),
    ("zh", include_str!("../../vocabulary/zh.yaml")),
];
const PROVIDERS: [(&str, &str); 2] = [
    ("aliyun", include_str!("../../vocabulary/aliyun.yaml")),
    ("huawei", include_str!("../../vocabulary/huawei.yaml")),
];

/// The languages that there are files for.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(name, _)| *name)
}

/// Why a language can't be used.
enum Fault {
    /// There is none of that name, or no file.
    Unknown(Box<Diagnostic>),
    /// Its file is not as it should be.
    Broken(ProviderError),
}

/// A language that comes with the tool, or that of a file.
fn language(name: &str, open: &dyn Fn(&str) -> Result<LanguageText, Diagnostic>) -> Result<LanguageFile, Fault> {
    let known = LANGUAGES.iter().find(|(known, _)| *known == name);
    let text = match known {
        Some((_, source)) => LanguageText { file: format!("{name}.yaml"), source: (*source).to_owned() },
        None if is_path(name) => open(name).map_err(|finding| Fault::Unknown(Box::new(finding)))?,
        None => return Err(Fault::Unknown(Box::new(unknown_language(name)))),
    };
    let broken = |findings| Fault::Broken(ProviderError::new(findings, &text.file, &text.source));
    let words: LanguageFile = yaml::read(&text.source, &text.file).map_err(|finding| broken(vec![*finding]))?;
    // Those that come with the tool are tested.
    let findings = if known.is_some() { Vec::new() } else { words.check(&[], &text.source, &text.file) };
    if findings.is_empty() { Ok(words) } else { Err(broken(findings)) }
}

fn unknown_language(name: &str) -> Diagnostic {
    let known: Vec<&str> = LANGUAGES.iter().map(|(known, _)| *known).collect();
    Diagnostic::new("unknown-language", Severity::Error, name, format!("no language `{name}`"))
        .help(format!("{}, or the path of a language file", suggest::remedy(name, known)))
}

/// Whether a provider or language is named by its file's path.
pub(crate) fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending))
}

/// The language whose file says which keys there are.
pub(super) fn english() -> LanguageFile {
    let source = LANGUAGES.iter().find(|(name, _)| *name == "en").map_or("", |(_, source)| source);
    yaml::read(source, "en.yaml").unwrap_or_default()
}

/// Why a provider can't be used.
#[derive(Debug)]
pub struct ProviderError {
    /// What is wrong, each with its place.
    pub findings: Vec<Diagnostic>,
    /// The texts that the findings point into.
    pub sources: Sources,
}

impl ProviderError {
    fn new(findings: Vec<Diagnostic>, file: &str, source: &str) -> Self {
        Self { findings, sources: [(file.to_owned(), source.to_owned())].into() }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.findings.iter().map(|finding| format!("{}: {}", finding.file, finding.message));
        f.write_str(&lines.collect::<Vec<_>>().join("; "))
    }
}

impl std::error::Error for ProviderError {}

/// A provider's data file: how a vendor's pages are laid out and its APIs are called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderFile {
    /// The vendor's short name, as `service.yaml` has it.
    provider: String,
    /// The languages of its pages: names of those that come with the tool, or paths of language files from this file's folder.
    languages: Vec<String>,
    /// Further words, in the form of a language file; they win over those of the languages.
    #[serde(default)]
    vocabulary: Option<LanguageFile>,
    /// How calls are put on the wire, and with it what may sign them.
    #[serde(default)]
    protocol: Protocol,
    /// Where services are served whose entry in the manifest does not say it.
    #[serde(default)]
    endpoints: Endpoints,
    /// Method and path where a page says neither.
    #[serde(default)]
    http: Http,
    /// Where a parameter travels that nothing else places.
    default_location: Location,
    /// Whether a dot in a name parts a field from its object.
    #[serde(default = "yes")]
    dotted_names: bool,
    /// The fields of objects that are the same on every page.
    #[serde(default)]
    objects: BTreeMap<String, Vec<String>>,
    /// Parameters that stand in no object.
    #[serde(default)]
    outermost: Vec<String>,
    /// The pattern of a line that holds the path alone, in the group `path`.
    #[serde(default)]
    path_line: Option<String>,
    /// The pattern of a line that holds the method alone, in the group `method`.
    #[serde(default)]
    method_line: Option<String>,
    /// The pattern of a placeholder in a path where it is not written `{name}`, the name in the group `name`.
    #[serde(default)]
    path_placeholder: Option<String>,
    /// Where an operation's name stands.
    #[serde(default)]
    names: NamesFile,
    /// Parameters that the protocol itself fills in.
    #[serde(default)]
    common_request: Vec<String>,
    /// The parameter whose example is the operation's name.
    #[serde(default)]
    name_parameter: Option<String>,
    /// Columns whose facts are no more than likely.
    #[serde(default)]
    unsure_columns: Vec<Role>,
    /// The pattern of a line with method and path, in the groups `method` and `path`.
    request_line: String,
    /// Patterns of parameters that travel as headers.
    #[serde(default)]
    headers: Vec<String>,
    /// Patterns of names that hold secrets.
    #[serde(default)]
    secret_names: Vec<String>,
    /// The pattern of a permission's action.
    #[serde(default)]
    action_shape: Option<String>,
    /// The pattern of a permission's resource.
    #[serde(default)]
    resource_shape: Option<String>,
}

fn yes() -> bool {
    true
}

/// Where an operation's name stands; the patterns have it in the group `name`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NamesFile {
    /// Whether it is made of the page's title: `Create a volume` → `CreateVolume`.
    from_title: bool,
    /// Patterns of titles; a group `summary` is the summary.
    title: Vec<String>,
    /// The pattern of a permission's action.
    action: Option<String>,
    /// The pattern of a sample request.
    request_line: Option<String>,
    /// The pattern of a sample's root element.
    sample_root: Option<String>,
    /// The pattern of the page's file name, without its ending.
    file: Option<String>,
}

impl ProviderFile {
    /// The patterns that stand in the file itself, by key.
    fn patterns(&self) -> Vec<Pattern<'_>> {
        let mut all = vec![Pattern::new(&["request_line"], &self.request_line, &["method", "path"])];
        let names = &self.names;
        let single: [(&[&str], _, &'static [&'static str]); 9] = [
            (&["path_line"], &self.path_line, &["path"]),
            (&["method_line"], &self.method_line, &["method"]),
            (&["path_placeholder"], &self.path_placeholder, &["name"]),
            (&["action_shape"], &self.action_shape, &[]),
            (&["resource_shape"], &self.resource_shape, &[]),
            (&["names", "action"], &names.action, &["name"]),
            (&["names", "request_line"], &names.request_line, &["name"]),
            (&["names", "sample_root"], &names.sample_root, &["name"]),
            (&["names", "file"], &names.file, &["name"]),
        ];
        all.extend(
            single
                .into_iter()
                .filter_map(|(place, pattern, groups)| Some(Pattern::new(place, pattern.as_deref()?, groups))),
        );
        let lists: [(&[&str], _, &'static [&'static str]); 3] = [
            (&["names", "title"], &names.title, &["name"]),
            (&["headers"], &self.headers, &[]),
            (&["secret_names"], &self.secret_names, &[]),
        ];
        for (place, patterns, groups) in lists {
            all.extend(Pattern::list(place, patterns.iter().map(String::as_str), groups));
        }
        all
    }
}

/// A language file's text, and its path as findings show it.
#[derive(Clone, Debug)]
pub struct LanguageText {
    /// The path.
    pub file: String,
    /// The text.
    pub source: String,
}

/// Where operations' names stand.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) from_title: bool,
    pub(crate) title: Vec<Regex>,
    pub(crate) action: Option<Regex>,
    pub(crate) request_line: Option<Regex>,
    pub(crate) sample_root: Option<Regex>,
    pub(crate) file: Option<Regex>,
}

/// A vendor's conventions and the words its pages use.
#[derive(Clone, Debug)]
pub struct Provider {
    name: String,
    protocol: Protocol,
    endpoints: Endpoints,
    pub(crate) http: Http,
    pub(crate) default_location: Location,
    pub(crate) dotted_names: bool,
    pub(crate) habits: Habits,
    /// A line that holds the path alone, and one that holds the method alone.
    pub(crate) path_line: Option<Regex>,
    pub(crate) method_line: Option<Regex>,
    /// A placeholder of a path where it is not written `{name}`.
    pub(crate) path_placeholder: Option<Regex>,
    pub(crate) names: Names,
    common_request: Vec<String>,
    pub(crate) name_parameter: Option<String>,
    /// Columns that the vendor's APIs disagree with too often for what they say to be certain.
    unsure_columns: Vec<Role>,
    pub(crate) request_line: Regex,
    pub(crate) headers: RegexSet,
    pub(crate) secret_names: RegexSet,
    pub(crate) action_shape: Option<Regex>,
    pub(crate) resource_shape: Option<Regex>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) phrases: Phrases,
    pub(crate) languages: Languages,
    preferred: Option<String>,
    /// A hash of the texts that it was read from.
    fingerprint: [u8; 32],
}

impl Provider {
    /// A provider that comes with the tool; `None` where there is none of that name.
    ///
    /// # Panics
    ///
    /// Never in a tool that passed its tests: they read every provider that comes with it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        // Its hundreds of patterns are compiled once a run, not once a service.
        static READ: [OnceLock<Provider>; PROVIDERS.len()] = [const { OnceLock::new() }; PROVIDERS.len()];
        let at = PROVIDERS.iter().position(|(known, _)| *known == name)?;
        let (_, file) = PROVIDERS.get(at)?;
        let read = || Self::from_yaml(file).expect("the providers that come with the tool are tested to be readable");
        Some(READ.get(at)?.get_or_init(read).clone())
    }

    /// The names [`Provider::named`] knows.
    pub fn known() -> impl Iterator<Item = &'static str> {
        PROVIDERS.iter().map(|(name, _)| *name)
    }

    /// Reads a provider file whose languages come with the tool; its key `vocabulary` may add words to them.
    ///
    /// # Errors
    ///
    /// Where the text is no provider file, names a language that does not exist or holds a faulty pattern.
    pub fn from_yaml(source: &str) -> Result<Self, ProviderError> {
        Self::read(source, "provider.yaml", &|language| Err(unknown_language(language)))
    }

    /// Reads a provider file; `open` gives the language files that it names by path.
    ///
    /// # Errors
    ///
    /// Where a text is not as it should be, each fault with its place.
    pub fn read(
        source: &str,
        file: &str,
        open: &dyn Fn(&str) -> Result<LanguageText, Diagnostic>,
    ) -> Result<Self, ProviderError> {
        let mut read: ProviderFile =
            yaml::read(source, file).map_err(|finding| ProviderError::new(vec![*finding], file, source))?;
        let mut findings: Vec<Diagnostic> = read
            .patterns()
            .iter()
            .filter_map(|one| one.check(Regex::new(one.text), source, file))
            .chain(read.vocabulary.iter().flat_map(|words| words.check(&["vocabulary"], source, file)))
            .collect();
        let mut languages = Vec::new();
        let texts = RefCell::new(Sha256::new_with_prefix(source));
        let open = |language: &str| {
            let text = open(language)?;
            texts.borrow_mut().update(&text.source);
            Ok(text)
        };
        for (index, language) in read.languages.iter().enumerate() {
            match self::language(language, &open) {
                Ok(words) => languages.push(words),
                Err(Fault::Unknown(finding)) => {
                    let place = [Step::Key("languages".to_owned()), Step::Index(index)];
                    let span = place::find(source, &place).unwrap_or_default();
                    findings.push(Diagnostic { file: file.to_owned(), ..*finding }.at(span, "here"));
                }
                Err(Fault::Broken(error)) => return Err(error),
            }
        }
        if !findings.is_empty() {
            return Err(ProviderError::new(findings, file, source));
        }
        languages.extend(read.vocabulary.take());
        let fingerprint = texts.take().finalize().into();
        let provider = Self::compiled(read, &languages).map(|provider| Self { fingerprint, ..provider });
        provider.map_err(|error| {
            let finding = Diagnostic::new("pattern", Severity::Error, file, format!("no regular expression: {error}"));
            ProviderError::new(vec![finding.help("mend the pattern, or make it shorter")], file, source)
        })
    }

    fn compiled(file: ProviderFile, languages: &[LanguageFile]) -> Result<Self, regex::Error> {
        let one = |pattern: &Option<String>| pattern.as_deref().map(Regex::new).transpose();
        let (vocabulary, phrases) = rayon::join(|| Vocabulary::new(languages), || Phrases::new(languages));
        Ok(Self {
            vocabulary: vocabulary?,
            phrases: phrases?,
            languages: Languages::new(languages),
            preferred: None,
            fingerprint: [0; 32],
            name: file.provider,
            protocol: file.protocol,
            endpoints: file.endpoints,
            http: file.http,
            default_location: file.default_location,
            dotted_names: file.dotted_names,
            habits: Habits::new(&file.objects, &file.outermost),
            path_line: one(&file.path_line)?,
            method_line: one(&file.method_line)?,
            path_placeholder: one(&file.path_placeholder)?,
            names: Names {
                from_title: file.names.from_title,
                title: file.names.title.iter().map(|p| Regex::new(p)).collect::<Result<_, _>>()?,
                action: one(&file.names.action)?,
                request_line: one(&file.names.request_line)?,
                sample_root: one(&file.names.sample_root)?,
                file: one(&file.names.file)?,
            },
            common_request: file.common_request,
            name_parameter: file.name_parameter,
            unsure_columns: file.unsure_columns,
            request_line: Regex::new(&file.request_line)?,
            headers: RegexSet::new(&file.headers)?,
            secret_names: RegexSet::new(&file.secret_names)?,
            action_shape: one(&file.action_shape)?,
            resource_shape: one(&file.resource_shape)?,
        })
    }

    /// Where services are served whose entry in the manifest does not say it.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// A path whose placeholders are written `{name}`.
    pub(crate) fn plain_path(&self, path: &str) -> String {
        match &self.path_placeholder {
            Some(placeholder) => placeholder.replace_all(path, "{${name}}").into_owned(),
            None => path.to_owned(),
        }
    }

    /// The vendor's short name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The languages its pages may be in.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.names()
    }

    /// The provider, texts being wanted in a language where an operation has pages in several.
    #[must_use]
    pub fn preferring(mut self, language: Option<&str>) -> Self {
        self.preferred = language.map(str::to_owned);
        self
    }

    /// The language that texts are wanted in: the one asked for, else the one the vendor's pages are usually in.
    #[must_use]
    pub fn language(&self) -> &str {
        self.preferred.as_deref().or_else(|| self.languages.names().next()).unwrap_or_default()
    }

    /// A hash of the texts that it was read from, beside those that come with the tool.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// How calls are put on the wire unless a page says otherwise.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// How sure the vendor's pages make what a column says.
    pub(crate) fn certainty_of(&self, column: Role) -> Certainty {
        if self.unsure_columns.contains(&column) { Certainty::Likely } else { Certainty::Certain }
    }

    /// Parameters that the protocol itself fills in.
    #[must_use]
    pub fn common_request(&self) -> &[String] {
        &self.common_request
    }
}
