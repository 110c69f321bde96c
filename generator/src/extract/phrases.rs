//! The sentences that say more of a parameter, compiled from the language files.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use regex::Regex;

use super::charset::CharacterWord;
use super::vocabulary::{LanguageFile, Patterns};

/// Compiled phrases of all languages, each list in the order of its file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phrases {
    pub(crate) default: Vec<Regex>,
    pub(crate) default_item: Vec<Regex>,
    pub(crate) values_intro: Vec<Regex>,
    pub(crate) values_inline: Vec<Regex>,
    /// What a default is not, though it stands where one is said: `empty`, `the`.
    pub(crate) not_default: Vec<Regex>,
    pub(crate) range: Vec<Regex>,
    /// One bound of a number.
    pub(crate) bound: Vec<Regex>,
    /// Lines whose kind of bound the type tells: `Minimum: 1`.
    pub(crate) bound_line: Vec<Regex>,
    pub(crate) items: Vec<Regex>,
    /// How far `N` of `Name.N` goes.
    pub(crate) index_range: Vec<Regex>,
    /// Units that count no items.
    pub(crate) measure: Vec<Regex>,
    /// Units that count an object's entries.
    pub(crate) entries: Vec<Regex>,
    /// How text begins that tells of a part of the field.
    pub(crate) part: Vec<Regex>,
    /// How items begin that hold in one case only.
    pub(crate) case: Vec<Regex>,
    /// How items begin that tell of the field though they look like a part's: `Length: …`.
    pub(crate) own_item: Vec<Regex>,
    pub(crate) characters: Vec<Regex>,
    pub(crate) not_characters: Vec<Regex>,
    pub(crate) first_character: Vec<Regex>,
    pub(crate) last_character: Vec<Regex>,
    pub(crate) not_first_character: Vec<Regex>,
    pub(crate) not_last_character: Vec<Regex>,
    /// What joins the parts of a list of characters.
    pub(crate) set_joins: Vec<Regex>,
    /// How the clause behind such a list begins.
    pub(crate) set_end: Vec<Regex>,
    pub(crate) character_words: Vec<CharacterWord>,
    pub(crate) length: Vec<Regex>,
    pub(crate) max_length: Vec<Regex>,
    pub(crate) min_length: Vec<Regex>,
    /// Words for formats, by the format's name.
    pub(crate) formats: Vec<(String, Regex)>,
    pub(crate) secret: Vec<Regex>,
    pub(crate) deprecated: Vec<Regex>,
    pub(crate) comma: Vec<Regex>,
    /// Numbers of list items that begin with nought.
    pub(crate) may_be_none: Vec<Regex>,
    pub(crate) required_when: Vec<Regex>,
    pub(crate) required_unless: Vec<Regex>,
    pub(crate) required_present: Vec<Regex>,
    pub(crate) required_absent: Vec<Regex>,
    pub(crate) required_either: Vec<Regex>,
    /// Words for the parameter the sentence stands at.
    pub(crate) this_parameter: Vec<String>,
    pub(crate) separators: Vec<Regex>,
    /// What may stand behind a value in front of its meaning: ` or other values`.
    pub(crate) value_tail: Vec<Regex>,
}

/// The key of the words for the parameter that a sentence stands at; they are no patterns.
pub(super) const OWN: &str = "this_parameter";

const VALUE: &str = r#"(?P<value>\*\*[^*]+\*\*|`[^`]+`|"[^"]+"|“[^”]+”|[A-Za-z0-9_+\-][A-Za-z0-9_\-./:+*]*[A-Za-z0-9_*+/]|[A-Za-z0-9])"#;
const VALUES: &str = r"(?P<values>[^。；;]+?)";
const WORD: &str = r"[A-Za-z_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?";
const NUMBER: &str = r"(?:[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|zero\b)";
/// Where a list begins that goes as far as it is understood.
const SET: &str = r"\s*(?P<rest>\S)";
const END: &str = r"(?P<end>\.(?:\s|$)|[。；;]|$)";

/// Compiles a phrase; `own` are words for the parameter that a sentence stands at.
pub(super) fn compile(pattern: &str, own: &[String]) -> Result<Regex, regex::Error> {
    let own = own.iter().map(|word| {
        let end = if word.ends_with(|c: char| c.is_ascii_alphanumeric()) { "\\b" } else { "" };
        format!("{}{end}|", regex::escape(word))
    });
    let target = format!("(?P<target>{}{WORD})", own.collect::<String>());
    Regex::new(
        &pattern
            .replace("{value}", VALUE)
            .replace("{values}", VALUES)
            .replace("{name}", &format!("(?P<name>{WORD})"))
            .replace("{min}", &format!("(?P<min>{NUMBER})"))
            .replace("{max}", &format!("(?P<max>{NUMBER})"))
            .replace("{target}", &target)
            .replace("{set}", SET)
            .replace("{end}", END),
    )
}

/// All patterns compiled, on all cores: most of what a run over few pages takes.
fn compile_all<'f>(files: &'f [LanguageFile], own: &[String]) -> Result<HashMap<&'f str, Regex>, regex::Error> {
    let mut patterns: HashSet<&str> = HashSet::new();
    for LanguageFile { formats, prose, .. } in files {
        let mut known = Phrases::default();
        let used = prose.iter().filter(|(key, _)| *key != OWN && known.list(key).is_some());
        patterns.extend(formats.values().chain(used.map(|(_, patterns)| patterns)).flat_map(Patterns::iter));
    }
    patterns.into_par_iter().map(|pattern| Ok((pattern, compile(pattern, own)?))).collect()
}

impl Phrases {
    /// Compiles the phrases of the languages; keys that no rule uses are found by [`LanguageFile`]'s own check.
    pub(crate) fn new(files: &[LanguageFile]) -> Result<Self, regex::Error> {
        let mut all = Self::default();
        let own = files.iter().filter_map(|file| file.prose.get(OWN)).flat_map(Patterns::iter);
        all.this_parameter = own.map(str::to_owned).collect();
        let own = all.this_parameter.clone();
        let compiled = compile_all(files, &own)?;
        for file in files {
            for (word, class) in &file.characters {
                let word = Regex::new(&format!("^(?i:{word})"))?;
                all.character_words.push(CharacterWord { word, class: class.clone() });
            }
            for (format, patterns) in &file.formats {
                for pattern in Patterns::iter(patterns) {
                    all.formats.extend(compiled.get(pattern).map(|one| (format.clone(), one.clone())));
                }
            }
            for (key, patterns) in &file.prose {
                if let Some(list) = all.list(key) {
                    list.extend(Patterns::iter(patterns).filter_map(|pattern| compiled.get(pattern).cloned()));
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
            "not_default" => &mut self.not_default,
            "range" => &mut self.range,
            "bound" => &mut self.bound,
            "bound_line" => &mut self.bound_line,
            "items" => &mut self.items,
            "index_range" => &mut self.index_range,
            "measure" => &mut self.measure,
            "entries" => &mut self.entries,
            "part" => &mut self.part,
            "case" => &mut self.case,
            "own_item" => &mut self.own_item,
            "characters" => &mut self.characters,
            "not_characters" => &mut self.not_characters,
            "first_character" => &mut self.first_character,
            "last_character" => &mut self.last_character,
            "not_first_character" => &mut self.not_first_character,
            "not_last_character" => &mut self.not_last_character,
            "set_joins" => &mut self.set_joins,
            "set_end" => &mut self.set_end,
            "length" => &mut self.length,
            "max_length" => &mut self.max_length,
            "min_length" => &mut self.min_length,
            "secret" => &mut self.secret,
            "deprecated" => &mut self.deprecated,
            "comma" => &mut self.comma,
            "may_be_none" => &mut self.may_be_none,
            "required_when" => &mut self.required_when,
            "required_unless" => &mut self.required_unless,
            "required_present" => &mut self.required_present,
            "required_absent" => &mut self.required_absent,
            "required_either" => &mut self.required_either,
            "separators" => &mut self.separators,
            "value_tail" => &mut self.value_tail,
            _ => return None,
        })
    }
}
