//! Whether a page that was fetched may replace the one at hand: it has to yield at least as much, but for what a vendor
//! takes out of a page now and then.

use std::collections::{BTreeMap, BTreeSet};

use super::harvest::{Harvest, Kind};

/// A vendor takes out so many names of a kind without a page being broken.
const FEW: usize = 3;

/// What to do with a page that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It replaces the one at hand, or is the first.
    Take,
    /// It says nothing new: the one at hand stays.
    Same,
    /// It holds nothing of the service.
    Nothing,
    /// It is suspicious: the one at hand stays, for this reason.
    Keep(String),
}

/// Judges a page; `others` are the operations of the service's other pages.
pub(crate) fn judge(old: Option<&Harvest>, new: &Harvest, others: &BTreeSet<String>) -> Judgement {
    let Some(old) = old else {
        return match (new.is_empty(), alien(new)) {
            (true, Some(reason)) => Judgement::Keep(reason.to_owned()),
            (true, None) => Judgement::Nothing,
            (false, _) => Judgement::Take,
        };
    };
    if old.same(new) {
        return Judgement::Same;
    }
    match fault(old, new, others) {
        Some(reason) => Judgement::Keep(reason),
        None => Judgement::Take,
    }
}

/// What a page without anything of a service looks like, where that tells.
fn alien(new: &Harvest) -> Option<&'static str> {
    match () {
        () if new.looks.sign_in => Some("it asks for a sign-in"),
        () if new.looks.shell => Some("it is an empty shell that scripts fill in a browser"),
        () => None,
    }
}

fn fault(old: &Harvest, new: &Harvest, others: &BTreeSet<String>) -> Option<String> {
    if !old.is_empty() && new.is_empty() {
        let lost = match &old.operation {
            Some(operation) => format!("it has no operation, where the page at hand has `{}`", operation.operation),
            None => "it has none of the error codes of the page at hand".to_owned(),
        };
        return Some(alien(new).map_or(lost, str::to_owned));
    }
    if let (Some(was), Some(is)) = (&old.operation, &new.operation)
        && was.operation != is.operation
    {
        if others.contains(&is.operation) {
            return Some(format!("it has `{}`, as another page has, and no longer `{}`", is.operation, was.operation));
        }
        if share(&old.names, &new.names) * 2 < 100 {
            return Some(format!(
                "it has the operation `{}`, where the page at hand has `{}`",
                is.operation, was.operation
            ));
        }
    }
    if old.language != new.language {
        return Some(format!("its language is `{}`, that of the page at hand `{}`", new.language, old.language));
    }
    if old.looks.closed && new.looks.html && !new.looks.closed {
        return Some("it breaks off before its end".to_owned());
    }
    Kind::ALL.into_iter().find_map(|kind| {
        let count = |harvest: &Harvest| harvest.names.get(&kind).map_or(0, BTreeSet::len);
        let (was, is) = (count(old), count(new));
        dropped(was, is).then(|| format!("it has {is} {}, where the page at hand has {was}", kind.words()))
    })
}

/// Whether more is gone than a vendor takes out: all of several, or more than a few that are more than a quarter.
fn dropped(was: usize, is: usize) -> bool {
    let lost = was.saturating_sub(is);
    (is == 0 && was >= 2) || (lost > FEW && lost * 4 > was)
}

/// How much of what a page names another one names too, in percent.
fn share(old: &BTreeMap<Kind, BTreeSet<String>>, new: &BTreeMap<Kind, BTreeSet<String>>) -> usize {
    let pairs =
        || [Kind::Parameter, Kind::Field].into_iter().filter_map(|kind| Some((old.get(&kind)?, new.get(&kind))));
    let all: usize = pairs().map(|(was, _)| was.len()).sum();
    let kept: usize = pairs().map(|(was, is)| is.map_or(0, |is| was.intersection(is).count())).sum();
    (kept * 100).checked_div(all).unwrap_or(100)
}

/// Whether so many of the pages at hand are gone at once that rather the crawl is broken than the pages gone.
pub(crate) fn mass_removal(gone: usize, held: usize) -> bool {
    gone > 0 && (gone >= held || (gone >= 2 && gone * 2 > held) || (gone >= 5 && gone * 10 > held * 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Provider;

    fn page(rows: &[&str]) -> String {
        let row = |name: &&str| {
            format!("<tr><td>{name}</td><td>String</td><td>No</td><td>x</td><td>The {name} of it.</td></tr>")
        };
        let rows: Vec<String> = rows.iter().map(row).collect();
        let rows = rows.concat();
        format!(
            "<!doctype html><html><head><title>CreateBackup</title></head><body><h1>CreateBackup</h1><p>Creates a backup.</p>\
             <h2>Request parameters</h2><table><tr><th>Parameter</th><th>Type</th><th>Required</th><th>Example</th><th>Description</th></tr>\
             <tr><td>Action</td><td>String</td><td>Yes</td><td>CreateBackup</td><td>The operation. Set the value to <b>CreateBackup</b>.</td></tr>{rows}</table>\
             <h2>Response parameters</h2><table><tr><th>Parameter</th><th>Type</th><th>Example</th><th>Description</th></tr>\
             <tr><td>RequestId</td><td>String</td><td>x</td><td>The ID of the request.</td></tr></table></body></html>"
        )
    }

    fn harvest(source: &str) -> Harvest {
        Harvest::of("a.html", source.as_bytes().to_vec(), &Provider::named("aliyun").unwrap()).unwrap()
    }

    const NAMES: [&str; 8] =
        ["RegionId", "DBInstanceId", "BackupType", "BackupMethod", "DBName", "Tag", "Note", "Owner"];

    #[track_caller]
    fn keeps(new: &str, part: &str) {
        match judge(Some(&harvest(&page(&NAMES))), &harvest(new), &["DeleteBackup".to_owned()].into()) {
            Judgement::Keep(reason) => assert!(reason.contains(part), "{reason}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_that_yield_as_much_are_taken() {
        let old = harvest(&page(&NAMES));
        assert_eq!(old.operation.as_ref().map(|operation| operation.request.len()), Some(NAMES.len()), "{old:?}");
        let judge = |new: &str| judge(Some(&old), &harvest(new), &BTreeSet::new());
        assert_eq!(judge(&page(&NAMES)), Judgement::Same);
        assert_eq!(judge(&page(&NAMES).replace("<body>", "<body><!-- rendered at 10:41 -->")), Judgement::Same);
        assert_eq!(judge(&page(&[&NAMES[..], &["New"]].concat())), Judgement::Take);
        assert_eq!(judge(&page(&NAMES[..6])), Judgement::Take);
        assert_eq!(judge(&page(&NAMES).replace("CreateBackup", "CreateBackupSet")), Judgement::Take);
        assert_eq!(judge(&page(&NAMES).replace("<td>String</td><td>No", "<td>Integer</td><td>No")), Judgement::Take);
    }

    #[test]
    fn suspicious_pages_are_kept_back() {
        keeps(&page(&NAMES[..2]), "it has 2 parameters, where the page at hand has 8");
        keeps("<!doctype html><title>Sign in</title><form><input type=\"password\"></form>", "it asks for a sign-in");
        keeps("<!doctype html><div id=root></div><script src=a.js></script>", "an empty shell");
        keeps("<!doctype html><html><h1>Sorry</h1><p>This page is being worked on.</p></html>", "no operation");
        let whole = page(&NAMES);
        keeps(&whole[..whole.find("<h2>Response").unwrap()], "breaks off");
        keeps(&page(&NAMES).replace("CreateBackup", "DeleteBackup"), "as another page has");
        keeps(&page(&["A", "B", "C"]).replace("CreateBackup", "RestoreTable"), "`RestoreTable`");
        let chinese = page(&NAMES)
            .replace("Creates a backup", "创建一个备份集并返回备份任务的编号，适用于所有实例类型与所有存储类型")
            .replace(" of it", "参数的详细说明文字，用于描述这个参数在请求中所起的作用与限制条件");
        keeps(&chinese, "its language is `zh`");
    }

    #[test]
    fn first_pages_are_taken_if_they_hold_anything() {
        let judge = |new: &str| judge(None, &harvest(new), &BTreeSet::new());
        assert_eq!(judge(&page(&NAMES)), Judgement::Take);
        assert_eq!(judge("<!doctype html><h1>Overview</h1><p>What backups are.</p>"), Judgement::Nothing);
        assert!(matches!(judge("<!doctype html><input type=password>"), Judgement::Keep(_)));
    }

    #[test]
    fn many_pages_do_not_go_at_once() {
        for (gone, held, expected) in [
            (0, 10, false),
            (1, 10, false),
            (3, 10, false),
            (4, 10, false),
            (6, 10, true),
            (1, 1, true),
            (1, 2, false),
            (2, 3, true),
            (5, 16, true),
            (31, 100, true),
            (30, 100, false),
        ] {
            assert_eq!(mass_removal(gone, held), expected, "{gone} of {held}");
        }
    }
}
