//! The values of a call's parameters, by number: what every generated builder fills.

mod check;
mod get;
mod handle;
mod value;

use std::fmt;

use serde_json::{Number, Value};

use crate::call::{Argument, CallRequest};
use crate::error::Error;
use crate::schema::{Operation, Parameter};

pub(crate) use self::handle::call;
pub use self::handle::{Handle, PendingCall};
pub use self::value::ToJson;

/// The values given for a table of parameters.
#[derive(Clone)]
pub struct Input {
    name: &'static str,
    parameters: &'static [Parameter],
    /// Index into the table and value, in the order of setting.
    given: Vec<(usize, Given)>,
}

#[derive(Clone)]
enum Given {
    Json(Value),
    /// A number that JSON cannot hold; refused before sending.
    NotFinite,
    Object(Input),
    List(Vec<Input>),
}

impl Input {
    /// No values yet; the name is the Rust type's, for `Debug`.
    pub const fn new(name: &'static str, parameters: &'static [Parameter]) -> Self {
        Self { name, parameters, given: Vec::new() }
    }

    fn put(&mut self, parameter: usize, value: Given) {
        match self.given.iter_mut().find(|(index, _)| *index == parameter) {
            Some((_, old)) => *old = value,
            None => self.given.push((parameter, value)),
        }
    }

    fn get(&self, parameter: usize) -> Option<&Given> {
        self.given.iter().find(|(index, _)| *index == parameter).map(|(_, value)| value)
    }

    /// A scalar as text.
    pub(crate) fn text(&self, parameter: usize) -> Option<String> {
        self.get(parameter).and_then(Given::text)
    }

    /// Sets a text.
    pub fn string(&mut self, parameter: usize, value: String) {
        self.put(parameter, Given::Json(Value::String(value)));
    }

    /// Sets a whole number.
    pub fn integer(&mut self, parameter: usize, value: i64) {
        self.put(parameter, Given::Json(Value::from(value)));
    }

    /// Sets a number. One that is not finite is refused before sending.
    pub fn number(&mut self, parameter: usize, value: f64) {
        self.put(
            parameter,
            Number::from_f64(value).map_or(Given::NotFinite, |value| Given::Json(Value::Number(value))),
        );
    }

    /// Sets true or false.
    pub fn boolean(&mut self, parameter: usize, value: bool) {
        self.put(parameter, Given::Json(Value::Bool(value)));
    }

    /// Sets a list of texts.
    pub fn strings(&mut self, parameter: usize, value: Vec<String>) {
        self.put(parameter, Given::Json(Value::from(value)));
    }

    /// Sets an object.
    pub fn object(&mut self, parameter: usize, value: Input) {
        self.put(parameter, Given::Object(value));
    }

    /// Sets a list of objects.
    pub fn objects<T: Into<Self>>(&mut self, parameter: usize, value: Vec<T>) {
        self.put(parameter, Given::List(value.into_iter().map(T::into).collect()));
    }

    /// Sets a value of any other type.
    #[expect(clippy::needless_pass_by_value, reason = "setters hand over what they were given")]
    pub fn other(&mut self, parameter: usize, value: impl ToJson) {
        self.put(parameter, Given::Json(value.to_json()));
    }

    /// The values as JSON under their wire names, in the table's order.
    pub fn to_json(&self) -> Value {
        Value::Object(self.in_order().map(|(parameter, value)| (parameter.name.to_owned(), value.to_json())).collect())
    }

    fn in_order(&self) -> impl Iterator<Item = (&'static Parameter, &Given)> {
        self.parameters.iter().enumerate().filter_map(|(index, parameter)| Some((parameter, self.get(index)?)))
    }

    /// The call of an operation with these values.
    ///
    /// # Errors
    ///
    /// Where a value contradicts what is documented; without `checks`, only where the call could not be sent at all.
    pub fn to_request(&self, operation: &'static Operation, checks: bool) -> Result<CallRequest<'static>, Error> {
        check::input(self, operation, checks)?;
        let service = operation.service;
        let mut request = CallRequest::new(operation.name, service.protocol, service.api_version)
            .http(operation.method, operation.path);
        request.idempotent |= operation.idempotent;
        request.retries = operation.retries;
        if let Some(token) = operation.client_token.and_then(|index| operation.parameters.get(index)) {
            request = request.client_token(token.name, token.location);
        }
        request.arguments = self
            .in_order()
            .map(|(parameter, value)| {
                Argument::new(parameter.name, parameter.location, value.to_json()).style(parameter.style)
            })
            .collect();
        Ok(request)
    }
}

impl Given {
    fn to_json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::NotFinite => Value::Null,
            Self::Object(input) => input.to_json(),
            Self::List(inputs) => inputs.iter().map(Input::to_json).collect(),
        }
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(Value::String(text)) => text.fmt(f),
            Self::Json(value) => fmt::Display::fmt(value, f),
            Self::NotFinite => f.write_str("not finite"),
            Self::Object(input) => input.fmt(f),
            Self::List(inputs) => inputs.fmt(f),
        }
    }
}

/// What is not given is left out; what is sensitive is hidden.
#[expect(clippy::missing_fields_in_debug, reason = "the fields shown are the parameters")]
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct(self.name);
        for (parameter, value) in self.in_order() {
            if parameter.sensitive {
                out.field(parameter.name, &"***");
            } else {
                out.field(parameter.name, value);
            }
        }
        out.finish()
    }
}

/// Gives a tuple struct over an [`Input`] its conversions: `input!(Tag, TAG)` for `struct Tag(Input)`.
#[macro_export]
macro_rules! input {
    ($name:ident, $parameters:ident) => {
        impl $name {
            /// An object without values.
            #[inline]
            pub fn new() -> Self {
                Self($crate::input::Input::new(::std::stringify!($name), $parameters))
            }
        }

        impl $crate::schema::Nested for $name {}

        impl ::std::default::Default for $name {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl ::std::convert::From<$name> for $crate::input::Input {
            #[inline]
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl $crate::input::ToJson for $name {
            #[inline]
            fn to_json(&self) -> $crate::decode::Json {
                self.0.to_json()
            }
        }
    };
}

#[cfg(test)]
mod tests;
