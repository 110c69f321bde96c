//! Lists, in whichever of the forms they come.

use super::{DecodeError, Decoder, Json, object, scalar};
use crate::record::Record;
use crate::schema::Shape;

/// Reads a list: a list, its one element, an object that wraps it under one key, or text that holds one. Null and empty
/// text are none; null elements are passed over.
pub(super) fn read<T>(
    decoder: &mut Decoder,
    value: Json,
    is_element: &dyn Fn(&Json) -> bool,
    element: &mut dyn FnMut(&mut Decoder, Json) -> Result<Option<T>, DecodeError>,
) -> Result<Option<Vec<T>>, DecodeError> {
    match value {
        Json::Null => Ok(None),
        Json::Array(items) => {
            let mut out = Vec::with_capacity(items.len());
            for (index, item) in items.into_iter().enumerate() {
                out.extend(decoder.at(index, |decoder| element(decoder, item))?);
            }
            Ok(Some(out))
        }
        Json::String(text) if text.trim().is_empty() => Ok(None),
        Json::String(text) if text.trim_start().starts_with('[') => match serde_json::from_str(&text) {
            Ok(items @ Json::Array(_)) => read(decoder, items, is_element, element),
            _ => one(decoder, Json::String(text), element),
        },
        Json::Object(map) if map.is_empty() => Ok(None),
        Json::Object(map) if map.len() == 1 => {
            let whole = Json::Object(map);
            if is_element(&whole) {
                return one(decoder, whole, element);
            }
            let Json::Object(map) = whole else { return Ok(None) };
            let Some((key, value)) = map.into_iter().next() else { return Ok(None) };
            decoder.under(&key, |decoder| read(decoder, value, is_element, element))
        }
        value => one(decoder, value, element),
    }
}

fn one<T>(
    decoder: &mut Decoder,
    value: Json,
    element: &mut dyn FnMut(&mut Decoder, Json) -> Result<Option<T>, DecodeError>,
) -> Result<Option<Vec<T>>, DecodeError> {
    Ok(Some(Vec::from_iter(element(decoder, value)?)))
}

/// A list of texts.
pub(super) fn strings(decoder: &mut Decoder, value: Json) -> Result<Option<Vec<String>>, DecodeError> {
    read(decoder, value, &|value| !value.is_object(), &mut |decoder, value| scalar::string(decoder, value))
}

/// A list of objects. An object stands for itself where it has one of the shape's fields.
pub(super) fn records(
    decoder: &mut Decoder,
    value: Json,
    shape: &'static Shape,
) -> Result<Option<Vec<Record>>, DecodeError> {
    let is_element = |value: &Json| match value {
        Json::Object(map) => {
            map.keys().any(|key| shape.fields.iter().any(|field| field.wire.eq_ignore_ascii_case(key)))
        }
        _ => false,
    };
    read(decoder, value, &is_element, &mut |decoder, value| object::read(decoder, value, shape))
}
