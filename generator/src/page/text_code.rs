//! Code in saved text: JSON and XML that opens at the start of a line and closes at the end of one.

use std::ops::Range;

/// How many bytes failed searches may read in all, so that a page of open brackets is no quadratic scan.
const FUEL: usize = 8 << 20;
/// How far one search reads.
const REACH: usize = 1 << 20;

/// Finds code blocks, with an eye on the cost.
pub(super) struct CodeFinder<'a> {
    source: &'a str,
    fuel: usize,
}

impl<'a> CodeFinder<'a> {
    /// A finder over a page's source.
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, fuel: FUEL }
    }

    /// The code that opens at `start`, if it closes.
    pub(super) fn find(&mut self, start: usize) -> Option<Range<usize>> {
        let rest = self.source.get(start..)?;
        let first = *rest.as_bytes().first()?;
        if !matches!(first, b'{' | b'[' | b'<') || self.fuel == 0 {
            return None;
        }
        let reach = rest.as_bytes().get(..REACH.min(self.fuel).min(rest.len()))?;
        let found = if first == b'<' { xml(reach) } else { json(reach) };
        if let Some(length) = found {
            let after = rest.get(length..)?;
            let line = after.split('\n').next().unwrap_or_default();
            if line.trim().is_empty() {
                return Some(start..start + length);
            }
        } else {
            self.fuel -= reach.len().min(self.fuel);
        }
        None
    }
}

/// The length of the balanced brackets at the start of `text`.
fn json(text: &[u8]) -> Option<usize> {
    let next = text.iter().skip(1).find(|byte| !byte.is_ascii_whitespace())?;
    if !matches!(next, b'{' | b'[' | b'"' | b'}' | b']' | b'0'..=b'9' | b'-') {
        return None;
    }
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            // A sample's strings do not run over lines: the quote was a stray one.
            b'\n' => quoted = false,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The length of the XML element at the start of `text`.
fn xml(text: &[u8]) -> Option<usize> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(text.get(..error.valid_up_to())?).ok()?,
    };
    let root = if let Some(after) = text.strip_prefix("<?xml") { after.find("?>")? + 7 } else { 0 };
    let body = text.get(root..)?.trim_start();
    let opening = text.len() - body.len();
    let name = body.strip_prefix('<')?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
    let name = name.get(..end).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let closing = format!("</{name}>");
    Some(opening + body.find(&closing)? + closing.len())
}
