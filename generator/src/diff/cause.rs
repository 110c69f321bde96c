//! Who caused a change, and where its fact stands on the page: read from the two sides' `sources.lock`.

use std::collections::BTreeSet;

use super::finding::{Cause, Finding, PagePlace};
use crate::spec::lock::{Lock, LockedFact, SERVICE};

/// The rule of facts that a person set.
const OVERLAY: &str = "overlay";

/// Marks the findings of one service.
pub(crate) fn mark(findings: &mut [Finding], old: &Lock, new: &Lock) {
    for finding in findings {
        let name = if finding.operation.is_empty() { SERVICE } else { &finding.operation };
        let old_name = match &finding.from {
            Some(from) if finding.rule.id == "operation-renamed" => from.as_str(),
            _ => name,
        };
        let (was, is) = (old.operations.get(old_name), new.operations.get(name));
        let old_path = finding.from.as_deref().unwrap_or(&finding.path);
        // A rename in Rust stands at the operation itself, and its fact at a key.
        let [old_path, path] =
            if finding.rule.id == "operation-rust-renamed" { ["rust_name"; 2] } else { [old_path, &finding.path] };
        let (then, now) = (was.map(|facts| at(facts, old_path)), is.map(|facts| at(facts, path)));
        finding.page_before = then.as_ref().and_then(|facts| place(old, facts));
        finding.page_after = now.as_ref().and_then(|facts| place(new, facts));
        let set = |facts: &Option<Vec<&LockedFact>>| facts.iter().flatten().any(|fact| fact.rule == OVERLAY);
        finding.cause = if set(&then) || set(&now) {
            Cause::Overlay
        } else {
            match (was, is) {
                (None, None) => Cause::Unknown,
                (was, is) => {
                    let (was, is) = (pages(old, was), pages(new, is));
                    let known = |lock: &Lock, pages: &BTreeSet<&str>| {
                        pages.iter().all(|page| lock.pages.iter().any(|known| known.sha256 == *page))
                    };
                    // What stands on pages that both sides read was read differently.
                    let same =
                        if was.is_empty() { known(old, &is) } else { was == is || (is.is_empty() && known(new, &was)) };
                    if same { Cause::Extractor } else { Cause::Page }
                }
            }
        };
    }
}

/// The hashes of the pages that facts stand on.
fn pages<'l>(lock: &'l Lock, facts: Option<&Vec<LockedFact>>) -> BTreeSet<&'l str> {
    let facts = facts.into_iter().flatten();
    facts.filter_map(|fact| lock.pages.get(fact.page)).map(|page| page.sha256.as_str()).collect()
}

/// The facts at a finding's path, or below it.
fn at<'l>(facts: &'l [LockedFact], path: &str) -> Vec<&'l LockedFact> {
    // Values stand below their field in the lock, under `values`.
    let field = path.split('=').next().unwrap_or(path);
    let wanted = match field.strip_prefix("response.") {
        Some(rest) => format!("responses.{rest}"),
        None => field.to_owned(),
    };
    if wanted.is_empty() {
        return Vec::new();
    }
    let below = |fact: &&LockedFact| {
        fact.path.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
    };
    facts.iter().filter(below).collect()
}

fn place(lock: &Lock, facts: &[&LockedFact]) -> Option<PagePlace> {
    let fact = facts.iter().find(|fact| fact.rule != OVERLAY)?;
    let page = lock.pages.get(fact.page)?;
    Some(PagePlace { page: page.name.clone(), line: fact.start.line, column: fact.start.column })
}

#[cfg(test)]
mod tests {
    use super::mark;
    use crate::diff::Cause;
    use crate::diff::finding::Recorder;
    use crate::spec::lock;

    fn lock_of(hash: &str, rule: &str) -> lock::Lock {
        let text = format!(
            "# docsdk sources.lock 1\npage 1 {hash} pages/a.md\noperation Op\nrequest.A.type\t1\t3:5-3:9\t{rule}\tcertain\n"
        );
        lock::read(&text, "sources.lock").unwrap()
    }

    #[track_caller]
    fn test(old: &lock::Lock, new: &lock::Lock, cause: Cause, line: Option<u32>) {
        let mut recorder = Recorder::new("s", "Op");
        recorder.add("request-type-changed", "request.A");
        let mut findings = recorder.finish().0;
        mark(&mut findings, old, new);
        let place = findings[0].page_after.as_ref().map(|place| place.line);
        assert_eq!((findings[0].cause, place), (cause, line));
    }

    #[test]
    fn tells_causes_apart() {
        let (one, two) = ("1".repeat(64), "2".repeat(64));
        test(&lock_of(&one, "cell"), &lock_of(&two, "cell"), Cause::Page, Some(3));
        test(&lock_of(&one, "cell"), &lock_of(&one, "cell"), Cause::Extractor, Some(3));
        test(&lock_of(&one, "cell"), &lock_of(&one, "overlay"), Cause::Overlay, None);
        test(&lock::Lock::default(), &lock::Lock::default(), Cause::Unknown, None);
        test(&lock::Lock::default(), &lock_of(&one, "cell"), Cause::Page, Some(3));
    }

    #[test]
    fn an_operation_that_people_named_is_not_the_extractors() {
        let page = "1".repeat(64);
        let named = format!(
            "# docsdk sources.lock 1\npage 1 {page} pages/a.md\noperation Op\nrust_name\t1\t3:5-3:9\toverlay\tcertain\n"
        );
        let mut recorder = Recorder::new("s", "Op");
        recorder.add("operation-rust-renamed", "");
        let mut findings = recorder.finish().0;
        mark(&mut findings, &lock_of(&page, "cell"), &lock::read(&named, "sources.lock").unwrap());
        assert_eq!(findings[0].cause, Cause::Overlay);
    }
}
