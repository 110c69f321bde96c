//! Tables of HTML: header, caption, cells that span rows and columns.

use std::borrow::Cow;

use super::{Flow, Reader};
use crate::page::{Cell, Row, Span, Table, heads};

/// The most columns a cell may span, as the HTML standard bounds it.
const MAX_COLUMN_SPAN: usize = 1000;
/// The most columns of a table; cells past it are left out.
const MAX_COLUMNS: usize = 1 << 16;

/// A cell that also stands in the rows below.
struct Pending<'a> {
    rows: usize,
    cell: Cell<'a>,
}

impl<'a> Reader<'a, '_> {
    pub(super) fn table(&self, id: u32, anchors: Vec<Cow<'a, str>>) -> Table<'a> {
        let mut table = Table { anchors, span: self.span(id), ..Table::default() };
        let mut heads: Vec<Row<'a>> = Vec::new();
        let mut rows = Vec::new();
        for (child, _) in self.tree.children(id) {
            match self.tree.name(child) {
                "caption" if table.caption.is_none() => {
                    let mut flow = Flow::new(self.source);
                    table.caption = self.text(child, &mut flow);
                    for name in flow.anchors {
                        table.anchors.push(name);
                    }
                }
                "thead" => self.section(child, true, &mut rows),
                "tbody" | "tfoot" => self.section(child, false, &mut rows),
                "tr" => rows.push((child, false)),
                _ => {}
            }
        }
        let marked = rows.iter().any(|(_, head)| *head);
        let mut pending: Vec<Option<Pending<'a>>> = Vec::new();
        for (index, (row, head)) in rows.into_iter().enumerate() {
            let (row, all_heads) = self.row(row, &mut pending);
            if head || (!marked && index == 0 && all_heads) {
                heads.push(row);
            } else if !row.cells.is_empty() {
                table.rows.push(row);
            }
        }
        table.header = heads::merged(heads);
        table
    }

    pub(super) fn span(&self, id: u32) -> Span {
        self.tree.get(id).map(|node| Span::new(node.span.clone())).unwrap_or_default()
    }

    fn section(&self, id: u32, head: bool, rows: &mut Vec<(u32, bool)>) {
        rows.extend(self.tree.children(id).filter(|(row, _)| self.tree.name(*row) == "tr").map(|(row, _)| (row, head)));
    }

    /// A row, and whether all of its own cells are header cells.
    fn row(&self, id: u32, pending: &mut Vec<Option<Pending<'a>>>) -> (Row<'a>, bool) {
        let mut cells = Vec::new();
        let mut all_heads = true;
        let mut any = false;
        for (child, _) in self.tree.children(id) {
            let name = self.tree.name(child);
            if !matches!(name, "td" | "th") || cells.len() >= MAX_COLUMNS {
                continue;
            }
            any = true;
            all_heads &= name == "th";
            self.take_pending(&mut cells, pending);
            let cell = Cell { blocks: self.blocks(child), span: self.span(child) };
            let columns = self.spanned(child, "colspan").clamp(1, MAX_COLUMN_SPAN);
            let rows = self.spanned(child, "rowspan").max(1);
            for offset in 0..columns {
                if rows > 1 {
                    let column = cells.len();
                    let Some(below) = self.repeats.copy(&cell) else { break };
                    if pending.len() <= column {
                        pending.resize_with(column + 1, || None);
                    }
                    if let Some(place) = pending.get_mut(column) {
                        *place = Some(Pending { rows: rows - 1, cell: below });
                    }
                }
                if offset + 1 < columns {
                    let Some(beside) = self.repeats.copy(&cell) else { break };
                    cells.push(beside);
                }
            }
            // The last of its places, since all of them are alike.
            cells.push(cell);
        }
        self.take_pending(&mut cells, pending);
        (Row { cells, span: self.span(id) }, any && all_heads)
    }

    /// Fills in the cells that reach down from rows above.
    fn take_pending(&self, cells: &mut Vec<Cell<'a>>, pending: &mut [Option<Pending<'a>>]) {
        while let Some(place) = pending.get_mut(cells.len()) {
            let Some(waiting) = place else { return };
            let Some(copy) = self.repeats.copy(&waiting.cell) else { return };
            cells.push(copy);
            waiting.rows -= 1;
            if waiting.rows == 0 {
                *place = None;
            }
        }
    }

    fn spanned(&self, id: u32, attribute: &str) -> usize {
        self.tree.attribute(id, attribute).and_then(|value| value.trim().parse().ok()).unwrap_or(1)
    }
}
