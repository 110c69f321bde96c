//! What a call was given, read back: for doubles and tests.

use serde_json::Value;

use super::{Given, Input};
use crate::decode::{Decode, Decoder};

impl Input {
    /// A text that was set.
    pub fn get_string(&self, parameter: usize) -> Option<&str> {
        match self.get(parameter) {
            Some(Given::Json(Value::String(text))) => Some(text),
            _ => None,
        }
    }

    /// A whole number of 32 bits that was set.
    pub fn get_int32(&self, parameter: usize) -> Option<i32> {
        self.get_int64(parameter).and_then(|number| i32::try_from(number).ok())
    }

    /// A whole number that was set.
    pub fn get_int64(&self, parameter: usize) -> Option<i64> {
        match self.get(parameter) {
            Some(Given::Json(value)) => value.as_i64(),
            _ => None,
        }
    }

    /// A number that was set.
    pub fn get_number(&self, parameter: usize) -> Option<f64> {
        match self.get(parameter) {
            Some(Given::Json(value)) => value.as_f64(),
            _ => None,
        }
    }

    /// True or false, where it was set.
    pub fn get_boolean(&self, parameter: usize) -> Option<bool> {
        match self.get(parameter) {
            Some(Given::Json(value)) => value.as_bool(),
            _ => None,
        }
    }

    /// An object that was set.
    pub fn get_object(&self, parameter: usize) -> Option<Self> {
        match self.get(parameter) {
            Some(Given::Object(input)) => Some(input.clone()),
            _ => None,
        }
    }

    /// A list of objects that was set.
    pub fn get_objects(&self, parameter: usize) -> Option<Vec<Self>> {
        match self.get(parameter) {
            Some(Given::List(inputs)) => Some(inputs.clone()),
            _ => None,
        }
    }

    /// A value of any other type that was set.
    pub fn get_other<T: Decode>(&self, parameter: usize) -> Option<T> {
        let value = self.get(parameter)?.to_json();
        T::decode(&mut Decoder::default(), value).ok().flatten()
    }
}
