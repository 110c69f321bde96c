//! The answers: tables by status, or the sample's own fields where a page lost its tables.

use serde_json::Value as Json;

use super::bounds;
use super::draft::Draft;
use super::examples::{self, Sample};
use super::page::Reading;
use super::testimony::{self, Shown};
use super::vocabulary::{SectionKind, Vocabulary};
use super::{message, request, samples, tables, witness};
use crate::page::{Block, Span};
use crate::provenance::Certainty;
use crate::spec::Response;

/// Reads the answers; whether there is any section for them.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>) -> bool {
    let shown = examples::responses(reading);
    let kinds = [SectionKind::Response, SectionKind::NormalResponse, SectionKind::ErrorResponse];
    let found = reading.sections_of(&kinds);
    let listed = tables::of_page(reading, false);
    let mut answers: Vec<(u16, Vec<Draft>)> = Vec::new();
    let mut groups: Vec<(u16, Vec<usize>)> = Vec::new();
    for section in &found {
        let mut status = if section.kind == SectionKind::ErrorResponse { 400 } else { 200 };
        for (at, block) in &section.blocks {
            match block {
                Block::Paragraph(text) | Block::Heading { text, .. } => {
                    if let Some(said) = status_line(&text.content, &reading.provider.vocabulary) {
                        status = said;
                        reading.fact(
                            format!("responses.{status}.status"),
                            text.span,
                            "status-line",
                            Certainty::Certain,
                        );
                        answers.push((status, Vec::new()));
                    }
                    reading.claim(*at);
                }
                Block::Table(_) => {
                    let Some(table) = listed.iter().position(|one| one.block == Some(*at)) else { continue };
                    match groups.iter_mut().find(|(known, _)| *known == status) {
                        Some((_, group)) => group.push(table),
                        None => groups.push((status, vec![table])),
                    }
                }
                Block::Code { .. } => {}
                _ => reading.claim(*at),
            }
        }
    }
    let usual = usual_status(&answers, &groups);
    for (status, group) in groups {
        let sample = sample_of(&shown, status, usual);
        let message = message::read(reading, &listed, &group, false, sample.as_ref());
        let drafts: Vec<Draft> = message.roots.into_iter().flat_map(|(_, drafts)| drafts).collect();
        match message.wrapper {
            Some((name, list)) => add(&mut answers, status, vec![request::wrapper(name, list, drafts)]),
            None => add(&mut answers, status, drafts),
        }
    }
    add_sampled(reading, &shown, usual, &mut answers);
    let page = reading.document.path.clone();
    let mut responses: Vec<Response> = Vec::new();
    for (status, mut drafts) in answers {
        let prefix = format!("responses.{status}");
        testimony::hear(reading, &mut drafts, &samples_of(&shown, status, usual), &prefix);
        bounds::read_counts(&mut drafts, reading.document.source, &reading.provider.phrases);
        let fields: Vec<_> = drafts.into_iter().map(|draft| draft.finish(&prefix, &page, &mut reading.facts)).collect();
        match responses.iter_mut().find(|response| response.status == status) {
            Some(response) => response.fields.extend(fields),
            None => responses.push(Response { status, description: None, fields }),
        }
    }
    let any = !found.is_empty() || !responses.is_empty();
    reading.operation.responses = responses;
    any
}

/// The status a line such as `Status code: 200` states.
pub(crate) fn status_line(text: &str, vocabulary: &Vocabulary) -> Option<u16> {
    if text.len() > 40 {
        return None;
    }
    vocabulary.status_line.iter().find_map(|line| line.captures(text.trim())?.name("status")?.as_str().parse().ok())
}

/// The status of samples that state none: 200, or the only status of success that the page states.
fn usual_status(answers: &[(u16, Vec<Draft>)], groups: &[(u16, Vec<usize>)]) -> u16 {
    let stated = answers.iter().map(|(status, _)| *status).chain(groups.iter().map(|(status, _)| *status));
    let mut successes: Vec<u16> = stated.filter(|status| (200..300).contains(status)).collect();
    successes.sort_unstable();
    successes.dedup();
    match successes.as_slice() {
        [only] => *only,
        _ => 200,
    }
}

/// Everything that the samples of a status show.
fn sample_of(shown: &[Sample], status: u16, usual: u16) -> Option<Json> {
    // JSON tells lists from objects, so it goes first.
    let of_status = shown.iter().filter(|sample| is_of(sample, status, usual));
    let (plain, other): (Vec<&Sample>, Vec<&Sample>) = of_status.partition(|sample| sample.json.is_some());
    witness::merged(plain.into_iter().chain(other).filter_map(|sample| sample.shape.as_ref()))
}

/// The samples of a status, each by itself.
fn samples_of(shown: &[Sample], status: u16, usual: u16) -> Vec<Shown> {
    let shape = |sample: &Sample| {
        let lists = sample.json.is_some();
        Some(Shown { span: sample.span, shape: sample.shape.clone()?, lists })
    };
    shown.iter().filter(|sample| is_of(sample, status, usual)).filter_map(shape).collect()
}

fn is_of(sample: &Sample, status: u16, usual: u16) -> bool {
    sample.status.unwrap_or(usual) == status && (sample.status.is_some() || !sample.error || status >= 400)
}

fn add(answers: &mut Vec<(u16, Vec<Draft>)>, status: u16, drafts: Vec<Draft>) {
    if !answers.iter().any(|(known, _)| *known == status) {
        answers.push((status, Vec::new()));
    }
    let Some((_, fields)) = answers.iter_mut().find(|(known, _)| *known == status) else { return };
    for draft in drafts {
        if !fields.iter().any(|known| known.field.name == draft.field.name) {
            fields.push(draft);
        }
    }
}

/// Fields of the samples, for statuses whose tables show none.
fn add_sampled(reading: &mut Reading<'_, '_, '_>, shown: &[Sample], usual: u16, answers: &mut Vec<(u16, Vec<Draft>)>) {
    for sample in shown {
        let status = sample.status.unwrap_or(usual);
        let empty = answers.iter().all(|(known, fields)| *known != status || fields.is_empty());
        let Some(json) = sample.json.as_ref().filter(|_| empty) else { continue };
        let drafts = samples::drafts(json, reading.document.source, sample.span);
        if !drafts.is_empty() {
            report_lost(reading, sample.span);
            add(answers, status, drafts);
        }
    }
}

fn report_lost(reading: &mut Reading<'_, '_, '_>, span: Span) {
    use crate::diagnostic::{Diagnostic, Severity};
    reading.diagnostics.push(
        Diagnostic::new(
            "response-from-sample",
            Severity::Advice,
            &reading.document.path,
            "the page has no table of response fields; they were read from the sample",
        )
        .at(span, "fields that this sample leaves out are unknown")
        .help("give the tool another page of the operation, or name the missing fields in the service's overlay")
        .about("responses"),
    );
}
