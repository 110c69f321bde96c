//! What is checked before a call is sent.

use std::fmt;

use serde_json::Value;

use super::{Given, Input};
use crate::call::Location;
use crate::error::Error;
use crate::schema::{Check, Condition, Operation, Parameter, Test};

/// Refuses what the service would refuse, as far as its page says.
pub(super) fn input(input: &Input, operation: &Operation, checks: bool) -> Result<(), Error> {
    let place = Place::Operation(operation.name);
    for (index, parameter) in operation.parameters.iter().enumerate() {
        let in_path = parameter.location == Location::Path && !parameter.from_credentials;
        if in_path && input.get(index).is_none_or(Given::is_empty) {
            return Err(place.refuse(parameter, "must be given: it is part of the path"));
        }
        if matches!(input.get(index), Some(Given::NotFinite)) {
            return Err(place.refuse(parameter, "must be a finite number"));
        }
    }
    if !checks {
        return Ok(());
    }
    let token = operation.client_token;
    walk(input, place, token)
}

/// Where parameters stand; written out only where one is refused.
#[derive(Clone, Copy)]
enum Place<'p> {
    Operation(&'p str),
    Object(&'p Place<'p>, &'p Parameter),
    /// An item of a list, counted from 1.
    Item(&'p Place<'p>, &'p Parameter, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(name) => write!(f, "{name}: "),
            Self::Object(outer, parameter) => write!(f, "{outer}`{}`, ", parameter.name),
            Self::Item(outer, parameter, position) => write!(f, "{outer}`{}` {position}, ", parameter.name),
        }
    }
}

impl Place<'_> {
    fn refuse(self, parameter: &Parameter, problem: &str) -> Error {
        Error::invalid_request(format!("{self}`{}` {problem}", parameter.name))
    }
}

fn walk(input: &Input, place: Place<'_>, filled_in: Option<usize>) -> Result<(), Error> {
    for (index, parameter) in input.parameters.iter().enumerate() {
        let Some(given) = input.get(index) else {
            if filled_in != Some(index) && !parameter.from_credentials {
                missing(input, parameter, place)?;
            }
            continue;
        };
        for check in parameter.checks {
            value(given, check).map_err(|problem| place.refuse(parameter, &problem))?;
        }
        match given {
            Given::Json(_) | Given::NotFinite => {}
            Given::Object(inner) => walk(inner, Place::Object(&place, parameter), None)?,
            Given::List(inners) => {
                for (position, inner) in inners.iter().enumerate() {
                    walk(inner, Place::Item(&place, parameter, position + 1), None)?;
                }
            }
        }
    }
    Ok(())
}

fn missing(input: &Input, parameter: &Parameter, place: Place<'_>) -> Result<(), Error> {
    if parameter.required {
        return Err(place.refuse(parameter, "must be given"));
    }
    let conditions = parameter.checks.iter().filter_map(|check| match check {
        Check::RequiredWhen(conditions) => Some(*conditions),
        _ => None,
    });
    match conditions.flatten().find(|condition| holds(input, condition)) {
        Some(condition) => Err(place.refuse(parameter, &format!("must be given where {}", words(condition)))),
        None => Ok(()),
    }
}

fn holds(input: &Input, condition: &Condition) -> bool {
    let index = input.parameters.iter().position(|parameter| parameter.name == condition.parameter);
    // A condition on what is no parameter of this object cannot be told, so it refuses nothing.
    let Some(index) = index else { return false };
    let given = input.get(index).map(Given::text);
    match (condition.test, given) {
        (Test::Present, given) => given.is_some(),
        (Test::Absent, given) => given.is_none(),
        (Test::Equals(_) | Test::NotEquals(_), None) => false,
        (Test::Equals(values), Some(given)) => given.is_some_and(|text| values.contains(&text.as_str())),
        (Test::NotEquals(values), Some(given)) => given.is_some_and(|text| !values.contains(&text.as_str())),
    }
}

fn words(condition: &Condition) -> String {
    let list = |values: &[&str]| values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ");
    let name = condition.parameter;
    match condition.test {
        Test::Present => format!("`{name}` is given"),
        Test::Absent => format!("`{name}` is left out"),
        Test::Equals(values) => format!("`{name}` is {}", list(values)),
        Test::NotEquals(values) => format!("`{name}` is not {}", list(values)),
    }
}

/// A value against one check; the words name the bound, never the value, which may be a secret.
fn value(given: &Given, check: &Check) -> Result<(), String> {
    let broken = match (check, given) {
        (Check::Min(min), Given::Json(value)) => number(value).filter(|n| n < min).map(|_| format!("at least {min}")),
        (Check::Max(max), Given::Json(value)) => number(value).filter(|n| n > max).map(|_| format!("at most {max}")),
        (Check::MinLength(min), Given::Json(Value::String(text))) => {
            (text.chars().count() < *min).then(|| format!("at least {min} characters long"))
        }
        (Check::MaxLength(max), Given::Json(Value::String(text))) => {
            (text.chars().count() > *max).then(|| format!("at most {max} characters long"))
        }
        (Check::MinItems(min), given) => {
            given.items().filter(|n| n < min).map(|n| format!("a list of at least {min} items, not {n}"))
        }
        (Check::MaxItems(max), given) => {
            given.items().filter(|n| n > max).map(|n| format!("a list of at most {max} items, not {n}"))
        }
        _ => None,
    };
    broken.map_or(Ok(()), |bound| Err(format!("must be {bound}")))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        // Pages give ranges for numbers that travel as text, too.
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

impl Given {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Json(Value::Null)) || matches!(self, Self::Json(Value::String(text)) if text.is_empty())
    }

    /// A scalar as text.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Json(Value::String(text)) => Some(text.clone()),
            Self::Json(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            _ => None,
        }
    }

    fn items(&self) -> Option<usize> {
        match self {
            Self::Json(Value::Array(items)) => Some(items.len()),
            Self::List(inputs) => Some(inputs.len()),
            _ => None,
        }
    }
}
