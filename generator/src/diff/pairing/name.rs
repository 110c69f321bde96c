//! Names: their words, their spelling without case and separators, and what they become in Rust.

/// The lower-case words of a name, split at separators, changes of case, and digits.
pub(super) fn name_words(name: &str) -> Vec<String> {
    split(name, true)
}

/// The name of a field in Rust: its words joined by `_`.
pub(crate) fn rust_value_name(name: &str) -> String {
    split(name, false).join("_")
}

/// The name of a type or variant in Rust: its words with capitals.
pub(crate) fn rust_type_name(name: &str) -> String {
    split(name, false)
        .iter()
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<Vec<_>>()
        })
        .collect()
}

/// Letters and digits alone, in lower case.
pub(crate) fn squashed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words in lower case; `HTTPServer` gives `http`, `server`.
fn split(name: &str, at_digits: bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| chars.get(index)).copied();
        let after = chars.get(index + 1).copied();
        if !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let starts = before.is_some_and(|before| {
            let capital = c.is_uppercase()
                && (before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && after.is_some_and(char::is_lowercase)));
            let digits = at_digits && before.is_alphanumeric() && before.is_numeric() != c.is_numeric();
            capital || digits
        });
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::{name_words, rust_type_name, rust_value_name, squashed};

    #[test]
    fn splits_names() {
        assert_eq!(name_words("DBInstanceId2"), ["db", "instance", "id", "2"]);
        assert_eq!(name_words("disk-in_use.now"), ["disk", "in", "use", "now"]);
        assert_eq!(rust_value_name("SnapshotID"), "snapshot_id");
        assert_eq!(rust_type_name("DISK_IN_USE"), "DiskInUse");
        assert_eq!(rust_type_name("DiskInUse"), "DiskInUse");
        assert_eq!(squashed("Disk-In_Use"), "diskinuse");
    }
}
