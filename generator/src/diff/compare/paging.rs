//! How an operation pages and what callers wait for, as far as its spec says it: the methods that walk and wait.

use std::collections::BTreeSet;

use crate::diff::finding::Recorder;
use crate::diff::rule::Bump;
use crate::spec::{Operation, Pagination, Waiter, paging};

/// Compares what the specs say of paging. Where they say nothing, it follows from parameters and answers, whose changes
/// are told for themselves.
pub(super) fn compare(recorder: &mut Recorder<'_>, old: &Operation, new: &Operation) {
    if old.pagination != new.pagination {
        let (was, is) = (paging::of(old), paging::of(new));
        let texts = (was.as_ref().map(text), is.as_ref().map(text));
        let rule = match (&was, &is) {
            (None, Some(_)) => "pagination-added",
            (Some(_), None) => "pagination-removed",
            (Some(was), Some(is)) if was != is => "pagination-changed",
            _ => return,
        };
        let entry = recorder.add(rule, "pagination").before(texts.0).after(texts.1);
        if let (Some(was), Some(is)) = (was, is)
            && (&was.items, was.style) != (&is.items, is.style)
        {
            // The walk gives other items, or goes on from another kind of position.
            entry.rust(Bump::Major);
        }
    }
}

/// Compares what callers wait for, by name.
pub(super) fn compare_waiters(recorder: &mut Recorder<'_>, old: &[Waiter], new: &[Waiter]) {
    let names: BTreeSet<&str> = old.iter().chain(new).map(|waiter| waiter.name.as_str()).collect();
    for name in names {
        let find = |waiters: &'_ [Waiter]| waiters.iter().find(|waiter| waiter.name == name).map(waiter_text);
        let ids = ["waiter-added", "waiter-removed", "waiter-changed"];
        recorder.add_change(ids, &format!("waiters.{name}"), find(old).as_deref(), find(new).as_deref());
    }
}

/// `page by PageNumber, size PageSize, items Disks.Disk`.
fn text(said: &Pagination) -> String {
    let style = format!("{:?}", said.style).to_lowercase();
    let first = said.first.map(|first| first.to_string());
    let facts = [
        ("by", &said.position),
        ("from", &first),
        ("size", &said.size),
        ("items", &said.items),
        ("next", &said.next),
        ("total", &said.total),
        ("more", &said.more),
    ];
    let facts = facts.into_iter().filter_map(|(word, fact)| Some(format!("{word} {}", fact.as_ref()?)));
    let sends = said.sends_size.then(|| "sends its size".to_owned());
    let parts: Vec<String> = facts.chain(sends).collect();
    if parts.is_empty() { style } else { format!("{style} {}", parts.join(", ")) }
}

/// `Disk.Status: Available | InUse, failed: Error`.
fn waiter_text(waiter: &Waiter) -> String {
    let failed =
        if waiter.failed.is_empty() { String::new() } else { format!(", failed: {}", waiter.failed.join(" | ")) };
    format!("{}: {}{failed}", waiter.status, waiter.until.join(" | "))
}
