//! A page's Markdown as rustdoc takes it: no link, tag or code that rustdoc would follow, close or compile.

use proc_macro2::TokenStream;
use quote::quote;

/// The doc attributes of a text, one a line.
pub(super) fn attributes(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// The same for the top of a file.
pub(super) fn inner_attributes(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#![doc = #lines])*)
}

/// Text in backticks.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !invisible(*c)).collect();
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A page's Markdown, made safe.
pub(super) fn markdown(text: &str) -> String {
    let text = line_breaks(text);
    let mut out = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        let line: String = line.chars().filter(|c| (*c == '\t' || !c.is_control()) && !invisible(*c)).collect();
        let line = line.replace('\t', "    ");
        let bare = line.trim_start();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            // Without a language rustdoc would compile it.
            fenced = !fenced;
            out.push(if fenced { "```text".to_owned() } else { "```".to_owned() });
        } else if fenced {
            out.push(line.trim_end().to_owned());
        } else {
            // Four spaces would make it code, which rustdoc compiles.
            let indent = (line.len() - bare.len()).min(3);
            out.push(format!("{}{}", " ".repeat(indent), inline(bare.trim_end())));
        }
    }
    if fenced {
        out.push("```".to_owned());
    }
    out.join("\n").trim().to_owned()
}

/// The first sentence or line, for lists.
pub(super) fn first_line(text: &str) -> String {
    let safe = markdown(text);
    safe.lines().next().unwrap_or_default().to_owned()
}

fn line_breaks(text: &str) -> String {
    ["<br>", "<br/>", "<br />"].iter().fold(text.to_owned(), |text, tag| text.replace(tag, "\n"))
}

/// Characters that change the direction of text, or take no room; rustc refuses some of them.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn inline(line: &str) -> String {
    let balanced = line.matches('`').count().is_multiple_of(2);
    let mut out = String::new();
    let mut rest = line;
    let mut in_code = false;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            in_code = balanced && !in_code;
            out.push_str(if balanced { "`" } else { "\\`" });
        } else if in_code {
            out.push(c);
        } else if let Some(taken) = tag(rest) {
            rest = rest.get(taken..).unwrap_or_default();
            continue;
        } else if let Some(url) = url(rest) {
            out.extend(["<", url, ">"]);
            rest = rest.get(url.len()..).unwrap_or_default();
            continue;
        } else if let Some((shown, target, taken)) = link(rest) {
            match target {
                Some(target) => out.extend(["[", &inline(shown), "](", target, ")"]),
                None => out.push_str(&inline(shown)),
            }
            rest = rest.get(taken..).unwrap_or_default();
            continue;
        } else if matches!(c, '<' | '>' | '[' | ']') && !(c == '>' && out.trim().is_empty()) {
            out.extend(['\\', c]);
        } else {
            out.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The length of a tag that only formats; its text stays.
fn tag(rest: &str) -> Option<usize> {
    const TAGS: &[&str] =
        &["a", "b", "code", "div", "em", "font", "i", "li", "ol", "p", "ph", "props", "span", "strong", "u", "ul"];
    let inner = rest.strip_prefix('<')?;
    let end = inner.find('>')?;
    let name = inner.get(..end)?.trim_start_matches('/');
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    TAGS.contains(&name.to_ascii_lowercase().as_str()).then_some(end + 2)
}

/// An address as a link, where it is one that rustdoc takes whole.
pub(super) fn whole_link(text: &str) -> Option<String> {
    url(text).filter(|url| url.len() == text.len()).map(|url| format!("<{url}>"))
}

/// A bare address.
fn url(rest: &str) -> Option<&str> {
    if !(rest.starts_with("http://") || rest.starts_with("https://")) {
        return None;
    }
    let end = rest.find(|c: char| !c.is_ascii_graphic() || "<>[]()`\"'{}|\\^*".contains(c)).unwrap_or(rest.len());
    let url = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    (url.len() > "https://".len()).then_some(url)
}

/// `[text](address)`: text, the address where it is whole, and the length.
fn link(rest: &str) -> Option<(&str, Option<&str>, usize)> {
    let inner = rest.strip_prefix('[')?;
    let middle = inner.find("](")?;
    let shown = inner.get(..middle).filter(|shown| !shown.contains(['[', ']']))?;
    let address = inner.get(middle + 2..)?;
    let end = address.find(')')?;
    let target = address.get(..end)?;
    let whole = url(target).is_some_and(|url| url.len() == target.len());
    Some((shown, whole.then_some(target), middle + end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustdoc_would_follow_is_escaped() {
        for (page, expected) in [
            ("see [x] and a<b>", "see \\[x\\] and a"),
            ("a list of <name>s", "a list of \\<name\\>s"),
            ("at https://example.com/a, or", "at <https://example.com/a>, or"),
            ("[doc](https://example.com) [rel](~~1~~)", "[doc](https://example.com) rel"),
            ("`[x]<y>` is code", "`[x]<y>` is code"),
            ("a ` alone [x]", "a \\` alone \\[x\\]"),
            ("<i>yyyy</i>T<i>HH</i>Z", "yyyyTHHZ"),
            ("> a note", "> a note"),
            ("one<br>two", "one\ntwo"),
            ("        fn main() {", "fn main() {"),
            ("```\nlet x = 1;", "```text\nlet x = 1;\n```"),
            ("a\u{202e}b\u{7}c", "abc"),
        ] {
            assert_eq!(markdown(page), expected, "{page}");
        }
    }
}
