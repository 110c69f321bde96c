//! Reads answers as services send them, which is not always as they document them.
//!
//! Numbers may come as text and text as numbers, lists as their one element or wrapped in an object
//! (`{"Items": {"Item": […]}}`), absent values as null or empty text; unknown fields are passed over. What fits in none
//! of these ways is an error with its place in the body.

mod list;
mod object;
mod scalar;
mod types;

use std::fmt;

use crate::record::Record;
use crate::schema::Shape;

pub use serde_json::Value as Json;

/// A type that reads itself from JSON.
pub trait Decode: Clone + fmt::Debug + Send + Sync + 'static {
    /// Reads a value; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where the value does not fit.
    fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError>;

    /// The value as JSON.
    fn encode(&self) -> Json;
}

/// Where in the body the reader is.
#[derive(Debug, Default)]
pub struct Decoder {
    path: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl Decoder {
    /// Reads an object of a shape.
    ///
    /// # Errors
    ///
    /// Where the value does not fit.
    pub fn record(&mut self, value: Json, shape: &'static Shape) -> Result<Option<Record>, DecodeError> {
        object::read(self, value, shape)
    }

    /// Reads what stands under a key.
    pub(crate) fn under<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.path.push(Step::Key(key.to_owned()));
        let result = read(self);
        self.path.pop();
        result
    }

    /// Reads an element.
    pub(crate) fn at<T>(
        &mut self,
        index: usize,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.path.push(Step::Index(index));
        let result = read(self);
        self.path.pop();
        result
    }

    /// The error that something else was expected here.
    pub(crate) fn expected(&self, what: &str, found: &Json) -> DecodeError {
        let mut path = String::from("$");
        for step in &self.path {
            match step {
                Step::Key(key) => path.extend([".", key]),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        DecodeError { path, problem: format!("expected {what}, found {}", kind(found)) }
    }
}

/// What a JSON value is, in words that do not show it: it may be a secret.
fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(number) if number.is_f64() => "a number with a fraction or beyond 64 bits",
        Json::Number(_) => "a whole number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// What did not fit in an answer, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    problem: String,
}

impl DecodeError {
    /// The place in the body: `$.Items[0].Id`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected, and what was found.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at `{}`", self.problem, self.path)
    }
}

impl std::error::Error for DecodeError {}

/// Reads a body; an empty one is a record without values.
pub(crate) fn record_from_body(body: &[u8], shape: &'static Shape) -> Result<Record, DecodeError> {
    // Some services set a byte order mark before the text.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.is_empty() {
        return Ok(Record::empty(shape));
    }
    let value = serde_json::from_slice(body)
        .map_err(|error| DecodeError { path: "$".to_owned(), problem: format!("not JSON: {error}") })?;
    record_from_value(value, shape)
}

/// Reads JSON text as a record of a shape.
///
/// # Errors
///
/// Where the text is not JSON of the documented form.
pub fn record_from_text(text: &str, shape: &'static Shape) -> Result<Record, DecodeError> {
    record_from_body(text.as_bytes(), shape)
}

/// Reads a JSON value as a record of a shape.
///
/// # Errors
///
/// Where the value is not of the documented form.
pub fn record_from_value(value: Json, shape: &'static Shape) -> Result<Record, DecodeError> {
    Ok(object::read(&mut Decoder::default(), value, shape)?.unwrap_or_else(|| Record::empty(shape)))
}
