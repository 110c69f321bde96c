//! Errors of one operation: its documented codes as the variants of an enum.

use std::fmt;

use super::Error;
use crate::schema::Retry;

/// The documented error codes of an operation, as a fieldless enum.
pub trait ErrorKind: Copy + fmt::Debug + 'static {
    /// Code and variant. Codes are told apart by case, as vendors do (`Pay.NoCreditCard`, `pay.noCreditCard`).
    const CODES: &'static [(&'static str, Self)];

    /// The variant for every other code, and for errors without one.
    const UNKNOWN: Self;

    /// What codes say of sending the same call again, as far as their documentation lets that be seen.
    const RETRIES: &'static [(&'static str, Retry)] = &[];
}

/// An error of one operation, with its documented code as a variant of `K`.
///
/// Everything else that is known of it is reached through [`Error`], which this derefs to.
pub struct OperationError<K> {
    error: Error,
    kind: K,
}

impl<K: ErrorKind> OperationError<K> {
    /// Finds the variant of an error's code.
    pub fn new(error: Error) -> Self {
        let code = error.code();
        let kind = K::CODES.iter().find(|(known, _)| code == Some(*known)).map_or(K::UNKNOWN, |(_, kind)| *kind);
        Self { error, kind }
    }
}

impl<K> OperationError<K> {
    /// The documented code.
    pub fn kind(&self) -> &K {
        &self.kind
    }

    /// The error without its operation.
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl<K: ErrorKind> From<Error> for OperationError<K> {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}

/// For callers that treat the errors of many operations alike.
impl<K> From<OperationError<K>> for Error {
    fn from(error: OperationError<K>) -> Self {
        error.error
    }
}

impl<K> std::ops::Deref for OperationError<K> {
    type Target = Error;

    fn deref(&self) -> &Error {
        &self.error
    }
}

impl<K> fmt::Display for OperationError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl<K: fmt::Debug> fmt::Debug for OperationError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationError").field("kind", &self.kind).field("error", &self.error).finish()
    }
}

impl<K: fmt::Debug> std::error::Error for OperationError<K> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Kind {
        PayNoCreditCard,
        PayNoCreditCard2,
        Other,
    }

    impl ErrorKind for Kind {
        const CODES: &'static [(&'static str, Self)] =
            &[("Pay.NoCreditCard", Self::PayNoCreditCard), ("pay.noCreditCard", Self::PayNoCreditCard2)];
        const UNKNOWN: Self = Self::Other;
    }

    #[test]
    fn codes_that_differ_by_case_are_two_variants() {
        for (body, expected) in [
            (r#"{"Code":"Pay.NoCreditCard"}"#, Kind::PayNoCreditCard),
            (r#"{"Code":"pay.noCreditCard"}"#, Kind::PayNoCreditCard2),
            (r#"{"Code":"Else"}"#, Kind::Other),
            ("", Kind::Other),
        ] {
            let error: OperationError<Kind> = Error::service(400, HeaderMap::new(), body).into();
            assert_eq!(*error.kind(), expected, "{body}");
            assert_eq!(error.status(), Some(400));
        }
    }
}
