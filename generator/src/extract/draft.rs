//! A field while it is being read: what is known of it, and where each piece of that stands.

use std::borrow::Cow;

use crate::page::Span;
use crate::provenance::{Certainty, Fact, Loser, Settlement};
use crate::spec::{Field, Type};

/// Where a fact of a draft stands.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// The fact's key below the field.
    pub(crate) key: Cow<'static, str>,
    pub(crate) span: Span,
    pub(crate) rule: &'static str,
    pub(crate) certainty: Certainty,
    /// What other sources say instead.
    pub(crate) losers: Vec<Refuted>,
}

/// What another source of the page says of a fact, and that was not believed.
#[derive(Clone, Debug)]
pub(crate) struct Refuted {
    pub(crate) span: Span,
    pub(crate) rule: &'static str,
    pub(crate) settled: Settlement,
    pub(crate) value: String,
}

/// A field being read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) field: Field,
    pub(crate) marks: Vec<Mark>,
    /// The fields of an object, or of an array's or map's items.
    pub(crate) children: Vec<Draft>,
    /// What the prose says, for rules that need the other fields too.
    pub(crate) prose: Vec<(String, Span)>,
    /// The place of its row.
    pub(crate) span: Span,
    /// The schema that its type names.
    pub(crate) schema: Option<String>,
    /// Where the links in its type lead.
    pub(crate) type_links: Vec<String>,
    /// Where the links in its description lead.
    pub(crate) links: Vec<String>,
    /// Whether its name is prose: it stands for any entry of a map.
    pub(crate) any_name: bool,
    /// The place of a row without a name below it, which says that its items are objects.
    pub(crate) items_row: Option<Span>,
    /// Whether the page says that the numbers in its name begin with nought: the list it is part of may be left out.
    pub(crate) may_be_none: bool,
    /// How deep its name is indented in the table.
    pub(crate) depth: usize,
    /// Whether the page left it open which row it is part of.
    pub(crate) inferred: bool,
}

impl Draft {
    /// Notes where a fact stands.
    pub(crate) fn mark(
        &mut self,
        key: impl Into<Cow<'static, str>>,
        span: Span,
        rule: &'static str,
        certainty: Certainty,
    ) {
        let key = key.into();
        let losers = match self.marks.iter().position(|mark| mark.key == key) {
            Some(at) => self.marks.remove(at).losers,
            None => Vec::new(),
        };
        self.marks.push(Mark { key, span, rule, certainty, losers });
    }

    /// Keeps what another source says of a fact that was not believed; the fact is as sure as `certainty` at most.
    pub(crate) fn refute(&mut self, key: &str, loser: Refuted, certainty: Certainty) {
        if let Some(mark) = self.marks.iter_mut().find(|mark| mark.key == key) {
            mark.certainty = mark.certainty.min(certainty);
            mark.losers.push(loser);
        }
    }

    /// Whether the field is an object, or a list or map of anything.
    pub(crate) fn is_nest(&self) -> bool {
        matches!(self.field.kind, Type::Object | Type::Array | Type::Map)
    }

    /// Whether it may have fields: a container, or of a type the page does not say.
    pub(crate) fn may_hold_fields(&self) -> bool {
        self.is_container() || self.field.kind == Type::Any
    }

    /// Whether the field can hold others.
    pub(crate) fn is_container(&self) -> bool {
        match self.field.kind {
            Type::Object => true,
            Type::Array | Type::Map => {
                self.field.items.as_ref().is_none_or(|item| matches!(item.kind, Type::Object | Type::Any))
            }
            _ => false,
        }
    }

    /// Whether the field may hold others: a container, or one whose type the page does not say.
    pub(crate) fn may_hold(&self) -> bool {
        self.is_container() || self.field.kind == Type::Any
    }

    /// The path of what its fields belong to, where its own is `path`.
    pub(crate) fn inside(&self, path: &str) -> String {
        let mut below = path.to_owned();
        let mut holder = Some(&self.field);
        for _ in 0..4 {
            below.push_str(match holder.map(|field| field.kind) {
                Some(Type::Array) => "[]",
                Some(Type::Map) => "{}",
                _ => break,
            });
            holder = holder.and_then(|field| field.items.as_deref());
        }
        below
    }

    /// The field, and its facts under `prefix`.
    pub(crate) fn finish(mut self, prefix: &str, page: &str, facts: &mut Vec<Fact>) -> Field {
        let path = format!("{prefix}.{}", self.field.name);
        let below = self.inside(&path);
        for mark in self.marks {
            let losers = mark.losers.into_iter().map(|Refuted { span, rule, settled, value }| {
                let page = page.to_owned();
                Loser { page, span, rule, settled, value }
            });
            facts.push(Fact {
                path: format!("{path}.{}", mark.key),
                page: page.to_owned(),
                span: mark.span,
                rule: mark.rule,
                certainty: mark.certainty,
                losers: losers.collect(),
            });
        }
        if self.children.is_empty() {
            if let (Type::Array, Some(item)) = (self.field.kind, &self.field.items)
                && item.kind == Type::Any
            {
                self.field.items = None;
            }
            return self.field;
        }
        // The fields belong to the innermost items: those of a map of lists to the lists'.
        let mut holder = &mut self.field;
        for _ in 0..4 {
            if !matches!(holder.kind, Type::Array | Type::Map) {
                break;
            }
            holder = &mut **holder.items.get_or_insert_default();
        }
        holder.kind = Type::Object;
        holder.fields = self.children.into_iter().map(|child| child.finish(&below, page, facts)).collect();
        self.field
    }
}
