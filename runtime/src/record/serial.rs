//! Serde for records, behind the feature `serde`: under wire names, read back as leniently as an answer.

/// Serde's traits for a generated answer type.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __record_serde {
    ($name:ident) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::serde::Serialize::serialize(&self.0.to_json(), serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = <$crate::decode::Json as $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                $crate::decode::record_from_value(value, <Self as $crate::schema::Shaped>::SHAPE)
                    .map(Self)
                    .map_err($crate::__private::serde::de::Error::custom)
            }
        }
    };
}

/// Serde is off.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __record_serde {
    ($name:ident) => {};
}
