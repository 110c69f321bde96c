//! What a document says that a spec can't: each once, with its class and place.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};

/// A kind of thing that is not carried, or not as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) id: &'static str,
    pub(super) severity: Severity,
    help: &'static str,
}

macro_rules! classes {
    ($($name:ident = $id:literal, $severity:ident, $help:literal;)*) => {
        $(pub(super) const $name: Class = Class { id: $id, severity: Severity::$severity, help: $help };)*

        #[cfg(any(test, feature = "lint"))]
        pub(super) const ALL: &[Class] = &[$($name),*];
    };
}

classes! {
    VERSION = "openapi-version", Error, "docsdk imports OpenAPI 3.0 and 3.1; convert the document first, Swagger 2.0 with `npx swagger2openapi`";
    SHAPE = "openapi-shape", Warning, "the document is at odds with the OpenAPI format here; what stands there is passed over";
    REFERENCE = "openapi-reference", Warning, "mend the reference; what it should have led to is carried as unknown";
    REFERENCE_OUTSIDE = "openapi-reference-outside", Warning, "allow the folder with `--root DIR`, or put the file into it; nothing is fetched from the network";
    RECURSIVE = "openapi-recursive", Warning, "a spec has no names for types: what lies deeper is any JSON, reachable as such";
    TOO_LARGE = "openapi-too-large", Warning, "what lies deeper is any JSON; import fewer operations, or cut the schema";
    ALTERNATIVES = "openapi-alternatives", Warning, "a spec has one shape a value: it has what all alternatives have, or is any JSON; an overlay can set another type";
    TYPES = "openapi-types", Warning, "a spec has one type a value; an overlay can set another";
    NULLABLE = "openapi-nullable", Advice, "in answers null reads as absent; a request can't send null";
    LIMIT = "openapi-limit", Advice, "the limit is not checked before a call; the service still checks it";
    PARAMETER_PLACE = "openapi-parameter-place", Warning, "the parameter can't be sent; a header of the call can, where the service takes one";
    PARAMETER_STYLE = "openapi-parameter-style", Warning, "the parameter is carried as text: write its value as the service wants it";
    BODY = "openapi-body", Warning, "the operation is imported without its body: calls that need one will be refused by the service";
    OPTIONAL_BODY = "openapi-optional-body", Advice, "its fields are carried as optional, though some are required where any is given";
    MEDIA_TYPE = "openapi-media-type", Advice, "one media type is carried, JSON before forms";
    ANSWER = "openapi-answer", Warning, "the answer's type is not carried; the call is";
    STATUS = "openapi-status", Advice, "a spec has answers by status";
    SERVER = "openapi-server", Advice, "give the client the endpoint, or set it in `service.yaml`";
    SECURITY = "openapi-security", Warning, "send what the service asks for as a header of the call";
    CREDENTIALS = "openapi-credentials", Advice, "see how the credential is given, in docs/openapi.md";
    NAME = "openapi-name", Advice, "an overlay can rename it";
    LEFT_OUT = "openapi-left-out", Advice, "a spec has no place for it; nothing on the wire depends on it";
    REPEATED_KEY = "openapi-repeated-key", Warning, "the first of the two counts; take the other out";
    NO_OPERATIONS = "openapi-no-operations", Warning, "see whether this is the document, not a part of it";
}

/// The ids of all classes.
#[cfg(feature = "lint")]
pub(crate) fn classes() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|class| class.id)
}

/// The things not carried, each once.
#[derive(Debug, Default)]
pub(super) struct Losses {
    seen: HashSet<(usize, &'static str, String)>,
    pub(super) list: Vec<Loss>,
}

/// A thing not carried.
#[derive(Debug)]
pub(super) struct Loss {
    pub(super) class: Class,
    pub(super) file: usize,
    pub(super) span: crate::page::Span,
    pub(super) message: String,
}

impl Losses {
    pub(super) fn add(&mut self, class: Class, file: usize, span: crate::page::Span, message: String) {
        if self.seen.insert((file << 40 | span.start as usize, class.id, message.clone())) {
            self.list.push(Loss { class, file, span, message });
        }
    }
}

impl Loss {
    /// The finding, in a file of this name and at this place.
    pub(super) fn finding(&self, file: &str, pointer: String) -> Diagnostic {
        Diagnostic::new(self.class.id, self.class.severity, file, self.message.clone())
            .at(self.span, pointer)
            .help(self.class.help)
    }
}
