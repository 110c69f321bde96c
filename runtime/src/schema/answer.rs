//! The shape of an answer.

use crate::decode::{Decode, Decoder};
use crate::record::{Record, Slot};

/// The fields of an answer or of an object in it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Shape {
    /// The Rust type's name, for `Debug`.
    pub name: &'static str,
    /// The fields; a record keeps their values in this order.
    pub fields: &'static [Field],
}

impl Shape {
    /// A shape.
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self { name, fields }
    }
}

/// A field of an answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name on the wire.
    pub wire: &'static str,
    /// Its accessor's name, for `Debug`.
    pub rust: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether `Debug` hides it.
    pub sensitive: bool,
}

impl Field {
    /// A field.
    pub const fn new(wire: &'static str, rust: &'static str, kind: Kind) -> Self {
        Self { wire, rust, kind, sensitive: false }
    }

    /// The same field, hidden from `Debug`.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    String,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number.
    Int64,
    /// A number.
    Float64,
    /// True or false.
    Boolean,
    /// Named fields.
    Record(&'static Shape),
    /// A list of texts.
    Strings,
    /// A list of objects.
    Records(&'static Shape),
    /// Any other type, decoded by its own code.
    Other(Other),
}

impl Kind {
    /// A field of a type that has no kind of its own: a map, a list of lists, a list of numbers…
    pub const fn of<T: Decode>() -> Self {
        Self::Other(Other { decode: decode_other::<T> })
    }
}

/// The decoder of a type that has no [`Kind`] of its own.
#[derive(Clone, Copy, Debug)]
pub struct Other {
    pub(crate) decode: fn(&mut Decoder, serde_json::Value) -> Result<Slot, crate::decode::DecodeError>,
}

fn decode_other<T: Decode>(
    decoder: &mut Decoder,
    value: serde_json::Value,
) -> Result<Slot, crate::decode::DecodeError> {
    Ok(T::decode(decoder, value)?.map_or(Slot::Absent, |value| Slot::Other(Box::new(value))))
}

/// A type that is nothing but a record of one shape.
///
/// # Safety
///
/// The type's layout is that of [`Record`]. [`record!`](crate::record!) implements this and proves it at compile time;
/// nothing else should.
#[expect(unsafe_code, reason = "the promise that the cast in `record` rests on")]
pub unsafe trait Shaped: Sized {
    /// The shape of its record.
    const SHAPE: &'static Shape;

    /// The record as the type.
    fn from_record(record: Record) -> Self;

    /// The type as the record.
    fn as_record(&self) -> &Record;
}
