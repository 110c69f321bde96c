//! Records made value by value, as doubles answer with them.

use super::{Record, Slot};
use crate::decode::Decode;
use crate::schema::{Shape, Shaped};

impl Record {
    /// A record without values.
    pub fn new(shape: &'static Shape) -> Self {
        Self::empty(shape)
    }

    fn set(&mut self, field: usize, value: Slot) {
        if let Some(slot) = self.slots.get_mut(field) {
            *slot = value;
        }
    }

    /// Sets a text.
    pub fn set_string(&mut self, field: usize, value: impl Into<String>) {
        self.set(field, Slot::String(value.into()));
    }

    /// Sets a whole number of 32 bits.
    pub fn set_int32(&mut self, field: usize, value: i32) {
        self.set_int64(field, i64::from(value));
    }

    /// Sets a whole number.
    pub fn set_int64(&mut self, field: usize, value: i64) {
        self.set(field, Slot::Int(value));
    }

    /// Sets a number.
    pub fn set_float64(&mut self, field: usize, value: f64) {
        self.set(field, Slot::Float(value));
    }

    /// Sets true or false.
    pub fn set_boolean(&mut self, field: usize, value: bool) {
        self.set(field, Slot::Boolean(value));
    }

    /// Sets an object.
    #[expect(clippy::needless_pass_by_value, reason = "setters take over what they are given")]
    pub fn set_record<T: Shaped>(&mut self, field: usize, value: T) {
        self.set(field, Slot::Record(Box::new(value.as_record().clone())));
    }

    /// Sets a list of texts.
    pub fn set_strings(&mut self, field: usize, value: impl IntoIterator<Item = impl Into<String>>) {
        self.set(field, Slot::Strings(value.into_iter().map(Into::into).collect()));
    }

    /// Sets a list of objects.
    pub fn set_records<T: Shaped>(&mut self, field: usize, value: impl IntoIterator<Item = T>) {
        self.set(field, Slot::Records(value.into_iter().map(|item| item.as_record().clone()).collect()));
    }

    /// Sets a value of a type that has no kind of its own.
    pub fn set_other<T: Decode>(&mut self, field: usize, value: T) {
        self.set(field, Slot::Other(Box::new(value)));
    }
}

/// Lets tests make and compare values of an answer's type: `Default` and `PartialEq`.
#[macro_export]
macro_rules! made_in_tests {
    ($name:ident, $shape:ident) => {
        impl ::std::default::Default for $name {
            fn default() -> Self {
                Self($crate::record::Record::new(&$shape))
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
    };
}
