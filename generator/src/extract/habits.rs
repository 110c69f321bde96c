//! What a vendor's objects hold on every page, and the parameters that never stand in one.

use std::collections::{BTreeMap, BTreeSet};

/// A vendor's habits, which tell where an object ends whose page does not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Habits {
    /// The fields of objects that are the same everywhere, in small letters.
    objects: BTreeMap<String, Vec<String>>,
    /// Parameters that stand beside objects.
    outermost: BTreeSet<String>,
}

impl Habits {
    /// Habits by the names that a provider file gives.
    pub(crate) fn new(objects: &BTreeMap<String, Vec<String>>, outermost: &[String]) -> Self {
        let small = |name: &String| name.to_lowercase();
        Self {
            objects: objects.iter().map(|(name, fields)| (small(name), fields.iter().map(small).collect())).collect(),
            outermost: outermost.iter().cloned().collect(),
        }
    }

    /// Whether an object of this name has such a field; `None` where objects of the name are not known.
    pub(crate) fn holds(&self, object: &str, field: &str) -> Option<bool> {
        let fields = self.objects.get(&object.to_lowercase())?;
        Some(fields.contains(&field.to_lowercase()))
    }

    /// Whether a parameter of this name stands in no object.
    pub(crate) fn is_outermost(&self, name: &str) -> bool {
        self.outermost.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_objects_hold_their_fields_in_any_case_and_no_others() {
        let objects = BTreeMap::from([("Tag".to_owned(), vec!["Key".to_owned(), "Value".to_owned()])]);
        let habits = Habits::new(&objects, &["RegionId".to_owned()]);
        assert_eq!(habits.holds("Tag", "key"), Some(true));
        assert_eq!(habits.holds("tag", "VpcId"), Some(false));
        assert_eq!(habits.holds("Node", "Key"), None);
        assert!(habits.is_outermost("RegionId") && !habits.is_outermost("Region"));
    }
}
