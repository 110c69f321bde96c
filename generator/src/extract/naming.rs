//! What an operation is called: by its title, its permission, its sample request, its file, or made from its title.

use super::draft::Draft;
use super::page::Reading;
use super::request::{self, RequestLine};
use super::vocabulary::{Naming, SectionKind};
use crate::page::{Block, Span, Text};
use crate::provenance::Certainty;

/// Finds the operation's name, and notes where it stands.
pub(crate) fn find(reading: &mut Reading<'_, '_, '_>, line: Option<&RequestLine>, drafts: &[Draft]) -> Option<String> {
    let (name, span, rule, certainty) = stated(reading, drafts)
        .or_else(|| from_action(reading))
        .or_else(|| from_samples(reading))
        .or_else(|| from_title(reading))
        .or_else(|| from_file(reading))
        .or_else(|| from_line(reading, line))?;
    reading.fact("operation", span, rule, certainty);
    Some(name)
}

type Found = (String, Span, &'static str, Certainty);

/// The lines a title may stand in: the page's first ones, before any section.
fn opening_lines<'r, 'a>(reading: &Reading<'r, 'r, 'a>) -> Vec<&'r Text<'a>> {
    opening_blocks(reading).into_iter().map(|(text, _)| text).collect()
}

/// The same, with whether each is a heading.
fn opening_blocks<'r, 'a>(reading: &Reading<'r, 'r, 'a>) -> Vec<(&'r Text<'a>, bool)> {
    let opening = reading.sections.iter().find(|section| section.kind == SectionKind::Opening);
    let blocks = opening.map(|section| section.blocks.as_slice()).unwrap_or_default();
    blocks
        .iter()
        .filter_map(|(_, block)| match block {
            Block::Heading { text, .. } => Some((text, true)),
            Block::Paragraph(text) => Some((text, false)),
            _ => None,
        })
        .take(12)
        .collect()
}

fn stated(reading: &mut Reading<'_, '_, '_>, drafts: &[Draft]) -> Option<Found> {
    let mut found = None;
    for text in opening_lines(reading) {
        let content = text.content.trim();
        if content.len() > 300 || reading.provider.vocabulary.chrome.is_match(content) {
            continue;
        }
        let captured = reading.provider.names.title.iter().find_map(|pattern| pattern.captures(content));
        if let Some(captured) = captured {
            let name = captured.name("name")?.as_str().to_owned();
            found = Some((
                name,
                text.span,
                "title",
                Certainty::Certain,
                captured.name("summary").map(|m| m.as_str().to_owned()),
            ));
            break;
        }
    }
    if let Some((name, span, rule, certainty, summary)) = found {
        // A title's own words are the summary only where no sentence follows.
        let sentence = opening_lines(reading).iter().any(|text| {
            text.span.start > span.end && !reading.provider.vocabulary.chrome.is_match(text.content.trim())
        });
        if let Some(summary) = summary.filter(|_| !sentence) {
            reading.operation.summary = Some(summary);
            reading.fact("summary", span, "title", Certainty::Likely);
        }
        // The parameter that carries the name on the wire has its letters' case right.
        let wire = reading.provider.name_parameter.as_deref().and_then(|own| request::example_of(drafts, own));
        return Some(match wire.filter(|(wire, _)| *wire != name && wire.eq_ignore_ascii_case(&name)) {
            Some((wire, span)) => (wire.to_owned(), span, "name-parameter", Certainty::Certain),
            None => (name, span, rule, certainty),
        });
    }
    let parameter = reading.provider.name_parameter.as_deref()?;
    let (name, span) = request::example_of(drafts, parameter)?;
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric()) && !name.is_empty();
    plain.then(|| (name.to_owned(), span, "name-parameter", Certainty::Certain))
}

fn from_action(reading: &Reading<'_, '_, '_>) -> Option<Found> {
    let pattern = reading.provider.names.action.as_ref()?;
    let mut names = reading.operation.permissions.iter().filter_map(|permission| {
        let name = pattern.captures(&permission.action)?.name("name")?.as_str().to_owned();
        let path = format!("permissions.{}.action", permission.action);
        let span = reading.facts.iter().find(|fact| fact.path == path).map(|fact| fact.span).unwrap_or_default();
        Some((name, span, "permission-action", Certainty::Likely))
    });
    let first = names.next()?;
    // Two actions name two operations, or none.
    names.all(|other| other.0 == first.0).then_some(first)
}

fn from_samples(reading: &Reading<'_, '_, '_>) -> Option<Found> {
    let names = &reading.provider.names;
    let blocks = reading.sections.iter().flat_map(|section| &section.blocks);
    for (_, block) in blocks {
        let (text, span): (&str, Span) = match block {
            Block::Code { text, span, .. } => (text, *span),
            Block::Paragraph(text) if text.content.len() < 4000 => (&text.content, text.span),
            _ => continue,
        };
        if let Some(name) =
            names.request_line.as_ref().and_then(|p| p.captures(text)?.name("name").map(|m| m.as_str().to_owned()))
        {
            return Some((name, span, "sample-request", Certainty::Certain));
        }
        let root = text.strip_prefix('<').and_then(|rest| rest.split(['>', ' ', '\n']).next());
        let root = root
            .and_then(|root| names.sample_root.as_ref()?.captures(root)?.name("name").map(|m| m.as_str().to_owned()));
        if let Some(name) = root {
            return Some((name, span, "sample-root", Certainty::Certain));
        }
    }
    None
}

fn from_file(reading: &Reading<'_, '_, '_>) -> Option<Found> {
    let file = reading.document.path.rsplit('/').next()?.split('.').next()?;
    let name = reading.provider.names.file.as_ref()?.captures(file)?.name("name")?.as_str().to_owned();
    Some((name, Span::default(), "file-name", Certainty::Doubtful))
}

fn from_title(reading: &Reading<'_, '_, '_>) -> Option<Found> {
    if !reading.provider.names.from_title {
        return None;
    }
    let lines = opening_blocks(reading);
    let is_title = |text: &Text<'_>| !reading.provider.vocabulary.chrome.is_match(text.content.trim());
    // A line above the heading is the site's, not the page's.
    let heading = lines.iter().find(|(text, heading)| *heading && is_title(text));
    let (title, _) = heading.or_else(|| lines.iter().find(|(text, _)| is_title(text)))?;
    let name = name_of_title(&title.content, &reading.provider.vocabulary.naming)?;
    Some((name, title.span, "name-from-title", Certainty::Likely))
}

/// `POST /v3/{project_id}/instances/restore` → `PostInstancesRestore`, where there is no title to take a name from.
fn from_line(reading: &Reading<'_, '_, '_>, line: Option<&RequestLine>) -> Option<Found> {
    if !reading.provider.names.from_title {
        return None;
    }
    let line = line?;
    let path = line.path.split('?').next().unwrap_or_default();
    let version = |part: &str| {
        part.starts_with('v') && part.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let parts = path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{') && !version(part));
    let mut name = capitalized(&line.method.to_ascii_lowercase());
    for word in parts.flat_map(|part| part.split(['-', '_', '.'])) {
        name.push_str(&capitalized(word));
    }
    Some((name, line.span, "name-from-request-line", Certainty::Doubtful))
}

/// `Restoring Data to the Original Instance or an Existing Instance` → `RestoreDataToOriginalOrExistingInstance`: the
/// gerund's verb, no articles, no brackets, and a noun said on both sides of an `or` once.
pub(crate) fn name_of_title(title: &str, naming: &Naming) -> Option<String> {
    let title = title.split(['(', '（', '[']).next()?;
    let mut words: Vec<String> = title
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '_' | ',' | ':' | '.' | '\'' | '’' | '"' | '&'))
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    words.retain(|word| !naming.articles.iter().any(|article| article.eq_ignore_ascii_case(word)));
    if let Some(first) = words.first_mut() {
        *first = imperative(first, naming);
    }
    let repeated =
        words.iter().position(|word| naming.alternatives.iter().any(|other| other.eq_ignore_ascii_case(word)));
    if let Some(at) = repeated.filter(|at| *at > 0) {
        let before = words.get(at - 1).map(|word| word.to_ascii_lowercase());
        let after = words.get(at + 1..).unwrap_or_default();
        if before.is_some_and(|before| after.iter().any(|word| word.to_ascii_lowercase() == before)) {
            words.remove(at - 1);
        }
    }
    let name: String = words.iter().map(|word| capitalized(word)).collect();
    (name.len() > 2 && name.len() < 120 && name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(name)
}

pub(crate) fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

/// A gerund's verb: `restoring` → `restore`, `stopping` → `stop`, `querying` → `query`.
pub(crate) fn imperative(word: &str, naming: &Naming) -> String {
    let lower = word.to_ascii_lowercase();
    if let Some(verb) = naming.gerunds.get(&lower) {
        return verb.clone();
    }
    let Some(stem) =
        lower.strip_suffix("ing").filter(|stem| stem.len() > 2 && stem.contains(['a', 'e', 'i', 'o', 'u', 'y']))
    else {
        return word.to_owned();
    };
    let bytes = stem.as_bytes();
    let doubled =
        bytes.len() > 2 && bytes.last() == bytes.get(bytes.len() - 2) && !stem.ends_with(['l', 's', 'd', 'z', 'f']);
    if doubled {
        return stem.get(..stem.len() - 1).unwrap_or(stem).to_owned();
    }
    if naming.silent_e.iter().any(|pattern| pattern.is_match(stem)) { format!("{stem}e") } else { stem.to_owned() }
}
