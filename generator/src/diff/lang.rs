//! The languages that reports are written in. Ids, wire words and bumps never change; only sentences do.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::rule::Rule;

/// A language of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// What a rule says in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// What was found.
    pub(crate) noun: &'static str,
    /// What the generated crate does about it.
    pub(crate) effect: &'static str,
    /// What a person should do.
    pub(crate) advice: &'static str,
}

#[derive(Deserialize)]
struct File {
    shared: BTreeMap<String, String>,
    rules: BTreeMap<String, [String; 3]>,
}

static CHINESE: LazyLock<File> = LazyLock::new(|| {
    let file: Result<File, _> = serde_yaml::from_str(include_str!("words.zh.yaml"));
    file.unwrap_or_else(|_| File { shared: BTreeMap::new(), rules: BTreeMap::new() })
});

impl Lang {
    /// A sentence of the report: the English one, or its Chinese counterpart.
    pub(crate) const fn pick<'t>(self, en: &'t str, zh: &'t str) -> &'t str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

impl Rule {
    /// What the rule says in a language.
    pub(crate) fn words(&self, lang: Lang) -> Words {
        let english = Words { noun: self.noun, effect: self.effect, advice: self.advice };
        if lang == Lang::En {
            return english;
        }
        let file = &*CHINESE;
        let Some([noun, effect, advice]) = file.rules.get(self.id) else { return english };
        let text = |text: &'static String| match text.strip_prefix('$') {
            Some(shared) => file.shared.get(shared).map_or("", String::as_str),
            None => text,
        };
        Words { noun: text(noun), effect: text(effect), advice: text(advice) }
    }

    /// The noun for `count` of them, in a language.
    pub(crate) fn counted_in(&self, count: usize, lang: Lang) -> String {
        match lang {
            Lang::En => self.counted(count),
            Lang::Zh => format!("{count} 处{}", self.words(lang).noun),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CHINESE, Lang};
    use crate::diff::Rule;

    #[test]
    fn every_rule_speaks_chinese() {
        for rule in Rule::all() {
            let words = rule.words(Lang::Zh);
            for text in [words.noun, words.effect, words.advice] {
                assert!(text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}: {text:?}", rule.id);
            }
        }
        assert_eq!(CHINESE.rules.len(), Rule::all().count(), "a rule that is none");
    }
}
