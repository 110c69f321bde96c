//! Reading single values out of text that may be no whole JSON or XML document.
//!
//! Half an answer still names its code and request id, and a large answer need not be parsed to find them.

/// The members of a JSON object's text whose values are scalars: at the top level, or, with `deep`, at any. Text that
/// breaks off ends them; nothing is taken from a string that is not closed.
pub(super) struct Members<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    deep: bool,
}

impl<'a> Members<'a> {
    pub(super) fn new(text: &'a [u8], deep: bool) -> Self {
        Self { text, at: 0, depth: 0, deep }
    }

    /// The end of the string that starts at `self.at`, after its closing quote.
    fn string_end(&self) -> Option<usize> {
        let mut at = self.at + 1;
        loop {
            match self.text.get(at)? {
                b'"' => return Some(at + 1),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
    }

    fn skip_space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let end = self.string_end()?;
        let raw = self.text.get(self.at..end)?;
        self.at = end;
        Some(raw)
    }
}

impl<'a> Iterator for Members<'a> {
    /// A name without its quotes, as written; a value's text.
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match *self.text.get(self.at)? {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.checked_sub(1)?,
                b'"' => {
                    let name = self.string()?;
                    self.skip_space();
                    if self.text.get(self.at) != Some(&b':') || !(self.deep || self.depth == 1) {
                        continue;
                    }
                    self.at += 1;
                    self.skip_space();
                    let value = match *self.text.get(self.at)? {
                        b'"' => self.string()?,
                        b'{' | b'[' => continue,
                        _ => {
                            let start = self.at;
                            while self
                                .text
                                .get(self.at)
                                .is_some_and(|b| !matches!(b, b',' | b'}' | b']') && !b.is_ascii_whitespace())
                            {
                                self.at += 1;
                            }
                            self.text.get(start..self.at)?
                        }
                    };
                    return Some((name.get(1..name.len() - 1)?, value));
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// The text of a scalar: strings unescaped, numbers and booleans as written; nothing for null and what breaks off.
pub(super) fn scalar(value: &[u8]) -> Option<String> {
    match serde_json::from_slice(value).ok()? {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Bool(value) => Some(value.to_string()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text of the first element of a name in XML, entities resolved.
pub(super) fn element(text: &str, name: &str) -> Option<String> {
    let open = format!("<{name}>");
    let (_, rest) = text.split_once(&open)?;
    let (inner, _) = rest.split_once("</")?;
    let inner = inner.trim();
    let inner = inner.strip_prefix("<![CDATA[").and_then(|i| i.strip_suffix("]]>")).unwrap_or(inner);
    let text = inner
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, deep: bool, expected: &[(&str, &str)]) {
        let found: Vec<_> = Members::new(text.as_bytes(), deep)
            .map(|(n, v)| (String::from_utf8_lossy(n).into_owned(), String::from_utf8_lossy(v).into_owned()))
            .collect();
        let found: Vec<_> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn members_are_found_in_whole_and_half_documents() {
        check(r#"{"a":"x","b":{"c":1},"d":true}"#, false, &[("a", "\"x\""), ("d", "true")]);
        check(r#"{"a":"x","b":{"c":1}}"#, true, &[("a", "\"x\""), ("c", "1")]);
        check(r#"{"a" : "q\"{" , "b":"half"#, false, &[("a", r#""q\"{""#)]);
        check("[\"a\"]", true, &[]);
        check("}{\"a\":1", true, &[]);
        check("", true, &[]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            proptest::prop_assert!(Members::new(&bytes, true).count() <= bytes.len());
        }
    }
}
