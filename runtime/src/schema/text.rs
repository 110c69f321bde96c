//! What parameters that are text on the wire may be made of: the text itself, or the values that it stands for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::JsonText;
use crate::input::ToJson;

/// An object of a request: a generated type that setters fill.
pub trait Nested: ToJson {}

/// What a parameter that travels as JSON text is made of: raw text, a value, lists, maps, and the types that a crate
/// has for it.
pub trait IntoJsonText {
    /// The text.
    fn into_json_text(self) -> JsonText;
}

impl IntoJsonText for JsonText {
    fn into_json_text(self) -> JsonText {
        self
    }
}

/// Raw text, sent as it stands.
impl IntoJsonText for &str {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self)
    }
}

/// Raw text, sent as it stands.
impl IntoJsonText for String {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self)
    }
}

impl IntoJsonText for Value {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self)
    }
}

impl<T: Nested> IntoJsonText for T {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self.to_json())
    }
}

impl<T: ToJson> IntoJsonText for Vec<T> {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self.to_json())
    }
}

impl<T: ToJson, const N: usize> IntoJsonText for [T; N] {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self.iter().map(T::to_json).collect::<Value>())
    }
}

impl<T: ToJson> IntoJsonText for BTreeMap<String, T> {
    fn into_json_text(self) -> JsonText {
        JsonText::from(self.to_json())
    }
}

/// What a parameter of several values joined by commas is made of: the joined text, or a list.
pub trait IntoCommaText {
    /// The text.
    fn into_comma_text(self) -> String;
}

/// Text, sent as it stands.
impl IntoCommaText for &str {
    fn into_comma_text(self) -> String {
        self.to_owned()
    }
}

/// Text, sent as it stands.
impl IntoCommaText for String {
    fn into_comma_text(self) -> String {
        self
    }
}

impl<T: AsRef<str>> IntoCommaText for Vec<T> {
    fn into_comma_text(self) -> String {
        join(&self)
    }
}

impl<T: AsRef<str>> IntoCommaText for &[T] {
    fn into_comma_text(self) -> String {
        join(self)
    }
}

impl<T: AsRef<str>, const N: usize> IntoCommaText for [T; N] {
    fn into_comma_text(self) -> String {
        join(&self)
    }
}

fn join<T: AsRef<str>>(values: &[T]) -> String {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(value.as_ref());
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macro is for the types of other crates")]

    use super::*;
    use crate::input::Input;
    use crate::schema::Parameter;

    static PARAMETERS: &[Parameter] = &[Parameter::query("type"), Parameter::query("tables")];

    #[derive(Clone)]
    struct Table(Input);

    crate::input!(Table, PARAMETERS);

    #[track_caller]
    fn json(value: impl IntoJsonText, expected: &str) {
        assert_eq!(value.into_json_text().as_str(), expected);
    }

    #[test]
    fn json_text_is_made_of_text_and_of_what_it_stands_for() {
        json(r#"[ "as it stands" "#, r#"[ "as it stands" "#);
        json(String::from("{}"), "{}");
        json(serde_json::json!({"a": 1}), r#"{"a":1}"#);
        json(["i-1", "i-2"], r#"["i-1","i-2"]"#);
        json(vec![1_i64, 2], "[1,2]");
        json(BTreeMap::from([("k".to_owned(), "v".to_owned())]), r#"{"k":"v"}"#);
        let table = || {
            let mut inner = Table::new();
            inner.0.string(0, "table".to_owned());
            let mut outer = Table::new();
            outer.0.string(0, "db".to_owned());
            outer.0.objects(1, vec![inner]);
            outer
        };
        json(table(), r#"{"type":"db","tables":[{"type":"table"}]}"#);
        json(vec![table()], r#"[{"type":"db","tables":[{"type":"table"}]}]"#);
        json([Table::new()], "[{}]");
    }

    #[test]
    fn commas_join_lists_and_leave_text_alone() {
        assert_eq!("a,b".into_comma_text(), "a,b");
        assert_eq!(["a", "b"].into_comma_text(), "a,b");
        assert_eq!(vec![String::from("a")].into_comma_text(), "a");
        assert_eq!(Vec::<String>::new().into_comma_text(), "");
        assert_eq!(["x", "y"].as_slice().into_comma_text(), "x,y");
    }
}
