//! Parameters and fields, their types and what is known of their values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Required;

/// A parameter, a response field, or the items of an array or map.
///
/// Items have an empty name; only top-level parameters have a location.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Exactly as on the wire; empty for items.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is called in Rust, where that is other than its name gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rust_name: Option<String>,
    /// Where a parameter travels.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// What narrows the type: `int64`, `date-time`, `json`, `password`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The Rust name of its type, of objects and of listed values: places of one name share one type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rust_type: Option<String>,
    /// Whether it must be given; absent on response fields that say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Required>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The page's sample value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The value taken where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The values the page lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// Smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    pub min: Option<serde_yaml::Number>,
    /// Largest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    pub max: Option<serde_yaml::Number>,
    /// Fewest characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// Most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// A regular expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Fewest items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u64>,
    /// Most items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    /// When it must be given, of what the page says of other parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_when: Vec<Condition>,
    /// The page's own word for the type, where it says more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_type: Option<String>,
    /// How an array or object travels in a query; of a text, that it holds several values joined so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// Whether the vendor advises against it.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub deprecated: bool,
    /// Of arrays and maps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Field>>,
    /// Of objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Of text that is JSON: what the JSON holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Box<Field>>,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// After `?`.
    Query,
    /// In the path.
    Path,
    /// A header.
    Header,
    /// A key of the JSON body.
    Body,
    /// A key of a form body.
    Form,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Named fields.
    Object,
    /// A list of items.
    Array,
    /// Names that the page does not list, to items.
    Map,
    /// The page does not say.
    #[default]
    Any,
}

impl Type {
    /// Its word in a spec.
    pub fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
            Self::Map => "map",
            Self::Any => "any",
        }
    }
}

/// One of the values that a page lists for a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// As on the wire.
    pub value: String,
    /// What its variant is called in Rust, where that is other than the value gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rust_name: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the vendor advises against it.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub deprecated: bool,
}

/// Another parameter's state under which a parameter must be given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The other parameter.
    pub parameter: String,
    /// It has one of these values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<String>,
    /// It has none of these values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_equals: Vec<String>,
    /// It is given (`true`) or left out (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
}

/// How an array or object travels in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// `Name.1=…&Name.2=…`.
    Flat,
    /// One value of JSON text.
    Json,
    /// One value, items joined by commas.
    Comma,
    /// The name repeated.
    Repeat,
}

impl Field {
    /// What its Rust name is made from.
    pub fn called(&self) -> &str {
        self.rust_name.as_deref().unwrap_or(&self.name)
    }

    /// What its type is of: itself, the items of lists and maps, what JSON text holds.
    pub fn typed(&self) -> &Self {
        self.items.as_deref().or(self.json.as_deref()).map_or(self, Self::typed)
    }
}

impl Value {
    /// What its variant's name is made from.
    pub fn called(&self) -> &str {
        self.rust_name.as_deref().unwrap_or(&self.value)
    }
}
