//! Text from pages inside reports: made harmless for where it goes.

/// One line without control characters, and without those that turn the writing direction.
pub(super) fn line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

/// HTML and XML text and attributes; characters that XML 1.0 cannot hold are replaced.
pub(super) fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A Markdown code span, fenced by more backticks than the text has.
pub(super) fn span(text: &str) -> String {
    let text = line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space keeps backticks at the ends apart from the fence, and is not shown.
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A JSON string, which is a YAML string too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(line(text)).to_string()
}

#[cfg(test)]
mod tests {
    use super::{line, markup, quoted, span};

    #[test]
    fn makes_text_harmless() {
        assert_eq!(line("a\n\u{1b}[31mb\u{202e}"), "a \u{fffd}[31mb\u{fffd}");
        assert_eq!(markup("<a href='x'>\u{0}&"), "&lt;a href=&#39;x&#39;&gt;\u{fffd}&amp;");
        assert_eq!(span("a"), "`a`");
        assert_eq!(span("a``b"), "```a``b```");
        assert_eq!(span("`"), "`` ` ``");
        assert_eq!(quoted("a\"b\n"), "\"a\\\"b \"");
    }
}
