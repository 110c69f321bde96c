//! Copies of cells that span rows or columns, within an allowance, so that a small page can't ask for much memory.

use std::cell::Cell as Counter;

use super::Cell;

/// How many bytes of content a page may still repeat.
pub(super) struct Repeats(Counter<usize>);

impl Repeats {
    /// The allowance of a page.
    pub(super) fn of(source: &str) -> Self {
        Self(Counter::new(source.len().saturating_mul(4) + (1 << 16)))
    }

    /// A copy of a cell while the allowance lasts, then a cell with its place only.
    pub(super) fn repeat<'a>(&self, cell: &Cell<'a>) -> Cell<'a> {
        let cost = if cell.blocks.is_empty() { 16 } else { 64 + (cell.span.end - cell.span.start) as usize };
        if let Some(left) = self.0.get().checked_sub(cost) {
            self.0.set(left);
            cell.clone()
        } else {
            Cell { blocks: Vec::new(), span: cell.span }
        }
    }
}
