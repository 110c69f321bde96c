//! What a table lists and what its columns hold, told by its header's words.

use std::collections::BTreeMap;

use super::vocabulary::{Role, TableKind, Vocabulary, folded};
use crate::page::{Cell, Row, Table};

/// How many rows tell what a column holds.
const LOOKED_AT: usize = 64;

/// A header, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) kind: TableKind,
    /// One a column; `None` where the word is unknown.
    pub(crate) roles: Vec<Option<Role>>,
}

impl Columns {
    /// The first cell of a row that stands in a column of this role.
    pub(crate) fn cell<'r, 'a>(&self, cells: &'r [Cell<'a>], role: Role) -> Option<&'r Cell<'a>> {
        let at = self.roles.iter().position(|found| *found == Some(role))?;
        cells.get(at)
    }

    /// Whether there is a column of this role.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.roles.contains(&Some(role))
    }
}

/// The columns of a table whose header the vocabulary knows.
pub(crate) fn of_table(table: &Table<'_>, vocabulary: &Vocabulary) -> Option<Columns> {
    let header = if table.header.is_empty() { &table.rows.first()?.cells } else { &table.header };
    if header.len() > 64 {
        return None;
    }
    let words: Vec<String> = header.iter().map(|cell| title(cell, vocabulary)).collect();
    let mut columns = of_words(&words.iter().map(String::as_str).collect::<Vec<_>>(), vocabulary)?;
    let skip = usize::from(table.header.is_empty());
    for at in 0..columns.roles.len() {
        if columns.roles.get(at) == Some(&None)
            && let Some(role) = by_content(&columns, at, table.rows.iter().skip(skip), vocabulary)
        {
            columns.roles[at] = Some(role);
        }
    }
    Some(columns)
}

/// A column's title: all words of its cell; where these are no title and header rows stand one below the other, the lowest
/// that is.
fn title(cell: &Cell<'_>, vocabulary: &Vocabulary) -> String {
    let whole = super::cell::line(cell);
    let is_known = |words: &str| vocabulary.columns().values().any(|known| known.contains_key(&folded(words)));
    if cell.blocks.len() < 2 || is_known(&whole) {
        return whole;
    }
    let rows = cell.blocks.iter().rev().map(|block| Cell { blocks: vec![block.clone()], span: cell.span });
    rows.map(|row| super::cell::line(&row)).find(|words| is_known(words)).unwrap_or(whole)
}

/// What a column with an unknown title holds, where all its cells say so: types, yes and no, statuses.
fn by_content<'r, 'a: 'r>(
    columns: &Columns,
    at: usize,
    rows: impl Iterator<Item = &'r Row<'a>>,
    vocabulary: &Vocabulary,
) -> Option<Role> {
    let cells = rows.take(LOOKED_AT).filter_map(|row| row.cells.get(at)).map(super::cell::line);
    let cells: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
    if cells.is_empty() {
        return None;
    }
    let is_status = |cell: &str| cell.len() == 3 && cell.parse().is_ok_and(|status| (100..600_u16).contains(&status));
    let holds = |role: Role, cell: &str| match role {
        Role::Required => vocabulary.required(cell).is_some(),
        Role::Type => super::types::parse(cell, vocabulary).is_some(),
        _ => is_status(cell),
    };
    let roles: &[Role] = match columns.kind {
        TableKind::Parameters => &[Role::Required, Role::Type],
        TableKind::Errors => &[Role::Status],
        _ => &[],
    };
    roles.iter().copied().find(|role| !columns.has(*role) && cells.iter().all(|cell| holds(*role, cell)))
}

/// The columns that a header's words name: the kind of table that knows most of them.
pub(crate) fn of_words(words: &[&str], vocabulary: &Vocabulary) -> Option<Columns> {
    let mut best: Option<(usize, Columns)> = None;
    for (kind, known) in vocabulary.columns() {
        let mut roles: Vec<Option<Role>> = Vec::with_capacity(words.len());
        for word in words {
            let word = folded(word.trim_matches(['*', ':', '：', ' ']));
            let role = known.get(&word).copied().or_else(|| misspelt(&word, known));
            let role = role.filter(|role| !roles.contains(&Some(*role)));
            roles.push(role);
        }
        let count = roles.iter().flatten().count();
        let columns = Columns { kind: *kind, roles };
        if suffices(&columns) && best.as_ref().is_none_or(|(most, _)| count > *most) {
            best = Some((count, columns));
        }
    }
    best.map(|(_, columns)| columns)
}

/// The role of the one title that is a slip of the hand away: `HTTP stauts code`.
fn misspelt(word: &str, known: &BTreeMap<String, Role>) -> Option<Role> {
    if word.len() < 7 || word.len() > 40 || !word.is_ascii() {
        return None;
    }
    let near = |other: &&String| other.len().abs_diff(word.len()) < 2 && strsim::osa_distance(other, word) == 1;
    let mut found = known.iter().filter(|(other, _)| near(other)).map(|(_, role)| *role);
    let role = found.next()?;
    found.all(|other| other == role).then_some(role)
}

/// Whether the roles make a table of its kind.
fn suffices(columns: &Columns) -> bool {
    let has = |role| columns.has(role);
    match columns.kind {
        // A number may stand before the name; more before it than that and the name is not what the table is about.
        TableKind::Parameters => {
            let strange =
                columns.roles.iter().take_while(|role| **role != Some(Role::Name)).filter(|role| role.is_none());
            has(Role::Name) && (has(Role::Type) || has(Role::Description)) && strange.count() < 2
        }
        TableKind::Errors => has(Role::Code) && (has(Role::Message) || has(Role::Description) || has(Role::Status)),
        TableKind::Permissions => has(Role::Action) && has(Role::Access),
        TableKind::History => has(Role::Date) && has(Role::Summary),
        TableKind::Statuses => has(Role::Status) && (has(Role::Description) || has(Role::Name)),
    }
}

/// A header whose cells run together: `ParameterTypeRequired`, or `Parameter Type Required` with `spaced`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunOn {
    pub(crate) columns: Columns,
    pub(crate) spaced: bool,
}

impl RunOn {
    /// Whether an example stands in front of the description, and so in the row's first line.
    pub(crate) fn example_inline(&self) -> bool {
        let at = |role| self.columns.roles.iter().position(|found| *found == Some(role));
        at(Role::Example).zip(at(Role::Description)).is_some_and(|(example, description)| example < description)
    }
}

/// Splits a line into column names, if it is nothing else.
pub(crate) fn of_line(line: &str, vocabulary: &Vocabulary) -> Option<RunOn> {
    if line.len() > 160 {
        return None;
    }
    let mut best: Option<RunOn> = None;
    let lower = line.to_lowercase();
    for (kind, known) in vocabulary.columns() {
        let mut roles = Vec::new();
        let mut gaps = 0;
        let whole =
            |roles: &[Role]| suffices(&Columns { kind: *kind, roles: roles.iter().map(|role| Some(*role)).collect() });
        if !segment(&lower, known, &whole, &mut roles, &mut gaps) {
            continue;
        }
        let columns = Columns { kind: *kind, roles: roles.iter().map(|role| Some(*role)).collect() };
        let spaced = gaps + 1 >= roles.len();
        let enough = roles.len() > 2 || (roles.len() == 2 && !spaced);
        if enough && best.as_ref().is_none_or(|b| b.columns.roles.len() < roles.len()) {
            best = Some(RunOn { columns, spaced });
        }
    }
    best
}

/// Covers `rest` with words, each role once; the longest word first, going back where that leads nowhere.
fn segment(
    rest: &str,
    known: &BTreeMap<String, Role>,
    whole: &impl Fn(&[Role]) -> bool,
    roles: &mut Vec<Role>,
    gaps: &mut usize,
) -> bool {
    if rest.is_empty() {
        return whole(roles);
    }
    if roles.len() > 12 {
        return false;
    }
    let mut fits: Vec<(&str, Role)> = known
        .iter()
        .filter(|(word, role)| rest.starts_with(word.as_str()) && !roles.contains(role))
        .map(|(word, role)| (word.as_str(), *role))
        .collect();
    fits.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    for (word, role) in fits {
        let after = rest.get(word.len()..).unwrap_or_default();
        let next = after.trim_start();
        let gap = usize::from(next.len() < after.len());
        roles.push(role);
        *gaps += gap;
        if segment(next, known, whole, roles, gaps) {
            return true;
        }
        roles.pop();
        *gaps -= gap;
    }
    false
}
