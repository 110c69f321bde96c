//! The sentences that say more of a parameter, compiled from the language files.

use regex::Regex;

use super::vocabulary::{LanguageFile, Patterns};

/// Compiled phrases of all languages, each list in the order of its file.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    pub(crate) default: Vec<Regex>,
    pub(crate) default_item: Vec<Regex>,
    pub(crate) values_intro: Vec<Regex>,
    pub(crate) values_inline: Vec<Regex>,
    pub(crate) range: Vec<Regex>,
    pub(crate) length: Vec<Regex>,
    pub(crate) max_length: Vec<Regex>,
    pub(crate) min_length: Vec<Regex>,
    pub(crate) json: Vec<Regex>,
    pub(crate) secret: Vec<Regex>,
    pub(crate) deprecated: Vec<Regex>,
    pub(crate) comma: Vec<Regex>,
    pub(crate) required_when: Vec<Regex>,
    pub(crate) required_unless: Vec<Regex>,
    pub(crate) required_present: Vec<Regex>,
    pub(crate) required_absent: Vec<Regex>,
    /// Words for the parameter the sentence stands at.
    pub(crate) this_parameter: Vec<String>,
    pub(crate) separators: Vec<Regex>,
}

/// The key of the words for the parameter that a sentence stands at; they are no patterns.
pub(super) const OWN: &str = "this_parameter";

const VALUE: &str = r#"(?P<value>\*\*[^*]+\*\*|`[^`]+`|"[^"]+"|“[^”]+”|[A-Za-z0-9_+\-][A-Za-z0-9_\-./:+*]*[A-Za-z0-9_*+/]|[A-Za-z0-9])"#;
const VALUES: &str = r"(?P<values>[^。；;]+?)";
const NAME: &str = r"(?P<name>[A-Za-z_][\w.\-]*)";
const NUMBER: &str = r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?";
const END: &str = r"(?P<end>\.(?:\s|$)|[。；;]|$)";

/// Compiles a phrase; `own` are words for the parameter that a sentence stands at.
pub(super) fn compile(pattern: &str, own: &[String]) -> Result<Regex, regex::Error> {
    let own = own.iter().map(|word| {
        let end = if word.ends_with(|c: char| c.is_ascii_alphanumeric()) { "\\b" } else { "" };
        format!("{}{end}|", regex::escape(word))
    });
    let target = format!("(?P<target>{}{})", own.collect::<String>(), "[A-Za-z_][\\w.\\-]*");
    Regex::new(
        &pattern
            .replace("{value}", VALUE)
            .replace("{values}", VALUES)
            .replace("{name}", NAME)
            .replace("{min}", &format!("(?P<min>{NUMBER})"))
            .replace("{max}", &format!("(?P<max>{NUMBER})"))
            .replace("{target}", &target)
            .replace("{end}", END),
    )
}

impl Phrases {
    /// Compiles the phrases of the languages; keys that no rule uses are found by [`LanguageFile`]'s own check.
    pub(crate) fn new(files: &[LanguageFile]) -> Result<Self, regex::Error> {
        let mut all = Self::default();
        let own = files.iter().filter_map(|file| file.prose.get(OWN)).flat_map(Patterns::iter);
        all.this_parameter = own.map(str::to_owned).collect();
        let own = all.this_parameter.clone();
        for file in files {
            for (key, patterns) in &file.prose {
                if let Some(list) = all.list(key) {
                    for pattern in Patterns::iter(patterns) {
                        list.push(compile(pattern, &own)?);
                    }
                }
            }
        }
        Ok(all)
    }

    /// Whether phrases stand under a key.
    pub(super) fn knows(key: &str) -> bool {
        key == OWN || Self::default().list(key).is_some()
    }

    fn list(&mut self, key: &str) -> Option<&mut Vec<Regex>> {
        Some(match key {
            "default" => &mut self.default,
            "default_item" => &mut self.default_item,
            "values_intro" => &mut self.values_intro,
            "values_inline" => &mut self.values_inline,
            "range" => &mut self.range,
            "length" => &mut self.length,
            "max_length" => &mut self.max_length,
            "min_length" => &mut self.min_length,
            "json" => &mut self.json,
            "secret" => &mut self.secret,
            "deprecated" => &mut self.deprecated,
            "comma" => &mut self.comma,
            "required_when" => &mut self.required_when,
            "required_unless" => &mut self.required_unless,
            "required_present" => &mut self.required_present,
            "required_absent" => &mut self.required_absent,
            "separators" => &mut self.separators,
            _ => return None,
        })
    }
}
