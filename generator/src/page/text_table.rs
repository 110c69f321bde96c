//! Tables of saved text: pipes between cells, in one line a row, over several lines, or one cell a line.

use std::ops::Range;

use super::document::{Cell, Row, Span, Table};
use super::text::{Line, cell_blocks};

/// How many lines a header may take; a header of one cell a line has few columns.
const HEADER_LINES: usize = 64;
/// How many lines a row between fences may take.
const ROW_LINES: usize = 512;

/// The table that begins at line `at`, and the line after it.
pub(super) fn read<'a>(source: &'a str, lines: &[Line], at: usize) -> Option<(Table<'a>, usize)> {
    let first = lines.get(at)?.text(source);
    if !first.contains('|') {
        return None;
    }
    ruled(source, lines, at).or_else(|| if first.starts_with('|') { fenced(source, lines, at) } else { None })
}

/// A table whose header is set off by a line of dashes.
fn ruled<'a>(source: &'a str, lines: &[Line], at: usize) -> Option<(Table<'a>, usize)> {
    let ahead = lines.get(at..)?.iter().take(HEADER_LINES);
    let mut rule = None;
    for (offset, line) in ahead.enumerate() {
        let text = line.text(source);
        if let Some(columns) = rule_columns(text) {
            rule = Some((at + offset, columns));
            break;
        }
        if !text.contains('|') {
            return None;
        }
    }
    let (rule, columns) = rule?;
    if rule == at || columns == 0 {
        return None;
    }
    let header = split(source, lines.get(at)?.range.start..lines.get(rule - 1)?.range.end);
    if header.len() != columns {
        return None;
    }
    let mut table = Table { header: cells(source, header), ..Table::default() };
    let mut next = rule + 1;
    while let Some((row, after)) = row(source, lines, next, columns) {
        // A table right below this one: what was read is its header.
        if lines.get(after).is_some_and(|line| rule_columns(line.text(source)).is_some()) {
            break;
        }
        table.rows.push(row);
        next = after;
    }
    table.span = Span::new(lines.get(at)?.range.start..lines.get(next - 1)?.range.end);
    Some((table, next))
}

/// How many columns a line of dashes and pipes rules off.
fn rule_columns(text: &str) -> Option<usize> {
    if !text.contains("--") || !text.contains('|') || text.contains(|c| !matches!(c, '-' | '|' | ':' | ' ')) {
        return None;
    }
    Some(text.split('|').filter(|part| part.contains("--")).count())
}

/// The row that begins at line `at`: as many closed cells as there are columns, over as many lines as it takes.
fn row<'a>(source: &'a str, lines: &[Line], at: usize, columns: usize) -> Option<(Row<'a>, usize)> {
    let first = lines.get(at)?;
    if !first.text(source).contains('|') {
        return None;
    }
    // A row of Markdown's own form has a pipe in front of its first cell; it closes no cell.
    let leading = usize::from(first.text(source).starts_with('|') && pipes(first.text(source)) > columns);
    let mut closed = 0;
    let mut next = at;
    // The line after the last one that closed a cell at its end.
    let mut whole = None;
    while let Some(line) = lines.get(next) {
        let text = line.text(source);
        let more = pipes(text);
        // The cells of this row were lost: the next line is a whole row by itself.
        if next > at && more == columns && closed > 0 && closed + more > columns + leading && !text.starts_with('|') {
            break;
        }
        closed += more;
        next += 1;
        if more > 0 {
            whole = text.ends_with('|').then_some(next);
        }
        if closed >= columns + leading && text.ends_with('|') {
            break;
        }
        // A last cell may lack its pipe.
        if closed + 1 == columns + leading && lines.get(next).is_none_or(|line| line.text(source).is_empty()) {
            break;
        }
        if closed >= columns + leading {
            break;
        }
    }
    // A row that lost a cell ends with the cells it has; what follows is no part of it.
    if let Some(whole) = whole.filter(|_| closed < columns + leading) {
        next = whole;
    }
    let range = first.range.start + leading..lines.get(next - 1)?.range.end;
    let cells = cells(source, split(source, range.clone()));
    Some((Row { cells, span: Span::new(range) }, next))
}

/// A table of rows that begin with a pipe on their first line and end with one on their last.
fn fenced<'a>(source: &'a str, lines: &[Line], at: usize) -> Option<(Table<'a>, usize)> {
    let mut table = Table::default();
    let mut next = at;
    let mut columns = 0;
    while let Some(line) = lines.get(next) {
        if !line.text(source).starts_with('|') {
            break;
        }
        let Some((range, after)) = fenced_row(source, lines, next, columns) else { break };
        let cells = cells(source, split(source, range.clone()));
        if columns == 0 {
            columns = cells.len();
            table.header = cells;
        } else {
            table.rows.push(Row { cells, span: Span::new(range) });
        }
        next = after;
    }
    if columns < 2 || table.rows.is_empty() && next - at < 2 {
        return None;
    }
    table.span = Span::new(lines.get(at)?.range.start..lines.get(next - 1)?.range.end);
    Some((table, next))
}

/// The cells' range of a row that begins with a pipe, and the line after it; the header (`columns` 0) ends before the
/// next line that begins with one, other rows when their cells are closed.
fn fenced_row(source: &str, lines: &[Line], at: usize, columns: usize) -> Option<(Range<usize>, usize)> {
    let start = lines.get(at)?.range.start + 1;
    let mut closed = 0;
    let mut next = at;
    let mut blank = 0;
    // The line after the last one that closed a cell.
    let mut whole = at;
    while let Some(line) = lines.get(next) {
        let text = line.text(source);
        // A pipe alone closes an empty cell; a pipe before words begins the next row.
        let begins = text.starts_with('|') && (columns == 0 || closed >= columns || text != "|");
        if next > at && begins && lines.get(next - 1).is_some_and(|l| l.text(source).ends_with('|')) {
            break;
        }
        if next > at && text == "|" && columns > closed && opens_row(source, lines, next, columns - closed - 1) {
            break;
        }
        blank = if text.is_empty() { blank + 1 } else { 0 };
        if columns == 0 && (blank > 1 || next - at > HEADER_LINES) {
            return None;
        }
        if blank > 1 || next - at == ROW_LINES {
            break;
        }
        closed += pipes(text) - usize::from(next == at);
        next += 1;
        if text.ends_with('|') {
            whole = next;
        }
        if columns > 0 && closed >= columns && text.ends_with('|') {
            break;
        }
        let ended = lines.get(next).is_none_or(|line| !line.text(source).contains('|'));
        // A row that begins with a pipe alone has lost the pipe of its empty first cell.
        let short = columns > 2 && closed + 1 == columns && lines.get(at).is_some_and(|line| line.text(source) == "|");
        let follows = ended || lines.get(next).is_some_and(|line| line.text(source).starts_with('|'));
        if short && follows && text.ends_with('|') {
            break;
        }
        if columns == 0 && closed > 1 && ended && text.ends_with('|') {
            break;
        }
    }
    // A row that lost a cell ends with the cells it has; what follows is no part of it.
    if columns > closed {
        next = whole;
    }
    let end = lines.get(next.checked_sub(1)?)?.range.end;
    (closed > 0 && next > at).then_some((start..end.max(start), next))
}

/// Whether a pipe alone begins another row, or a table: more cells are closed after it than the row has `left`.
fn opens_row(source: &str, lines: &[Line], at: usize, left: usize) -> bool {
    let cells = lines.get(at + 1..).unwrap_or_default().iter().map(|line| line.text(source));
    cells.take_while(|text| text.ends_with('|') && !text.starts_with('|')).take(left + 1).count() > left
}

fn pipes(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'|').count()
}

/// The stretches between pipes; what stands after the last pipe is a cell only if it holds something.
fn split(source: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let text = source.get(range.clone()).unwrap_or_default();
    let mut start = range.start;
    let mut out = Vec::new();
    for part in text.split_inclusive('|') {
        let end = start + part.len();
        let closed = part.ends_with('|');
        let inner = start..end - usize::from(closed);
        if closed || !part.trim().is_empty() {
            out.push(inner);
        }
        start = end;
    }
    out
}

fn cells(source: &str, ranges: Vec<Range<usize>>) -> Vec<Cell<'_>> {
    ranges
        .into_iter()
        .map(|range| {
            let text = source.get(range.clone()).unwrap_or_default();
            let from = range.end - text.trim_start().len();
            let range = from..from + text.trim().len();
            Cell { blocks: cell_blocks(source, range.clone()), span: Span::new(range) }
        })
        .collect()
}
