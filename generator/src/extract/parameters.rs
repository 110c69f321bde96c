//! Tables of parameters and fields → drafts, nested.

use super::cell::{self, pieces};
use super::columns::Columns;
use super::draft::Draft;
use super::prose;
use super::provider::Provider;
use super::types;
use super::vocabulary::{Role, folded};
use crate::page::{Cell, Row, Span, Table};
use crate::provenance::Certainty;
use crate::spec::{Field, Location, Required};

/// What reading one table of parameters left over.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) drafts: Vec<Draft>,
    /// Rows that hold neither a name nor a type.
    pub(crate) unclaimed: Vec<Span>,
    /// All rows, the header's repetitions left out.
    pub(crate) rows: usize,
}

/// Reads the rows of a table as they stand; `request` tables say whether a parameter is required, or leave it unknown.
pub(crate) fn read_flat(
    table: &Table<'_>,
    columns: &Columns,
    request: bool,
    source: &str,
    provider: &Provider,
) -> Read {
    let mut read = Read::default();
    let skip = usize::from(table.header.is_empty());
    for row in table.rows.iter().skip(skip) {
        if repeats_header(row, table) {
            continue;
        }
        read.rows += 1;
        match draft(row, columns, request, source, provider) {
            // Only a table of its own describes a map.
            Some(entry) if entry.any_name && table.rows.len() != 1 => read.unclaimed.push(row.span),
            Some(draft) => read.drafts.push(draft),
            None if row.cells.iter().all(|cell| cell.blocks.is_empty()) => {}
            None => read.unclaimed.push(row.span),
        }
    }
    read
}

fn repeats_header(row: &Row<'_>, table: &Table<'_>) -> bool {
    !table.header.is_empty()
        && row.cells.len() == table.header.len()
        && row
            .cells
            .iter()
            .zip(&table.header)
            .take(8)
            .all(|(cell, head)| folded(&cell::line(cell)) == folded(&cell::line(head)))
}

/// A row's own facts; its name may be empty (an array's item, the root of an answer).
fn draft(row: &Row<'_>, columns: &Columns, request: bool, source: &str, provider: &Provider) -> Option<Draft> {
    let vocabulary = &provider.vocabulary;
    let name_cell = columns.cell(&row.cells, Role::Name);
    let raw = name_cell.map(cell::line).unwrap_or_default();
    let (depth, name) = indented(&raw);
    let type_cell = columns.cell(&row.cells, Role::Type);
    let mut type_text = type_cell.map(cell::line).unwrap_or_default();
    let mut name = name.trim_matches(['*', '`', ' ']).to_owned();
    let mut type_span = type_cell.map_or(row.span, |cell| cell.span);
    // An unnamed row whose name cell was lost holds its type in front.
    let typed = types::parse(&type_text, vocabulary).is_some();
    if !typed && vocabulary.type_word(&name).is_some() && columns.has(Role::Type) {
        type_text = std::mem::take(&mut name);
        type_span = name_cell.map_or(row.span, |cell| cell.span);
    } else if row.cells.len() < columns.roles.len() && vocabulary.type_word(&name).is_some() {
        type_text = std::mem::take(&mut name);
        return Some(unnamed(&type_text, row, provider));
    }
    if name.contains(' ') || name.len() > 128 {
        let mut entry = any_name(&type_text, row, provider)?;
        entry.type_links = type_cell.map(cell::links).unwrap_or_default();
        entry.links = columns.cell(&row.cells, Role::Description).map(cell::links).unwrap_or_default();
        return Some(entry);
    }
    let declared = types::parse(&type_text, vocabulary);
    if name.is_empty() {
        declared.as_ref()?;
        let mut draft = unnamed(&type_text, row, provider);
        add_description(&mut draft, row, columns, source, provider);
        return Some(draft);
    }
    let name_span = name_cell.map_or(row.span, |cell| cell::locate(source, cell.span, &name));
    let mut draft = Draft { span: row.span, depth, ..Draft::default() };
    draft.field.name.clone_from(&name);
    // Cells that touch ran together: where one ends was inferred.
    if type_cell.is_some_and(|cell| name_span.end > name_span.start && cell.span.start == name_span.end) {
        draft.mark("name", name_span, "column-name-cut", Certainty::Likely);
    } else {
        draft.mark("name", name_span, "column-name", Certainty::Certain);
    }
    set_type(&mut draft, &type_text, type_span, provider);
    draft.type_links = type_cell.map(cell::links).unwrap_or_default();
    draft.links = columns.cell(&row.cells, Role::Description).map(cell::links).unwrap_or_default();
    set_required(&mut draft, row, columns, request, provider);
    set_location(&mut draft, row, columns);
    add_example(&mut draft, row, columns, provider);
    add_description(&mut draft, row, columns, source, provider);
    let phrases = &provider.phrases;
    draft.may_be_none =
        draft.prose.iter().any(|(text, _)| phrases.may_be_none.iter().any(|phrase| phrase.is_match(text)));
    prose::settle_format(&mut draft, provider);
    if request {
        prose::settle_style(&mut draft, source, provider);
    }
    if let Some(cell) = columns.cell(&row.cells, Role::Default) {
        let text = cell::line(cell);
        if !vocabulary.is_nothing(&text) && !text.contains(' ') {
            draft.field.default = Some(text);
            draft.mark("default", cell.span, "column-default", Certainty::Certain);
        }
    }
    Some(draft)
}

/// A name's indentation marks: `└ Key`, `»» Key`.
fn indented(raw: &str) -> (usize, &str) {
    let name = raw.trim_start_matches(['└', '├', '─', '│', '∟', '»', '>', '\u{3000}', ' ']);
    let marks = raw.get(..raw.len() - name.len()).unwrap_or_default();
    (marks.chars().filter(|c| matches!(c, '└' | '├' | '∟' | '»' | '>')).count(), name)
}

fn unnamed(type_text: &str, row: &Row<'_>, provider: &Provider) -> Draft {
    let mut draft = Draft { span: row.span, ..Draft::default() };
    set_type(&mut draft, type_text, row.span, provider);
    draft
}

/// A row whose name is prose, `Name of the network`, and whose type is a container: the entries of a map.
fn any_name(type_text: &str, row: &Row<'_>, provider: &Provider) -> Option<Draft> {
    types::parse(type_text, &provider.vocabulary)?;
    let entry = Draft { any_name: true, ..unnamed(type_text, row, provider) };
    entry.is_container().then_some(entry)
}

/// Sets a field's type from the words of its cell.
pub(crate) fn set_type(draft: &mut Draft, text: &str, span: Span, provider: &Provider) {
    let text = text.trim();
    let Some(declared) = types::parse(text, &provider.vocabulary) else {
        if !text.is_empty() && text.len() < 120 {
            draft.field.declared_type = Some(text.to_owned());
            draft.mark("declared_type", span, "type-word-unknown", Certainty::Doubtful);
            // The name of a type that another table describes.
            draft.schema = Some(text.to_owned()).filter(|text| super::rows::is_name(text));
        }
        draft.mark("type", span, "type-not-said", Certainty::Doubtful);
        return;
    };
    draft.schema = declared.schema.clone().or_else(|| declared.item.as_ref().and_then(|item| item.schema.clone()));
    apply_declared(&mut draft.field, &declared);
    draft.mark("type", span, "column-type", Certainty::Certain);
    if draft.field.format.is_some() {
        draft.mark("format", span, "column-type", Certainty::Certain);
    }
    if draft.field.max_length.is_some() {
        draft.mark("max_length", span, "column-type-length", Certainty::Certain);
    }
    if says_more(text, &draft.field) {
        draft.field.declared_type = Some(text.to_owned());
        draft.mark("declared_type", span, "column-type", Certainty::Certain);
    }
}

fn apply_declared(field: &mut Field, declared: &types::Declared) {
    field.kind = declared.kind;
    field.format.clone_from(&declared.format);
    field.max_length = declared.max_length;
    field.items = declared.item.as_deref().map(|item| {
        let mut inner = Field::default();
        apply_declared(&mut inner, item);
        Box::new(inner)
    });
}

/// Whether the page's word is other than the type's own.
fn says_more(text: &str, field: &Field) -> bool {
    !text.eq_ignore_ascii_case(field.kind.word())
}

fn set_required(draft: &mut Draft, row: &Row<'_>, columns: &Columns, request: bool, provider: &Provider) {
    let Some(cell) = columns.cell(&row.cells, Role::Required) else {
        if request {
            draft.field.required = Some(Required::Unknown);
            draft.mark("required", draft.span, "required-not-said", Certainty::Doubtful);
        }
        return;
    };
    let text = cell::line(cell);
    // `Yes (If the volume is created from a snapshot, …)`, `No / This parameter is …`: the word in front counts.
    let word = text.split(['(', '（', '/']).next().unwrap_or_default().trim();
    let said = provider.vocabulary.required(&text).or_else(|| provider.vocabulary.required(word));
    let (required, rule, certainty) = match said {
        Some(true) => (Required::Yes, "column-required", provider.certainty_of(Role::Required)),
        Some(false) => (Required::No, "column-optional", provider.certainty_of(Role::Required)),
        None => (Required::Unknown, "required-cell-lost", Certainty::Doubtful),
    };
    if request || required != Required::Unknown {
        draft.field.required = Some(required);
        let span = if text.is_empty() { draft.span } else { cell.span };
        draft.mark("required", span, rule, certainty);
    }
}

/// Where a column of its own says the parameter travels.
fn set_location(draft: &mut Draft, row: &Row<'_>, columns: &Columns) {
    let Some(cell) = columns.cell(&row.cells, Role::Location) else { return };
    let location = match cell::line(cell).trim().to_ascii_lowercase().as_str() {
        "query" => Location::Query,
        "path" => Location::Path,
        "header" => Location::Header,
        "body" => Location::Body,
        "form" | "formdata" => Location::Form,
        _ => return,
    };
    draft.field.location = Some(location);
    draft.mark("in", cell.span, "column-location", Certainty::Certain);
}

fn add_example(draft: &mut Draft, row: &Row<'_>, columns: &Columns, provider: &Provider) {
    let Some(cell) = columns.cell(&row.cells, Role::Example) else { return };
    let text = cell::lines(cell);
    if text.trim().is_empty()
        || matches!(text.trim(), "-" | "--")
        || provider.vocabulary.is_nothing(&text) && cell.span.end == 0
    {
        return;
    }
    draft.field.example = Some(text.trim().to_owned());
    draft.mark("example", cell.span, "column-example", Certainty::Certain);
}

fn add_description(draft: &mut Draft, row: &Row<'_>, columns: &Columns, source: &str, provider: &Provider) {
    let empty = Cell::default();
    let cell = columns.cell(&row.cells, Role::Description).unwrap_or(&empty);
    let pieces = pieces(&cell.blocks, &provider.vocabulary);
    prose::describe(draft, source, &pieces, cell.span, provider);
}
