//! Names and values of a query or form: their order and their text.

use std::borrow::Cow;

use super::percent;

/// A name and its value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs of a query or a form, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    pairs: Vec<Pair<'a>>,
}

impl<'a> Query<'a> {
    /// No pairs yet, with room for some.
    pub(crate) fn with_capacity(pairs: usize) -> Self {
        Self { pairs: Vec::with_capacity(pairs) }
    }

    /// Adds a pair.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The pairs, in the order in which they were added.
    pub fn pairs(&self) -> &[Pair<'a>] {
        &self.pairs
    }

    /// Reads what stands after `?`, or a form body where `form` is set (`+` is a space there; in a query too, as all
    /// servers read it, since a plus that is meant is always sent as `%2B`). Bytes that are no UTF-8 are replaced.
    pub fn parse(text: &str) -> Query<'static> {
        let decode = |part: &str| match String::from_utf8(percent::decode_form(part)) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        let mut query = Query::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.push(decode(name), decode(value));
        }
        query
    }

    /// The text that is signed, and sent: sorted by name, then value (raw, by code point), encoded by RFC 3986, an empty
    /// value with its `=`.
    pub fn canonical(self) -> String {
        let mut out = Vec::with_capacity(self.room());
        self.write(&mut out, percent::push);
        percent::text(out)
    }

    /// A path, with [`room`](Self::room) for it, with `?` and the canonical text behind it.
    pub(crate) fn behind(self, path: Vec<u8>) -> Vec<u8> {
        let mut out = path;
        out.push(b'?');
        self.write(&mut out, percent::push);
        out
    }

    /// The text of a form body: sorted, a space as `+`.
    pub fn form(self) -> String {
        let mut out = Vec::with_capacity(self.room());
        self.write(&mut out, percent::push_form);
        percent::text(out)
    }

    /// About as many bytes as its text takes.
    pub(crate) fn room(&self) -> usize {
        self.pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>() * 5 / 4
    }

    /// The pairs, sorted: UTF-8 sorts as its code points do.
    fn sorted(&self) -> impl Iterator<Item = &Pair<'a>> {
        // By the first bytes of the name, which mostly decide, as one number; text is compared only where they do not.
        let mut order: Vec<(u64, &Pair<'a>)> = self.pairs.iter().map(|pair| (beginning(&pair.0), pair)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, pair)| pair)
    }

    fn write(&self, out: &mut Vec<u8>, push: impl Fn(&mut Vec<u8>, &[u8])) {
        for (at, (name, value)) in self.sorted().enumerate() {
            if at > 0 {
                out.push(b'&');
            }
            push(out, name.as_bytes());
            out.push(b'=');
            push(out, value.as_bytes());
        }
    }
}

/// The first eight bytes of a text as a number that sorts as they do; what is missing counts as zero.
pub(crate) fn beginning(text: &str) -> u64 {
    if let Some(bytes) = text.as_bytes().first_chunk() {
        return u64::from_be_bytes(*bytes);
    }
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(text.as_bytes()).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn order_is_that_of_raw_text() {
        let query = Query::parse("proxyId=1&ZoneId=2&a.10=x&a.2=y&a.1=&name=%E5%90%8D&name=x");
        assert_eq!(query.canonical(), "ZoneId=2&a.1=&a.10=x&a.2=y&name=x&name=%E5%90%8D&proxyId=1");
    }

    proptest! {
        #[test]
        fn canonical_text_does_not_depend_on_order(pairs in proptest::collection::vec(("\\PC{0,8}", "\\PC{0,8}"), 0..8), turn in 0usize..8) {
            let build = |pairs: &[(String, String)]| {
                let mut query = Query::default();
                for (name, value) in pairs {
                    query.push(name.clone(), value.clone());
                }
                query.canonical()
            };
            let mut turned = pairs.clone();
            if !turned.is_empty() {
                let by = turn % turned.len();
                turned.rotate_left(by);
            }
            let canonical = build(&pairs);
            prop_assert_eq!(&canonical, &build(&turned));
            // Read back and written again it is the same, so a server can verify what it got.
            if pairs.iter().all(|(name, value)| !(name.is_empty() && value.is_empty())) {
                prop_assert_eq!(Query::parse(&canonical).canonical(), canonical);
            }
        }
    }
}
