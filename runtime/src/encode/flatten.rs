//! How values become names and values of a query or form.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::query::Query;
use crate::call::Style;

/// Adds a value under its name. Null and empty arrays add nothing; an empty string adds `Name=`.
pub(crate) fn push<'a>(query: &mut Query<'a>, name: &'a str, value: &'a Value, style: Style) {
    // Text and numbers stand as they are in every style, and most values are either.
    match value {
        Value::String(text) => return query.push(name, text.as_str()),
        Value::Number(number) => return query.push(name, digits(number)),
        _ => {}
    }
    match style {
        Style::Default | Style::Flat => flat(query, Cow::Borrowed(name), value),
        Style::Json => {
            if let Some(text) = json(value) {
                query.push(name, text);
            }
        }
        Style::Comma => {
            if let Some(text) = comma(value) {
                query.push(name, text);
            }
        }
        Style::Repeat => repeat(query, name, value),
    }
}

/// `Name.1`, `Name.Field`, counted from 1; an absent field leaves a gap.
fn flat<'a>(query: &mut Query<'a>, name: Cow<'a, str>, value: &'a Value) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flat(query, Cow::Owned(format!("{name}.{}", at + 1)), item);
            }
        }
        Value::Object(fields) => {
            for (field, item) in fields {
                flat(query, Cow::Owned(format!("{name}.{field}")), item);
            }
        }
        _ => {
            if let Some(text) = scalar(value) {
                query.push(name, text);
            }
        }
    }
}

/// The name once an item; the fields of an object as `name=field=value`, as Huawei Cloud's SDK has it.
fn repeat<'a>(query: &mut Query<'a>, name: &'a str, value: &'a Value) {
    match value {
        Value::Array(items) => {
            for item in items {
                if let Some(text) = text(item) {
                    query.push(name, text);
                }
            }
        }
        Value::Object(fields) => {
            for (field, item) in fields {
                if let Some(text) = text(item) {
                    query.push(name, format!("{field}={text}"));
                }
            }
        }
        _ => {
            if let Some(text) = scalar(value) {
                query.push(name, text);
            }
        }
    }
}

/// Compact JSON; a string stands as it is, since callers may give the JSON text themselves.
fn json(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Array(items) if items.is_empty() => None,
        _ => text(value),
    }
}

/// Items joined by commas, not escaped.
fn comma(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(text).collect();
            Some(Cow::Owned(items.join(",")))
        }
        _ => text(value),
    }
}

/// A value as one text: scalars as they are, the others as compact JSON.
pub(crate) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Array(_) | Value::Object(_) => Some(Cow::Owned(value.to_string())),
        _ => scalar(value),
    }
}

/// A number's text; whole ones, as most are, without the machinery of formats.
fn digits(number: &Number) -> String {
    number.as_i64().map_or_else(|| number.to_string(), |whole| whole.to_string())
}

fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(number) => Some(Cow::Owned(digits(number))),
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, style: Style, expected: &str) {
        let mut query = Query::default();
        push(&mut query, "N", value, style);
        let pairs: Vec<_> = query.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs.join("&"), expected);
    }

    #[test]
    fn values_are_flattened() {
        check(&json!(null), Style::Flat, "");
        check(&json!(""), Style::Flat, "N=");
        check(&json!(true), Style::Flat, "N=true");
        check(&json!(9_223_372_036_854_775_807_i64), Style::Flat, "N=9223372036854775807");
        check(&json!(0.5), Style::Flat, "N=0.5");
        check(&json!(8.0), Style::Flat, "N=8.0");
        check(&json!([]), Style::Flat, "");
        check(&json!(["a", "b"]), Style::Default, "N.1=a&N.2=b");
        check(&json!([{"K": "k"}, {"K": null, "V": ""}]), Style::Flat, "N.1.K=k&N.2.V=");
        check(&json!({"A": {"B": [1]}}), Style::Flat, "N.A.B.1=1");
    }

    #[test]
    fn other_styles_make_one_value_or_repeat_the_name() {
        check(&json!([{"k": "值"}]), Style::Json, "N=[{\"k\":\"值\"}]");
        check(&json!("[{\"k\": 1}]"), Style::Json, "N=[{\"k\": 1}]");
        check(&json!([]), Style::Json, "");
        check(&json!(["a", 1]), Style::Comma, "N=a,1");
        check(&json!(["b", "a"]), Style::Repeat, "N=b&N=a");
        check(&json!({"k": "v"}), Style::Repeat, "N=k=v");
    }
}
