//! The request: its line, its tables, and where each parameter travels.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::columns::{self, Columns};
use super::draft::Draft;
use super::page::Reading;
use super::parameters;
use super::provider::Provider;
use super::vocabulary::{SectionKind, TableKind};
use super::{cell, examples};
use crate::page::{Block, Span, Table};
use crate::provenance::Certainty;
use crate::spec::{Location, Required};

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

fn line_of(block: &Block<'_>, provider: &Provider) -> Option<RequestLine> {
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
    let path = found.name("path")?.as_str().replace(['*', '`'], "");
    let method = found.name("method")?.as_str().split('|').next_back().unwrap_or_default().to_owned();
    Some(RequestLine { method, path, span })
}

/// Reads the parameters.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>, line: Option<&RequestLine>) -> Vec<Draft> {
    let samples = examples::request_bodies(reading);
    let mut all: Vec<Draft> = Vec::new();
    for section in reading.sections_of(&REQUEST) {
        let mut rest = Vec::new();
        for (at, block) in &section.blocks {
            let Block::Table(table) = block else {
                rest.push((*at, *block));
                continue;
            };
            let Some(columns) = columns::of_table(table, &reading.provider.vocabulary) else { continue };
            if columns.kind != TableKind::Parameters {
                continue;
            }
            reading.claim(*at);
            let place = Place {
                section: section.kind,
                caption: caption_kind(table, reading.provider),
                line,
                samples: &samples,
            };
            for mut draft in read_table(reading, table, &columns, &samples) {
                locate(&mut draft, &place, reading.provider);
                match all
                    .iter_mut()
                    .find(|known| known.field.name == draft.field.name && known.field.location == draft.field.location)
                {
                    Some(known) => join(known, draft),
                    None => all.push(draft),
                }
            }
        }
        // What stands between title and tables is read as soon as the tables are.
        for (at, block) in rest {
            if !matches!(block, Block::Code { .. }) {
                reading.claim(at);
            }
        }
    }
    all
}

fn read_table(reading: &mut Reading<'_, '_, '_>, table: &Table<'_>, columns: &Columns, samples: &[Json]) -> Vec<Draft> {
    let sample = samples.iter().max_by_key(|sample| sample.as_object().map_or(0, serde_json::Map::len));
    let read = parameters::read(table, columns, true, sample, reading.document.source, reading.provider);
    reading.count_rows(read.rows, &read.unclaimed, "parameters");
    read.drafts
}

/// A parameter that two tables list is required only if both say so.
fn join(known: &mut Draft, other: Draft) {
    if known.field.required == Some(Required::Yes) && other.field.required == Some(Required::No) {
        known.field.required = Some(Required::No);
    }
    if known.children.is_empty() {
        known.children = other.children;
    }
}

/// What tells where a parameter travels.
struct Place<'p> {
    section: SectionKind,
    caption: Option<SectionKind>,
    line: Option<&'p RequestLine>,
    samples: &'p [Json],
}

/// The section that a table's caption names: `Path Parameters`, `Table 2 Request header parameters`.
fn caption_kind(table: &Table<'_>, provider: &Provider) -> Option<SectionKind> {
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
        path.iter().any(|part| {
            part.trim_start_matches(['{', '[', '<', ':']).trim_end_matches(['}', ']', '>']) == name && *part != name
        }) && !line
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
    let (location, rule, certainty) = if in_path {
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
        (provider.default_location, "provider-default", Certainty::Likely)
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
