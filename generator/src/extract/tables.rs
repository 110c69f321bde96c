//! The tables of parameters of a page and of those that it links to.

use super::columns;
use super::draft::Draft;
use super::page::Reading;
use super::parameters::{self, Read};
use super::provider::Provider;
use super::vocabulary::{SectionKind, TableKind};
use super::{nesting, request};
use crate::page::{Block, Span, Table};
use crate::provenance::Certainty;

/// How many tables a message may be spread over, those of other pages included.
const TABLES: usize = 400;

/// A table of parameters and where it stands.
#[derive(Debug)]
pub(crate) struct Listed<'d, 'a> {
    /// The number of its block on the page; none where it stands on another page.
    pub(crate) block: Option<usize>,
    pub(super) table: &'d Table<'a>,
    /// Its rows, as they stand.
    pub(super) rows: Read,
    /// The table's number in its caption: `4` of `Table 4 links`.
    pub(super) number: Option<u32>,
    /// Where the caption says that its parameters travel.
    pub(crate) place: Option<SectionKind>,
    /// The caption's own words: of `Table 4 links field description` only `links`.
    pub(super) words: Vec<String>,
}

/// Every table of parameters of the page; for requests, what a table says of required parameters counts.
pub(crate) fn of_page<'r, 'a>(reading: &Reading<'r, 'r, 'a>, request: bool) -> Vec<Listed<'r, 'a>> {
    let mut found = Vec::new();
    for section in reading.sections {
        let mut before: Option<&Block<'_>> = None;
        for (at, block) in &section.blocks {
            let lead = before.replace(block);
            if let Block::Table(table) = block
                && let Some(columns) = columns::of_table(table, &reading.provider.vocabulary)
                && columns.kind == TableKind::Parameters
            {
                let (number, mut words) = caption(table, reading.provider);
                if table.caption.is_none() {
                    words = lead.map(|lead| led_to(lead, &found)).unwrap_or_default();
                }
                let place = request::caption_kind(table, reading.provider);
                let (source, provider) = (reading.document.source, reading.provider);
                let rows = parameters::read_flat(table, &columns, request, source, provider);
                found.push(Listed { block: Some(*at), table, rows, number, place, words });
            }
        }
    }
    follow(reading, request, &mut found);
    found
}

/// Adds the tables of other pages that the rows' links lead to, and those that these lead to.
fn follow<'r, 'a>(reading: &Reading<'r, 'r, 'a>, request: bool, found: &mut Vec<Listed<'r, 'a>>) {
    let mut at = 0;
    while let Some(listed) = found.get(at).filter(|_| found.len() < TABLES) {
        let rows = listed.rows.drafts.iter().filter(|draft| draft.may_hold_fields());
        let links =
            rows.flat_map(|draft| draft.type_links.iter().chain(&draft.links).map(move |link| (link, draft.span)));
        let new: Vec<_> = links.filter_map(|(link, span)| Some((reading.reach.get(link)?, span))).collect();
        for ((table, source), span) in new {
            let provider = reading.provider;
            if found.iter().any(|known| same(known.table, table)) {
                continue;
            }
            let Some(columns) = columns::of_table(table, &provider.vocabulary) else { continue };
            if columns.kind != TableKind::Parameters {
                continue;
            }
            let mut rows = parameters::read_flat(table, &columns, request, source, provider);
            for draft in &mut rows.drafts {
                linked_from(draft, span);
            }
            let (number, words) = caption(table, provider);
            let place = request::caption_kind(table, provider);
            found.push(Listed { block: None, table, rows, number, place, words });
        }
        at += 1;
    }
}

/// Whether two tables are one: the page's own may be copies of the run's.
fn same(a: &Table<'_>, b: &Table<'_>) -> bool {
    a.anchors.iter().any(|name| b.anchors.contains(name))
}

/// A fact of another page is on this one where the link to it stands, and no surer than the link.
fn linked_from(draft: &mut Draft, span: Span) {
    draft.span = span;
    for mark in &mut draft.marks {
        mark.span = span;
        mark.certainty = mark.certainty.min(Certainty::Likely);
    }
    for (_, place) in &mut draft.prose {
        *place = span;
    }
}

/// The words before a table that name rows of the tables before it, or their schemas.
fn led_to(lead: &Block<'_>, tables: &[Listed<'_, '_>]) -> Vec<String> {
    let (Block::Paragraph(text) | Block::Heading { text, .. }) = lead else { return Vec::new() };
    if text.content.len() > 300 {
        return Vec::new();
    }
    let rows = || tables.iter().flat_map(|listed| &listed.rows.drafts).filter(|row| row.may_hold());
    let is_one = |word: &&str| {
        rows().any(|row| nesting::unnumbered(&row.field.name) == *word || row.schema.as_deref() == Some(*word))
    };
    let words = text.content.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).filter(is_one).map(str::to_owned).collect()
}

/// A caption's number and its own words.
fn caption(table: &Table<'_>, provider: &Provider) -> (Option<u32>, Vec<String>) {
    let Some(caption) = table.caption.as_ref().filter(|caption| caption.content.len() < 300) else {
        return (None, Vec::new());
    };
    let mut number = None;
    let mut words = Vec::new();
    for (at, word) in caption.content.split(|c: char| c.is_whitespace() || "(),;*".contains(c)).enumerate() {
        let word = word.trim_matches(['.', ':', '"', '“', '”']);
        match word.parse() {
            Ok(found) if at < 2 => number = number.or(Some(found)),
            _ if word.is_empty() || provider.vocabulary.is_caption_word(word) => {}
            _ => words.push(word.to_owned()),
        }
    }
    (number, words)
}
