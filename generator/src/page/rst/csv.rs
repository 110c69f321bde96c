//! Tables written as comma-separated values: `csv-table`.

use std::borrow::Cow;

use super::blocks::Reader;
use super::lines::Slice;
use super::table::cell_of;
use crate::page::{Block, Cell, Row, Span, Table, Text, heads};

/// How the values stand.
struct Format {
    delimiter: char,
    quote: char,
}

/// One value: the parts of lines it has, and whether a quote in it is doubled.
#[derive(Default)]
struct Value<'a> {
    parts: Vec<Slice<'a>>,
    doubled: bool,
}

/// Reads the table; `options` are the lines right below the directive.
pub(super) fn read<'a>(
    reader: &Reader<'a>,
    options: &[Slice<'a>],
    content: &[Slice<'a>],
    depth: usize,
) -> Option<Table<'a>> {
    let option = |name: &str| {
        options.iter().find_map(|line| {
            let value = line.text.strip_prefix(':')?.strip_prefix(name)?.strip_prefix(':')?;
            Some(line.from(line.text.len() - value.trim_start().len()))
        })
    };
    let sign = |name: &str, otherwise: char| match option(name).map(|value| value.text) {
        Some("tab") => '\t',
        Some("space") => ' ',
        Some(text) => text.chars().next().unwrap_or(otherwise),
        None => otherwise,
    };
    let format = Format { delimiter: sign("delim", ','), quote: sign("quote", '"') };
    let mut rows: Vec<Row<'a>> = Vec::new();
    let header = option("header").map(|line| records(&[line], &format)).unwrap_or_default();
    let mut header_rows = header.len();
    header_rows += option("header-rows").and_then(|count| count.text.parse().ok()).unwrap_or(0);
    for record in header.into_iter().chain(records(content, &format)) {
        let cells: Vec<Cell<'a>> =
            record.into_iter().filter_map(|value| cell(reader, &value, &format, depth)).collect();
        let span = cells.iter().map(|cell| cell.span).reduce(Span::to)?;
        rows.push(Row { cells, span });
    }
    let span = rows.iter().map(|row| row.span).reduce(Span::to)?;
    let header = heads::merged(rows.drain(..header_rows.min(rows.len())).collect());
    Some(Table { header, rows, span, ..Table::default() })
}

fn cell<'a>(reader: &Reader<'a>, value: &Value<'a>, format: &Format, depth: usize) -> Option<Cell<'a>> {
    let (first, last) = (value.parts.first()?, value.parts.last()?);
    if !value.doubled {
        return Some(cell_of(reader, &value.parts, depth, first.start));
    }
    let span = Span::new(first.start..last.end());
    let quote = format.quote.to_string();
    let words: Vec<&str> = value.parts.iter().flat_map(|part| part.text.split_whitespace()).collect();
    let content = words.join(" ").replace(&quote.repeat(2), &quote);
    Some(Cell { blocks: vec![Block::Paragraph(Text { content: Cow::Owned(content), span, ..Text::default() })], span })
}

/// The records of some lines; a value in quotes may go on over lines.
fn records<'a>(lines: &[Slice<'a>], format: &Format) -> Vec<Vec<Value<'a>>> {
    let mut out = Vec::new();
    let mut record: Vec<Value<'a>> = Vec::new();
    let mut quoted = false;
    for line in lines {
        if line.is_blank() && !quoted {
            continue;
        }
        let mut rest = *line;
        loop {
            if !quoted {
                rest = rest.from(rest.text.len() - rest.text.trim_start_matches(' ').len());
                record.push(Value::default());
                quoted = rest.text.starts_with(format.quote);
                rest = rest.from(if quoted { format.quote.len_utf8() } else { 0 });
            }
            let (end, closed) = if quoted { close(rest.text, format.quote) } else { (rest.text.len(), false) };
            let end = if quoted { end } else { rest.text.find(format.delimiter).unwrap_or(end) };
            if let Some(value) = record.last_mut() {
                let part = Slice { start: rest.start, text: rest.text.get(..end).unwrap_or("").trim_end() };
                value.doubled |= quoted && part.text.contains(&format.quote.to_string().repeat(2));
                value.parts.push(part);
            }
            if quoted && !closed {
                break;
            }
            quoted = false;
            let after = rest.text.get(end..).unwrap_or("");
            let Some(delimiter) = after.find(format.delimiter) else {
                out.push(std::mem::take(&mut record));
                break;
            };
            rest = rest.from(end + delimiter + format.delimiter.len_utf8());
        }
    }
    out.extend((!record.is_empty()).then_some(record));
    out
}

/// Where a quoted value ends on its line, and whether it does.
fn close(text: &str, quote: char) -> (usize, bool) {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(quote)) {
        let end = at + found;
        let next = end + quote.len_utf8();
        if !text.get(next..).is_some_and(|rest| rest.starts_with(quote)) {
            return (end, true);
        }
        at = next + quote.len_utf8();
    }
    (text.len(), false)
}
