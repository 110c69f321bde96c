//! Whether a parameter must be given.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a parameter must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Required {
    /// Must be given.
    Yes,
    /// May be left out.
    No,
    /// The page does not say.
    Unknown,
}

impl Serialize for Required {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Yes => serializer.serialize_bool(true),
            Self::No => serializer.serialize_bool(false),
            Self::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Required;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or unknown")
            }

            fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Required, E> {
                Ok(if value { Required::Yes } else { Required::No })
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Required, E> {
                match value {
                    "unknown" => Ok(Required::Unknown),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(value), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Required {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Required".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Whether a parameter must be given; `unknown` where the page does not say.",
            "enum": [true, false, "unknown"]
        })
    }
}
