//! Copies of cells that span rows or columns, within an allowance, so that a small page can't ask for much memory.

use std::cell::Cell as Counter;

use super::Cell;

/// How much a page may still repeat.
pub(super) struct Repeats {
    /// Bytes of content.
    content: Counter<usize>,
    /// Cells, empty ones too.
    cells: Counter<usize>,
}

impl Repeats {
    /// The allowance of a page.
    pub(super) fn of(source: &str) -> Self {
        Self {
            content: Counter::new(source.len().saturating_mul(4) + (1 << 16)),
            cells: Counter::new(source.len().saturating_mul(2) + 4096),
        }
    }

    /// A copy of a cell where one more may stand: a cell takes many bytes where it is written, so pages that
    /// people read never come to the end of it, while spans may ask for any number.
    pub(super) fn copy<'a>(&self, cell: &Cell<'a>) -> Option<Cell<'a>> {
        self.cells.set(self.cells.get().checked_sub(1)?);
        Some(self.repeat(cell))
    }

    /// A copy of a cell while the allowance lasts, then a cell with its place only.
    pub(super) fn repeat<'a>(&self, cell: &Cell<'a>) -> Cell<'a> {
        let cost = if cell.blocks.is_empty() { 16 } else { 64 + (cell.span.end - cell.span.start) as usize };
        if let Some(left) = self.content.get().checked_sub(cost) {
            self.content.set(left);
            cell.clone()
        } else {
            Cell { blocks: Vec::new(), span: cell.span }
        }
    }
}
