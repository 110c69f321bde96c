//! Enums for the values that a page lists.

use std::fmt;

/// A value that the vendor's page did not list when the crate was generated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    /// The value, as on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An enum made from any string: listed values have variants, all others are kept.
pub trait Values: Clone + fmt::Debug + Send + Sync + 'static {
    /// The listed values on the wire and their variants.
    const VALUES: &'static [(&'static str, Self)];

    /// The variant that keeps any other value.
    fn unknown(value: UnknownValue) -> Self;

    /// The value, as on the wire.
    fn as_str(&self) -> &str;

    /// The variant of a value, or the value itself kept as unknown.
    fn from_text(text: String) -> Self {
        match Self::VALUES.iter().find(|(value, _)| *value == text) {
            Some((_, known)) => known.clone(),
            None => Self::unknown(UnknownValue(text)),
        }
    }
}

/// Gives an enum of listed values its conversions: `values!(Color { Red = "red", Blue = "blue" })`. The enum has one more
/// variant, `Unknown(UnknownValue)`.
#[macro_export]
macro_rules! values {
    ($name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $name {
            /// The value, as on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl $crate::schema::Values for $name {
            const VALUES: &'static [(&'static str, Self)] = &[$(($value, Self::$variant)),*];

            fn unknown(value: $crate::schema::UnknownValue) -> Self {
                Self::Unknown(value)
            }

            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                <Self as $crate::schema::Values>::from_text(text.to_owned())
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                <Self as $crate::schema::Values>::from_text(text)
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::decode::Decode for $name {
            #[inline]
            fn decode(
                decoder: &mut $crate::decode::Decoder,
                value: $crate::decode::Json,
            ) -> ::std::result::Result<::std::option::Option<Self>, $crate::decode::DecodeError> {
                ::std::result::Result::Ok(
                    <::std::string::String as $crate::decode::Decode>::decode(decoder, value)?
                        .map(<Self as $crate::schema::Values>::from_text),
                )
            }

            #[inline]
            fn encode(&self) -> $crate::decode::Json {
                $crate::decode::Json::from(self.as_str())
            }
        }

        impl $crate::input::ToJson for $name {
            #[inline]
            fn to_json(&self) -> $crate::decode::Json {
                $crate::decode::Json::from(self.as_str())
            }
        }

        impl $crate::schema::IntoCommaText for $name {
            #[inline]
            fn into_comma_text(self) -> ::std::string::String {
                self.as_str().to_owned()
            }
        }

        $crate::__values_serde!($name);
    };
}

/// Serde's traits for an enum of listed values.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __values_serde {
    ($name:ident) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <::std::string::String as $crate::__private::serde::Deserialize>::deserialize(deserializer)
                    .map(<Self as $crate::schema::Values>::from_text)
            }
        }
    };
}

/// Serde is off.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __values_serde {
    ($name:ident) => {};
}
