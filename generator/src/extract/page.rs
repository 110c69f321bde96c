//! One page → one operation.

use std::collections::BTreeSet;

use super::bounds;
use super::cell::{self, markdown, pieces};
use super::columns;
use super::conditions::{self, PartialCondition};
use super::elsewhere::Reach;
use super::outermost::Outermost;
use super::provider::Provider;
use super::regroup::regroup;
use super::run::Run;
use super::run::{Coverage, ExtractedOperation};
use super::sections::{self, Section, span_of};
use super::shapes::Shapes;
use super::unroll::unroll;
use super::vocabulary::{SectionKind, TableKind};
use super::{errors, examples, history, naming, permissions, request, response};
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::{Block, Document, Span};
use crate::provenance::{Certainty, Fact};
use crate::spec::{ErrorCode, Operation, Protocol};

/// What one page yields.
#[derive(Debug, Default)]
pub(crate) struct PageResult {
    /// Its path.
    pub(crate) path: String,
    /// The language that it is in.
    pub(crate) language: String,
    pub(crate) operation: Option<ExtractedOperation>,
    /// Codes of a page that lists nothing else.
    pub(crate) service_errors: Vec<ErrorCode>,
    pub(crate) service_facts: Vec<Fact>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) coverage: Coverage,
}

/// A page while it is being read: what was found of it, and what no rule has claimed yet.
pub(crate) struct Reading<'r, 'd, 'a> {
    pub(crate) document: &'d Document<'a>,
    pub(crate) provider: &'r Provider,
    /// The tables that its links can lead to, those of the run's other pages among them.
    pub(crate) reach: &'r Reach<'r, 'a>,
    /// The parameters that the run's pages have outside of objects.
    pub(crate) outermost: &'r Outermost<'r>,
    /// What all samples of the run show.
    pub(crate) shapes: &'r Shapes<'r>,
    pub(crate) sections: &'r [Section<'d, 'a>],
    pub(crate) operation: Operation,
    pub(crate) facts: Vec<Fact>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) coverage: Coverage,
    claimed: BTreeSet<usize>,
}

impl<'r, 'd, 'a> Reading<'r, 'd, 'a> {
    /// Notes where a fact stands.
    pub(crate) fn fact(&mut self, path: impl Into<String>, span: Span, rule: &'static str, certainty: Certainty) {
        let page = self.document.path.clone();
        self.facts.push(Fact { path: path.into(), page, span, rule, certainty, losers: Vec::new() });
    }

    /// Says that a block was read.
    pub(crate) fn claim(&mut self, block: usize) {
        self.claimed.insert(block);
    }

    /// Says that all blocks of a section were read.
    pub(crate) fn claim_section(&mut self, section: &Section<'_, '_>) {
        self.claimed.extend(section.blocks.iter().map(|(at, _)| *at));
    }

    /// Counts rows, and reports those that no rule claimed.
    pub(crate) fn count_rows(&mut self, rows: usize, unclaimed: &[Span], what: &str) {
        self.coverage.rows += rows;
        self.coverage.rows_claimed += rows.saturating_sub(unclaimed.len());
        for span in unclaimed {
            self.diagnostics.push(
                Diagnostic::new(
                    "row-unclaimed",
                    Severity::Warning,
                    &self.document.path,
                    format!("a row of {what} was not read"),
                )
                .at(*span, "no rule knows this row")
                .help("add the missing word to the provider's vocabulary, or the fact to the service's overlay"),
            );
        }
    }

    /// The sections of some kinds, in the page's order.
    pub(crate) fn sections_of(&self, kinds: &[SectionKind]) -> Vec<&'r Section<'d, 'a>> {
        self.sections.iter().filter(|section| kinds.contains(&section.kind)).collect()
    }
}

/// Reads one page.
pub(crate) fn read<'a>(document: &Document<'a>, provider: &Provider, run: Run<'_, 'a>) -> PageResult {
    let (path, language) = (document.path.clone(), provider.languages.of(document).to_owned());
    let mut result = PageResult { path, language, ..PageResult::default() };
    if document.blocks.is_empty() {
        result.diagnostics.push(
            Diagnostic::new("page-empty", Severity::Warning, &document.path, "the page holds no text")
                .help("fetch the page again, or take it out of the service's pages"),
        );
        return result;
    }
    let blocks = unroll(regroup(document, &provider.vocabulary, run.learned), provider);
    let sections = sections::split(&blocks, &provider.vocabulary);
    let mut reading = Reading {
        document,
        provider,
        reach: run.reach,
        outermost: run.outermost,
        shapes: run.shapes,
        sections: &sections,
        operation: Operation { http: provider.http.clone(), ..Operation::default() },
        facts: Vec::new(),
        diagnostics: Vec::new(),
        coverage: Coverage { pages: 1, blocks: blocks.len(), ..Coverage::default() },
        claimed: BTreeSet::new(),
    };
    let line = request::read_line(&mut reading);
    let drafts = request::read(&mut reading, line.as_ref());
    permissions::read(&mut reading);
    errors::read(&mut reading, &blocks);
    let answered = response::read(&mut reading);
    let has_request = !drafts.is_empty() || reading.sections.iter().any(|s| s.kind == SectionKind::Request);
    let name = naming::find(&mut reading, line.as_ref(), &drafts);
    // A page that shows a call of some operation but tells nothing of it is about something else.
    let shown_only =
        reading.facts.last().is_some_and(|fact| fact.path == "operation" && fact.rule.starts_with("sample-"))
            && drafts.is_empty()
            && reading.operation.responses.is_empty()
            && reading.operation.permissions.is_empty();
    // Any page has a title: where names are made of titles, only a request line makes an operation.
    let described = (answered || has_request || !reading.operation.permissions.is_empty()) && !shown_only;
    let is_operation = line.is_some() && !shown_only || (described && !provider.names.from_title);
    let Some(name) = name.filter(|_| is_operation) else {
        no_operation(&reading, &mut result, is_operation);
        return result;
    };
    reading.operation.operation = name;
    if line.is_none() {
        for path in ["http.method", "http.path"] {
            reading.fact(path, Span::default(), "provider-default", Certainty::Likely);
        }
    }
    report_lost_values(&mut reading, &drafts);
    finish_request(&mut reading, drafts);
    examples::read(&mut reading);
    history::read(&mut reading, &blocks);
    read_texts(&mut reading);
    report_blocks(&mut reading, &blocks);
    result.diagnostics = reading.diagnostics;
    result.coverage = reading.coverage;
    result.coverage.operations = 1;
    let pages = vec![document.path.clone()];
    result.operation = Some(ExtractedOperation {
        operation: reading.operation,
        facts: reading.facts,
        pages,
        ..ExtractedOperation::default()
    });
    result
}

/// Reports parameters whose page announces values and lists none: saved text loses lists in cells.
fn report_lost_values(reading: &mut Reading<'_, '_, '_>, drafts: &[super::draft::Draft]) {
    for draft in drafts {
        if !draft.field.values.is_empty() || draft.field.min.is_some() {
            continue;
        }
        let intro = |text: &str| reading.provider.phrases.values_intro.iter().any(|intro| intro.is_match(text.trim()));
        let Some((_, span)) = draft.prose.iter().find(|(text, _)| intro(text)) else { continue };
        reading.diagnostics.push(
            Diagnostic::new(
                "values-lost",
                Severity::Advice,
                &reading.document.path,
                format!("the values of `{}` are announced but not listed", draft.field.name),
            )
            .at(*span, "a list was expected below this")
            .help("give the tool another page of the operation, or list the values in the service's overlay")
            .about(format!("request.{}.values", draft.field.name)),
        );
    }
}

fn finish_request(reading: &mut Reading<'_, '_, '_>, mut drafts: Vec<super::draft::Draft>) {
    let provider = reading.provider;
    let mut partial: Vec<PartialCondition> = Vec::new();
    bounds::read_counts(&mut drafts, reading.document.source, &provider.phrases);
    conditions::read_conditions(&mut drafts, reading.document.source, provider, &mut partial);
    for condition in partial {
        reading.diagnostics.push(
            Diagnostic::new(
                "condition-partial",
                Severity::Advice,
                &reading.document.path,
                format!("when `{}` is required is told by more than another parameter's value; it was left to the description", condition.parameter),
            )
            .at(condition.span, format!("`{}`", condition.text))
            .help("say it in the service's overlay if calls should be checked for it")
            .about(format!("request.{}.required_when", condition.parameter)),
        );
    }
    let samples = examples::requests(reading);
    super::testimony::hear(reading, &mut drafts, &samples, "request");
    let page = reading.document.path.clone();
    let aliyun = matches!(provider.protocol(), Protocol::AliyunRpc | Protocol::AliyunRoa);
    for draft in drafts {
        let protocol_own = aliyun && provider.common_request().contains(&draft.field.name);
        if protocol_own {
            continue;
        }
        let field = draft.finish("request", &page, &mut reading.facts);
        reading.operation.request.push(field);
    }
}

/// A page without an operation: a list of error codes, or a page of another kind.
fn no_operation(reading: &Reading<'_, '_, '_>, result: &mut PageResult, named: bool) {
    result.coverage = reading.coverage;
    let path = &reading.document.path;
    if !reading.operation.errors.is_empty() && !named {
        result.service_errors.clone_from(&reading.operation.errors);
        result.service_facts.clone_from(&reading.facts);
        result.diagnostics.clone_from(&reading.diagnostics);
        return;
    }
    let (message, help) = if named {
        (
            "the page describes an operation but does not name it".to_owned(),
            "its name was looked for in the title, the permission's action, the sample request and the file's name",
        )
    } else {
        (
            "no operation was found on the page".to_owned(),
            "a table of parameters, a request line such as `POST /v3/{id}`, or a permission's action was looked for; take the page out of the service's pages if it is of another kind",
        )
    };
    let span = reading.document.blocks.first().map(span_of).unwrap_or_default();
    let mut diagnostic = Diagnostic::new("no-operation", Severity::Warning, path, message).help(help);
    diagnostic = diagnostic.at(span, "the page begins here");
    result.diagnostics.push(diagnostic);
}

/// Summary and description from the opening and the descriptive sections.
fn read_texts(reading: &mut Reading<'_, '_, '_>) {
    let vocabulary = &reading.provider.vocabulary;
    for section in reading.sections_of(&[SectionKind::Opening]) {
        let title_lines = reading.facts.iter().filter(|f| f.path == "operation").map(|f| f.span).collect::<Vec<_>>();
        for (at, block) in &section.blocks {
            if let Block::Paragraph(text) = block {
                let content = text.content.trim();
                let chrome = vocabulary.chrome.is_match(content)
                    || title_lines.iter().any(|span| text.span.range().contains(&(span.start as usize)));
                if !chrome && reading.operation.summary.is_none() && content.len() < 2000 {
                    reading.operation.summary = Some(content.to_owned());
                    reading.fact("summary", text.span, "opening-paragraph", Certainty::Certain);
                }
            }
            reading.claim(*at);
        }
    }
    let mut parts: Vec<String> = Vec::new();
    let mut span: Option<Span> = None;
    for section in reading.sections_of(&[SectionKind::Description, SectionKind::Constraints]) {
        let blocks: Vec<Block<'_>> = section.blocks.iter().map(|(_, block)| (*block).clone()).collect();
        let read = pieces(&blocks, vocabulary);
        if let Some(text) = markdown(&read) {
            let first = parts.is_empty() && section.kind == SectionKind::Description;
            parts.push(if first { text } else { format!("**{}**\n\n{text}", section.title) });
            let place = section.blocks.iter().map(|(_, block)| span_of(block)).reduce(Span::to).unwrap_or_default();
            span = Some(span.map_or(place, |span| span.to(place)));
            if reading.operation.summary.is_none() && section.kind == SectionKind::Description {
                summarise(reading, &read);
            }
        }
        reading.claim_section(section);
    }
    if let Some(span) = span {
        reading.operation.description = Some(parts.join("\n\n"));
        reading.fact("description", span, "description-section", Certainty::Certain);
    }
    let deprecated = reading
        .operation
        .summary
        .as_deref()
        .is_some_and(|text| reading.provider.phrases.deprecated.iter().any(|p| p.is_match(text)));
    if deprecated {
        reading.operation.deprecated = true;
        let span = reading.facts.iter().find(|fact| fact.path == "summary").map(|fact| fact.span).unwrap_or_default();
        reading.fact("deprecated", span, "prose-deprecated", Certainty::Likely);
    }
}

/// The first sentence of the description.
fn summarise(reading: &mut Reading<'_, '_, '_>, read: &[cell::Piece<'_>]) {
    let Some(piece) = read.iter().find(|piece| !piece.note) else { return };
    let text = piece.text.trim();
    let end = text.find(". ").map(|at| at + 1).or_else(|| text.find('。').map(|at| at + '。'.len_utf8()));
    let sentence = end.and_then(|end| text.get(..end)).unwrap_or(text);
    if !sentence.is_empty() && sentence.len() < 2000 {
        reading.operation.summary = Some(sentence.to_owned());
        let span = cell::locate(reading.document.source, piece.span, sentence);
        reading.fact("summary", span, "description-first-sentence", Certainty::Certain);
    }
}

/// Counts the blocks that no rule read, and reports tables and code among them.
fn report_blocks(reading: &mut Reading<'_, '_, '_>, blocks: &[Block<'_>]) {
    let known = [
        SectionKind::Debugging,
        SectionKind::Feedback,
        SectionKind::Authorization,
        SectionKind::Statuses,
        SectionKind::Errors,
        SectionKind::History,
    ];
    for section in reading.sections_of(&known) {
        for (at, block) in &section.blocks {
            if !matches!(block, Block::Table(_)) {
                reading.claim(*at);
            }
        }
    }
    let titles: BTreeSet<u32> = reading.sections.iter().map(|section| section.span.start).collect();
    for (at, block) in blocks.iter().enumerate() {
        let span = span_of(block);
        let title = matches!(block, Block::Heading { .. } | Block::Paragraph(_)) && titles.contains(&span.start);
        if title || reading.claimed.contains(&at) {
            reading.coverage.blocks_claimed += 1;
            continue;
        }
        match block {
            Block::Table(table) => {
                let known = columns::of_table(table, &reading.provider.vocabulary);
                if known.as_ref().is_some_and(|columns| columns.kind == TableKind::Statuses) {
                    reading.coverage.blocks_claimed += 1;
                    continue;
                }
                reading.diagnostics.push(
                    Diagnostic::new(
                        "table-unclaimed",
                        Severity::Warning,
                        &reading.document.path,
                        "a table was not read",
                    )
                    .at(
                        table.span,
                        if known.is_some() {
                            "it stands in no section that has such a table"
                        } else {
                            "its header is not known"
                        },
                    )
                    .help("add its section's title or its column names to the provider's vocabulary"),
                );
                reading.coverage.rows += table.rows.len();
            }
            Block::Code { .. } => reading.diagnostics.push(
                Diagnostic::new(
                    "code-unclaimed",
                    Severity::Advice,
                    &reading.document.path,
                    "a code block was not read",
                )
                .at(span, "it stands in no section for samples"),
            ),
            _ => {}
        }
    }
}
