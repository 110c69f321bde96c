//! Parts a page's lines into prose, pipe tables and HTML tables.

use std::ops::Range;

/// The most lines a row may take.
const MAX_ROW_LINES: usize = 400;

/// A run of lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Anything that is no table.
    Prose(Range<usize>),
    /// A pipe table: the place of each row.
    Table(Vec<Range<usize>>),
    /// A table written in HTML.
    Html(Range<usize>),
}

/// Parts a page.
pub(super) fn segments(source: &str) -> Vec<Segment> {
    let lines = lines(source);
    let text = |index: usize| lines.get(index).and_then(|range| source.get(range.clone())).unwrap_or("");
    let mut out = Vec::new();
    let (mut prose, mut at) = (0, 0);
    let mut fence: Option<&str> = None;
    while let Some(line) = lines.get(at) {
        let trimmed = text(at).trim();
        if let Some(open) = fence {
            fence = fence.filter(|_| !(trimmed.starts_with(open) && trimmed.trim_start_matches(open).is_empty()));
            at += 1;
            continue;
        }
        fence = ["```", "~~~"].into_iter().find(|sign| trimmed.starts_with(sign));
        // A fence on one line is code inside a paragraph.
        fence = fence.filter(|sign| !trimmed.get(3..).is_some_and(|rest| rest.contains(sign)));
        let (segment, next) = if fence.is_some() {
            (None, at + 1)
        } else if begins_row(text(at)) {
            rows(&lines, at, text)
        } else if begins_html(trimmed) {
            html(&lines, at, text)
        } else {
            (None, at + 1)
        };
        if let Some(segment) = segment {
            if prose < line.start {
                out.push(Segment::Prose(prose..line.start));
            }
            out.push(segment);
            prose = lines.get(next).map_or(source.len(), |line| line.start);
        }
        at = next;
    }
    if prose < source.len() {
        out.push(Segment::Prose(prose..source.len()));
    }
    out
}

/// The lines with their ends.
fn lines(source: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let range = |line: &str| {
        start += line.len();
        start - line.len()..start
    };
    source.split_inclusive('\n').map(range).collect()
}

/// A row begins with a pipe and has one more.
fn begins_row(line: &str) -> bool {
    line.trim_start().strip_prefix('|').is_some_and(|rest| rest.contains('|'))
}

fn ends_row(line: &str) -> bool {
    line.trim_end().strip_suffix('|').is_some_and(|rest| !rest.ends_with('\\'))
}

/// Whether a line begins what follows a row: another row, or a heading. A pipe by itself closes the row before it.
fn begins_next(line: &str) -> bool {
    line.starts_with('#') || line.starts_with('|') && line.trim() != "|"
}

/// The borders between and around a line's cells.
fn borders(line: &str) -> usize {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'|', bytes).filter(|at| !bytes.get(..*at).is_some_and(|text| text.ends_with(b"\\"))).count()
}

fn begins_html(line: &str) -> bool {
    line.get(..6).is_some_and(|tag| tag.eq_ignore_ascii_case("<table"))
}

/// Reads rows while lines begin with a pipe; a row goes on over lines until one ends with a pipe.
fn rows<'a>(lines: &[Range<usize>], first: usize, text: impl Fn(usize) -> &'a str) -> (Option<Segment>, usize) {
    let mut rows = Vec::new();
    let mut at = first;
    let columns = borders(text(first));
    while begins_row(text(at)) || at > first && goes_on_below(at, lines.len(), columns, &text) {
        let mut closers = (at..lines.len().min(at + MAX_ROW_LINES))
            .take_while(|line| *line == at || !begins_next(text(*line)))
            .filter(|line| ends_row(text(*line)));
        let mut closed = closers.next();
        // A cell that begins on the next line: the row has fewer cells than the first until a later line closes it.
        if closed == Some(at) && borders(text(at)) < columns {
            let mut found = borders(text(at));
            let whole = closers.find(|line| {
                found += borders(text(*line));
                found >= columns
            });
            closed = whole.filter(|_| found == columns).or(closed);
        }
        // A row that nothing closes is the one line, as other Markdown has it.
        let last = closed.unwrap_or(at);
        if let (Some(start), Some(end)) = (lines.get(at), lines.get(last)) {
            let content = text(last).trim_end();
            rows.push(start.start..end.start + content.len());
        }
        at = last + 1;
    }
    (Some(Segment::Table(rows)), at)
}

/// Whether a line with one pipe, in front, begins a row all the same: its first cell goes on below, and the row closes with
/// as many cells as the table has.
fn goes_on_below<'a>(at: usize, lines: usize, columns: usize, text: &impl Fn(usize) -> &'a str) -> bool {
    let line = text(at);
    if !line.starts_with('|') || line.trim() == "|" {
        return false;
    }
    let mut found = 1;
    for next in at + 1..lines.min(at + MAX_ROW_LINES) {
        if begins_next(text(next)) || found > columns {
            return false;
        }
        found += borders(text(next));
        if ends_row(text(next)) && found >= columns {
            return found == columns;
        }
    }
    false
}

/// Takes lines until every `<table` has its `</table>`; none if the end never comes.
fn html<'a>(lines: &[Range<usize>], first: usize, text: impl Fn(usize) -> &'a str) -> (Option<Segment>, usize) {
    let mut depth = 0_usize;
    for at in first..lines.len() {
        let line = text(at).to_ascii_lowercase();
        depth = (depth + line.matches("<table").count()).saturating_sub(line.matches("</table").count());
        if depth == 0 {
            let range = lines.get(first).zip(lines.get(at)).map(|(start, end)| start.start..end.end);
            return (range.map(Segment::Html), at + 1);
        }
    }
    let range = lines.get(first).zip(lines.last()).map(|(start, end)| start.start..end.end);
    (range.map(Segment::Html), lines.len())
}
