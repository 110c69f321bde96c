//! How alike two names, texts and sets are, from 0 to 1.

use std::collections::BTreeMap;

use super::name::{name_words, squashed};

/// Names longer than this are compared word by word alone, so that no page can make the differ slow.
const LONGEST_NAME: usize = 200;

/// A weighted mean that leaves out what neither side has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    /// Adds a part; `None` where neither side has it.
    #[must_use]
    pub(crate) fn part(mut self, weight: f64, likeness: Option<f64>) -> Self {
        if let Some(likeness) = likeness {
            self.sum += weight * likeness;
            self.weight += weight;
        }
        self
    }

    /// The mean; `None` where no part was there.
    pub(crate) fn value(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// Twice what both have over all there is, counting repeats; `None` where both are empty.
pub(crate) fn dice<T: Ord>(old: &[T], new: &[T]) -> Option<f64> {
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let mut counts = BTreeMap::<&T, usize>::new();
    for item in old {
        *counts.entry(item).or_default() += 1;
    }
    let mut both = 0_usize;
    for item in new {
        if let Some(count) = counts.get_mut(item).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    Some(ratio(2 * both, old.len() + new.len()))
}

/// The overlap of two lists of names.
pub(crate) fn names_dice<'a>(
    old: impl IntoIterator<Item = &'a str>,
    new: impl IntoIterator<Item = &'a str>,
) -> Option<f64> {
    dice(&old.into_iter().collect::<Vec<_>>(), &new.into_iter().collect::<Vec<_>>())
}

/// How alike two names are: half their words, half their letters.
pub(crate) fn name_likeness(old: &str, new: &str) -> f64 {
    let words = dice(&name_words(old), &name_words(new)).unwrap_or(0.0);
    let (old, new) = (squashed(old), squashed(new));
    let longest = old.chars().count().max(new.chars().count());
    if longest == 0 || longest > LONGEST_NAME {
        return words;
    }
    f64::midpoint(words, 1.0 - ratio(strsim::levenshtein(&old, &new), longest))
}

/// How alike two texts are; `None` where neither is there.
pub(crate) fn text_likeness(old: Option<&str>, new: Option<&str>) -> Option<f64> {
    if old == new && old.is_some_and(|text| !text.is_empty()) {
        return Some(1.0);
    }
    dice(&words(old.unwrap_or_default()), &words(new.unwrap_or_default()))
}

/// The words of a text in lower case; of Chinese, each pair of characters.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut run = Vec::new();
    for c in text.chars() {
        if is_ideograph(c) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            run.push(c);
            continue;
        }
        take_pairs(&mut run, &mut words);
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
    }
    take_pairs(&mut run, &mut words);
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn take_pairs(run: &mut Vec<char>, words: &mut Vec<String>) {
    match run.as_slice() {
        [] => {}
        [single] => words.push(single.to_string()),
        more => words.extend(more.windows(2).map(|pair| pair.iter().collect::<String>())),
    }
    run.clear();
}

/// Whether a character is written without spaces between words.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and letters are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::{Mean, dice, name_likeness, text_likeness, words};

    #[test]
    fn counts_repeats() {
        assert_eq!(dice(&["a", "a", "b"], &["a", "b", "b"]), Some(4.0 / 6.0));
        assert_eq!(dice::<u8>(&[], &[]), None);
    }

    #[test]
    fn names_and_texts() {
        assert!((name_likeness("ZoneId", "AvailabilityZoneId") - 0.566_666).abs() < 1e-3);
        assert_eq!(text_likeness(None, None), None);
        assert_eq!(text_likeness(Some("Being made."), None), Some(0.0));
        assert_eq!(words("磁盘大小 in GiB"), ["磁盘", "盘大", "大小", "in", "gib"]);
    }

    #[test]
    fn leaves_out_what_neither_has() {
        assert_eq!(Mean::default().part(0.3, Some(1.0)).part(0.7, None).value(), Some(1.0));
        assert_eq!(Mean::default().value(), None);
    }
}
