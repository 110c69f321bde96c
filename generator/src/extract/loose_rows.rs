//! Rows of tables that lost their cells: where each row starts among the lines, and what its lines hold.

use super::cell::part;
use super::codes::split_error;
use super::columns::Columns;
use super::regroup::{Context, FlowLine};
use super::rows::{self, ParameterHead};
use super::types;
use super::vocabulary::{Role, TableKind};
use crate::page::{Block, Cell, ListItem, Row, Span, Text};
use crate::spec::Type;

fn text_cell(text: Text<'_>) -> Cell<'_> {
    let span = text.span;
    let blocks = if text.content.is_empty() { Vec::new() } else { vec![Block::Paragraph(text)] };
    Cell { blocks, span }
}

fn lines_cell<'a>(lines: Vec<FlowLine<'a>>) -> Cell<'a> {
    let span = lines.iter().map(|line| line.text.span).reduce(Span::to).unwrap_or_default();
    let mut blocks: Vec<Block<'a>> = Vec::new();
    for line in lines {
        let span = line.text.span;
        if line.code {
            blocks.push(Block::Code { language: None, text: line.text.content, span });
        } else if let Some(depth) = line.bullet {
            let mut item = ListItem { blocks: vec![Block::Paragraph(line.text)], span };
            for _ in 1..depth {
                item = ListItem { blocks: vec![Block::List { ordered: false, items: vec![item] }], span };
            }
            if let Some(Block::List { items, .. }) = blocks.last_mut() {
                items.push(item);
            } else {
                blocks.push(Block::List { ordered: false, items: vec![item] });
            }
        } else {
            blocks.push(Block::Paragraph(line.text));
        }
    }
    Cell { blocks, span }
}

fn row<'a>(columns: &Columns, mut cells: Vec<(Role, Cell<'a>)>) -> Row<'a> {
    let span = cells.iter().map(|(_, cell)| cell.span).filter(|span| span.end > 0).reduce(Span::to).unwrap_or_default();
    let cells = columns
        .roles
        .iter()
        .map(|role| {
            let at = cells.iter().position(|(found, _)| Some(*found) == *role);
            at.map(|at| cells.swap_remove(at).1).unwrap_or_default()
        })
        .collect();
    Row { cells, span }
}

/// The start of a parameter's row among the lines: how many it takes, and its cells.
struct Start<'a> {
    at: usize,
    used: usize,
    cells: Vec<(Role, Cell<'a>)>,
    named: bool,
    required: bool,
    sentence: bool,
    /// Whether its type's word opens with a capital.
    capital: Option<bool>,
}

pub(super) fn parameter_rows<'a>(lines: &[FlowLine<'a>], context: &Context<'_>) -> Vec<Row<'a>> {
    let mut starts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let found = if context.stacked { stacked_start(lines, at, context) } else { line_start(lines, at, context) };
        if let Some(start) = found {
            at += start.used;
            starts.push(start);
        } else {
            at += 1;
        }
    }
    // Where most rows say whether they are required, a line that does not is no row but an example that looks like one.
    let named = starts.iter().filter(|start| start.named).count();
    let told = starts.iter().filter(|start| start.named && start.required).count();
    if told * 2 > named {
        starts.retain(|start| start.required || !start.named);
    }
    drop_values(&mut starts, lines, context);
    let columns = &context.header.columns;
    let ends: Vec<usize> = starts.iter().skip(1).map(|start| start.at).chain([lines.len()]).collect();
    let mut rows = Vec::with_capacity(starts.len());
    for (start, end) in starts.into_iter().zip(ends) {
        let rest = lines.get(start.at + start.used..end).unwrap_or_default().to_vec();
        let next_apart = lines.get(end).is_some_and(|line| line.gap);
        let mut cells = start.cells;
        let (description, example) = split_example(rest, next_apart, end == lines.len(), context);
        if !cells.iter().any(|(role, _)| *role == Role::Example) {
            cells.push((Role::Example, lines_cell(example)));
        }
        cells.push((Role::Description, lines_cell(description)));
        rows.push(row(columns, cells));
    }
    rows
}

/// Takes out lines that only look like rows: sentences right below a row's first line or with a first word of sentences,
/// and values that end in a type's word in another case than the table's types.
fn drop_values(starts: &mut Vec<Start<'_>>, lines: &[FlowLine<'_>], context: &Context<'_>) {
    let word = |start: &Start<'_>| lines.get(start.at).and_then(|line| line.text.content.split(' ').next());
    let mut above = None;
    starts.retain(|start| {
        let opens =
            word(start).is_some_and(|word| context.learned.opens_sentence(word) && !context.keys.contains(word));
        let kept = !(start.sentence && (above == Some(start.at) || opens));
        if kept {
            above = Some(start.at + start.used);
        }
        kept
    });
    let capital = starts.iter().filter(|start| start.capital == Some(true)).count();
    let small = starts.iter().filter(|start| start.capital == Some(false)).count();
    if capital.min(small) * 2 <= capital.max(small) {
        starts.retain(|start| start.required || start.capital.is_none_or(|is| is == (capital > small)));
    }
}

fn line_start<'a>(lines: &[FlowLine<'a>], at: usize, context: &Context<'_>) -> Option<Start<'a>> {
    let line = lines.get(at)?;
    if line.bullet.is_some() || line.code {
        return None;
    }
    let ParameterHead { name, kind, required, rest, sentence } =
        rows::parameter_head(&line.text.content, &context.header, context.keys, context.vocabulary)?;
    let named = !name.is_empty();
    let told = required.is_some();
    let first = line.text.content.get(kind.clone()).and_then(|kind| kind.chars().next());
    let capital = first.filter(char::is_ascii_alphabetic).map(|first| first.is_ascii_uppercase());
    let mut cells =
        vec![(Role::Name, text_cell(part(&line.text, name))), (Role::Type, text_cell(part(&line.text, kind)))];
    if let Some(required) = required {
        cells.push((Role::Required, text_cell(part(&line.text, required))));
    }
    if context.header.example_inline() || !rest.is_empty() {
        cells.push((Role::Example, text_cell(part(&line.text, rest))));
    }
    Some(Start { at, used: 1, cells, named, required: told, sentence, capital })
}

fn stacked_start<'a>(lines: &[FlowLine<'a>], at: usize, context: &Context<'_>) -> Option<Start<'a>> {
    let first = lines.get(at).filter(|line| line.bullet.is_none() && !line.code)?;
    let plain = |offset: usize| lines.get(at + offset).filter(|line| line.bullet.is_none()).map(|line| &line.text);
    let wants = context.header.columns.has(Role::Required);
    let required = |offset: usize| {
        plain(offset).filter(|text| wants && context.vocabulary.required(&text.content).is_some()).cloned()
    };
    let typed = |text: &Text<'_>| types::parse(&text.content, context.vocabulary).is_some();
    let is_type_word = |text: &Text<'_>, container: bool| {
        let holds = |kind| matches!(kind, Type::Object | Type::Array | Type::Map);
        context.vocabulary.type_word(&text.content).is_some_and(|word| holds(word.kind) == container)
    };
    // A name may be a type's word, `Date`, below a line that is a name's by its shape: then its type follows.
    let next_named = plain(1).is_some_and(|text| is_type_word(text, false))
        && plain(2).is_some_and(|text| is_type_word(text, false) || is_type_word(text, true));
    let named = rows::is_name(&first.text.content)
        && !context.vocabulary.is_nothing(&first.text.content)
        && plain(1).is_some_and(typed)
        && !next_named;
    if named {
        let told = required(2);
        let mut cells = vec![
            (Role::Name, text_cell(first.text.clone())),
            (Role::Type, text_cell(plain(1).cloned().unwrap_or_default())),
        ];
        let is_told = told.is_some();
        cells.extend(told.map(|text| (Role::Required, text_cell(text))));
        return Some(Start {
            at,
            used: 2 + usize::from(is_told),
            cells,
            named: true,
            required: is_told,
            sentence: false,
            capital: None,
        });
    }
    let word = context.vocabulary.type_word(&first.text.content)?;
    let lone = matches!(word.kind, Type::Object | Type::Array);
    let told = required(1);
    if !lone && told.is_none() {
        return None;
    }
    let is_told = told.is_some();
    let mut cells = vec![(Role::Type, text_cell(first.text.clone()))];
    cells.extend(told.map(|text| (Role::Required, text_cell(text))));
    Some(Start {
        at,
        used: 1 + usize::from(is_told),
        cells,
        named: false,
        required: is_told,
        sentence: false,
        capital: None,
    })
}

/// Tells a row's example, which stands last, from its description.
fn split_example<'a>(
    mut rest: Vec<FlowLine<'a>>,
    next_apart: bool,
    last_row: bool,
    context: &Context<'_>,
) -> (Vec<FlowLine<'a>>, Vec<FlowLine<'a>>) {
    let columns = &context.header.columns;
    let Some(last) = rest.last() else { return (rest, Vec::new()) };
    if !columns.has(Role::Example) || (context.header.example_inline() && !context.stacked) {
        return (rest, Vec::new());
    }
    let notes = &context.vocabulary.note;
    let opens_note = |line: &FlowLine<'_>| {
        notes.iter().any(|note| {
            line.text.content.strip_prefix(note.as_str()).is_some_and(|r| {
                r.is_empty() || r.starts_with([' ', ':', '：']) || super::cell::is_run_together(note, r)
            })
        })
    };
    let prose = is_prose(&last.text.content);
    let after_note =
        rest.len() > 1 && rest.get(rest.len() - 2).is_some_and(|line| opens_note(line) && line.text.content.len() < 14);
    if opens_note(last) || (last.bullet.is_some() && prose) || (after_note && (prose || context.stacked)) {
        return (rest, Vec::new());
    }
    if context.stacked {
        let keep = rest.len() < 2 && prose || last.bullet.is_some();
        let at = if keep { rest.len() } else { rest.len() - 1 };
        let example = rest.split_off(at);
        return (rest, example);
    }
    // In run-together text the example has no empty line between it and the next row.
    if next_apart || (last_row && rest.len() < 2 && prose) || (rest.len() == 1 && last.gap && prose) {
        return (rest, Vec::new());
    }
    let run = rest.iter().rposition(|line| line.gap).unwrap_or(0);
    let first = rest.get(run).filter(|line| opens_note(line) || line.bullet.is_some());
    let bullets = rest.get(run..).is_some_and(|run| run.iter().any(|line| line.bullet.is_some()));
    let at = if first.is_some() || bullets { rest.len() - 1 } else { run };
    let example = rest.split_off(at);
    (rest, example)
}

/// Whether text reads like a sentence rather than a value.
fn is_prose(text: &str) -> bool {
    let wide = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let ended = text.ends_with(['.', '。', ':', '：', ';', '；']);
    (wide && (ended || text.chars().count() > 12)) || (ended && text.contains(' '))
}

pub(super) fn error_rows<'a>(lines: Vec<FlowLine<'a>>, context: &Context<'_>) -> Vec<Row<'a>> {
    let columns = &context.header.columns;
    let described = columns.has(Role::Description) || columns.has(Role::Solution);
    let mut rows: Vec<Vec<(Role, Vec<FlowLine<'a>>)>> = Vec::new();
    let mut stacked: usize = 0;
    for line in lines {
        let words = line.text.content.as_ref();
        if context.stacked {
            if words.len() == 3 && words.starts_with(['2', '3', '4', '5']) && words.bytes().all(|b| b.is_ascii_digit())
            {
                rows.push(Vec::new());
                stacked = 0;
            }
            let role = columns.roles.get(stacked.min(columns.roles.len() - 1)).copied().flatten();
            if let (Some(current), Some(role)) = (rows.last_mut(), role) {
                match current.iter_mut().find(|(found, _)| *found == role) {
                    Some((_, lines)) => lines.push(line),
                    None => current.push((role, vec![line])),
                }
                stacked += 1;
            }
            continue;
        }
        if let Some(split) = (line.bullet.is_none()).then(|| split_error(words, described, context.learned)).flatten() {
            let cell = |range| FlowLine { text: part(&line.text, range), bullet: None, code: false, gap: false };
            let mut cells = vec![
                (Role::Status, vec![cell(split.status)]),
                (Role::Code, vec![cell(split.code)]),
                (Role::Message, vec![cell(split.message)]),
            ];
            if !split.description.is_empty() {
                cells.push((Role::Description, vec![cell(split.description)]));
            }
            rows.push(cells);
        } else if let Some(current) = rows.last_mut() {
            let role = if described { Role::Description } else { Role::Message };
            match current.iter_mut().find(|(found, _)| *found == role) {
                Some((_, lines)) => lines.push(line),
                None => current.push((role, vec![line])),
            }
        }
    }
    let cells = |cells: Vec<(Role, Vec<FlowLine<'a>>)>| {
        cells.into_iter().map(|(role, lines)| (role, lines_cell(lines))).collect()
    };
    rows.into_iter().map(|found| row(columns, cells(found))).collect()
}

pub(super) fn permission_rows<'a>(lines: Vec<FlowLine<'a>>, context: &Context<'_>) -> Vec<Row<'a>> {
    let columns = &context.header.columns;
    let mut rows: Vec<Vec<(Role, Vec<FlowLine<'a>>)>> = Vec::new();
    // After the resources come the condition keys, then the dependent actions; `none` stands for an empty cell.
    let mut stage = 0;
    for line in lines {
        let words = line.text.content.as_ref();
        let action = |text: &str| {
            text.len() < 120 && !text.contains(' ') && text.split(':').count() == 2 && !text.starts_with("acs:")
        };
        let split = context.vocabulary.access_suffix(words).filter(|(head, _)| line.bullet.is_none() && action(head));
        if let Some((head, _)) = split {
            let cut = head.len();
            let cell = |range| FlowLine { text: part(&line.text, range), bullet: None, code: false, gap: false };
            let end = words.len();
            rows.push(vec![(Role::Action, vec![cell(0..cut)]), (Role::Access, vec![cell(cut..end)])]);
            stage = 0;
            continue;
        }
        if context.stacked && action(words) && line.bullet.is_none() && stage != 1 {
            rows.push(vec![(Role::Action, vec![line])]);
            stage = 3;
            continue;
        }
        let Some(current) = rows.last_mut() else { continue };
        let resource = words.starts_with("acs:")
            || words == "*"
            || words.starts_with('*')
            || context.vocabulary.is_everything(words);
        let none = context.vocabulary.is_nothing(words);
        let role = if stage == 3 {
            stage = 0;
            Role::Access
        } else if stage == 0 && !none && (resource || !words.contains(':')) {
            Role::Resource
        } else {
            let role = if stage < 2 { Role::Condition } else { Role::Dependent };
            stage = if none || stage == 2 { stage.max(1) + 1 } else { 1 };
            role
        };
        match current.iter_mut().find(|(found, _)| *found == role) {
            Some((_, lines)) => lines.push(line),
            None => current.push((role, vec![line])),
        }
    }
    let cells = |cells: Vec<(Role, Vec<FlowLine<'a>>)>| {
        cells.into_iter().map(|(role, lines)| (role, lines_cell(lines))).collect()
    };
    rows.into_iter().map(|found| row(columns, cells(found))).collect()
}

/// Rows that begin with a date or a status: `2022-10-28OpenAPI …`, `200Success`.
pub(super) fn plain_rows<'a>(lines: Vec<FlowLine<'a>>, context: &Context<'_>) -> Vec<Row<'a>> {
    let columns = &context.header.columns;
    let mut rows = Vec::new();
    let mut current: Vec<(Role, Cell<'a>)> = Vec::new();
    let roles: Vec<Role> = columns.roles.iter().flatten().copied().collect();
    for line in lines {
        let words = line.text.content.as_ref();
        let key = key_length(words, columns.kind);
        if let Some(length) = key {
            if !current.is_empty() {
                rows.push(row(columns, std::mem::take(&mut current)));
            }
            let first = roles.first().copied().unwrap_or(Role::Date);
            current.push((first, text_cell(part(&line.text, 0..length))));
            let rest = words.get(length..).unwrap_or_default();
            let link = context.vocabulary.links.iter().find_map(|link| rest.strip_suffix(link.as_str()));
            let body = link.unwrap_or(rest);
            let lead = body.len() - body.trim_start().len();
            let end = length + body.trim_end().len();
            if length + lead < end {
                let role = roles.get(1).copied().unwrap_or(Role::Summary);
                current.push((role, text_cell(part(&line.text, length + lead..end))));
            }
        } else if current.is_empty() {
            // A line such as `No change history` is a row of one cell.
            rows.push(row(columns, vec![(roles.first().copied().unwrap_or(Role::Date), text_cell(line.text))]));
        } else if let Some(role) = roles.iter().find(|role| !current.iter().any(|(found, _)| found == *role)) {
            current.push((*role, text_cell(line.text)));
        }
    }
    if !current.is_empty() {
        rows.push(row(columns, current));
    }
    rows
}

/// The length of the date or status a row begins with.
fn key_length(text: &str, kind: TableKind) -> Option<usize> {
    let shape: &[u8] = if kind == TableKind::History { b"0000-00-00" } else { b"000" };
    let head = text.as_bytes().get(..shape.len())?;
    let fits =
        head.iter().zip(shape).all(|(byte, shape)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape });
    fits.then_some(shape.len())
}
