//! Type words: `string`, `array<object>`, `Array of X objects`, `Map<String,String>`, `String(255)`.

use super::vocabulary::Vocabulary;
use crate::spec::Type;

/// A type as a cell declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) kind: Type,
    pub(crate) format: Option<String>,
    /// Of arrays and maps.
    pub(crate) item: Option<Box<Declared>>,
    /// The schema's name, where the type names one.
    pub(crate) schema: Option<String>,
    /// A length in brackets.
    pub(crate) max_length: Option<u64>,
}

impl Declared {
    fn of(kind: Type, item: Option<Self>) -> Self {
        Self { kind, item: item.map(Box::new), ..Self::default() }
    }
}

/// Reads a type cell; `None` where no word of it is a type.
pub(crate) fn parse(cell: &str, vocabulary: &Vocabulary) -> Option<Declared> {
    parse_at(cell, vocabulary, 0)
}

fn parse_at(cell: &str, vocabulary: &Vocabulary, depth: usize) -> Option<Declared> {
    // `The task list.` says what a field is, not of which type.
    let ended = cell.trim().ends_with(['.', '。']);
    let cell = cell.trim().trim_end_matches(['.', '。']);
    if cell.is_empty() || cell.len() > 400 || depth > 6 {
        return None;
    }
    if let Some(word) = vocabulary.type_word(cell) {
        let item = matches!(word.kind, Type::Array | Type::Map).then(Declared::default);
        return Some(Declared { format: word.format.clone(), ..Declared::of(word.kind, item) });
    }
    if let Some(inner) = cell.strip_suffix("[]") {
        return Some(Declared::of(Type::Array, Some(item(inner, vocabulary, depth))));
    }
    if let Some((outer, inner)) = cell.split_once(['<', '(']) {
        let inner = inner.trim_end_matches(['>', ')']);
        if let Some(word) = vocabulary.type_word(outer) {
            return Some(match word.kind {
                Type::Array => Declared::of(Type::Array, Some(item(inner, vocabulary, depth))),
                Type::Map => {
                    let value = inner.split_once(',').map_or(inner, |(_, value)| value);
                    Declared::of(Type::Map, Some(item(value, vocabulary, depth)))
                }
                kind => Declared {
                    format: word.format.clone(),
                    max_length: inner.trim().parse().ok().filter(|_| kind == Type::String),
                    ..Declared::of(kind, None)
                },
            });
        }
    }
    if let Some(listed) = vocabulary.lists.iter().find_map(|pattern| pattern.captures(cell)?.name("item")) {
        return Some(Declared::of(Type::Array, Some(item(listed.as_str(), vocabulary, depth))));
    }
    // `Array. For details, see Table 9`: the first sentence says the type.
    if let Some((first, _)) = cell.split_once(". ") {
        return parse_at(first, vocabulary, depth + 1);
    }
    let (schema, last) = cell.rsplit_once(' ')?;
    let singular = last.strip_suffix('s').unwrap_or(last);
    match last.to_ascii_lowercase().as_str() {
        "object" | "objects" | "structure" | "struct" if !ended => {
            let schema = schema.trim_end_matches(" data").to_owned();
            Some(Declared { schema: Some(schema), ..Declared::of(Type::Object, None) })
        }
        "array" | "list" if !ended => Some(Declared {
            schema: Some(schema.to_owned()),
            ..Declared::of(Type::Array, Some(Declared::of(Type::Object, None)))
        }),
        _ => vocabulary
            .type_word(singular)
            .filter(|_| !schema.contains(' '))
            .map(|word| Declared { format: word.format.clone(), ..Declared::of(word.kind, None) }),
    }
}

fn item(cell: &str, vocabulary: &Vocabulary, depth: usize) -> Declared {
    let cell = cell.trim();
    parse_at(cell, vocabulary, depth + 1)
        .or_else(|| parse_at(cell.strip_suffix('s')?, vocabulary, depth + 1))
        .unwrap_or_else(|| Declared { schema: Some(cell.to_owned()), ..Declared::of(Type::Object, None) })
}

/// The type at the end of `text` and where it begins: `BackupPlanIdstring` → `string` at 12.
pub(crate) fn suffix(text: &str, vocabulary: &Vocabulary) -> Option<usize> {
    if let Some(open) = text.rfind('<').filter(|_| text.ends_with('>')) {
        // `array<array<string>>`: the outermost bracket's own word.
        let first = text.find('<').unwrap_or(open);
        let head = text.get(..first)?;
        return suffix(head, vocabulary).filter(|at| parse(text.get(*at..).unwrap_or_default(), vocabulary).is_some());
    }
    if !text.is_char_boundary(text.len()) {
        return None;
    }
    vocabulary.type_words.iter().find_map(|word| {
        let cut = text.len().checked_sub(word.len())?;
        let tail = text.get(cut..)?;
        if !tail.eq_ignore_ascii_case(word) {
            return None;
        }
        // A type keeps one case: `string` or `String`, set apart from a name that ends in small letters only by a capital.
        let inside = tail.get(1..)?;
        (inside.is_ascii() && inside.chars().all(|c| !c.is_ascii_uppercase()) || !tail.is_ascii()).then_some(cut)
    })
}

/// The longest type at the start of `text` that ends at a space or the end: `Array of GadInstance`, `String`.
pub(crate) fn prefix<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<&'t str> {
    let first = text.split(' ').next().filter(|word| !word.is_empty())?;
    let word = first.split('<').next().unwrap_or(first);
    vocabulary.type_word(word)?;
    let rest = text.get(first.len()..).unwrap_or_default();
    if rest.to_ascii_lowercase().starts_with(" of ") {
        let schema = rest.get(4..)?.split(' ').next()?;
        return text.get(..first.len() + 4 + schema.len());
    }
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::super::provider::Provider;
    use super::*;

    #[test]
    fn sentences_are_no_types() {
        let provider = Provider::named("aliyun").expect("it comes with the tool");
        let kind = |cell| parse(cell, &provider.vocabulary).map(|declared| declared.kind);
        assert_eq!(kind("The task list."), None);
        assert_eq!(kind("The response object."), None);
        assert_eq!(kind("Task object"), Some(Type::Object));
        assert_eq!(kind("Array of strings."), Some(Type::Array));
        assert_eq!(kind("String."), Some(Type::String));
    }
}
