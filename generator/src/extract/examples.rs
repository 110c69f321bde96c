//! Samples of requests and answers.

use serde_json::Value as Json;

use super::page::Reading;
use super::response::status_line;
use super::samples;
use super::sections::Section;
use super::vocabulary::SectionKind;
use super::{called, testimony, witness};
use crate::page::{Block, Span};
use crate::provenance::Certainty;
use crate::spec::Example;

/// A sample answer.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) status: Option<u16>,
    pub(crate) span: Span,
    pub(crate) json: Option<Json>,
    /// What a sample of any format shows, read with more patience.
    pub(crate) shape: Option<Json>,
    /// Whether it is shown as an error.
    pub(crate) error: bool,
}

const ANSWERS: [SectionKind; 3] = [SectionKind::ResponseSamples, SectionKind::Examples, SectionKind::ErrorSamples];

/// One sample of the page before it becomes an example.
#[derive(Clone, Debug, Default)]
struct Shown {
    request: bool,
    title: Option<(String, Span)>,
    status: Option<u16>,
    format: Option<String>,
    text: String,
    span: Span,
    block: usize,
}

/// The sample answers, as JSON where they are.
pub(crate) fn responses(reading: &Reading<'_, '_, '_>) -> Vec<Sample> {
    let mut found = Vec::new();
    for section in reading.sections_of(&ANSWERS) {
        for shown in read_section(reading, section).into_iter().filter(|shown| !shown.request) {
            let json = samples::json(&shown.text);
            let shape = json.clone().or_else(|| witness::read(&shown.text));
            let shape = shape.map(|shape| without_root(shape, reading));
            let error = section.kind == SectionKind::ErrorSamples;
            found.push(Sample { status: shown.status, span: shown.span, json, shape, error });
        }
        let error = section.kind == SectionKind::ErrorSamples;
        for (_, block) in &section.blocks {
            listed(block, reading, error, &mut found);
        }
    }
    found
}

/// Sample answers inside the items of a list.
fn listed(block: &Block<'_>, reading: &Reading<'_, '_, '_>, error: bool, found: &mut Vec<Sample>) {
    let Block::List { items, .. } = block else { return };
    for block in items.iter().flat_map(|item| &item.blocks) {
        let Block::Code { text, span, .. } = block else { continue };
        let json = samples::json(text);
        let shape = json.clone().or_else(|| witness::read(text)).map(|shape| without_root(shape, reading));
        found.push(Sample { status: None, span: *span, json, shape, error });
    }
}

/// The answer below the root that carries the operation's name, where the sample has one.
fn without_root(shape: Json, reading: &Reading<'_, '_, '_>) -> Json {
    let root = reading.provider.names.sample_root.as_ref();
    match witness::sole_entry(&shape) {
        Some((name, inner)) if root.is_some_and(|root| root.is_match(name)) => inner.clone(),
        _ => shape,
    }
}

/// The JSON bodies of the sample requests.
pub(crate) fn request_bodies(reading: &Reading<'_, '_, '_>) -> Vec<Json> {
    let mut found = Vec::new();
    for section in reading.sections_of(&[SectionKind::RequestSamples]) {
        for shown in read_section(reading, section) {
            let after = |opening| shown.text.find(opening).map(|at| at + 1);
            let body = shown.text.starts_with('{').then_some(0);
            let body = body.or_else(|| [after(" {"), after("\n{")].into_iter().flatten().min());
            found.extend(body.and_then(|at| samples::json(shown.text.get(at..)?)));
        }
    }
    found
}

/// The sample requests: the parameters of their URLs, and what their bodies hold.
pub(crate) fn requests(reading: &Reading<'_, '_, '_>) -> Vec<testimony::Shown> {
    let mut found = Vec::new();
    for section in reading.sections_of(&[SectionKind::RequestSamples, SectionKind::Examples]) {
        for shown in read_section(reading, section).into_iter().filter(|shown| shown.request) {
            if let Some(shape) = called::parameters(&shown.text) {
                found.push(testimony::Shown { span: shown.span, shape, lists: true });
            }
        }
    }
    found
}

/// Reads the page's samples.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>) {
    let kinds =
        [SectionKind::RequestSamples, SectionKind::ResponseSamples, SectionKind::Examples, SectionKind::ErrorSamples];
    for section in reading.sections_of(&kinds) {
        for shown in read_section(reading, section) {
            let number = reading.operation.examples.len();
            let key = if shown.request { "request" } else { "response" };
            reading.fact(format!("examples.{number}.{key}"), shown.span, "sample", Certainty::Certain);
            if let Some((_, span)) = &shown.title {
                reading.fact(format!("examples.{number}.title"), *span, "sample-title", Certainty::Likely);
            }
            reading.claim(shown.block);
            let text = Some(shown.text);
            reading.operation.examples.push(Example {
                title: shown.title.map(|(title, _)| title),
                status: shown.status,
                request: text.clone().filter(|_| shown.request),
                response: text.filter(|_| !shown.request),
                format: shown.format,
            });
        }
        reading.claim_section(section);
    }
}

fn read_section(reading: &Reading<'_, '_, '_>, section: &Section<'_, '_>) -> Vec<Shown> {
    let vocabulary = &reading.provider.vocabulary;
    let requests = section.kind == SectionKind::RequestSamples
        || (section.kind == SectionKind::Examples && section.within == SectionKind::Request);
    let mut out: Vec<Shown> = Vec::new();
    let (mut title, mut status, mut format): (Option<(String, Span)>, Option<u16>, Option<String>) = (None, None, None);
    for (at, block) in &section.blocks {
        match block {
            Block::Code { text, span, .. } => {
                let verbatim = reading
                    .document
                    .source
                    .get(span.range())
                    .filter(|_| reading.document.format == crate::page::Format::Text);
                let text = dedented(verbatim.unwrap_or(text).trim());
                // A request's body in a block of its own belongs to the line before it.
                let follows = out.last_mut().filter(|last| {
                    requests
                        && last.block + 1 == *at
                        && last.format.as_deref() == Some("http")
                        && !last.text.contains('{')
                });
                if let Some(last) = follows {
                    last.text.push('\n');
                    last.text.push_str(&text);
                    last.span = last.span.to(*span);
                    last.block = *at;
                    continue;
                }
                let found = format.take().or_else(|| kind_of(&text));
                out.push(Shown {
                    request: requests,
                    title: title.take(),
                    status,
                    format: found,
                    text,
                    span: *span,
                    block: *at,
                });
            }
            Block::List { items, .. } => {
                if let Some(Block::Paragraph(text)) = items.last().and_then(|item| item.blocks.first()) {
                    title = Some((text.content.trim().trim_end_matches([':', '：']).to_owned(), text.span));
                }
            }
            Block::Paragraph(text) | Block::Heading { text, .. } => {
                let content = text.content.trim();
                if let Some(said) = status_line(content, vocabulary) {
                    (status, title) = (Some(said), None);
                } else if let Some(said) = format_line(content, reading) {
                    format = Some(said);
                } else if vocabulary.is_sample_format_word(content) {
                } else if is_request_line(content) && requests {
                    let raw = reading.document.source.get(text.span.range()).unwrap_or(content).trim().to_owned();
                    out.push(Shown {
                        request: true,
                        title: title.take(),
                        status: None,
                        format: Some("http".to_owned()),
                        text: raw,
                        span: text.span,
                        block: *at,
                    });
                } else if let Some(last) =
                    out.last_mut().filter(|last| requests && last.block + 1 == *at && content.starts_with('&'))
                {
                    last.text.push('\n');
                    last.text.push_str(content);
                    last.span = last.span.to(text.span);
                    last.block = *at;
                } else if content.len() < 200 {
                    title = Some((content.trim_end_matches([':', '：']).to_owned(), text.span));
                }
            }
            _ => {}
        }
    }
    out
}

/// `JSON format`, or `JSON` whose second word stands on the next line.
fn format_line(text: &str, reading: &Reading<'_, '_, '_>) -> Option<String> {
    let found = reading
        .provider
        .vocabulary
        .sample_format
        .iter()
        .find_map(|line| Some(line.captures(text)?.name("format")?.as_str().to_owned()));
    let bare = matches!(text, "JSON" | "XML" | "HTTP").then(|| text.to_owned());
    found.or(bare).map(|format| format.to_ascii_lowercase())
}

fn is_request_line(text: &str) -> bool {
    let url = |text: &str| {
        text.starts_with("http://")
            || text.starts_with("https://")
            || text.starts_with("http(s)://")
            || text.starts_with('/')
    };
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    url(text) || (matches!(first, "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS") && url(rest))
}

fn kind_of(text: &str) -> Option<String> {
    let kind = match text.as_bytes().first()? {
        b'{' | b'[' => "json",
        b'<' => "xml",
        _ if is_request_line(text) => "http",
        _ => return None,
    };
    Some(kind.to_owned())
}

/// A sample without the indentation that the page around it gave all its lines but the first.
fn dedented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let rest = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    // The closing bracket stands as deep as the opening one.
    let common = rest.map(indent).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(if at == 0 { line } else { line.get(common.min(indent(line))..).unwrap_or(line) }.trim_end());
    }
    out
}
