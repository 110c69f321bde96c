//! The types that read themselves, for fields that are maps, lists of lists, lists of numbers and the like.

use std::collections::BTreeMap;

use super::{Decode, DecodeError, Decoder, Json, list, scalar};
use crate::schema::{Date, JsonText, Shaped, Timestamp};

impl Decode for String {
    fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
        scalar::string(decoder, value)
    }

    fn encode(&self) -> Json {
        Json::from(self.as_str())
    }
}

impl Decode for Json {
    fn decode(_: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
        Ok((!value.is_null()).then_some(value))
    }

    fn encode(&self) -> Json {
        self.clone()
    }
}

macro_rules! scalars {
    ($($type:ty => $read:expr),* $(,)?) => {$(
        impl Decode for $type {
            fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
                $read(decoder, &value)
            }

            fn encode(&self) -> Json {
                Json::from(*self)
            }
        }
    )*};
}

scalars! {
    i32 => scalar::int32,
    i64 => scalar::int64,
    f64 => scalar::float64,
    bool => scalar::boolean,
    f32 => float32,
}

#[expect(clippy::cast_possible_truncation, reason = "the page says that the nearest one will do")]
fn float32(decoder: &Decoder, value: &Json) -> Result<Option<f32>, DecodeError> {
    scalar::float64(decoder, value).map(|number| number.map(|number| number as f32))
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
                // Empty text is how services write that there is no date.
                Ok(scalar::string(decoder, value)?.filter(|text| !text.is_empty()).map(Self::from))
            }

            fn encode(&self) -> Json {
                Json::from(self.as_str())
            }
        }
    )*};
}

texts!(Timestamp, Date, JsonText);

impl<T: Decode> Decode for Vec<T> {
    fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
        list::read(decoder, value, &|value| !value.is_object(), &mut |decoder, value| T::decode(decoder, value))
    }

    fn encode(&self) -> Json {
        self.iter().map(T::encode).collect()
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
        let map = match value {
            Json::Null => return Ok(None),
            Json::String(text) if text.trim().is_empty() => return Ok(None),
            Json::Array(items) if items.is_empty() => return Ok(None),
            Json::Object(map) => map,
            Json::String(text) => match serde_json::from_str(&text) {
                Ok(Json::Object(map)) => map,
                _ => return Err(decoder.expected("an object", &Json::String(text))),
            },
            found => return Err(decoder.expected("an object", &found)),
        };
        let mut out = Self::new();
        for (key, value) in map {
            if let Some(value) = decoder.under(&key, |decoder| T::decode(decoder, value))? {
                out.insert(key, value);
            }
        }
        Ok(Some(out))
    }

    fn encode(&self) -> Json {
        self.iter().map(|(key, value)| (key.clone(), value.encode())).collect()
    }
}

/// Generated answer types read themselves by their shape.
impl<T: Shaped + Clone + std::fmt::Debug + Send + Sync + 'static> Decode for T {
    fn decode(decoder: &mut Decoder, value: Json) -> Result<Option<Self>, DecodeError> {
        Ok(decoder.record(value, T::SHAPE)?.map(T::from_record))
    }

    fn encode(&self) -> Json {
        self.as_record().to_json()
    }
}
