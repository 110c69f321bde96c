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
    /// Numbers of list items that begin with nought.
    pub(crate) may_be_none: Vec<Regex>,
    pub(crate) required_when: Vec<Regex>,
    pub(crate) required_unless: Vec<Regex>,
    pub(crate) required_present: Vec<Regex>,
    pub(crate) required_absent: Vec<Regex>,
    /// Words for the parameter the sentence stands at.
    pub(crate) this_parameter: Vec<String>,
    pub(crate) separators: Vec<Regex>,
}

const VALUE: &str = r#"(?P<value>\*\*[^*]+\*\*|`[^`]+`|"[^"]+"|“[^”]+”|[A-Za-z0-9_+\-][A-Za-z0-9_\-./:+*]*[A-Za-z0-9_*+/]|[A-Za-z0-9])"#;
const VALUES: &str = r"(?P<values>[^。；;]+?)";
const NAME: &str = r"(?P<name>[A-Za-z_][\w.\-]*)";
const NUMBER: &str = r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?";
const END: &str = r"(?P<end>\.(?:\s|$)|[。；;]|$)";

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let target =
        format!("(?P<target>this parameter\\b|it\\b|the parameter\\b|该参数|此参数|本参数|{})", "[A-Za-z_][\\w.\\-]*");
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
    /// Compiles the phrases of the languages; keys that no rule uses are left alone.
    pub(crate) fn new(files: &[LanguageFile]) -> Result<Self, regex::Error> {
        let mut all = Self::default();
        for file in files {
            for (key, patterns) in &file.prose {
                if key == "this_parameter" {
                    all.this_parameter.extend(patterns.iter().map(str::to_owned));
                } else if let Some(list) = all.list(key) {
                    for pattern in Patterns::iter(patterns) {
                        list.push(compile(pattern)?);
                    }
                }
            }
        }
        Ok(all)
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
            "may_be_none" => &mut self.may_be_none,
            "required_when" => &mut self.required_when,
            "required_unless" => &mut self.required_unless,
            "required_present" => &mut self.required_present,
            "required_absent" => &mut self.required_absent,
            "separators" => &mut self.separators,
            _ => return None,
        })
    }
}
