//! The links of a page that lists pages: a sitemap, HTML or Markdown.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use pulldown_cmark::{Event, Parser, Tag as MarkdownTag};
use url::Url;

use crate::page::{Format, format_of};

/// What a list leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Links {
    /// Pages, in their order; each may be there more than once.
    pub(crate) pages: Vec<Url>,
    /// Further sitemaps.
    pub(crate) sitemaps: Vec<Url>,
}

/// Reads the links of a list that stands at `url`.
pub(crate) fn links(url: &Url, source: &str) -> Links {
    let sitemap = ["<urlset", "<sitemapindex"].iter().any(|tag| source.contains(tag));
    let raw = if !sitemap && format_of(url.path(), source) != Format::Html {
        let links = Parser::new(source).filter_map(|event| match event {
            Event::Start(MarkdownTag::Link { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        });
        Found { links: links.collect(), ..Found::default() }
    } else {
        found(source)
    };
    let base = raw.base.as_deref().and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
    let absolute = |link: String| {
        let mut link = base.join(link.trim()).ok()?;
        link.set_fragment(None);
        let plain = link.username().is_empty() && link.password().is_none();
        (matches!(link.scheme(), "http" | "https") && plain).then_some(link)
    };
    let all = |links: Vec<String>| links.into_iter().filter_map(absolute).collect();
    Links { pages: all(raw.links), sitemaps: all(raw.sitemaps) }
}

/// Links as written.
#[derive(Default)]
struct Found {
    base: Option<String>,
    links: Vec<String>,
    sitemaps: Vec<String>,
    /// Whether the tag `sitemap` is open.
    in_sitemap: bool,
    /// The text of the tag `loc`, while it is open.
    location: Option<String>,
}

struct Sink(RefCell<Found>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut found = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return found.tag(&tag),
            Token::CharacterTokens(text) => {
                if let Some(location) = &mut found.location {
                    location.push_str(&text);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Sitemaps are XML, which has sections of plain text.
    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.borrow().location.is_some()
    }
}

impl Found {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let attribute = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.to_string())
        };
        match (&*tag.name, tag.kind) {
            ("a", TagKind::StartTag) => self.links.extend(attribute("href")),
            ("base", TagKind::StartTag) => self.base = self.base.take().or_else(|| attribute("href")),
            ("sitemap", kind) => self.in_sitemap = kind == TagKind::StartTag,
            ("loc", TagKind::StartTag) => self.location = Some(String::new()),
            ("loc", TagKind::EndTag) => {
                let list = if self.in_sitemap { &mut self.sitemaps } else { &mut self.links };
                list.extend(self.location.take());
            }
            ("script", TagKind::StartTag) => return TokenSinkResult::RawData(RawKind::ScriptData),
            ("style", TagKind::StartTag) => return TokenSinkResult::RawData(RawKind::Rawtext),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn found(source: &str) -> Found {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn test(source: &str, pages: &[&str], sitemaps: &[&str]) {
        let links = links(&Url::parse("https://a.example/docs/index").unwrap(), source);
        let texts = |urls: &[Url]| urls.iter().map(|url| url.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(
            (texts(&links.pages), texts(&links.sitemaps)),
            (pages.iter().map(|s| (*s).to_owned()).collect(), sitemaps.iter().map(|s| (*s).to_owned()).collect())
        );
    }

    #[test]
    fn reads_links_of_every_kind_of_list() {
        test(
            "<!doctype html><a href='api-a#top'>A</a><A HREF=\"/b\">B</A><script>'<a href=c>'</script><a href='mailto:x@y'>",
            &["https://a.example/docs/api-a", "https://a.example/b"],
            &[],
        );
        test("<html><base href='https://b.example/x/'><a href=y>", &["https://b.example/x/y"], &[]);
        test(
            "<?xml version='1.0'?><urlset><url><loc> https://a.example/1?x=1&amp;y=2 </loc></url>\
             <url><loc><![CDATA[https://a.example/2]]></loc></url></urlset>",
            &["https://a.example/1?x=1&y=2", "https://a.example/2"],
            &[],
        );
        test(
            "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>",
            &[],
            &["https://a.example/s.xml"],
        );
        test(
            "# API\n\n- [Create](api/create.md)\n- [file](file:///etc/passwd)\n",
            &["https://a.example/docs/api/create.md"],
            &[],
        );
        test("https://user:secret@a.example/ [x](https://u:p@a.example/)", &[], &[]);
    }
}
