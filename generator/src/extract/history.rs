//! Tables of a page's change history.

use super::cell;
use super::columns;
use super::page::Reading;
use super::vocabulary::{Role, TableKind};
use crate::page::Block;
use crate::provenance::Certainty;
use crate::spec::History;

/// Reads the history tables of the page.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>, blocks: &[Block<'_>]) {
    for (at, block) in blocks.iter().enumerate() {
        let Block::Table(table) = block else { continue };
        let Some(columns) = columns::of_table(table, &reading.provider.vocabulary) else { continue };
        if columns.kind != TableKind::History {
            continue;
        }
        reading.claim(at);
        let mut unclaimed = Vec::new();
        for row in &table.rows {
            let date = columns.cell(&row.cells, Role::Date).map(cell::line).unwrap_or_default();
            let summary = columns.cell(&row.cells, Role::Summary).map(cell::line).unwrap_or_default();
            if reading.provider.vocabulary.dead_rows.is_match(&date) {
                continue;
            }
            if date.is_empty() || summary.is_empty() {
                unclaimed.push(row.span);
                continue;
            }
            let number = reading.operation.history.len();
            reading.fact(format!("history.{number}"), row.span, "history-row", Certainty::Certain);
            reading.operation.history.push(History { date, summary });
        }
        reading.count_rows(table.rows.len(), &unclaimed, "the change history");
    }
}
