//! Waiting for a status: the table that the runtime finds it by, and the methods that wait.

use quote::quote;
use serde::Serialize;

use super::docs;
use super::name::{Scope, constant, snake};
use super::paging::{path, place};
use super::types::Types;
use crate::spec::waiting::{self, Status};
use crate::spec::{Field, Operation};

/// What the template is given of an operation whose answer has a status.
#[derive(Debug, Serialize)]
pub(super) struct WaitingContext {
    /// The method that waits for listed states, its docs, the states' enum and the status's static, where they are listed.
    method: String,
    doc: String,
    states: Option<String>,
    table: String,
    named: Vec<NamedWaiter>,
}

/// A state of things that the spec names.
#[derive(Debug, Serialize)]
struct NamedWaiter {
    method: String,
    constant: String,
    doc: String,
    until: String,
    table: String,
}

/// The context of an operation with a status in its answer, where it reads or its spec says that callers wait with it;
/// `fields` are the answer's, whose types have their names, and `taken` are the builder's methods.
pub(super) fn context(
    operation: &Operation,
    reads: bool,
    fields: &[Field],
    types: &Types,
    taken: &[&str],
) -> Option<WaitingContext> {
    let found = waiting::status(operation).filter(|_| reads);
    if found.is_none() && operation.waiters.is_empty() {
        return None;
    }
    let mut scope = Scope::reserving(["into_items", "into_pages", "send", "wait_until"].iter().chain(taken).copied());
    let mut statics = Scope::reserving(["STATUS"]);
    let mut context = WaitingContext {
        method: String::new(),
        doc: String::new(),
        states: None,
        table: String::new(),
        named: Vec::new(),
    };
    if let Some(status) = &found {
        let failed = status.failed();
        let table = table(status, fields, failed.iter().copied());
        if let (Some(states), Some(table)) = (states(status, fields, types), table) {
            context.method = scope.claim(&format!("wait_for_{}", snake(&status.field.name).trim_end_matches('_')));
            context.doc = docs::attributes(&about(status, &failed)).to_string();
            (context.states, context.table) = (Some(states), table);
        }
    }
    for waiter in &operation.waiters {
        let Some(status) = waiting::at(operation, &waiter.status) else { continue };
        let own = waiter.failed.iter().map(String::as_str).collect::<Vec<_>>();
        let failed = if own.is_empty() { status.failed() } else { own };
        let until = &waiter.until;
        let listed = until.iter().map(|state| docs::code(state)).collect::<Vec<_>>().join(" or ");
        let text = format!(
            "Makes the call again and again until {} is {listed}. Nothing is sent before the result is awaited.",
            docs::code(&status.name())
        );
        let Some(table) = table(&status, fields, failed.into_iter()) else { continue };
        context.named.push(NamedWaiter {
            method: scope.claim(&format!("wait_until_{}", snake(&waiter.name).trim_end_matches('_'))),
            constant: statics.claim(&format!("UNTIL_{}", constant(&waiter.name))),
            doc: docs::attributes(&text).to_string(),
            until: quote!([#(#until),*]).to_string(),
            table,
        });
    }
    Some(context)
}

fn about(status: &Status<'_>, failed: &[&str]) -> String {
    let each = if status.list.is_empty() { "is" } else { "of each item, of which there is at least one, is" };
    let mut text = format!(
        "Makes the call again and again until {} {each} one of these. Nothing is sent before the result is awaited.",
        docs::code(&status.name())
    );
    if !failed.is_empty() {
        let failed: Vec<_> = failed.iter().map(|state| docs::code(state)).collect();
        text = format!("{text}\n\nUnless it is asked for, {} ends the wait with an error.", failed.join(" or "));
    }
    text
}

fn table<'a>(status: &Status<'_>, fields: &[Field], failed: impl Iterator<Item = &'a str>) -> Option<String> {
    let failed = quote!(&[#(#failed),*]);
    if status.list.is_empty() {
        let field = path(&place(fields, status.path.iter().copied())?);
        return Some(quote!(schema::Status::new(#field, #failed)).to_string());
    }
    let list = place(fields, status.list.iter().copied())?;
    let field = path(&place(items(fields, &status.list)?, status.path.iter().copied())?);
    let list = path(&list);
    Some(quote!(schema::Status::new(#field, #failed).of_each(#list)).to_string())
}

/// The fields of the items of a list.
fn items<'a>(fields: &'a [Field], names: &[&str]) -> Option<&'a [Field]> {
    let (last, way) = names.split_last()?;
    let mut within = fields;
    for name in way {
        within = &within.iter().find(|field| field.name == *name)?.fields;
    }
    Some(&within.iter().find(|field| field.name == *last)?.items.as_deref()?.fields)
}

/// The enum of the status's listed states.
fn states(status: &Status<'_>, fields: &[Field], types: &Types) -> Option<String> {
    if status.field.values.is_empty() {
        return None;
    }
    let mut answer = types.answers.first()?;
    let mut within = fields;
    let names: Vec<&str> = status.list.iter().chain(&status.path).copied().collect();
    let (last, way) = names.split_last()?;
    for name in way {
        let index = within.iter().position(|field| field.name == *name)?;
        let holds = answer.fields.get(index)?.holds.as_deref()?;
        answer = types.answers.iter().find(|known| known.name == holds)?;
        let field = within.get(index)?;
        within = field.items.as_deref().map_or(&field.fields, |items| &items.fields);
    }
    answer.fields.get(within.iter().position(|field| field.name == *last)?)?.holds.clone()
}
