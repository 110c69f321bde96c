//! Tables of permissions.

use super::cell;
use super::columns;
use super::page::Reading;
use super::vocabulary::{Role, TableKind};
use crate::page::{Block, Cell};
use crate::provenance::Certainty;
use crate::spec::Permission;

/// Reads the permission tables of the page.
pub(crate) fn read(reading: &mut Reading<'_, '_, '_>) {
    let sections = reading.sections;
    for (at, block) in sections.iter().flat_map(|section| &section.blocks) {
        let Block::Table(table) = block else { continue };
        let Some(columns) = columns::of_table(table, &reading.provider.vocabulary) else { continue };
        if columns.kind != TableKind::Permissions {
            continue;
        }
        reading.claim(*at);
        let mut unclaimed = Vec::new();
        for row in &table.rows {
            let action = columns.cell(&row.cells, Role::Action).map(cell::line).unwrap_or_default();
            if !reading.provider.action_shape.as_ref().is_none_or(|shape| shape.is_match(&action)) {
                unclaimed.push(row.span);
                continue;
            }
            let list = |role| columns.cell(&row.cells, role).map(|cell| words(cell, reading)).unwrap_or_default();
            let permission = Permission {
                access: columns
                    .cell(&row.cells, Role::Access)
                    .and_then(|cell| reading.provider.vocabulary.access(&cell::line(cell))),
                resources: resources(&list(Role::Resource), reading),
                conditions: list(Role::Condition),
                dependent_actions: list(Role::Dependent),
                action,
            };
            let span = |role| columns.cell(&row.cells, role).map_or(row.span, |cell| cell.span);
            let path = format!("permissions.{}", permission.action);
            reading.fact(format!("{path}.action"), span(Role::Action), "column-action", Certainty::Certain);
            if permission.access.is_some() {
                reading.fact(format!("{path}.access"), span(Role::Access), "column-access", Certainty::Certain);
            }
            let lists = [
                ("resources", Role::Resource, permission.resources.is_empty()),
                ("conditions", Role::Condition, permission.conditions.is_empty()),
                ("dependent_actions", Role::Dependent, permission.dependent_actions.is_empty()),
            ];
            for (key, role, empty) in lists {
                if !empty {
                    reading.fact(format!("{path}.{key}"), span(role), "column-permission", Certainty::Likely);
                }
            }
            reading.operation.permissions.push(permission);
        }
        reading.count_rows(table.rows.len(), &unclaimed, "permissions");
    }
}

/// The entries of a cell, `none` left out.
fn words(cell: &Cell<'_>, reading: &Reading<'_, '_, '_>) -> Vec<String> {
    cell::lines(cell)
        .lines()
        .flat_map(entries)
        .filter(|word| !reading.provider.vocabulary.is_nothing(word))
        .map(str::to_owned)
        .collect()
}

/// The resources of a cell: their patterns, or `*` for all; a resource's bare name only where it has no pattern.
fn resources(entries: &[String], reading: &Reading<'_, '_, '_>) -> Vec<String> {
    let shape = reading.provider.resource_shape.as_ref();
    let mut found: Vec<String> =
        entries.iter().filter(|entry| shape.is_some_and(|shape| shape.is_match(entry))).cloned().collect();
    if found.is_empty() && entries.iter().any(|entry| reading.provider.vocabulary.is_everything(entry)) {
        found.push("*".to_owned());
    }
    if found.is_empty() {
        found =
            entries.iter().map(|entry| entry.trim_start_matches('*').to_owned()).filter(|e| !e.is_empty()).collect();
    }
    found.dedup();
    found
}

/// An entry may hold a resource's name and its pattern in one line.
fn entries(line: &str) -> Vec<&str> {
    match line.split_once(" acs:") {
        Some((name, _)) => vec![name, line.get(name.len() + 1..).unwrap_or_default()],
        None => vec![line],
    }
}
