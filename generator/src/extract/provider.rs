//! A vendor's conventions, read from a data file: protocol, names, common parameters, and the languages of its pages.

use std::collections::BTreeMap;
use std::fmt;

use regex::{Regex, RegexSet};
use serde::Deserialize;

use super::habits::Habits;
use super::language::Languages;
use super::phrases::Phrases;
use super::vocabulary::{LanguageFile, Role, Vocabulary};
use crate::provenance::Certainty;
use crate::spec::{Http, Location, Protocol};

const LANGUAGES: [(&str, &str); 2] =
    [("en", include_str!("../../vocabulary/en.yaml")), ("zh", include_str!("../../vocabulary/zh.yaml"))];
const PROVIDERS: [(&str, &str); 2] = [
    ("aliyun", include_str!("../../vocabulary/aliyun.yaml")),
    ("huawei", include_str!("../../vocabulary/huawei.yaml")),
];

/// The languages that there are files for.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(name, _)| *name)
}

/// Why a provider file can't be used.
#[derive(Debug)]
pub struct ProviderError(String);

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProviderError {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderFile {
    provider: String,
    languages: Vec<String>,
    /// Further words, in the form of a language file.
    #[serde(default)]
    vocabulary: Option<LanguageFile>,
    #[serde(default)]
    protocol: Protocol,
    #[serde(default)]
    http: Http,
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
    #[serde(default)]
    path_line: Option<String>,
    #[serde(default)]
    method_line: Option<String>,
    #[serde(default)]
    names: NamesFile,
    #[serde(default)]
    common_request: Vec<String>,
    #[serde(default)]
    name_parameter: Option<String>,
    #[serde(default)]
    unsure_columns: Vec<Role>,
    request_line: String,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    secret_names: Vec<String>,
    #[serde(default)]
    action_shape: Option<String>,
    #[serde(default)]
    resource_shape: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NamesFile {
    from_title: bool,
    title: Vec<String>,
    action: Option<String>,
    request_line: Option<String>,
    sample_root: Option<String>,
    file: Option<String>,
}

/// Where operations' names stand.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) from_title: bool,
    pub(crate) title: Vec<Regex>,
    pub(crate) action: Option<Regex>,
    pub(crate) request_line: Option<Regex>,
    pub(crate) sample_root: Option<Regex>,
    pub(crate) file: Option<Regex>,
}

/// A vendor's conventions and the words its pages use.
#[derive(Debug)]
pub struct Provider {
    name: String,
    protocol: Protocol,
    pub(crate) http: Http,
    pub(crate) default_location: Location,
    pub(crate) dotted_names: bool,
    pub(crate) habits: Habits,
    /// A line that holds the path alone, and one that holds the method alone.
    pub(crate) path_line: Option<Regex>,
    pub(crate) method_line: Option<Regex>,
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
}

impl Provider {
    /// A provider that comes with the tool; `None` where there is none of that name.
    ///
    /// # Panics
    ///
    /// Never in a tool that passed its tests: they read every provider that comes with it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (_, file) = PROVIDERS.iter().find(|(known, _)| *known == name)?;
        Some(Self::from_yaml(file).expect("the providers that come with the tool are tested to be readable"))
    }

    /// The names [`Provider::named`] knows.
    pub fn known() -> impl Iterator<Item = &'static str> {
        PROVIDERS.iter().map(|(name, _)| *name)
    }

    /// Reads a provider file; its key `vocabulary` may add words to the languages it names.
    ///
    /// # Errors
    ///
    /// Where the text is no provider file, names a language that does not exist or holds a faulty pattern.
    pub fn from_yaml(text: &str) -> Result<Self, ProviderError> {
        let file: ProviderFile =
            serde_yaml::from_str(text).map_err(|error| ProviderError(format!("not a provider file: {error}")))?;
        let mut languages = Vec::new();
        for language in &file.languages {
            let (_, text) = LANGUAGES.iter().find(|(known, _)| known == language).ok_or_else(|| {
                let known: Vec<_> = LANGUAGES.iter().map(|(known, _)| format!("`{known}`")).collect();
                ProviderError(format!("no language `{language}`; there are {}", known.join(", ")))
            })?;
            languages.push(
                serde_yaml::from_str(text)
                    .map_err(|error| ProviderError(format!("language `{language}` can't be read: {error}")))?,
            );
        }
        languages.extend(file.vocabulary);
        let faulty = |error: regex::Error| ProviderError(format!("faulty pattern: {error}"));
        let one = |pattern: &Option<String>| pattern.as_deref().map(Regex::new).transpose().map_err(faulty);
        let (vocabulary, phrases) = rayon::join(|| Vocabulary::new(&languages), || Phrases::new(&languages));
        Ok(Self {
            vocabulary: vocabulary.map_err(faulty)?,
            phrases: phrases.map_err(faulty)?,
            languages: Languages::new(&languages),
            preferred: None,
            name: file.provider,
            protocol: file.protocol,
            http: file.http,
            default_location: file.default_location,
            dotted_names: file.dotted_names,
            habits: Habits::new(&file.objects, &file.outermost),
            path_line: one(&file.path_line)?,
            method_line: one(&file.method_line)?,
            names: Names {
                from_title: file.names.from_title,
                title: file.names.title.iter().map(|p| Regex::new(p)).collect::<Result<_, _>>().map_err(faulty)?,
                action: one(&file.names.action)?,
                request_line: one(&file.names.request_line)?,
                sample_root: one(&file.names.sample_root)?,
                file: one(&file.names.file)?,
            },
            common_request: file.common_request,
            name_parameter: file.name_parameter,
            unsure_columns: file.unsure_columns,
            request_line: Regex::new(&file.request_line).map_err(faulty)?,
            headers: RegexSet::new(&file.headers).map_err(faulty)?,
            secret_names: RegexSet::new(&file.secret_names).map_err(faulty)?,
            action_shape: one(&file.action_shape)?,
            resource_shape: one(&file.resource_shape)?,
        })
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
