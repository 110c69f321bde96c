//! Grid tables, simple tables and tables written as lists.

use std::borrow::Cow;

use super::blocks::Reader;
use super::lines::{Slice, dedent};
use crate::page::{Block, Cell, Row, Span, Table, heads};

/// Whether the first line that is not blank begins a table.
pub(super) fn begins(lines: &[Slice<'_>]) -> bool {
    lines.iter().find(|line| !line.is_blank()).is_some_and(|line| is_rule(line.text) || borders(line.text).is_some())
}

fn is_rule(text: &str) -> bool {
    text.len() > 2 && text.starts_with('+') && text.ends_with('+') && text.bytes().all(|b| b"+-=".contains(&b))
}

/// A cell under way: where it began and the parts of lines it has.
struct Open<'a> {
    row: usize,
    column: usize,
    columns: usize,
    parts: Vec<Slice<'a>>,
}

/// A cell, done.
struct Placed<'a> {
    row: usize,
    rows: usize,
    column: usize,
    columns: usize,
    parts: Vec<Slice<'a>>,
}

/// Reads a grid table that begins at the first line; gives it with how many lines it takes.
pub(super) fn grid<'a>(reader: &Reader<'a>, lines: &[Slice<'a>], depth: usize) -> Option<(Table<'a>, usize)> {
    let first = lines.first().filter(|line| is_rule(line.text))?;
    let taken = lines.iter().take_while(|line| line.text.starts_with(['+', '|'])).count();
    let lines = lines.get(..taken)?;
    let last = lines.iter().rposition(|line| is_rule(line.text)).filter(|last| *last > 0)?;
    let lines = lines.get(..=last)?;
    let edges = edges(lines);
    let mut placed = Vec::new();
    let mut open: Vec<Option<Open<'a>>> = std::iter::repeat_with(|| None).take(edges.len()).collect();
    let (mut row, mut header_rows) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        let ruled = separators(*line, &edges);
        if ruled.iter().any(|ruled| *ruled) {
            close(&mut open, &ruled, row, &mut placed);
            row += usize::from(index > 0);
            if header_rows == 0 && index > 0 && is_rule(line.text) && line.text.contains('=') && index < last {
                header_rows = row;
            }
        }
        fill(*line, &edges, &ruled, row, &mut open);
    }
    close(&mut open, &vec![true; edges.len()], row, &mut placed);
    let span = Span::new(first.start..lines.last()?.end());
    Some((arrange(reader, placed, row, header_rows, edges.len() - 1, span, depth), last + 1))
}

/// The display columns of the lines between cells.
fn edges(lines: &[Slice<'_>]) -> Vec<usize> {
    let mut edges = std::collections::BTreeSet::new();
    for line in
        lines.iter().filter(|line| line.text.is_ascii() && (line.text.contains("+-") || line.text.contains("+=")))
    {
        let bytes = line.text.as_bytes();
        for at in memchr::memchr_iter(b'+', bytes) {
            let rules = |at: Option<&u8>| at.is_none_or(|byte| matches!(byte, b'-' | b'=' | b'+' | b'|' | b' '));
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            let after = bytes.get(at + 1);
            let touches = bytes.get(at + 1..).is_some_and(|rest| is_rule_part(rest.iter()))
                || bytes.get(..at).is_some_and(|rest| is_rule_part(rest.iter().rev()));
            if touches && rules(before) && rules(after) {
                edges.insert(at);
            }
        }
    }
    edges.into_iter().collect()
}

/// Whether bytes begin with a part of a rule: two of its signs, or one between corners; `+-@` is text.
fn is_rule_part<'b>(mut bytes: impl Iterator<Item = &'b u8>) -> bool {
    let first = bytes.next().filter(|first| matches!(first, b'-' | b'='));
    first.is_some_and(|first| bytes.next().is_some_and(|second| second == first || matches!(second, b'+' | b'|')))
}

/// For each column, whether the line is a rule there. Ends where the line does.
fn separators(line: Slice<'_>, edges: &[usize]) -> Vec<bool> {
    if !line.text.contains("--") && !line.text.contains("==") && !is_rule(line.text) {
        return Vec::new();
    }
    let bytes = line.text.as_bytes();
    let ruled = |pair: &[usize]| match pair {
        [from, to] => bytes.get(from + 1..*to).is_some_and(|part| {
            !part.is_empty()
                && matches!(bytes.get(*from), Some(b'+' | b'|' | b'-' | b'='))
                && (part.iter().all(|b| *b == b'-') || part.iter().all(|b| *b == b'='))
                && (bytes.get(*from) == Some(&b'+') || bytes.get(*to) == Some(&b'+'))
        }),
        _ => false,
    };
    edges.windows(2).take_while(|pair| pair.first().is_some_and(|from| *from < bytes.len())).map(ruled).collect()
}

/// Ends the cells above a rule.
fn close<'a>(open: &mut [Option<Open<'a>>], ruled: &[bool], row: usize, placed: &mut Vec<Placed<'a>>) {
    for (place, ruled) in open.iter_mut().zip(ruled) {
        if *ruled && let Some(cell) = place.take() {
            let rows = row.saturating_sub(cell.row) + 1;
            placed.push(Placed { row: cell.row, rows, column: cell.column, columns: cell.columns, parts: cell.parts });
        }
    }
}

/// Gives the parts of a line to the cells they stand in.
fn fill<'a>(line: Slice<'a>, edges: &[usize], ruled: &[bool], row: usize, open: &mut [Option<Open<'a>>]) {
    let mut column = 0;
    while let (Some(from), Some(next)) = (edges.get(column), edges.get(column + 1)) {
        if *from >= line.text.len() {
            return;
        }
        if ruled.get(column) == Some(&true) {
            column += 1;
            continue;
        }
        let begun = open.get(column).and_then(Option::as_ref).map(|cell| cell.columns);
        let columns = begun.unwrap_or_else(|| {
            let cut = |edge: &usize| line.columns(*edge, edge + 1).text.starts_with(['|', '+']);
            1 + edges.get(column + 1..).unwrap_or(&[]).iter().take_while(|edge| !cut(edge)).count()
        });
        let columns = columns.min(edges.len() - 1 - column).max(1);
        let to = edges.get(column + columns).unwrap_or(next);
        if let Some(place) = open.get_mut(column) {
            let cell = place.get_or_insert_with(|| Open { row, column, columns, parts: Vec::new() });
            cell.parts.push(line.columns(from + 1, *to));
        }
        column += columns;
    }
}

/// Puts cells into rows, a cell that spans standing in each.
fn arrange<'a>(
    reader: &Reader<'a>,
    placed: Vec<Placed<'a>>,
    rows: usize,
    header_rows: usize,
    columns: usize,
    span: Span,
    depth: usize,
) -> Table<'a> {
    let mut grid: Vec<Vec<(usize, Cell<'a>)>> = std::iter::repeat_with(Vec::new).take(rows).collect();
    for cell in placed {
        let made = cell_of(reader, &cell.parts, depth, span.start as usize);
        for row in grid.iter_mut().skip(cell.row).take(cell.rows) {
            for column in cell.column..(cell.column + cell.columns).min(columns) {
                row.push((column, reader.repeats.repeat(&made)));
            }
        }
    }
    let mut table = Table { span, ..Table::default() };
    for mut cells in grid {
        cells.sort_by_key(|(column, _)| *column);
        let cells: Vec<_> = cells.into_iter().map(|(_, cell)| cell).collect();
        let span = cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or(span);
        table.rows.push(Row { cells, span });
    }
    if header_rows > 0 && header_rows <= table.rows.len() {
        table.header = heads::merged(table.rows.drain(..header_rows).collect());
    }
    table
}

/// A cell from the parts of its lines; an empty one stands where its first line does.
pub(super) fn cell_of<'a>(reader: &Reader<'a>, parts: &[Slice<'a>], depth: usize, otherwise: usize) -> Cell<'a> {
    let lines = dedent(parts);
    let mut full = lines.iter().filter(|line| !line.is_blank());
    let Some(first) = full.next() else {
        let at = parts.first().map_or(otherwise, |part| part.start);
        return Cell { blocks: Vec::new(), span: Span::new(at..at) };
    };
    let end = full.next_back().unwrap_or(first).end();
    Cell { blocks: reader.blocks(&lines, depth + 1), span: Span::new(first.start..end) }
}

/// The column ranges of a simple table's border: runs of `=` parted by spaces.
fn borders(text: &str) -> Option<Vec<(usize, usize)>> {
    if !text.starts_with('=') || !text.contains(' ') || !text.bytes().all(|b| matches!(b, b'=' | b' ')) {
        return None;
    }
    let mut at = 0;
    let mut columns = Vec::new();
    for run in text.split(' ') {
        if !run.is_empty() {
            columns.push((at, at + run.len()));
        }
        at += run.len() + 1;
    }
    (columns.len() > 1).then_some(columns)
}

/// Reads a simple table that begins at the first line; gives it with how many lines it takes.
pub(super) fn simple<'a>(reader: &Reader<'a>, lines: &[Slice<'a>], depth: usize) -> Option<(Table<'a>, usize)> {
    let first = lines.first()?;
    let columns = borders(first.text)?;
    let mut rules = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if borders(line.text).is_some() {
            rules.push(index);
            if rules.len() > 1 && lines.get(index + 1).is_none_or(|next| next.is_blank()) {
                break;
            }
        }
    }
    let last = rules.last().copied().filter(|last| *last > 0)?;
    let header_end = if rules.len() > 2 { rules.get(1).copied() } else { None };
    let mut table = Table { span: Span::new(first.start..lines.get(last)?.end()), ..Table::default() };
    let mut row: Vec<Slice<'a>> = Vec::new();
    let each: Vec<Spanned> = columns.iter().map(|(from, _)| Spanned { from: *from, columns: 1 }).collect();
    for (index, line) in lines.iter().enumerate().take(last + 1).skip(1) {
        if let Some(spans) = spans(line.text, &columns).filter(|_| !row.is_empty()) {
            // The line below a row whose cells span columns.
            table.rows.extend(simple_row(reader, &std::mem::take(&mut row), &spans, depth));
            continue;
        }
        let border = borders(line.text).is_some();
        let begins = !line.is_blank() && !line.columns(0, columns.first()?.1).is_blank();
        if (border || begins) && !row.is_empty() {
            table.rows.extend(simple_row(reader, &std::mem::take(&mut row), &each, depth));
        }
        if border {
            if header_end == Some(index) {
                table.header = heads::merged(std::mem::take(&mut table.rows));
            }
        } else if !(line.is_blank() && row.is_empty()) {
            // A line with nothing in the first column goes on with the row above; a blank one parts its blocks.
            row.push(*line);
        }
    }
    Some((table, last + 1))
}

/// A cell of a simple table: where it begins, and how many columns it takes.
struct Spanned {
    from: usize,
    columns: usize,
}

/// The cells that a line of dashes below a row tells: each run of dashes is one, over all the columns it covers.
fn spans(text: &str, columns: &[(usize, usize)]) -> Option<Vec<Spanned>> {
    if !text.contains("--") || !text.bytes().all(|byte| matches!(byte, b'-' | b' ')) {
        return None;
    }
    let bytes = text.as_bytes();
    let mut out: Vec<Spanned> = Vec::new();
    for (at, (from, _)) in columns.iter().enumerate() {
        // The gap in front of a column holds dashes where a cell goes on into it.
        let joined = at > 0 && from.checked_sub(1).and_then(|gap| bytes.get(gap)) == Some(&b'-');
        match out.last_mut().filter(|_| joined) {
            Some(last) => last.columns += 1,
            None => out.push(Spanned { from: *from, columns: 1 }),
        }
    }
    Some(out)
}

fn simple_row<'a>(reader: &Reader<'a>, lines: &[Slice<'a>], spanned: &[Spanned], depth: usize) -> Option<Row<'a>> {
    let first = lines.first()?;
    let last = lines.iter().rfind(|line| !line.is_blank())?;
    let mut cells = Vec::new();
    for (index, cell) in spanned.iter().enumerate() {
        // Text may stand a little out of its column; the last column has no end.
        let to = spanned.get(index + 1).map_or(usize::MAX, |next| next.from);
        let parts: Vec<_> = lines.iter().map(|line| line.columns(cell.from, to)).collect();
        let made = cell_of(reader, &parts, depth, first.start);
        cells.extend((1..cell.columns).map(|_| reader.repeats.repeat(&made)));
        cells.push(made);
    }
    Some(Row { cells, span: Span::new(first.start..last.end()) })
}

/// A `list-table`: a list of rows, each a list of cells.
pub(super) fn from_list<'a>(
    reader: &Reader<'a>,
    blocks: Vec<Block<'a>>,
    caption: Slice<'a>,
    body: &[Slice<'a>],
    anchors: Vec<Cow<'a, str>>,
) -> Vec<Block<'a>> {
    let header_rows =
        body.iter().find_map(|line| line.text.strip_prefix(":header-rows:")?.trim().parse::<usize>().ok());
    let mut out = Vec::new();
    let mut table = Table { caption: reader.text(&[caption]), anchors, ..Table::default() };
    for block in blocks {
        let Block::List { items, .. } = block else {
            out.push(block);
            continue;
        };
        for item in items {
            let mut cells = Vec::new();
            for inner in item.blocks {
                match inner {
                    Block::List { items, .. } => {
                        cells.extend(items.into_iter().map(|cell| Cell { blocks: cell.blocks, span: cell.span }));
                    }
                    other => cells.push(Cell { blocks: vec![other], span: item.span }),
                }
            }
            table.rows.push(Row { cells, span: item.span });
        }
    }
    if let Some(span) = table.rows.iter().map(|row| row.span).reduce(Span::to) {
        table.span = span;
        table.header = heads::merged(table.rows.drain(..header_rows.unwrap_or(0).min(table.rows.len())).collect());
        out.push(Block::Table(table));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page::{Block, read};

    #[test]
    fn signs_of_rules_in_a_text_are_text() {
        let page = "T\n=\n\n+---+---------------+\n| a | b             |\n+===+===============+\n| k | signs: .:=+-@ |\n+---+---------------+\n";
        let page = read("page.rst", page);
        let table = page.blocks.iter().find_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        let cells = &table.unwrap().rows[0].cells;
        assert_eq!(cells.len(), 2);
        assert!(format!("{:?}", cells[1]).contains("signs: .:=+-@"), "{cells:?}");
    }
}
