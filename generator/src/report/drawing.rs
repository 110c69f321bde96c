//! Findings drawn for a terminal: excerpts with the marked words underlined.

use std::fmt::Write as _;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, NamedSource, SourceCode,
    SourceSpan, SpanContents,
};

use super::Sources;
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::{LineIndex, Span};

/// How findings are printed.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// The width of the terminal, in columns.
    pub width: usize,
}

/// How many characters of a line an excerpt shows before and after the marked words.
const AROUND: usize = 60;

/// Renders findings as text: the worst first, then by file and place.
pub fn text(findings: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut sorted = findings.iter().collect::<Vec<_>>();
    sorted.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| (&a.file, a.span).cmp(&(&b.file, b.span))));
    sorted.into_iter().map(|finding| one(finding, sources, style)).collect()
}

/// Renders one finding as text.
pub(crate) fn one(finding: &Diagnostic, sources: &Sources, style: Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_links(false)
        .with_context_lines(1)
        .without_syntax_highlighting();
    let severity = match finding.severity {
        Severity::Advice => miette::Severity::Advice,
        Severity::Warning => miette::Severity::Warning,
        Severity::Error => miette::Severity::Error,
    };
    let excerpt = finding.span.and_then(|span| Excerpt::new(sources.get(&finding.file)?, span));
    let mut report =
        miette::MietteDiagnostic::new(printable(&finding.message)).with_severity(severity).with_code(finding.id);
    if let Some(help) = finding.help.as_deref().filter(|help| !help.is_empty()) {
        report = report.with_help(printable(help));
    }
    let mut out = String::new();
    let rendered = if let Some(excerpt) = excerpt {
        let label = finding.label.as_deref().map(printable);
        let report = report.with_label(LabeledSpan::new_primary_with_span(label, excerpt.marked));
        let report = miette::Report::new(report).with_source_code(NamedSource::new(&finding.file, excerpt));
        handler.render_report(&mut out, report.as_ref())
    } else {
        let rendered = handler.render_report(&mut out, &report);
        let _ = writeln!(out, "   in {}", printable(&finding.file));
        rendered
    };
    if rendered.is_err() {
        out = format!("{}: {} ({}: {})\n", finding.severity.word(), finding.message, finding.file, finding.id);
    }
    for related in &finding.related {
        if let Some(source) = sources.get(&related.file) {
            out.push_str(&self::excerpt(&related.file, source, related.span, &related.label, style));
        }
    }
    out.push('\n');
    out
}

/// An excerpt that shows a place of a text, as `docsdk explain` does.
pub fn excerpt(file: &str, source: &str, span: Span, label: &str, style: Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_links(false)
        .with_context_lines(1)
        .without_syntax_highlighting();
    let Some(excerpt) = Excerpt::new(source, span) else { return String::new() };
    let report = miette::MietteDiagnostic::new("")
        .with_label(LabeledSpan::new_primary_with_span(Some(printable(label)), excerpt.marked));
    let report = miette::Report::new(report).with_source_code(NamedSource::new(file, excerpt));
    let mut out = String::new();
    let _ = handler.render_report(&mut out, report.as_ref());
    // The report's own head is an empty message; the excerpt begins at its frame.
    let frame = out.find('╭').map_or(0, |at| out[..at].rfind('\n').map_or(0, |line| line + 1));
    out[frame..].trim_end().to_owned() + "\n"
}

/// Text of a page on a terminal: control characters can't reach it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The lines around a place, long ones cut, that still knows where it stands in the whole.
#[derive(Debug)]
struct Excerpt {
    text: String,
    marked: SourceSpan,
    first_line: usize,
    cut_columns: usize,
}

impl Excerpt {
    fn new(source: &str, span: Span) -> Option<Self> {
        const MOST_LINES: u32 = 6;
        let lines = LineIndex::new(source);
        let range = span.range();
        let (start, end) = lines.lines(span);
        let first = start.line;
        let last = end.line.clamp(first, first + MOST_LINES - 1);
        let mut text = String::new();
        let (mut marked_start, mut marked_end, mut cut_columns) = (0, 0, 0);
        for index in first..=last {
            let whole = lines.span(index)?.range();
            let from = range.start.clamp(whole.start, whole.end);
            let to = range.end.clamp(from, whole.end);
            let (window_start, window_end) = window(source, whole.clone(), from, to);
            if index == first {
                cut_columns = source[whole.start..window_start].chars().count();
                marked_start = from - window_start;
            }
            marked_end = text.len() + (to - window_start);
            text.push_str(&printable_bytes(source.get(window_start..window_end)?));
            text.push('\n');
        }
        let length = marked_end.saturating_sub(marked_start).max(1);
        Some(Self {
            text,
            marked: (marked_start, length).into(),
            first_line: first.saturating_sub(1) as usize,
            cut_columns,
        })
    }
}

/// The part of a line that is shown: the marked words and some characters around them.
fn window(source: &str, line: std::ops::Range<usize>, from: usize, to: usize) -> (usize, usize) {
    let before =
        source[line.start..from].char_indices().rev().nth(AROUND - 1).map_or(line.start, |(at, _)| line.start + at);
    let longest = source[from..to].char_indices().nth(4 * AROUND).map_or(to, |(at, _)| from + at);
    let after = source[longest..line.end].char_indices().nth(AROUND).map_or(line.end, |(at, _)| longest + at);
    (before, after)
}

/// Control characters replaced by others of the same length in bytes, so that places stay true.
fn printable_bytes(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let (shown, times) = if c.is_control() { (' ', c.len_utf8()) } else { (c, 1) };
            std::iter::repeat_n(shown, times)
        })
        .collect()
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // A label that was cut with its line may end past it.
        let start = span.offset().min(self.text.len());
        let span = SourceSpan::from((start, span.len().min(self.text.len() - start)));
        let inner = self.text.as_str().read_span(&span, before, after)?;
        let column = inner.column() + if inner.line() == 0 { self.cut_columns } else { 0 };
        let line = inner.line() + self.first_line;
        Ok(Box::new(MietteSpanContents::new(inner.data(), *inner.span(), line, column, inner.line_count())))
    }
}

#[cfg(test)]
mod tests {
    use super::{Sources, Style, text};
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::page::Span;
    use crate::report::json;

    fn finding(source: &str, marked: &str) -> Diagnostic {
        let start = source.find(marked).unwrap();
        Diagnostic::new("row-unclaimed", Severity::Warning, "pages/a.txt", "no rule claimed the row `X`")
            .at(Span::new(start..start + marked.len()), "this row")
            .help("teach the vocabulary its column")
    }

    #[track_caller]
    fn render(source: &str, marked: &str) -> String {
        let sources: Sources = [("pages/a.txt".to_owned(), source.to_owned())].into();
        text(&[finding(source, marked)], &sources, Style { color: false, width: 100 })
    }

    #[test]
    fn underlines_the_words() {
        insta::assert_snapshot!(render("one\n名称 | 类型\nthree\n", "类型"));
    }

    #[test]
    fn cuts_long_lines_and_keeps_the_place() {
        let source = format!("first\n{}needle{}\n", "a ".repeat(500), " b".repeat(500));
        insta::assert_snapshot!(render(&source, "needle"));
        let sources: Sources = [("pages/a.txt".to_owned(), source.clone())].into();
        let value = json(&finding(&source, "needle"), &sources);
        assert_eq!((&value["line"], &value["column"]), (&2.into(), &1001.into()));
    }

    #[test]
    fn shows_every_place() {
        let source = "名称 | 类型\nAge | Integer\n{\"Age\": \"young\"}\n";
        let sources: Sources = [("pages/a.txt".to_owned(), source.to_owned())].into();
        let at = source.find("\"young").unwrap();
        let other = finding(source, "Integer").related("pages/a.txt", Span::new(at..at + 7), "the sample shows this");
        insta::assert_snapshot!(text(std::slice::from_ref(&other), &sources, Style { color: false, width: 100 }));
        assert_eq!(json(&other, &sources)["related"][0]["line"], 3);
    }

    #[test]
    fn marks_over_lines() {
        insta::assert_snapshot!(render("one\ntwo\nthree\nfour\n", "wo\nthre"));
    }
}
