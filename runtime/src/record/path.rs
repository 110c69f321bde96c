//! Places in a record, as paths of field numbers.

use super::{Record, Slot};

impl Record {
    /// The value at a place; none at an empty path, and where something on the way is absent.
    pub(crate) fn at(&self, path: &[usize]) -> Option<&Slot> {
        let (last, way) = path.split_last()?;
        let mut record = self;
        for field in way {
            match record.slots.get(*field)? {
                Slot::Record(inner) => record = inner,
                _ => return None,
            }
        }
        record.slots.get(*last)
    }

    /// The value at a place, to be changed.
    pub(crate) fn at_mut(&mut self, path: &[usize]) -> Option<&mut Slot> {
        let (last, way) = path.split_last()?;
        let mut record = self;
        for field in way {
            match record.slots.get_mut(*field)? {
                Slot::Record(inner) => record = inner,
                _ => return None,
            }
        }
        record.slots.get_mut(*last)
    }

    /// How many items the list at a place has.
    pub(crate) fn length_at(&self, path: &[usize]) -> usize {
        match self.at(path) {
            Some(Slot::Strings(texts)) => texts.len(),
            Some(Slot::Records(records)) => records.len(),
            Some(Slot::Other(value)) => (**value).to_json().as_array().map_or(0, Vec::len),
            _ => 0,
        }
    }

    /// The last object of the list at a place.
    pub(crate) fn last_at(&self, path: &[usize]) -> Option<&Self> {
        match self.at(path) {
            Some(Slot::Records(records)) => records.last(),
            _ => None,
        }
    }
}

impl Slot {
    /// A scalar as text.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Int(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            Self::Boolean(flag) => Some(flag.to_string()),
            Self::Other(value) => match (**value).to_json() {
                serde_json::Value::String(text) => Some(text),
                value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => Some(value.to_string()),
                _ => None,
            },
            Self::Absent | Self::Record(_) | Self::Strings(_) | Self::Records(_) => None,
        }
    }
}
