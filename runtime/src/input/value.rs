//! What a parameter's value may be made of.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Date, JsonText, Timestamp};

/// A type that can be a parameter's value, or part of one.
pub trait ToJson {
    /// The value as it goes on the wire.
    fn to_json(&self) -> Value;
}

macro_rules! to_json {
    ($($type:ty: $value:ident => $json:expr),* $(,)?) => {$(
        impl ToJson for $type {
            fn to_json(&self) -> Value {
                let $value = self;
                Value::from($json)
            }
        }
    )*};
}

to_json! {
    String: text => text.as_str(),
    Timestamp: text => text.as_str(),
    Date: text => text.as_str(),
    JsonText: text => text.as_str(),
    i32: number => *number,
    i64: number => *number,
    f64: number => *number,
    // By way of its shortest decimal: as a double, 0.1 would become 0.10000000149011612.
    f32: number => number.to_string().parse::<f64>().unwrap_or(f64::NAN),
    bool: flag => *flag,
    Value: value => value.clone(),
}

impl ToJson for &str {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(T::to_json).collect()
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self) -> Value {
        self.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
    }
}
