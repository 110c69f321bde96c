//! Paths and their placeholders.

use super::percent;
use crate::error::Error;

/// Fills a template in: each `{name}` becomes the encoded value that `value` gives for it. Behind it is room for more, such
/// as a query.
///
/// # Errors
///
/// Where a value is missing or empty, since the path would then be another operation's; where it is `.` or `..`, since
/// servers and proxies resolve these; where a brace is not closed.
pub(crate) fn fill<'v>(
    template: &str,
    room: usize,
    value: impl Fn(&str) -> Option<std::borrow::Cow<'v, str>>,
) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(template.len() + 64 + room);
    if !template.starts_with('/') {
        out.push(b'/');
    }
    let mut rest = template;
    while let Some((before, after)) = split_at(rest, b'{') {
        out.extend_from_slice(before.as_bytes());
        let Some((name, after)) = split_at(after, b'}') else {
            return Err(Error::invalid_request(format!("path `{template}` has a `{{` that is not closed")));
        };
        let given = value(name).unwrap_or_default();
        if given.is_empty() {
            return Err(Error::invalid_request(format!(
                "path parameter `{name}` of `{template}` is missing or empty: without it the path is another operation's"
            )));
        }
        if matches!(&*given, "." | "..") {
            return Err(Error::invalid_request(format!(
                "path parameter `{name}` of `{template}` is `{given}`, which servers resolve to another path"
            )));
        }
        percent::push(&mut out, given.as_bytes());
        rest = after;
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

/// What stands before and behind an ASCII character; `split_once` has more to set up than most paths have to search.
fn split_at(text: &str, by: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == by)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn values_are_encoded_whole() {
        let path = fill("/clusters/{id}/x", 0, |_| Some(Cow::Borrowed("a/b*"))).expect("a value is given");
        assert_eq!(path, b"/clusters/a%2Fb%2A/x");
    }

    #[test]
    fn a_path_without_its_value_is_refused() {
        for value in [None, Some(""), Some("."), Some("..")] {
            let error = fill("/clusters/{id}", 0, |_| value.map(Cow::Borrowed)).expect_err("must be refused");
            assert!(error.to_string().contains("`id`"), "{error}");
        }
        assert!(fill("/clusters/{id", 0, |_| Some(Cow::Borrowed("x"))).is_err());
    }
}
