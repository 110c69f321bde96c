//! `docsdk.toml`: which services there are, from which pages, and where the crates go.

mod web;

use std::collections::BTreeSet;
use std::path::PathBuf;

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde_spanned::Spanned;

use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::{Provider, is_path, languages};
use crate::merge_mark;
use crate::openapi;
use crate::page::Span;
use crate::project::unknown_provider;
use crate::release::{self, TagPattern};
use crate::spec::{Endpoints, Protocol, validate};
use crate::suggest;

pub use web::{FetchSettings, IndexEntry, NamedUrls};

/// The manifest's file name.
pub const FILE: &str = "docsdk.toml";

/// A whole manifest. Paths in it count from its own folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How crates are generated.
    #[serde(default)]
    pub generate: Generate,
    /// How pages are fetched.
    #[serde(default)]
    pub fetch: FetchSettings,
    /// How releases are made.
    #[serde(default)]
    pub release: Releases,
    /// The services, in the order in which they are built.
    #[serde(default, rename = "service")]
    pub services: Vec<ServiceEntry>,
}

/// How crates are generated.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Generate {
    /// Where generated crates take `docsdk-runtime` from.
    pub runtime: RuntimeSource,
    /// The folder under which the crates are written, one folder a service.
    pub out: PathBuf,
    /// A folder of templates that replace docsdk's own, file by file.
    pub templates: Option<PathBuf>,
}

impl Default for Generate {
    fn default() -> Self {
        Self { runtime: RuntimeSource::default(), out: "generated".into(), templates: None }
    }
}

/// How releases are made.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Releases {
    /// How the tags of releases are named; without it, `{service}-v{version}`.
    #[schemars(with = "Option<String>")]
    pub tag: Option<Spanned<String>>,
}

impl Releases {
    /// How the tags of releases are named.
    pub fn pattern(&self) -> TagPattern {
        self.tag.as_ref().and_then(|tag| TagPattern::parse(tag.get_ref()).ok()).unwrap_or_default()
    }
}

/// Where generated crates take `docsdk-runtime` from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum RuntimeSource {
    /// A folder on this machine, from the manifest's folder.
    Path(PathBuf),
    /// A git repository's URL.
    Git(String),
    /// A version on the registry.
    Version(String),
}

impl Default for RuntimeSource {
    fn default() -> Self {
        Self::Version(env!("CARGO_PKG_VERSION").to_owned())
    }
}

impl std::str::FromStr for RuntimeSource {
    type Err = String;

    /// Reads `path:DIR`, `git:URL` or `version:X`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((_, "")) => Err(format!("`{text}` names nothing after the colon")),
            Some(("path", path)) => Ok(Self::Path(path.into())),
            Some(("git", url)) => Ok(Self::Git(url.to_owned())),
            Some(("version", version)) => Ok(Self::Version(version.to_owned())),
            _ => Err(format!("`{text}` is none of `path:DIR`, `git:URL` and `version:X`")),
        }
    }
}

/// A service and where its pages lie.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceEntry {
    /// The service's name in kebab case: its folder's and its crate's.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The vendor whose conventions apply: `aliyun`, `huawei`, or the path of a provider file; `openapi` where `pages`
    /// names OpenAPI documents.
    #[schemars(with = "String")]
    pub provider: Spanned<String>,
    /// The version of its crate; without it, 0.1.0. `docsdk release` and `docsdk update` raise it.
    #[schemars(with = "Option<String>")]
    pub version: Option<Spanned<String>>,
    /// The vendor's name of it.
    pub title: Option<String>,
    /// The API's version, as the wire has it.
    pub api_version: Option<String>,
    /// How calls are put on the wire; without it, what is usual for the provider.
    pub protocol: Option<Protocol>,
    /// Files, folders and glob patterns of pages; without it, the folder `pages` beside the specs.
    #[schemars(with = "Option<Vec<String>>")]
    pub pages: Option<Vec<Spanned<String>>>,
    /// Where pages stand on the web: `docsdk update` keeps them in the folder `pages` beside the specs, under names made
    /// from their URLs.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub urls: Vec<Spanned<String>>,
    /// The same of pages whose file is named: `"create-backup.html" = "https://…"`.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub named_urls: NamedUrls,
    /// Sitemaps and pages with links to the service's pages.
    #[serde(default, rename = "index")]
    pub indexes: Vec<IndexEntry>,
    /// How its pages are fetched, where that is other than `[fetch]` says.
    #[serde(default)]
    pub fetch: FetchSettings,
    /// Where the specs are written; without it, `specs/NAME`.
    pub specs: Option<PathBuf>,
    /// Where the crate is written; without it, `NAME` under the folder of generated crates.
    pub out: Option<PathBuf>,
    /// The language of the specs' texts and of the crate's documentation where pages come in several: `en`, `ja`, `zh`;
    /// without it, the one that the vendor's pages are usually in.
    #[schemars(with = "Option<String>")]
    pub language: Option<Spanned<String>>,
    /// Where the service is served.
    #[serde(default)]
    pub endpoints: Endpoints,
}

impl ServiceEntry {
    /// The folder of its specs, from the manifest's folder.
    pub fn specs_folder(&self) -> PathBuf {
        self.specs.clone().unwrap_or_else(|| PathBuf::from("specs").join(self.name.get_ref()))
    }

    /// The version of its crate.
    pub fn version(&self) -> Version {
        self.version.as_ref().and_then(|version| Version::parse(version.get_ref()).ok()).unwrap_or(release::FIRST)
    }

    /// The language of its texts where pages come in several.
    pub fn language(&self) -> String {
        let named = self.language.as_ref().map(|language| language.get_ref().clone());
        let usual = || Some(Provider::named(self.provider.get_ref())?.language().to_owned());
        named.or_else(usual).unwrap_or_default()
    }

    /// What to read pages from, from the manifest's folder.
    pub fn page_patterns(&self) -> Vec<String> {
        let own = crate::files::display(&self.fetched_folder());
        match &self.pages {
            Some(patterns) => {
                let patterns = patterns.iter().map(|pattern| pattern.get_ref().clone());
                patterns.chain(self.is_fetched().then_some(own)).collect()
            }
            None => vec![own],
        }
    }

    /// Whether pages of it are fetched from the web.
    pub fn is_fetched(&self) -> bool {
        !(self.urls.is_empty() && self.named_urls.is_empty() && self.indexes.is_empty())
    }

    /// Where fetched pages are kept, from the manifest's folder.
    pub fn fetched_folder(&self) -> PathBuf {
        self.specs_folder().join("pages")
    }

    /// The folder of its crate, from the manifest's folder.
    pub fn crate_folder(&self, generate: &Generate) -> PathBuf {
        self.out.clone().unwrap_or_else(|| generate.out.join(self.name.get_ref()))
    }
}

impl Manifest {
    /// Reads a manifest's text.
    ///
    /// # Errors
    /// What is wrong in it, each with its place: TOML that does not parse, unknown keys, names that are none or twice.
    pub fn read(source: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let manifest: Self = toml::from_str(source)
            .map_err(|error| vec![merge_mark::finding(source, file).unwrap_or_else(|| explain(&error, file))])?;
        let findings = manifest.check(file);
        if findings.is_empty() { Ok(manifest) } else { Err(findings) }
    }

    /// The service of a name.
    ///
    /// # Errors
    /// A finding that names the nearest service there is.
    pub fn service(&self, name: &str, file: &str) -> Result<&ServiceEntry, Box<Diagnostic>> {
        self.services.iter().find(|service| service.name.get_ref() == name).ok_or_else(|| {
            let names = self.services.iter().map(|service| service.name.get_ref().as_str());
            let message = format!("no service `{name}` in the manifest");
            let finding = Diagnostic::new("unknown-service", Severity::Error, file, message);
            Box::new(finding.help(suggest::remedy(name, names)))
        })
    }

    fn check(&self, file: &str) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        if let Some(tag) = &self.release.tag
            && let Err(message) = TagPattern::parse(tag.get_ref())
        {
            let finding =
                Diagnostic::new("release-tag", Severity::Error, file, message).at(Span::new(tag.span()), "here");
            findings.push(finding.help(format!("write it like `{}`", release::DEFAULT_TAG)));
        }
        let mut seen = BTreeSet::new();
        for service in &self.services {
            let name = service.name.get_ref();
            let place = Span::new(service.name.span());
            if !validate::is_kebab_case(name) {
                let message = format!("`{name}` is no name for a service");
                let help = "use small letters, digits and single hyphens, beginning with a letter";
                findings
                    .push(Diagnostic::new("service-name", Severity::Error, file, message).at(place, "here").help(help));
            }
            let provider = service.provider.get_ref();
            let mut known = Provider::known().chain([openapi::PROVIDER]);
            if !is_path(provider) && known.all(|known| known != provider) {
                let place = Span::new(service.provider.span());
                findings.push(unknown_provider(provider, file).at(place, "here"));
            }
            let unknown = |language: &&Spanned<String>| !is_path(provider) && !is_language(language.get_ref());
            if let Some(language) = service.language.as_ref().filter(unknown) {
                let message = format!("no language `{}`", language.get_ref());
                let help = suggest::remedy(language.get_ref(), languages().collect::<Vec<_>>());
                let finding = Diagnostic::new("unknown-language", Severity::Error, file, message);
                findings.push(finding.at(Span::new(language.span()), "here").help(help));
            }
            if let Some(version) = service.version.as_ref().filter(|it| Version::parse(it.get_ref()).is_err()) {
                let message = format!("`{}` is no version", version.get_ref());
                let finding = Diagnostic::new("version-form", Severity::Error, file, message);
                let help = "write three numbers, like `0.1.0`, as Cargo does";
                findings.push(finding.at(Span::new(version.span()), "here").help(help));
            }
            if !seen.insert(name) {
                let message = format!("the service `{name}` is there twice");
                let finding = Diagnostic::new("service-twice", Severity::Error, file, message);
                findings.push(
                    finding.at(place, "again here").help("give one of the two another name, or join their pages"),
                );
            }
        }
        findings
    }
}

fn is_language(name: &str) -> bool {
    languages().any(|language| language == name)
}

fn explain(error: &toml::de::Error, file: &str) -> Diagnostic {
    let raw = error.message();
    let words = backticked(raw);
    let (id, message, help) = match words.split_first() {
        Some((word, expected)) if raw.starts_with("unknown field") => {
            ("unknown-key", format!("unknown key `{word}`"), suggest::remedy(word, expected.iter().copied()))
        }
        Some((word, expected)) if raw.starts_with("unknown variant") => {
            ("unknown-value", format!("unknown value `{word}`"), suggest::remedy(word, expected.iter().copied()))
        }
        Some((word, _)) if raw.starts_with("missing field") => {
            ("missing-key", format!("the key `{word}` is missing"), format!("add `{word} = …`"))
        }
        _ => {
            let first = raw.lines().next().unwrap_or(raw).trim_end_matches('.');
            ("not-toml", first.to_owned(), "the README shows a whole manifest".to_owned())
        }
    };
    let finding = Diagnostic::new(id, Severity::Error, file, message).help(help);
    match error.span() {
        Some(span) => finding.at(Span::new(span), "here"),
        None => finding,
    }
}

/// The words that a message of serde sets in backticks.
fn backticked(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    #[track_caller]
    fn fails(source: &str, expected: &str, marked: &str, help: &str) {
        let findings = Manifest::read(source, "docsdk.toml").unwrap_err();
        let finding = &findings[0];
        assert_eq!((finding.message.as_str(), &source[finding.span.unwrap().range()]), (expected, marked));
        assert!(finding.help.as_deref().unwrap_or_default().contains(help), "{finding:?}");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let service = "[[service]]\nname = \"a\"\nprovider = \"aliyun\"\n";
        fails(
            &format!("{service}apiversion = 1\n"),
            "unknown key `apiversion`",
            "apiversion",
            "did you mean `api_version`?",
        );
        fails("[[service]]\nname = \"a\"\n", "the key `provider` is missing", "[[service]]", "add `provider");
        fails(&format!("{service}{service}"), "the service `a` is there twice", "\"a\"", "another name");
        fails(&service.replace("\"a\"", "\"A b\""), "`A b` is no name for a service", "\"A b\"", "small letters");
        fails(&format!("{service}version = \"1.0\"\n"), "`1.0` is no version", "\"1.0\"", "three numbers");
        fails(
            &format!("release.tag = \"v\"\n{service}"),
            "`v` names no `{version}`, and so no release",
            "\"v\"",
            "{service}-v{version}",
        );
        fails(&format!("{service}language = \"zj\"\n"), "no language `zj`", "\"zj\"", "`zh`");
        fails(&service.replace("aliyun", "aliyum"), "no provider `aliyum`", "\"aliyum\"", "did you mean `aliyun`?");
        fails(
            &format!("{service}protocol = \"aliyun-rpk\"\n"),
            "unknown value `aliyun-rpk`",
            "\"aliyun-rpk\"",
            "`aliyun-rpc`",
        );
    }

    #[test]
    fn paths_have_defaults() {
        let source = "[generate]\nruntime = { path = \"runtime\" }\n[[service]]\nname = \"a\"\nprovider = \"aliyun\"\n";
        let manifest = Manifest::read(source, "docsdk.toml").unwrap();
        let service = &manifest.services[0];
        assert_eq!(service.page_patterns(), ["specs/a/pages"]);
        assert_eq!(service.crate_folder(&manifest.generate), std::path::Path::new("generated/a"));
    }
}
