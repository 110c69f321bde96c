//! Which pages of the web a service has: those that the manifest names, and those that its indexes list.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobMatcher};
use serde_spanned::Spanned;
use url::Url;

use super::fetch::{Answer, Fetcher, host};
use super::file_name;
use super::index;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ServiceEntry;
use crate::page::{self, Span};
use crate::project::page_name_fault;
use crate::spec::pages_lock::Validators;

/// Most sitemaps that an index may lead to.
const MOST_SITEMAPS: usize = 50;
/// Most pages that an index may list.
const MOST_LISTED: usize = 20_000;

/// A page to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Where it stands.
    pub(crate) url: Url,
    /// The file that the manifest names for it.
    pub(crate) file: Option<String>,
    /// Whether an index lists it, and not the manifest itself.
    pub(crate) listed: bool,
}

/// What the manifest says of a service's pages on the web.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// The pages that it names.
    pub(crate) pages: Vec<Wanted>,
    /// The indexes that list others.
    pub(crate) indexes: Vec<Index>,
}

/// A page that lists pages, and which of them are wanted.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) url: Url,
    links: Vec<GlobMatcher>,
}

impl Sources {
    /// Reads what the manifest says of a service.
    ///
    /// # Errors
    /// What is wrong in it, with its place.
    pub(crate) fn read(entry: &ServiceEntry, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut reading = Reading { file, findings: Vec::new(), seen: BTreeSet::new() };
        let mut sources = Self::default();
        let mut files = BTreeSet::new();
        for (name, text) in &entry.named_urls {
            if let Some(fault) = page_name_fault(name) {
                let message = format!("`{name}` is no file name for a page");
                reading.add("page-file", message, text, fault);
            }
            if !files.insert(file_name::folded(name)) {
                let message = format!("`{name}` is the name of two pages but for its ending or its case");
                reading.add("page-file", message, text, "give one of them another name");
            }
            let url = reading.page(text);
            sources.pages.extend(url.map(|url| Wanted { url, file: Some(name.clone()), listed: false }));
        }
        for text in &entry.urls {
            sources.pages.extend(reading.page(text).map(|url| Wanted { url, file: None, listed: false }));
        }
        for entry in &entry.indexes {
            let links = entry.links.iter().filter_map(|text| reading.pattern(text)).collect();
            sources.indexes.extend(reading.url(&entry.url).map(|url| Index { url, links }));
        }
        if reading.findings.is_empty() { Ok(sources) } else { Err(reading.findings) }
    }
}

struct Reading<'a> {
    file: &'a str,
    findings: Vec<Diagnostic>,
    seen: BTreeSet<Url>,
}

impl Reading<'_> {
    fn add(&mut self, id: &'static str, message: String, at: &Spanned<String>, help: &str) {
        let finding = Diagnostic::new(id, Severity::Error, self.file, message);
        self.findings.push(finding.at(Span::new(at.span()), "here").help(help));
    }

    /// The URL of a page, each once.
    fn page(&mut self, text: &Spanned<String>) -> Option<Url> {
        let url = self.url(text)?;
        if self.seen.insert(url.clone()) {
            return Some(url);
        }
        self.add("url-twice", "this page is there twice".to_owned(), text, "leave one of the two out");
        None
    }

    fn url(&mut self, text: &Spanned<String>) -> Option<Url> {
        let help = "write a whole URL, such as `https://docs.example.com/api/create-backup`";
        let Ok(mut url) = Url::parse(text.get_ref()) else {
            self.add("page-url", format!("`{}` is no URL", text.get_ref()), text, help);
            return None;
        };
        if !matches!(url.scheme(), "http" | "https") {
            let message = format!("a page of the web has a URL of `https` or `http`, not of `{}`", url.scheme());
            self.add("page-url", message, text, help);
            return None;
        }
        if !url.username().is_empty() || url.password().is_some() {
            let help = "leave them out: pages that ask for a sign-in are saved by hand, under `pages`";
            self.add("page-url", "a page's URL holds no name and no password".to_owned(), text, help);
            return None;
        }
        url.set_fragment(None);
        Some(url)
    }

    fn pattern(&mut self, text: &Spanned<String>) -> Option<GlobMatcher> {
        match GlobBuilder::new(text.get_ref()).literal_separator(true).build() {
            Ok(glob) if text.get_ref().contains("://") => Some(glob.compile_matcher()),
            _ => {
                let help = "write a whole URL with `*` for part of a name and `**` for folders";
                self.add("page-pattern", format!("`{}` is no pattern of URLs", text.get_ref()), text, help);
                None
            }
        }
    }
}

impl Index {
    /// The pages that it lists, sorted.
    ///
    /// # Errors
    /// A finding where it, or a sitemap that it leads to, can't be read.
    pub(crate) async fn expand(&self, fetcher: &Fetcher) -> Result<BTreeSet<Url>, Box<Diagnostic>> {
        let mut queue = vec![self.url.clone()];
        let mut seen: BTreeSet<Url> = queue.iter().cloned().collect();
        let mut pages = BTreeSet::new();
        while let Some(url) = queue.pop() {
            let links = read(&url, fetcher).await?;
            let fits = |page: &Url| self.links.iter().any(|pattern| pattern.is_match(page.as_str()));
            pages.extend(links.pages.into_iter().filter(fits));
            // A sitemap of another host is not this host's to name.
            let near = links.sitemaps.into_iter().filter(|sitemap| host(sitemap) == host(&self.url));
            queue.extend(near.filter(|sitemap| seen.insert(sitemap.clone())));
            if seen.len() > MOST_SITEMAPS || pages.len() > MOST_LISTED {
                let message = format!("lists more than {MOST_SITEMAPS} sitemaps or {MOST_LISTED} pages");
                let finding = Diagnostic::new("index-too-large", Severity::Error, self.url.as_str(), message);
                return Err(Box::new(finding.help("name a sitemap further down, or narrow the patterns of `links`")));
            }
        }
        Ok(pages)
    }
}

async fn read(url: &Url, fetcher: &Fetcher) -> Result<index::Links, Box<Diagnostic>> {
    let error = |message: String, help: &str| {
        Box::new(Diagnostic::new("index-not-fetched", Severity::Error, url.as_str(), message).help(help))
    };
    let list = match fetcher.fetch(url, &Validators::default()).await {
        Answer::Page(list) => list,
        Answer::Gone(status) => {
            return Err(error(format!("was answered by status {status}"), "see whether its URL is right"));
        }
        Answer::Unchanged => return Err(error("was answered by status 304".to_owned(), "run again later")),
        Answer::Failed(failure) => return Err(error(failure.message, failure.help)),
    };
    let bytes = super::content::kept(list.bytes, list.content_type.as_deref());
    match page::decode(url.as_str(), bytes) {
        Ok((text, _)) => Ok(index::links(&list.url, &text)),
        Err(finding) => Err(error(finding.message, "an index is a sitemap, HTML or Markdown, not packed")),
    }
}

/// The files that pages are kept as: as the manifest or the lock says, and of others the names without an ending.
pub(crate) fn stems(pages: &[Wanted], kept: &BTreeMap<Url, String>) -> BTreeMap<Url, String> {
    let named = pages.iter().filter_map(|page| page.file.as_deref());
    let taken = named.chain(kept.values().map(String::as_str)).map(file_name::folded).collect();
    let fresh = pages.iter().filter(|page| page.file.is_none() && !kept.contains_key(&page.url));
    file_name::stems(&fresh.map(|page| &page.url).collect(), &taken)
}

#[cfg(test)]
mod tests {
    use super::Sources;
    use crate::manifest::Manifest;

    #[track_caller]
    fn fails(keys: &str, id: &str, marked: &str) {
        let source = format!("[[service]]\nname = \"a\"\nprovider = \"aliyun\"\n{keys}\n");
        let manifest = Manifest::read(&source, "docsdk.toml").unwrap();
        let findings = Sources::read(&manifest.services[0], "docsdk.toml").unwrap_err();
        let found = &source[findings[0].span.unwrap().range()];
        assert_eq!((findings[0].id, found), (id, marked), "{findings:?}");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        fails("urls = [\"docs.example.com/x\"]", "page-url", "\"docs.example.com/x\"");
        fails("urls = [\"file:///etc/passwd\"]", "page-url", "\"file:///etc/passwd\"");
        fails("urls = [\"https://me:secret@a.example\"]", "page-url", "\"https://me:secret@a.example\"");
        fails("urls = [\"https://a/x\", \"https://a/x#y\"]", "url-twice", "\"https://a/x#y\"");
        fails("named_urls = { \"../x.md\" = \"https://a/x\" }", "page-file", "\"https://a/x\"");
        fails(
            "named_urls = { \"x.md\" = \"https://a/x\", \"X.html\" = \"https://a/y\" }",
            "page-file",
            "\"https://a/x\"",
        );
        fails("index = [{ url = \"https://a/x\", links = [\"api-*\"] }]", "page-pattern", "\"api-*\"");
    }

    #[test]
    fn password_stays_out_of_messages() {
        let source = "[[service]]\nname = \"a\"\nprovider = \"aliyun\"\nurls = [\"https://me:secret@a.example\"]\n";
        let manifest = Manifest::read(source, "docsdk.toml").unwrap();
        let findings = Sources::read(&manifest.services[0], "docsdk.toml").unwrap_err();
        assert!(!findings[0].message.contains("secret"));
    }
}
