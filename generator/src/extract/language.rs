//! Which language a page is written in, told from its words.

use std::collections::BTreeSet;

use super::cell;
use super::vocabulary::{LanguageFile, folded};
use crate::page::{Block, Document};

/// The letters that a language is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    /// Latin letters, and whatever parts words by spaces as they do.
    Spaced,
    /// Han characters alone.
    Han,
    /// Han characters and kana.
    Kana,
}

/// How many letters of each script there are.
#[derive(Debug, Default)]
struct Letters {
    /// Words of letters that are neither Han nor kana.
    words: usize,
    han: usize,
    kana: usize,
}

impl Letters {
    fn count(&mut self, text: &str) {
        let mut inside = false;
        for c in text.chars() {
            match c {
                '\u{3040}'..='\u{30ff}' => self.kana += 1,
                '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => self.han += 1,
                _ => {
                    let letter = c.is_alphabetic();
                    self.words += usize::from(letter && !inside);
                    inside = letter || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '/' | '\'');
                    continue;
                }
            }
            inside = false;
        }
    }

    /// A Chinese or Japanese page is full of Latin names, codes and samples; a page of another language has next to no
    /// Han character.
    fn script(&self) -> Script {
        let cjk = self.han + self.kana;
        match () {
            () if cjk * 4 < self.words || cjk == 0 => Script::Spaced,
            () if self.kana * 10 >= cjk => Script::Kana,
            () => Script::Han,
        }
    }
}

/// A language that pages may be in.
#[derive(Clone, Debug)]
struct Language {
    name: String,
    script: Script,
    /// The titles and column names of its pages, folded.
    words: BTreeSet<String>,
}

/// The languages that a vendor's pages may be in, the first the one its pages are usually in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Languages(Vec<Language>);

impl Languages {
    /// The languages of some files; files of one language are one.
    pub(crate) fn new(files: &[LanguageFile]) -> Self {
        let mut languages: Vec<Language> = Vec::new();
        for file in files.iter().filter(|file| !file.language.is_empty()) {
            let mut letters = Letters::default();
            let mut words = BTreeSet::new();
            for word in file.page_words() {
                letters.count(word);
                words.insert(folded(word));
            }
            match languages.iter_mut().find(|known| known.name == file.language) {
                Some(known) => known.words.extend(words),
                None => languages.push(Language { name: file.language.clone(), script: letters.script(), words }),
            }
        }
        Self(languages)
    }

    /// Their names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|language| language.name.as_str())
    }

    /// The language of a page: of those in its script, the one whose titles and column names it uses most, and the
    /// first of them where that does not tell. Empty where no language is known.
    pub(crate) fn of(&self, document: &Document<'_>) -> &str {
        let mut letters = Letters::default();
        let mut lines: Vec<String> = Vec::new();
        for block in &document.blocks {
            read(block, &mut letters, &mut lines);
        }
        let script = letters.script();
        let fitting: Vec<&Language> = self.0.iter().filter(|language| language.script == script).collect();
        let candidates = if fitting.is_empty() { self.0.iter().collect() } else { fitting };
        let known = |language: &Language| lines.iter().filter(|line| language.words.contains(*line)).count();
        // The first of several that know as many.
        candidates.into_iter().rev().max_by_key(|language| known(language)).map_or("", |language| &language.name)
    }
}

/// Counts a block's letters, and takes the lines that may be a title or a column's name. Code has no language.
fn read(block: &Block<'_>, letters: &mut Letters, lines: &mut Vec<String>) {
    /// Titles and column names are short.
    const LONGEST: usize = 60;
    let mut line = |text: &str| {
        letters.count(text);
        if text.len() <= LONGEST {
            lines.push(folded(text));
        }
    };
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) => line(&text.content),
        Block::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
            cells.for_each(|cell| line(&cell::line(cell)));
        }
        Block::List { items, .. } => {
            items.iter().flat_map(|item| &item.blocks).for_each(|block| read(block, letters, lines));
        }
        Block::Note(blocks) => blocks.iter().for_each(|block| read(block, letters, lines)),
        Block::Code { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::Provider;
    use crate::page::read;

    #[track_caller]
    fn test(page: &str, expected: &str) {
        let provider = Provider::named("aliyun").unwrap();
        assert_eq!(provider.languages.of(&read("page.md", page)), expected, "{page}");
    }

    #[test]
    fn a_page_is_in_the_language_of_its_words() {
        test("# CreateDisk\n\nCreates a disk (盘).\n\n## Request parameters\n", "en");
        test(
            "# CreateDisk\n\n调用CreateDisk创建一块云盘。\n\n## 请求参数\n\n|名称|类型|\n|-|-|\n|DiskName|String|\n",
            "zh",
        );
        let table = "|Name|Type|Required|\n|-|-|-|\n|DiskName|String|是|\n";
        test(&format!("创建一块数据盘或系统盘，最多可以创建十六块。\n\n{table}"), "zh");
        test("", "en");
    }
}
