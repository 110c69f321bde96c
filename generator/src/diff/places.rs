//! Where the two states of a change stand in the specs.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::finding::{Finding, SpecPlace};
use super::side::{Files, Outline};

/// The file of each operation on a side by its name, and the file of the service's head by no name.
pub(crate) type FileOf<'a> = BTreeMap<&'a str, &'a str>;

/// Marks the findings of one service with their places in the files of both sides.
pub(crate) fn mark(findings: &mut [Finding], old: (&Files, &FileOf<'_>), new: (&Files, &FileOf<'_>)) {
    // Below an operation that got another name, the old state stands under the old one.
    let renamed: BTreeMap<String, String> = findings
        .iter()
        .filter(|finding| finding.rule.id == "operation-renamed")
        .filter_map(|finding| Some((finding.operation.clone(), finding.from.clone()?)))
        .collect();
    let wanted: Vec<Wanted<'_>> = findings
        .iter()
        .map(|finding| {
            let was = renamed.get(&finding.operation).unwrap_or(&finding.operation);
            let whole = finding.path.is_empty();
            let path = finding.from.as_deref().filter(|_| !whole).unwrap_or(&finding.path);
            let old = old.1.get(was.as_str());
            let sides = [
                old.map(|file| (*file, path.to_owned())),
                new.1.get(&*finding.operation).map(|file| (*file, finding.path.clone())),
            ];
            Wanted { sides, keys: keys(finding) }
        })
        .collect();
    let outlines = [(old.0, 0), (new.0, 1)].map(|(files, side)| outlines(files, side, &wanted));
    for (finding, wanted) in findings.iter_mut().zip(wanted) {
        let [before, after] = [(old.0, 0_usize), (new.0, 1)].map(|(files, side)| {
            let (file, path) = wanted.sides.get(side)?.as_ref()?;
            let place = outlines.get(side)?.get(file)?.find(path, &wanted.keys)?;
            Some(SpecPlace { file: files.display(file), line: place.line, column: place.column })
        });
        finding.spec_before = before.filter(|_| !old.0.from_pages);
        finding.spec_after = after.filter(|_| !new.0.from_pages);
        // What was made of pages lies in no file; the page does.
        for (files, place) in [(old.0, &mut finding.page_before), (new.0, &mut finding.page_after)] {
            if let Some(place) = place.as_mut().filter(|_| files.from_pages && !files.base.is_empty()) {
                place.page = format!("{}/{}", files.base, place.page);
            }
        }
        if new.0.from_pages {
            finding.file = finding.page_after.as_ref().or(finding.page_before.as_ref()).map(|place| place.page.clone());
        }
    }
}

/// What a finding asks of the files: on each side a file and a path in it, and the keys there.
struct Wanted<'a> {
    sides: [Option<(&'a str, String)>; 2],
    keys: Vec<&'static str>,
}

/// The places that findings ask for, of each file of a side that any asks for.
fn outlines<'a>(files: &Files, side: usize, wanted: &[Wanted<'a>]) -> BTreeMap<&'a str, Outline> {
    let mut asked: BTreeMap<&str, Vec<(&str, &[&str])>> = BTreeMap::new();
    for wanted in wanted {
        if let Some((file, path)) = &wanted.sides[side] {
            asked.entry(file).or_default().push((path, &wanted.keys));
        }
    }
    asked
        .into_par_iter()
        .filter_map(|(file, asked)| {
            let text = std::str::from_utf8(files.contents.get(file)?).ok()?;
            let head = file.rsplit('/').next() == Some("service.yaml");
            Some((file, Outline::new(text, if head { "service" } else { "" }, &asked)))
        })
        .collect()
}

/// The keys of a member that a rule speaks of, the nearest first; none where it speaks of the member.
fn keys(finding: &Finding) -> Vec<&'static str> {
    let id = finding.rule.id;
    let has = |word: &str| id.contains(word);
    let bounds = ["min", "max", "min_length", "max_length", "min_items", "max_items", "style", "conditions"];
    if let Some(bound) = finding.facet.filter(|facet| bounds.contains(facet)) {
        return vec![bound];
    }
    if has("-rust-") {
        return vec![if has("-rust-type-") { "rust_type" } else { "rust_name" }];
    }
    if has("field-added") || has("field-removed") || has("renamed") || has("recased") || has("moved") {
        return Vec::new();
    }
    match id {
        _ if has("-json-shape-") => vec!["json"],
        _ if has("declared-type") => vec!["declared_type"],
        _ if has("-type-") => vec!["type"],
        _ if has("-format-") => vec!["format", "type"],
        _ if has("-default-") => vec!["default"],
        _ if has("-values-") => vec!["values"],
        _ if has("-pattern-") => vec!["pattern"],
        _ if has("condition") => vec!["required_when"],
        _ if has("required") || has("optional") => vec!["required"],
        _ if has("deprecated") => vec!["deprecated"],
        _ if has("-in-") => vec!["in"],
        _ if has("-status-changed") || has("status-class") => vec!["status"],
        _ if has("message") => vec!["message"],
        _ if has("access-changed") => vec!["access"],
        _ if has("resource") => vec!["resources"],
        _ if has("description") || has("whitespace") => vec!["description"],
        _ if has("example") => vec!["example"],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::{Files, compare};

    const HEAD: &str = "service: s\nprotocol: aliyun-rpc\nendpoints:\n  default: https://a\n";
    const GET: &str = "operation: Get\nhttp: { method: GET, path: / }\nrequest:\n- name: Size\n  type: integer\n  min: 1\n- name: ZoneId\n  type: string\n";

    fn side(head: &str, operations: &[(&str, &str)]) -> Files {
        let mut files = Files { base: "specs".to_owned(), ..Files::default() };
        files.contents.insert("s/service.yaml".to_owned(), head.as_bytes().to_vec());
        for (name, text) in operations {
            files.contents.insert(format!("s/operations/{name}.yaml"), text.as_bytes().to_vec());
        }
        files
    }

    #[track_caller]
    fn test(old: &Files, new: &Files, rule: &str, before: Option<&str>, after: Option<&str>) {
        let found = compare(old, new).unwrap().findings;
        let finding = found.iter().find(|finding| finding.rule.id == rule).unwrap_or_else(|| panic!("{found:?}"));
        let places = [&finding.spec_before, &finding.spec_after]
            .map(|place| place.as_ref().map(|at| format!("{}:{}:{}", at.file, at.line, at.column)));
        assert_eq!([places[0].as_deref(), places[1].as_deref()], [before, after]);
    }

    #[test]
    fn a_finding_names_the_lines_of_both_states() {
        let old = side(HEAD, &[("Get", GET)]);
        let at = |edit: (&str, &str)| side(HEAD, &[("Get", &GET.replace(edit.0, edit.1))]);
        let (get, moved) = ("specs/s/operations/Get.yaml:6:3", "specs/s/operations/Get.yaml:7:3");
        let tightened = at(("  min: 1", "  description: a\n  min: 2"));
        test(&old, &tightened, "request-bound-tightened", Some(get), Some(moved));
        let typed = at(("integer", "string"));
        let kind = Some("specs/s/operations/Get.yaml:5:3");
        test(&old, &typed, "request-type-changed", kind, kind);
        // What is gone would stand in its list.
        let gone = at(("- name: ZoneId\n  type: string\n", ""));
        test(
            &old,
            &gone,
            "request-field-removed",
            Some("specs/s/operations/Get.yaml:7:3"),
            Some("specs/s/operations/Get.yaml:3:1"),
        );
        // A rename is looked up under its old name.
        let renamed = at(("ZoneId", "ZoneIds"));
        test(
            &old,
            &renamed,
            "request-field-renamed",
            Some("specs/s/operations/Get.yaml:7:3"),
            Some("specs/s/operations/Get.yaml:7:3"),
        );
        let head = side(&HEAD.replace("https://a", "https://b"), &[("Get", GET)]);
        let line = Some("specs/s/service.yaml:4:3");
        test(&old, &head, "endpoint-default-changed", line, line);
    }

    #[test]
    fn operations_that_come_and_go_have_one_place() {
        let old = side(HEAD, &[("Get", GET)]);
        let both = side(HEAD, &[("Get", GET), ("Put", "operation: Put\nhttp: { method: GET, path: / }\n")]);
        let place = Some("specs/s/operations/Put.yaml:1:1");
        test(&old, &both, "operation-added", None, place);
        test(&both, &old, "operation-removed", place, None);
        let renamed = side(HEAD, &[("GetDisks", &GET.replace("Get", "GetDisks").replace("min: 1", "min: 2"))]);
        let old = side(HEAD, &[("GetDisk", &GET.replace("Get", "GetDisk"))]);
        let (was, is) = ("specs/s/operations/GetDisk.yaml:6:3", "specs/s/operations/GetDisks.yaml:6:3");
        test(&old, &renamed, "request-bound-tightened", Some(was), Some(is));
    }
}
