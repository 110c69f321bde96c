//! Objects, by their shape.

use super::{DecodeError, Decoder, Json, list, scalar};
use crate::record::{Record, Slot};
use crate::schema::{Kind, Shape};

/// Reads an object. Null, empty text and an empty list (which some languages write for an empty object) are none; text
/// that holds an object is read; a list where the object's only field is one stands for that field.
pub(super) fn read(decoder: &mut Decoder, value: Json, shape: &'static Shape) -> Result<Option<Record>, DecodeError> {
    match value {
        Json::Null => Ok(None),
        Json::Object(map) => fields(decoder, map, shape).map(Some),
        Json::String(text) if text.trim().is_empty() => Ok(None),
        Json::String(text) => match serde_json::from_str(&text) {
            Ok(Json::Object(map)) => fields(decoder, map, shape).map(Some),
            _ => Err(decoder.expected("an object", &Json::String(text))),
        },
        Json::Array(items) if items.is_empty() => Ok(None),
        Json::Array(items) => match shape.fields {
            [field] if matches!(field.kind, Kind::Strings | Kind::Records(_) | Kind::Other(_)) => {
                let slot = slot(decoder, Json::Array(items), field.kind)?;
                Ok(Some(Record { shape, slots: Box::new([slot]) }))
            }
            _ => Err(decoder.expected("an object", &Json::Array(items))),
        },
        found => Err(decoder.expected("an object", &found)),
    }
}

fn fields(
    decoder: &mut Decoder,
    map: serde_json::Map<String, Json>,
    shape: &'static Shape,
) -> Result<Record, DecodeError> {
    let mut record = Record::empty(shape);
    let mut other_case = Vec::new();
    for (key, value) in map {
        match shape.fields.iter().position(|field| field.wire == key) {
            Some(index) => fill(decoder, &mut record, index, &key, value)?,
            None => other_case.push((key, value)),
        }
    }
    // Pages and answers do not always agree on case; an exact name wins.
    for (key, value) in other_case {
        let index = shape.fields.iter().position(|field| field.wire.eq_ignore_ascii_case(&key));
        if let Some(index) = index.filter(|index| matches!(record.slots.get(*index), Some(Slot::Absent))) {
            fill(decoder, &mut record, index, &key, value)?;
        }
    }
    Ok(record)
}

fn fill(decoder: &mut Decoder, record: &mut Record, index: usize, key: &str, value: Json) -> Result<(), DecodeError> {
    if let (Some(field), Some(place)) = (record.shape.fields.get(index), record.slots.get_mut(index)) {
        *place = decoder.under(key, |decoder| slot(decoder, value, field.kind))?;
    }
    Ok(())
}

fn slot(decoder: &mut Decoder, value: Json, kind: Kind) -> Result<Slot, DecodeError> {
    let slot = match kind {
        Kind::String => scalar::string(decoder, value)?.map(Slot::String),
        Kind::Int32 => scalar::int32(decoder, &value)?.map(|number| Slot::Int(i64::from(number))),
        Kind::Int64 => scalar::int64(decoder, &value)?.map(Slot::Int),
        Kind::Float64 => scalar::float64(decoder, &value)?.map(Slot::Float),
        Kind::Boolean => scalar::boolean(decoder, &value)?.map(Slot::Boolean),
        Kind::Record(shape) => read(decoder, value, shape)?.map(|record| Slot::Record(Box::new(record))),
        Kind::Strings => list::strings(decoder, value)?.map(Slot::Strings),
        Kind::Records(shape) => list::records(decoder, value, shape)?.map(Slot::Records),
        Kind::Other(other) => return (other.decode)(decoder, value),
    };
    Ok(slot.unwrap_or(Slot::Absent))
}
