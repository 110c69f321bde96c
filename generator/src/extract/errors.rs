//! Tables of error codes.

use super::cell::{self, markdown, pieces};
use super::columns::{self, Columns};
use super::page::Reading;
use super::vocabulary::{Role, TableKind};
use crate::page::{Block, Row, Span, Table};
use crate::provenance::Certainty;
use crate::spec::ErrorCode;

/// Reads every error table of the page, whatever section it stands in.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>, blocks: &[Block<'_>]) {
    for (at, block) in blocks.iter().enumerate() {
        let Block::Table(table) = block else { continue };
        let Some(columns) = columns::of_table(table, &reading.provider.vocabulary) else { continue };
        if columns.kind == TableKind::Errors {
            read_table(reading, table, &columns);
            reading.claim(at);
        }
    }
}

fn read_table(reading: &mut Reading<'_, '_, '_>, table: &Table<'_>, columns: &Columns) {
    let mut unclaimed = Vec::new();
    let mut rows = 0;
    let skip = usize::from(table.header.is_empty());
    let head: Vec<String> = table.header.iter().map(cell::line).collect();
    for row in table.rows.iter().skip(skip) {
        let words: Vec<String> = row.cells.iter().take(8).map(cell::line).collect();
        if words == head || words.iter().all(String::is_empty) {
            continue;
        }
        rows += 1;
        if !read_row(reading, row, columns) {
            unclaimed.push(row.span);
        }
    }
    reading.count_rows(rows, &unclaimed, "error codes");
}

/// A code without the space that a hand left in front of its number: `DCS. 4855`.
fn joined(code: String) -> String {
    match code.split_once(". ") {
        Some((service, number)) if !service.contains(' ') && number.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{service}.{number}")
        }
        _ => code,
    }
}

fn read_row(reading: &mut Reading<'_, '_, '_>, row: &Row<'_>, columns: &Columns) -> bool {
    let vocabulary = &reading.provider.vocabulary;
    let text = |role| columns.cell(&row.cells, role).map(cell::line).filter(|text| !text.is_empty());
    let span = |role| columns.cell(&row.cells, role).map_or(row.span, |cell| cell.span);
    let Some(code) = text(Role::Code).map(|code| code.trim_matches(['`', '*']).to_owned()) else { return false };
    if code.contains(' ') && code.len() > 60 {
        return false;
    }
    let code = joined(code);
    let status = text(Role::Status).and_then(|status| {
        let digits: String =
            status.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|status| (100..600).contains(status))
    });
    let message = text(Role::Message);
    let description = columns.cell(&row.cells, Role::Description).and_then(|cell| {
        let text = markdown(&pieces(&cell.blocks, vocabulary))?;
        (!matches!(text.trim(), "-" | "--" | "—")).then_some(text)
    });
    let solution = columns.cell(&row.cells, Role::Solution).and_then(|cell| {
        let text = markdown(&pieces(&cell.blocks, vocabulary))?;
        (!matches!(text.trim(), "-" | "--" | "—")).then_some(text)
    });
    let described = description.is_some() || solution.is_some();
    let description = match (description, solution) {
        (Some(description), Some(solution)) => Some(format!("{description}\n\n{solution}")),
        (one, other) => one.or(other),
    };
    let path = match status {
        Some(status) => format!("errors.{status}.{code}"),
        None => format!("errors.{code}"),
    };
    // Cells that touch ran together: where one ends was inferred.
    let touch = |a: Role, b: Role| span(a).end > span(a).start && span(a).end == span(b).start;
    let cut = message.is_some() && touch(Role::Code, Role::Message);
    let rule = match status {
        _ if cut => "column-code-cut",
        Some(_) => "column-code",
        // One code may stand for errors of several statuses.
        None => "column-code-alone",
    };
    let mut facts: Vec<(String, Span, &'static str)> = vec![(format!("{path}.code"), span(Role::Code), rule)];
    if status.is_some() {
        facts.push((format!("{path}.status"), span(Role::Status), "column-status"));
    }
    if message.is_some() {
        let cut = cut || described && touch(Role::Message, Role::Description);
        let rule = if cut { "column-message-cut" } else { "column-message" };
        facts.push((format!("{path}.message"), span(Role::Message), rule));
    }
    if described {
        facts.push((format!("{path}.description"), span(Role::Description), "column-description"));
    }
    for (path, span, rule) in facts {
        let certainty = match rule {
            "column-code-cut" | "column-message-cut" => Certainty::Likely,
            "column-code-alone" => Certainty::Doubtful,
            _ => Certainty::Certain,
        };
        reading.fact(path, span, rule, certainty);
    }
    reading.operation.errors.push(ErrorCode { status, code, message, description, ..ErrorCode::default() });
    true
}
