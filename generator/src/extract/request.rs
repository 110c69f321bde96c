//! The request: its line, its tables, and where each parameter travels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;

use super::draft::Draft;
use super::page::Reading;
use super::provider::Provider;
use super::sections::Section;
use super::vocabulary::SectionKind;
use super::{cell, examples, message, tables, witness};
use crate::page::{Block, Span, Table};
use crate::provenance::Certainty;
use crate::spec::{Location, Protocol, Required, Type};

/// A page's request line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestLine {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) span: Span,
}

const REQUEST: [SectionKind; 6] = [
    SectionKind::Uri,
    SectionKind::PathParameters,
    SectionKind::QueryParameters,
    SectionKind::HeaderParameters,
    SectionKind::BodyParameters,
    SectionKind::Request,
];

/// Finds the request line, and sets the operation's method and path by it.
pub(crate) fn read_line(reading: &mut Reading<'_, '_, '_>) -> Option<RequestLine> {
    let mut found = None;
    'search: for kinds in [&[SectionKind::Uri, SectionKind::RequestSyntax][..], &[SectionKind::Request][..]] {
        for section in reading.sections_of(kinds) {
            for (at, block) in &section.blocks {
                if let Some(line) = line_of(block, reading.provider) {
                    found = Some((*at, line));
                    break 'search;
                }
            }
            if let Some(line) = apart(section, reading.provider) {
                found = Some(line);
                break 'search;
            }
        }
    }
    let (at, line) = found?;
    reading.claim(at);
    reading.operation.http.method.clone_from(&line.method);
    line.path.split('?').next().unwrap_or_default().clone_into(&mut reading.operation.http.path);
    reading.fact(
        "http.method",
        cell::locate(reading.document.source, line.span, &line.method),
        "request-line",
        Certainty::Certain,
    );
    reading.fact(
        "http.path",
        cell::locate(reading.document.source, line.span, &line.path),
        "request-line",
        Certainty::Certain,
    );
    Some(line)
}

/// A path and a method on lines of their own, in either order, in one paragraph or two.
fn apart(section: &Section<'_, '_>, provider: &Provider) -> Option<(usize, RequestLine)> {
    let (path_line, method_line) = provider.path_line.as_ref().zip(provider.method_line.as_ref())?;
    let mut path: Option<(usize, String, Span)> = None;
    let mut method: Option<String> = None;
    for (at, block) in &section.blocks {
        let Block::Paragraph(text) = block else { continue };
        if text.content.len() > 2000 {
            continue;
        }
        let named = |pattern: &regex::Regex, name: &str| {
            Some(pattern.captures(text.content.trim())?.name(name)?.as_str().replace(['*', '`'], ""))
        };
        if let Some(found) = named(path_line, "path").filter(|_| path.is_none()) {
            path = Some((*at, provider.plain_path(&found), text.span));
        }
        if let Some(found) = named(method_line, "method").filter(|_| method.is_none()) {
            method = Some(found.to_ascii_uppercase());
        }
    }
    let (at, path, span) = path?;
    Some((at, RequestLine { method: method?, path, span }))
}

pub(crate) fn line_of(block: &Block<'_>, provider: &Provider) -> Option<RequestLine> {
    match block {
        Block::Paragraph(text) => of_text(&text.content, text.span, provider),
        Block::Code { text, span, .. } => text.lines().take(3).find_map(|line| of_text(line.trim(), *span, provider)),
        Block::List { items, .. } => {
            items.iter().flat_map(|item| &item.blocks).find_map(|block| line_of(block, provider))
        }
        _ => None,
    }
}

fn of_text(text: &str, span: Span, provider: &Provider) -> Option<RequestLine> {
    if text.len() > 2000 {
        return None;
    }
    let found = provider.request_line.captures(text.trim())?;
    let path = provider.plain_path(&found.name("path")?.as_str().replace(['*', '`'], ""));
    let method = found.name("method")?.as_str().split('|').next_back().unwrap_or_default().to_owned();
    Some(RequestLine { method, path, span })
}

/// Reads the parameters.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>, line: Option<&RequestLine>) -> Vec<Draft> {
    let samples = examples::request_bodies(reading);
    let sample = witness::merged(samples.iter());
    let listed = tables::of_page(reading, true);
    let mut of_block: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, one) in listed.iter().enumerate() {
        of_block.entry(one.block.unwrap_or(usize::MAX)).or_default().push(at);
    }
    let mut all = Gathered::default();
    // Placeholders' parameters of the sections before.
    let mut known: BTreeSet<String> = BTreeSet::new();
    for section in reading.sections_of(&REQUEST) {
        let mut group: Vec<usize> =
            section.blocks.iter().filter_map(|(block, _)| of_block.get(block)).flatten().copied().collect();
        group.sort_unstable();
        let before = all.drafts.len();
        let message = message::read(reading, &listed, &group, true, sample.as_ref());
        let mut wrapped = Gathered::default();
        for (at, drafts) in message.roots {
            let caption = listed.get(at).and_then(|one| one.place);
            let place = Place { section: section.kind, caption, line, samples: &samples, known: &known };
            for mut draft in drafts {
                locate(&mut draft, &place, reading.provider);
                if message.wrapper.is_some() && draft.field.location == Some(Location::Body) {
                    wrapped.add(draft);
                } else {
                    all.add(draft);
                }
            }
        }
        if let Some((name, list)) = message.wrapper.filter(|_| !wrapped.drafts.is_empty()) {
            all.add(wrapper(name, list, wrapped.drafts));
        }
        let new = all.drafts.iter().skip(before).filter(|draft| draft.field.location == Some(Location::Path));
        known.extend(new.map(|draft| draft.field.name.clone()));
        // What stands between title and tables is read as soon as the tables are.
        for (at, block) in &section.blocks {
            if !matches!(block, Block::Code { .. } | Block::Table(_)) {
                reading.claim(*at);
            }
        }
    }
    if reading.provider.default_location == Location::Body {
        add_placeholders(&mut all.drafts, line, reading.document.source);
    }
    all.drafts
}

/// Placeholders of the path that no table lists are parameters all the same.
fn add_placeholders(all: &mut Vec<Draft>, line: Option<&RequestLine>, source: &str) {
    let Some(line) = line else { return };
    let path = line.path.split('?').next().unwrap_or_default();
    for part in path.split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { continue };
        if name.is_empty()
            || name.len() > 128
            || all.iter().any(|known| known.field.location == Some(Location::Path) && known.field.name == name)
        {
            continue;
        }
        let span = cell::locate(source, line.span, name);
        let mut draft = Draft { span, ..Draft::default() };
        name.clone_into(&mut draft.field.name);
        draft.field.kind = Type::String;
        draft.field.location = Some(Location::Path);
        draft.field.required = Some(Required::Yes);
        for (key, certainty) in [
            ("name", Certainty::Certain),
            ("in", Certainty::Certain),
            ("required", Certainty::Certain),
            ("type", Certainty::Doubtful),
        ] {
            draft.mark(key, span, "placeholder-of-path", certainty);
        }
        all.push(draft);
    }
}

/// Parameters in the page's order, each name once a place.
#[derive(Default)]
struct Gathered {
    drafts: Vec<Draft>,
    at: HashMap<(String, Option<Location>), usize>,
}

impl Gathered {
    fn add(&mut self, draft: Draft) {
        let at = *self.at.entry((draft.field.name.clone(), draft.field.location)).or_insert(self.drafts.len());
        match self.drafts.get_mut(at) {
            Some(known) => join(known, draft),
            None => self.drafts.push(draft),
        }
    }
}

/// The object around fields that only the sample shows; required if any of them is.
pub(crate) fn wrapper(name: String, list: bool, children: Vec<Draft>) -> Draft {
    let span = children.iter().map(|child| child.span).reduce(Span::to).unwrap_or_default();
    let mut draft = Draft { span, ..Draft::default() };
    draft.field.name = name;
    draft.field.kind = if list { Type::Array } else { Type::Object };
    draft.mark("name", span, "wrapper-from-sample", Certainty::Likely);
    draft.mark("type", span, "wrapper-from-sample", Certainty::Likely);
    if let Some(location) = children.iter().find_map(|child| child.field.location) {
        draft.field.location = Some(location);
        draft.mark("in", span, "wrapper-from-sample", Certainty::Likely);
        draft.field.required = Some(Required::Yes);
        draft.mark("required", span, "wrapper-from-sample", Certainty::Likely);
    }
    draft.children = children;
    for child in &mut draft.children {
        child.field.location = None;
        child.marks.retain(|mark| mark.key != "in");
    }
    draft
}

/// A parameter that two tables list is required only if both say so.
fn join(known: &mut Draft, other: Draft) {
    if known.field.required == Some(Required::Yes) && other.field.required == Some(Required::No) {
        known.field.required = Some(Required::No);
    }
    for child in other.children {
        match known.children.iter_mut().find(|one| one.field.name == child.field.name) {
            Some(one) => join(one, child),
            None => known.children.push(child),
        }
    }
}

/// What tells where a parameter travels.
struct Place<'p> {
    section: SectionKind,
    caption: Option<SectionKind>,
    line: Option<&'p RequestLine>,
    samples: &'p [Json],
    /// Parameters of the path that another section's tables list.
    known: &'p BTreeSet<String>,
}

/// The section that a table's caption names: `Path Parameters`, `Table 2 Request header parameters`.
pub(crate) fn caption_kind(table: &Table<'_>, provider: &Provider) -> Option<SectionKind> {
    let caption = table.caption.as_ref()?;
    let mut words = caption.content.as_ref();
    loop {
        if let Some(kind) = provider.vocabulary.section(words) {
            return Some(kind);
        }
        words = words.split_once(' ')?.1;
    }
}

fn locate(draft: &mut Draft, place: &Place<'_>, provider: &Provider) {
    if draft.field.location.is_some() {
        return;
    }
    let name = draft.field.name.clone();
    let in_path = place.line.is_some_and(|line| {
        let path: BTreeSet<&str> = line.path.split(['/', '?', '&', '=']).collect();
        path.iter().any(|part| part.trim_matches(['{', '}', '[', ']', '<', '>', ':']) == name && *part != name)
            && !line
                .path
                .split_once('?')
                .is_some_and(|(path, _)| !path.contains(&format!("{{{name}}}")) && !path.contains(&format!("[{name}]")))
    });
    let header = provider.headers.is_match(&name);
    let sampled = place.samples.iter().any(|sample| sample.get(&name).is_some());
    let of_section = |kind| match kind {
        SectionKind::PathParameters => Some(Location::Path),
        SectionKind::QueryParameters => Some(Location::Query),
        SectionKind::HeaderParameters => Some(Location::Header),
        SectionKind::BodyParameters => Some(Location::Body),
        _ => None,
    };
    let bodiless = place.line.is_some_and(|line| matches!(line.method.as_str(), "GET" | "HEAD"));
    let rest = provider.default_location == Location::Body;
    // A name of the path may be one of the body's too, said so by its caption, or by the sample once the path's is told.
    let twice = place.caption == Some(SectionKind::BodyParameters)
        || (sampled && place.section == SectionKind::Request && place.known.contains(&name));
    let (location, rule, certainty) = if in_path && !twice {
        (Location::Path, "placeholder-of-path", Certainty::Certain)
    } else if let Some(location) = place.caption.and_then(of_section) {
        (location, "table-caption", Certainty::Certain)
    } else if let Some(location) = of_section(place.section) {
        (location, "section-title", Certainty::Certain)
    } else if place.section == SectionKind::Uri {
        (Location::Query, "uri-parameter", Certainty::Likely)
    } else if sampled && rest {
        (Location::Body, "in-sample-body", Certainty::Certain)
    } else if header && rest {
        (Location::Header, "header-name", Certainty::Likely)
    } else if bodiless && rest {
        (Location::Query, "method-without-body", Certainty::Likely)
    } else {
        // Where calls are named by a parameter and no path is told, the protocol knows but one place.
        let only = place.line.is_none() && provider.protocol() == Protocol::AliyunRpc;
        let certainty = if only { Certainty::Certain } else { Certainty::Likely };
        (provider.default_location, "provider-default", certainty)
    };
    draft.field.location = Some(location);
    let span = draft.marks.iter().find(|mark| mark.key == "name").map_or(draft.span, |mark| mark.span);
    draft.mark("in", span, rule, certainty);
    if location == Location::Path && draft.field.required == Some(Required::Unknown) {
        draft.field.required = Some(Required::Yes);
        draft.mark("required", span, "placeholder-of-path", Certainty::Certain);
    }
}

/// A parameter's example; for naming.
pub(crate) fn example_of<'d>(drafts: &'d [Draft], name: &str) -> Option<(&'d str, Span)> {
    let draft = drafts.iter().find(|draft| draft.field.name == name)?;
    let span = draft.marks.iter().find(|mark| mark.key == "example").map_or(draft.span, |mark| mark.span);
    draft.field.example.as_deref().map(|example| (example, span))
}
