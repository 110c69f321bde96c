//! Lists in pages: the table that the runtime walks them by, and the type of their items.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use super::docs;
use super::types::Types;
use crate::spec::paging::{self, Place};
use crate::spec::{Field, Operation, Pagination, PaginationStyle, Type};

/// What the template is given of an operation that pages.
#[derive(Debug, Serialize)]
pub(super) struct PagingContext {
    /// The operation's static, in Rust.
    table: String,
    /// The type of the items, where there is one list.
    item: Option<String>,
    doc: String,
}

/// The context of an operation that pages; `fields` are its answer's, whose types have their names.
pub(super) fn context(operation: &Operation, fields: &[Field], types: &Types) -> Option<PagingContext> {
    let found = paging::of(operation)?;
    let lists = paging::lists(fields);
    let items = found.items.as_deref().and_then(|name| lists.iter().find(|list| list.name() == name));
    let counted: Vec<_> = items.map_or_else(|| lists.iter().collect(), |items| vec![items]);
    let counted: Vec<_> = counted.iter().filter_map(|list| place(fields, list.path.iter().copied())).collect();
    let table = table(&found, operation, fields, &counted)?;
    let item = items.and_then(|list| item_type(list, fields, types));
    let of = items.map(|list| format!(", {}", docs::code(&list.name()))).unwrap_or_default();
    let doc = format!(
        "The items of the list{of}, over all pages, as a stream. Nothing is sent before the first is asked for, and a \
         page only when the one before is used up."
    );
    Some(PagingContext { table: table.to_string(), item, doc: docs::attributes(&doc).to_string() })
}

fn table(found: &Pagination, operation: &Operation, fields: &[Field], lists: &[Vec<usize>]) -> Option<TokenStream> {
    let parameter = |name: &Option<String>| {
        let name = name.as_deref()?;
        let index = operation.request.iter().position(|field| field.name == name)?;
        Some((Literal::usize_unsuffixed(index), operation.request.get(index)?))
    };
    let (position, field) = parameter(&found.position)?;
    let place = |name: &Option<String>| place(fields, name.as_deref()?.split('.')).map(|place| path(&place));
    let mut table = match found.style {
        PaginationStyle::None => return None,
        PaginationStyle::Page => quote!(schema::Paging::page(#position)),
        PaginationStyle::Offset => quote!(schema::Paging::offset(#position)),
        PaginationStyle::Token => {
            let next = place(&found.next)?;
            quote!(schema::Paging::token(#position, #next))
        }
        PaginationStyle::Marker => {
            let (list, member) = found.next.as_deref()?.split_once("[].")?;
            let list = paging::lists(fields).into_iter().find(|known| known.name() == list)?;
            let members = &list.field.items.as_deref()?.fields;
            let member = Literal::usize_unsuffixed(members.iter().position(|field| field.name == member)?);
            quote!(schema::Paging::marker(#position, #member))
        }
    };
    let counts = matches!(found.style, PaginationStyle::Page | PaginationStyle::Offset);
    if matches!(field.kind, Type::Integer | Type::Number) || counts && field.kind == Type::Any {
        table = quote!(#table.numeric());
    }
    if let Some(first) = found.first.map(Literal::i64_unsuffixed) {
        table = quote!(#table.first(#first));
    }
    if let Some((size, field)) = parameter(&found.size) {
        let option = |number: Option<i64>| {
            let number = number.map(Literal::i64_unsuffixed);
            number.map_or_else(|| quote!(None), |number| quote!(Some(#number)))
        };
        let max = field.max.as_ref().and_then(serde_yaml::Number::as_i64);
        let (usual, max) = (option(paging::usual_size(field)), option(max));
        table = quote!(#table.size(#size, #usual, #max));
        if found.sends_size {
            table = quote!(#table.sends_size());
        }
    }
    let lists = lists.iter().map(|list| path(list));
    table = quote!(#table.lists(&[#(#lists),*]));
    if let Some(total) = place(&found.total) {
        table = quote!(#table.total(#total));
    }
    if let Some(more) = place(&found.more) {
        table = quote!(#table.more(#more));
    }
    Some(table)
}

/// The numbers of the fields that names lead through.
pub(super) fn place<'a>(fields: &[Field], names: impl Iterator<Item = &'a str>) -> Option<Vec<usize>> {
    let mut within = fields;
    let mut out = Vec::new();
    for name in names {
        let index = within.iter().position(|field| field.name == name)?;
        out.push(index);
        within = within.get(index)?.fields.as_slice();
    }
    Some(out)
}

pub(super) fn path(numbers: &[usize]) -> TokenStream {
    let numbers = numbers.iter().map(|number| Literal::usize_unsuffixed(*number));
    quote!(&[#(#numbers),*])
}

/// The type of a list's items, where the runtime hands them out one by one: answer types and text.
fn item_type(list: &Place<'_>, fields: &[Field], types: &Types) -> Option<String> {
    let (name, way) = list.path.split_last()?;
    let mut answer = types.answers.first()?;
    let mut within = fields;
    for step in way {
        let index = within.iter().position(|field| field.name == *step)?;
        let holds = answer.fields.get(index)?.holds.as_deref()?;
        answer = types.answers.iter().find(|known| known.name == holds)?;
        within = within.get(index)?.fields.as_slice();
    }
    let accessor = answer.fields.get(within.iter().position(|field| field.name == *name)?)?;
    let text = accessor.returns.replace(' ', "") == "&[String]" && accessor.read.contains("strings");
    accessor.holds.clone().or_else(|| text.then(|| "String".to_owned()))
}
