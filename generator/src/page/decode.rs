//! From a file's bytes to a page's text.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::Span;
use crate::diagnostic::{Diagnostic, Severity};

/// The largest page [`decode`] takes, in bytes.
pub const MAX_PAGE_BYTES: usize = 64 << 20;
/// How far into a page an encoding may be declared, in bytes.
const DECLARATION_REACH: usize = 4096;

/// First bytes of files that are no pages, and what such a file is.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"RIFF", "a media file"),
    (b"{\\rtf", "an RTF document"),
];

/// Turns a file's bytes to text, of at most [`MAX_PAGE_BYTES`]: see [`decode_within`].
///
/// # Errors
/// As [`decode_within`].
pub fn decode(path: &str, bytes: Vec<u8>) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    decode_within(path, bytes, MAX_PAGE_BYTES)
}

/// Turns a file's bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one, or an encoding that the page
/// itself declares (`<meta charset>`). The finding beside the text tells of bytes that had to be replaced.
///
/// # Errors
/// A diagnostic if the file is empty, larger than `limit` bytes, no text (PDF, image, archive), or neither UTF-8 nor in
/// an encoding it declares.
pub fn decode_within(path: &str, bytes: Vec<u8>, limit: usize) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    let error = |id, message: String, help: &str| Diagnostic::new(id, Severity::Error, path, message).help(help);
    if bytes.len() > limit {
        let message = format!("`{path}` has {} bytes, more than the {limit} that a page may have", bytes.len());
        return Err(error("page-too-large", message, "split the page, or raise the limit"));
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        let message = format!("`{path}` is {kind}, not a page");
        return Err(error("page-not-text", message, "save the page as HTML, Markdown, reStructuredText or plain text"));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        return Ok(transcode(path, encoding, bytes.get(mark..).unwrap_or_default()));
    }
    let has_mark = bytes.starts_with(b"\xef\xbb\xbf");
    let (text, finding) = match String::from_utf8(bytes) {
        Ok(text) if has_mark => (text.trim_start_matches('\u{feff}').to_owned(), None),
        Ok(text) => (text, None),
        Err(wrong) => {
            let at = wrong.utf8_error().valid_up_to();
            let bytes = wrong.as_bytes();
            match declared(bytes) {
                Some(encoding) if encoding != UTF_8 => transcode(path, encoding, bytes),
                _ => return Err(not_text(path, bytes, at)),
            }
        }
    };
    if text.contains('\0') {
        let at = text.find('\0').unwrap_or(0);
        return Err(not_text(path, text.as_bytes(), at));
    }
    if text.trim().is_empty() {
        return Err(error("page-empty", format!("`{path}` is empty"), "save the page again, or leave the file out"));
    }
    Ok((text, finding))
}

fn not_text(path: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let byte = bytes.get(at).copied().unwrap_or(0);
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let looks_binary = bytes.iter().take(DECLARATION_REACH).filter(|byte| **byte == 0).count() > 0;
    let (id, what) =
        if looks_binary { ("page-not-text", "is a binary file") } else { ("page-encoding", "is no UTF-8") };
    let message = format!("`{path}` {what}: byte `0x{byte:02x}` at offset {at} (line {line}) is no part of a text");
    Diagnostic::new(id, Severity::Error, path, message)
        .at(Span::new(at..at + 1), "the text ends here")
        .help("save the page as UTF-8, or declare its encoding as HTML does: `<meta charset=\"gb18030\">`")
}

/// The encoding a page declares near its beginning: `charset=…` of a `meta` tag, `encoding=…` of an XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARATION_REACH).unwrap_or(bytes).to_ascii_lowercase();
    [&b"charset="[..], b"encoding="].iter().find_map(|key| {
        let at = memchr::memmem::find(&head, key)?;
        let value = head.get(at + key.len()..)?;
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let end = value.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_".contains(byte))?;
        let encoding = Encoding::for_label(value.get(..end)?)?;
        // GBK pages use GB18030's further characters; the one reads the other.
        Some(if encoding == encoding_rs::GBK { GB18030 } else { encoding })
    })
}

fn transcode(path: &str, encoding: &'static Encoding, bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    let finding = replaced.then(|| {
        let name = encoding.name();
        let message = format!("`{path}` declares `{name}`, but some of its bytes are no `{name}` and were replaced");
        let place = text.find('\u{fffd}').unwrap_or(0);
        Diagnostic::new("page-encoding", Severity::Warning, path, message)
            .at(Span::new(place..place + '\u{fffd}'.len_utf8()), "the first of them")
            .help("save the page as UTF-8")
    });
    (text.into_owned(), finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_declared_encoding() {
        let text = |bytes: &[u8]| decode("a.html", bytes.to_vec()).map(|(text, _)| text);
        assert_eq!(text(b"\xef\xbb\xbfa"), Ok("a".to_owned()));
        assert_eq!(text(b"\xff\xfea\0b\0"), Ok("ab".to_owned()));
        assert_eq!(text(b"<meta charset=\"gbk\">\xca\xb5"), Ok("<meta charset=\"gbk\">实".to_owned()));
    }

    #[test]
    fn names_what_is_no_page() {
        let id = |bytes: &[u8]| decode("a.html", bytes.to_vec()).map_err(|finding| (finding.id, finding.message));
        let is = |bytes: &[u8], id_: &str, part: &str| {
            let (found, message) = id(bytes).expect_err("no page");
            assert_eq!(found, id_);
            assert!(message.contains(part), "{message}");
        };
        is(b"", "page-empty", "`a.html` is empty");
        is(b" \n", "page-empty", "empty");
        is(b"%PDF-1.7", "page-not-text", "a PDF document");
        is(b"ab\nc\xff", "page-encoding", "byte `0xff` at offset 4 (line 2)");
        is(b"ab\0\x01c", "page-not-text", "offset 2");
        let large = decode_within("a.md", vec![b'a'; 11], 10).expect_err("too large");
        assert_eq!(large.id, "page-too-large");
    }

    #[test]
    fn tells_of_replaced_bytes() {
        let (_, finding) = decode("a.html", b"<meta charset=utf-16le >\xff".to_vec()).expect("read");
        assert!(finding.is_some());
    }
}
