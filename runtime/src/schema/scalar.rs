//! Scalars that keep the text they came as, so that nothing of it is lost.

use std::fmt;
use std::time::SystemTime;

use serde_json::Value;

macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text, as on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, as on the wire.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for Value {
            fn from(text: $name) -> Self {
                Self::String(text.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type! {
    /// An instant, as the vendor writes it (`2024-05-20T08:30:15Z`, `2024-05-20T08:30Z`); made from any text, or from a
    /// [`SystemTime`].
    Timestamp
}

text_type! {
    /// A day, as the vendor writes it (`2024-05-20`); made from any text.
    Date
}

text_type! {
    /// JSON that travels as text inside a parameter; made from text as it stands, or from a [`serde_json::Value`].
    JsonText
}

impl Timestamp {
    /// The instant, where the text is one in UTC with or without seconds.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let text = self.0.trim();
        crate::timestamp::parse(text).or_else(|| {
            let minutes = text.strip_suffix('Z').filter(|text| text.len() == "2024-05-20T08:30".len())?;
            crate::timestamp::parse(&format!("{minutes}:00Z"))
        })
    }
}

impl From<SystemTime> for Timestamp {
    /// `2024-05-20T08:30:15Z`: whole seconds, UTC.
    fn from(instant: SystemTime) -> Self {
        Self(crate::timestamp::extended(instant))
    }
}

impl From<Value> for JsonText {
    fn from(value: Value) -> Self {
        Self(value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_timestamp_keeps_its_text_and_knows_its_instant() {
        let instant = UNIX_EPOCH + Duration::from_secs(1_716_193_815);
        assert_eq!(Timestamp::from(instant).as_str(), "2024-05-20T08:30:15Z");
        assert_eq!(Timestamp::from("2024-05-20T08:30:15Z").to_system_time(), Some(instant));
        assert_eq!(Timestamp::from("2024-05-20T08:30Z").to_system_time(), Some(instant - Duration::from_secs(15)));
        let odd = Timestamp::from("yesterday");
        assert_eq!((odd.to_system_time(), odd.to_string()), (None, "yesterday".to_owned()));
    }

    #[test]
    fn json_text_is_made_from_text_or_value() {
        assert_eq!(JsonText::from("{ }").as_str(), "{ }");
        assert_eq!(JsonText::from(serde_json::json!({"a": [1]})).as_str(), r#"{"a":[1]}"#);
    }
}
