//! A year in the life of a service: twelve revisions of its pages go through `docsdk update`, and after each the release
//! that it proposes is held against the crate's public API as another tool lists it. The proposal is never lower.
#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::panic, dead_code, reason = "tests, and parts of another test's fixture")]

#[path = "../generator/tests/update/fixture.rs"]
mod fixture;
#[path = "../generator/tests/update/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use docsdk::project::{Project, check};
use docsdk::update::PageState;
use fixture::{Fixture, SIGN_IN, only};
use public_api::PublicApi;
use public_api::diff::PublicApiDiff;
use server::Reply;

/// A parameter or a field of the answer.
#[derive(Clone)]
struct Member {
    name: String,
    kind: &'static str,
    about: String,
    values: Vec<&'static str>,
}

#[derive(Clone)]
struct Operation {
    name: String,
    about: String,
    request: Vec<Member>,
    response: Vec<Member>,
}

fn member(name: &str, kind: &'static str, values: &[&'static str]) -> Member {
    Member {
        name: name.to_owned(),
        kind,
        about: format!("The {name} of the call, as the console shows it."),
        values: values.to_vec(),
    }
}

fn operation(name: &str) -> Operation {
    let request = vec![
        member("RegionId", "String", &[]),
        member("Category", "String", &["cloud", "local", "shared"]),
        member("Size", "Integer", &[]),
        member("OwnerAccount", "String", &[]),
    ];
    let response = vec![
        member("RequestId", "String", &[]),
        member("Status", "String", &["Creating", "Running"]),
        member("Total", "Integer", &[]),
        member("Tags", "Array of Tag", &[]),
        member("└Key", "String", &[]),
    ];
    Operation { name: name.to_owned(), about: format!("Does what {name} says, in a few words."), request, response }
}

impl Operation {
    fn page(&self) -> String {
        let rows = |members: &[Member]| {
            let mut rows = String::new();
            for Member { name, kind, about, values } in members {
                let mut text = about.clone();
                if !values.is_empty() {
                    text.push_str(" Valid values:<ul>");
                    for value in values {
                        let _ = write!(text, "<li><b>{value}</b>: what {value} is.</li>");
                    }
                    text.push_str("</ul>");
                }
                let _ = writeln!(rows, "<tr><td>{name}</td><td>{kind}</td><td>No</td><td>x</td><td>{text}</td></tr>");
            }
            rows
        };
        let (name, head) = (
            &self.name,
            "<tr><th>Parameter</th><th>Type</th><th>Required</th><th>Example</th><th>Description</th></tr>",
        );
        let (request, response) = (rows(&self.request), rows(&self.response));
        format!(
            "<!doctype html>\n<html><head><title>{name}</title></head><body>\n<h1>{name}</h1>\n<p>{}</p>\n\
             <h2>Request parameters</h2>\n<table>{head}\n<tr><td>Action</td><td>String</td><td>Yes</td><td>{name}</td>\
             <td>The operation that you want to perform. Set the value to <b>{name}</b>.</td></tr>\n{request}</table>\n\
             <h2>Response parameters</h2>\n<table>{head}\n{response}</table>\n</body></html>\n",
            self.about
        )
    }
}

/// The service's pages by their paths.
type Pages = BTreeMap<String, Operation>;

fn at(number: usize) -> String {
    format!("/api/page-{number:02}")
}

/// What the vendor did to the pages.
type Edit = fn(&mut Pages);

/// A revision of the pages: what happened, and how.
const REVISIONS: [(&str, Edit); 12] = [
    ("two new operations", |pages| {
        for (number, name) in [(60, "CreateSnapshot"), (61, "DeleteSnapshot")] {
            pages.insert(at(number), operation(name));
        }
    }),
    ("prose alone", |pages| {
        for operation in pages.values_mut().take(20) {
            operation.about.push_str(" See the console for more.");
        }
    }),
    ("one parameter more in many operations", |pages| {
        for operation in pages.values_mut().take(40) {
            operation.request.push(member("ResourceGroupId", "String", &[]));
        }
    }),
    ("a parameter renamed", |pages| {
        pages.get_mut(&at(3)).unwrap().request[3].name = String::from("OwnerAccountName");
    }),
    ("a value gone", |pages| {
        pages.get_mut(&at(4)).unwrap().request[1].values.retain(|value| *value != "shared");
    }),
    ("a field of another type", |pages| pages.get_mut(&at(5)).unwrap().response[2].kind = "String"),
    // Nothing of the service changed; the crawl was turned away.
    ("a broken crawl", |_| {}),
    ("an operation renamed", |pages| pages.get_mut(&at(7)).unwrap().name = String::from("DescribeRenamedThing")),
    ("a nested type before one of the same name", |pages| {
        let response = &mut pages.get_mut(&at(8)).unwrap().response;
        let nested = ["Disk", "└Tags", "└└Value"].into_iter().zip(["Object", "Array of DiskTag", "String"]);
        response.splice(1..1, nested.map(|(name, kind)| member(name, kind, &[])));
    }),
    ("one value more", |pages| pages.get_mut(&at(9)).unwrap().response[1].values.push("Stopped")),
    ("an operation gone", |pages| drop(pages.remove(&at(10)))),
    ("a parameter gone and a field more", |pages| {
        let operation = pages.get_mut(&at(11)).unwrap();
        operation.request.remove(2);
        operation.response.push(member("TraceId", "String", &[]));
    }),
];

const BROKEN_CRAWL: usize = 6;

/// Operations at the beginning of the year.
const OPERATIONS: usize = 60;

fn write_manifest(fixture: &Fixture, version: &str, pages: &Pages) {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let urls: Vec<String> = pages.keys().map(|path| format!("\"{}\"", fixture.server.url(path))).collect();
    let text = format!(
        "[generate]\nruntime = {{ path = '{}' }}\n\n[fetch]\nproxy = \"none\"\nprivate_hosts = [\"127.0.0.1\"]\n\n\
         [[service]]\nname = \"disk\"\nprovider = \"aliyun\"\nversion = \"{version}\"\napi_version = \"2020-01-01\"\n\
         urls = [{}]\n\n[service.endpoints]\ndefault = \"https://disk.example.com\"\n",
        runtime.display(),
        urls.join(", ")
    );
    fs::write(fixture.path("docsdk.toml"), text).unwrap();
}

/// The version in the manifest.
fn version(fixture: &Fixture) -> String {
    let manifest = fixture.read("docsdk.toml");
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = ")).unwrap();
    line.trim_matches('"').to_owned()
}

/// What rustdoc says of the generated crate, kept in a file.
fn document(fixture: &Fixture, json: &Path) {
    let folder = fixture.path("generated/disk");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // The versions and the compiled dependencies of the workspace: nothing is fetched, and little compiled.
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let manifest = folder.join("Cargo.toml");
    let run = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--lib", "--offline", "--manifest-path"])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"])
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    fs::remove_file(folder.join("Cargo.lock")).unwrap();
    fs::copy(target.join("doc/disk.json"), json).unwrap();
}

/// The public API that rustdoc told of, as another tool lists it.
fn public_api(json: &Path) -> PublicApi {
    let builder = public_api::Builder::from_rustdoc_json(json);
    builder.omit_blanket_impls(true).omit_auto_trait_impls(true).omit_auto_derived_impls(true).build().unwrap()
}

/// How far two versions are apart: 0 none, 1 patch, 2 minor, 3 major.
fn step(from: &str, to: &str) -> usize {
    let part = |text: &str| text.split('.').map(|part| part.parse::<u64>().unwrap()).collect::<Vec<_>>();
    let (from, to) = (part(from), part(to));
    from.iter().zip(&to).position(|(from, to)| from != to).map_or(0, |at| 3 - at)
}

/// What another tool's difference asks for, on the same scale. A setter that took text and takes an enum made of any text
/// is no difference to a caller.
fn asked(old: &Path, new: &Path) -> (usize, String) {
    let diff = PublicApiDiff::between(public_api(old), public_api(new));
    let into = regex::Regex::new(r"impl core::convert::Into<[A-Za-z0-9_:]+>").unwrap();
    let same = |text: String| into.replace_all(&text, "impl Into").into_owned();
    let changed: Vec<String> = diff
        .changed
        .iter()
        .filter(|item| same(item.old.to_string()) != same(item.new.to_string()))
        .map(|item| format!("{} → {}", item.old, item.new))
        .collect();
    let removed: Vec<String> = diff.removed.iter().map(ToString::to_string).collect();
    let asked = match (removed.is_empty() && changed.is_empty(), diff.added.is_empty()) {
        (false, _) => 3,
        (true, false) => 2,
        (true, true) => 0,
    };
    (asked, format!("removed {removed:#?}, changed {changed:#?}, added {}", diff.added.len()))
}

#[test]
#[cfg_attr(not(rustdoc_json), ignore = "needs the rustdoc of Rust 1.95, whose JSON `public-api` reads")]
fn the_release_that_is_proposed_is_never_lower_than_the_public_api_asks() {
    let fixture = Fixture { server: server::Server::start(), root: tempfile::tempdir().unwrap() };
    let mut pages: Pages =
        (0..OPERATIONS).map(|number| (at(number), operation(&format!("DescribeThing{number:02}")))).collect();
    let serve = |pages: &Pages| pages.iter().for_each(|(path, operation)| fixture.server.page(path, &operation.page()));
    serve(&pages);
    write_manifest(&fixture, "1.0.0", &pages);
    let first = fixture.update();
    assert!(!first.run.has_errors(), "{:?}", first.run.findings);
    let documents = tempfile::tempdir().unwrap();
    let (before, after) = (documents.path().join("before.json"), documents.path().join("after.json"));
    document(&fixture, &before);
    let mut steps = Vec::new();
    for (number, (what, edit)) in REVISIONS.iter().enumerate() {
        edit(&mut pages);
        let from = version(&fixture);
        write_manifest(&fixture, &from, &pages);
        serve(&pages);
        if number == BROKEN_CRAWL {
            for broken in 0..3 {
                fixture.server.page(&at(12 + broken), SIGN_IN);
                fixture.server.set(&at(15 + broken), Reply::Status(500, Vec::new()));
            }
        }
        let specs = |fixture: &Fixture| -> BTreeMap<PathBuf, Vec<u8>> {
            fixture.files().into_iter().filter(|(path, _)| path.starts_with("specs")).collect()
        };
        let held = specs(&fixture);
        let updated = fixture.update();
        if number == BROKEN_CRAWL {
            assert!(updated.run.has_errors(), "a broken crawl is told");
            assert_eq!((version(&fixture), specs(&fixture)), (from.clone(), held), "and changes nothing");
            serve(&pages);
        } else {
            assert!(!updated.run.has_errors(), "{what}: {:?}", updated.run.findings);
            assert!(only(&updated).release.is_some(), "{what}: no release is proposed");
            assert_eq!(only(&updated).count(PageState::Failed), 0, "{what}");
        }
        let project = Project::open(Some(&fixture.path("docsdk.toml"))).unwrap();
        let checked = check(&project, &project.services(&[]).unwrap(), "2026-01-31", &|| {});
        assert_eq!(checked.stale, [], "{what}: what is written is not what the pages give");
        document(&fixture, &after);
        let to = version(&fixture);
        let (asked, seen) = asked(&before, &after);
        assert!(step(&from, &to) >= asked, "{what}: {from} → {to}, and the public API asks for more: {seen}");
        steps.push((what, step(&from, &to), asked));
        fs::rename(&after, &before).unwrap();
    }
    // The year holds each kind of release, and what it calls a break the other tool does too.
    let of =
        |what: &str| steps.iter().find(|(name, ..)| **name == what).map(|(_, step, asked)| (*step, *asked)).unwrap();
    assert_eq!(of("prose alone"), (1, 0));
    assert_eq!(of("a broken crawl"), (0, 0));
    assert_eq!(of("one parameter more in many operations"), (2, 2));
    for breaking in ["a parameter renamed", "a value gone", "a field of another type", "an operation gone"] {
        assert_eq!(of(breaking), (3, 3), "{breaking}: {steps:?}");
    }
}
