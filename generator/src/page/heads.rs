//! Several header rows as one: `Mandatory` above `Create` and `Update`.

use super::{Cell, Row};

/// One header of several rows: each column's cells from top to bottom, one that spans rows or columns once a column.
pub(super) fn merged(rows: Vec<Row<'_>>) -> Vec<Cell<'_>> {
    let mut rows = rows.into_iter();
    let mut header = rows.next().map(|row| row.cells).unwrap_or_default();
    for row in rows {
        for (column, cell) in row.cells.into_iter().enumerate() {
            match header.get_mut(column) {
                Some(above) if above.span == cell.span => {}
                Some(above) => {
                    above.span = above.span.to(cell.span);
                    above.blocks.extend(cell.blocks);
                }
                None => header.push(cell),
            }
        }
    }
    header
}
