//! The values of an answer, by field number: what every generated answer type is made of.

mod cast;
mod path;
mod serial;
mod set;

use std::any::Any;
use std::fmt;

use serde_json::Value;

use crate::decode::Decode;
use crate::schema::{Shape, Shaped};

/// The values of an object in an answer, in the order of its shape's fields.
///
/// Generated types wrap it and give each field its accessor; nothing here is compiled once a type.
#[derive(Clone)]
pub struct Record {
    pub(crate) shape: &'static Shape,
    pub(crate) slots: Box<[Slot]>,
}

/// The value of one field.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    Absent,
    String(String),
    Int(i64),
    Float(f64),
    Boolean(bool),
    Record(Box<Record>),
    Strings(Vec<String>),
    Records(Vec<Record>),
    Other(Box<dyn Stored>),
}

/// A value of a type that has no slot of its own.
pub(crate) trait Stored: Any + fmt::Debug + Send + Sync {
    fn boxed_clone(&self) -> Box<dyn Stored>;
    fn as_any(&self) -> &dyn Any;
    fn to_json(&self) -> Value;
}

impl<T: Decode> Stored for T {
    fn boxed_clone(&self) -> Box<dyn Stored> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn to_json(&self) -> Value {
        self.encode()
    }
}

impl Clone for Box<dyn Stored> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

impl Record {
    /// A record without values.
    pub(crate) fn empty(shape: &'static Shape) -> Self {
        Self { shape, slots: vec![Slot::Absent; shape.fields.len()].into_boxed_slice() }
    }

    fn slot(&self, field: usize) -> &Slot {
        self.slots.get(field).unwrap_or(&Slot::Absent)
    }

    /// A text.
    pub fn string(&self, field: usize) -> Option<&str> {
        match self.slot(field) {
            Slot::String(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number of 32 bits.
    pub fn int32(&self, field: usize) -> Option<i32> {
        self.int64(field).and_then(|number| i32::try_from(number).ok())
    }

    /// A whole number.
    pub fn int64(&self, field: usize) -> Option<i64> {
        match self.slot(field) {
            Slot::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// A number.
    pub fn float64(&self, field: usize) -> Option<f64> {
        match self.slot(field) {
            Slot::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// True or false.
    pub fn boolean(&self, field: usize) -> Option<bool> {
        match self.slot(field) {
            Slot::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }

    /// An object.
    pub fn record<T: Shaped>(&self, field: usize) -> Option<&T> {
        match self.slot(field) {
            Slot::Record(record) if std::ptr::eq(record.shape, T::SHAPE) => Some(cast::one(record)),
            _ => None,
        }
    }

    /// The record as its generated type.
    pub(crate) fn seen_as<T: Shaped>(&self) -> Option<&T> {
        std::ptr::eq(self.shape, T::SHAPE).then(|| cast::one(self))
    }

    /// A list of texts.
    pub fn strings(&self, field: usize) -> &[String] {
        match self.slot(field) {
            Slot::Strings(texts) => texts,
            _ => &[],
        }
    }

    /// A list of objects.
    pub fn records<T: Shaped>(&self, field: usize) -> &[T] {
        match self.slot(field) {
            Slot::Records(records) => cast::many(records),
            _ => &[],
        }
    }

    /// A value of a type that has no kind of its own.
    pub fn other<T: Decode>(&self, field: usize) -> Option<&T> {
        match self.slot(field) {
            Slot::Other(value) => (**value).as_any().downcast_ref(),
            _ => None,
        }
    }

    /// A list of a type that has no kind of its own.
    pub fn list<T: Decode>(&self, field: usize) -> &[T] {
        self.other::<Vec<T>>(field).map_or(&[], Vec::as_slice)
    }

    /// The record as JSON under its wire names, without what is absent.
    pub fn to_json(&self) -> Value {
        Value::Object(
            self.given()
                .map(|(field, slot)| (field.wire.to_owned(), slot.to_json()))
                .collect::<serde_json::Map<_, _>>(),
        )
    }

    /// The fields that have values.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&'static crate::schema::Field, &Slot)> {
        self.shape.fields.iter().zip(&self.slots).filter(|(_, slot)| !matches!(slot, Slot::Absent))
    }
}

impl Slot {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Absent => Value::Null,
            Self::String(text) => Value::from(text.as_str()),
            Self::Int(number) => Value::from(*number),
            Self::Float(number) => Value::from(*number),
            Self::Boolean(flag) => Value::from(*flag),
            Self::Record(record) => record.to_json(),
            Self::Strings(texts) => Value::from(texts.as_slice()),
            Self::Records(records) => records.iter().map(Record::to_json).collect(),
            Self::Other(value) => (**value).to_json(),
        }
    }
}

/// What is absent is left out; what is sensitive is hidden.
#[expect(clippy::missing_fields_in_debug, reason = "the fields shown are the answer's")]
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct(self.shape.name);
        for (field, slot) in self.given() {
            match slot {
                _ if field.sensitive => out.field(field.rust, &"***"),
                Slot::Absent => &mut out,
                Slot::String(value) => out.field(field.rust, value),
                Slot::Int(value) => out.field(field.rust, value),
                Slot::Float(value) => out.field(field.rust, value),
                Slot::Boolean(value) => out.field(field.rust, value),
                Slot::Record(value) => out.field(field.rust, value),
                Slot::Strings(value) => out.field(field.rust, value),
                Slot::Records(value) => out.field(field.rust, value),
                Slot::Other(value) => out.field(field.rust, value),
            };
        }
        out.finish()
    }
}

/// Records are equal where their shapes are the same and their values equal.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.shape, other.shape) && self.to_json() == other.to_json()
    }
}

/// Makes a tuple struct over a [`Record`] the type of a shape: `record!(Disk, DISK)` for `struct Disk(Record)`.
///
/// ```
/// use docsdk_runtime::record::Record;
/// use docsdk_runtime::schema::{Field, Kind, Shape};
///
/// #[derive(Clone)]
/// #[repr(transparent)]
/// pub struct Disk(Record);
///
/// docsdk_runtime::answer!(Disk, DISK);
///
/// static DISK: Shape = Shape::new("Disk", &[Field::new("DiskId", "disk_id", Kind::String)]);
///
/// impl Disk {
///     pub fn disk_id(&self) -> Option<&str> {
///         self.0.string(0)
///     }
/// }
///
/// let disk = Disk::from_json(r#"{"DiskId": 7}"#)?;
/// assert_eq!(disk.disk_id(), Some("7"));
/// # Ok::<(), docsdk_runtime::decode::DecodeError>(())
/// ```
///
/// A struct that is more than a record does not compile:
///
/// ```compile_fail
/// pub struct Disk(docsdk_runtime::record::Record, u8);
/// docsdk_runtime::record!(Disk, DISK);
/// static DISK: docsdk_runtime::schema::Shape = docsdk_runtime::schema::Shape::new("Disk", &[]);
/// ```
#[macro_export]
macro_rules! record {
    ($name:ident, $shape:ident) => {
        // SAFETY: the pattern in `as_record` compiles only for a struct of one field, a record; that nothing pads it is
        // asserted where references are cast.
        unsafe impl $crate::schema::Shaped for $name {
            const SHAPE: &'static $crate::schema::Shape = &$shape;

            #[inline]
            fn from_record(record: $crate::record::Record) -> Self {
                Self(record)
            }

            #[inline]
            fn as_record(&self) -> &$crate::record::Record {
                let Self(record) = self;
                record
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }

        $crate::__record_serde!($name);
    };
}

/// [`record!`](crate::record!) for the answer of an operation, which can also be read from text.
#[macro_export]
macro_rules! answer {
    ($name:ident, $shape:ident) => {
        $crate::record!($name, $shape);

        impl $name {
            /// Reads JSON as the service writes it, as for a test's data.
            ///
            /// # Errors
            ///
            /// Where it is not JSON of the documented form.
            pub fn from_json(text: &str) -> ::std::result::Result<Self, $crate::decode::DecodeError> {
                $crate::decode::record_from_text(text, &$shape).map(Self)
            }
        }
    };
}
