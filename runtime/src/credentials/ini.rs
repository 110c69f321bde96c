//! Profile files: sections of `name = value` lines.

use crate::secret::Secret;

/// A profile file. Names of sections are kept as written, those of values in lower case.
pub(super) struct Ini(Vec<(String, Section)>);

/// A section's values.
#[derive(Default)]
pub(super) struct Section(Vec<(String, Secret)>);

impl Ini {
    /// Reads a file. Lines that begin with `#` or `;` are comments; so is what follows a `#` inside a value, where
    /// `inner_comments` is set. Lines of another form and those before the first section count for nothing; of values
    /// with one name the last counts.
    pub(super) fn parse(text: &str, inner_comments: bool) -> Self {
        let mut sections: Vec<(String, Section)> = Vec::new();
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) =
                line.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name.trim())
            {
                sections.push((name.to_owned(), Section::default()));
                continue;
            }
            let (Some((_, section)), Some((name, value))) = (sections.last_mut(), line.split_once(['=', ':'])) else {
                continue;
            };
            let value = if inner_comments { value.split('#').next().unwrap_or_default() } else { value };
            section.0.push((name.trim().to_ascii_lowercase(), Secret::from(value.trim())));
        }
        Self(sections)
    }

    /// The section of a name; of several the last.
    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.0.iter().rev().find(|(found, _)| found == name).map(|(_, section)| section)
    }
}

impl Section {
    /// A value that is not empty.
    pub(super) fn secret(&self, name: &str) -> Option<&Secret> {
        let (_, value) = self.0.iter().rev().find(|(found, _)| found == name)?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// A value that is not empty and no secret.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.secret(name).map(Secret::expose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_text_is_read_and_values_come_back(text in "\\PC{0,40}", name in "[a-z_]{1,8}", value in "[A-Za-z0-9/+=:;.-]{1,40}") {
            let written = format!("{text}\n[section]\n{name} = {value}\n");
            let ini = Ini::parse(&written, true);
            proptest::prop_assert_eq!(ini.section("section").and_then(|s| s.text(&name)), Some(value.as_str()));
        }
    }

    #[test]
    fn values_are_read_without_comments() {
        let text = "\u{feff}lost = 1\n[a]\n; no\n# no\nKey = v=1 # c\nurl: x\nempty =\nnot a line\n[ b ]\nkey=2\nkey=3";
        let ini = Ini::parse(text, true);
        let a = ini.section("a").expect("a section");
        assert_eq!((a.text("key"), a.text("url"), a.text("empty")), (Some("v=1"), Some("x"), None));
        assert_eq!(ini.section("b").and_then(|b| b.text("key")), Some("3"));
        assert!(ini.section("c").is_none());
        assert_eq!(Ini::parse(text, false).section("a").and_then(|a| a.text("key")), Some("v=1 # c"));
    }
}
