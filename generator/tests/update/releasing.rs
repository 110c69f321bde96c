//! From changed pages to a proposed release.

use docsdk::update::{PageState, UpdateOptions};

use super::fixture::{Fixture, NAMES, ids, only, page};

const A: &str = "/api/CreateDisk";

#[test]
fn changes_become_a_version_and_a_changelog() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    assert!(fixture.read("specs/disk/CHANGELOG.md").contains("## [0.1.0] - 2026-02-25\n"));
    assert!(fixture.read("generated/disk/Cargo.toml").contains("version = \"0.1.0\""));
    fixture.server.page(A, &page("CreateDisk", &[&NAMES[..], &["Encrypted"]].concat()));
    let updated = fixture.update();
    let release = only(&updated).release.clone().unwrap();
    assert_eq!((&*release.from, &*release.to, &*release.bump), ("0.1.0", "0.1.1", "patch"), "{release:?}");
    assert!(release.changes.contains("Encrypted"), "{}", release.changes);
    let manifest = fixture.read("docsdk.toml");
    assert!(manifest.contains("version = \"0.1.1\"") && manifest.contains("provider = \"aliyun\" # whose conventions"));
    let changelog = fixture.read("specs/disk/CHANGELOG.md");
    assert!(
        changelog.find("## [0.1.1]") < changelog.find("## [0.1.0]") && changelog.contains("Encrypted"),
        "{changelog}"
    );
    assert!(fixture.read("generated/disk/Cargo.toml").contains("version = \"0.1.1\""));
    assert!(fixture.read("generated/disk/CHANGELOG.md").contains("Encrypted"));
    let module = fixture.read("generated/disk/src/operation/create_disk.rs");
    assert!(module.contains(&format!("The vendor's page: <{}>", fixture.server.url(A))), "{module}");
    // A removed parameter breaks: below 1.0.0 that is a minor release.
    fixture.server.page(A, &page("CreateDisk", &NAMES[..7]));
    assert_eq!(only(&fixture.update()).release.clone().unwrap().to, "0.2.0");
}

#[test]
fn what_is_written_is_what_a_build_writes() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    fixture.server.page(A, &page("CreateDisk", &NAMES[..7]));
    assert_eq!(only(&fixture.update()).count(PageState::Changed), 1);
    let project = docsdk::project::Project::open(Some(&fixture.path("docsdk.toml"))).unwrap();
    let built = project.build(&project.services(&[]).unwrap(), &|| {});
    assert_eq!((built.rows[0].written, built.removed), (0, 0), "{:?}", built.run.findings);
}

#[test]
fn a_release_that_was_tagged_counts_from_its_tag() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    let git = |arguments: &[&str]| {
        let who =
            ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];
        let root = fixture.root.path();
        let run = std::process::Command::new("git").arg("-C").arg(root).args(who).args(arguments).output().unwrap();
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    git(&["tag", "disk-v0.1.0"]);
    fixture.server.page(A, &page("CreateDisk", &NAMES[..7]));
    assert_eq!(only(&fixture.update()).release.clone().unwrap().to, "0.2.0");
    // A second change before the release goes into it.
    fixture.server.page("/api/DeleteDisk", &page("DeleteDisk", &NAMES[..7]));
    let release = only(&fixture.update()).release.clone().unwrap();
    assert_eq!((&*release.from, &*release.to, release.released.as_deref()), ("0.2.0", "0.2.0", Some("0.1.0")));
    let changelog = fixture.read("specs/disk/CHANGELOG.md");
    let (entry, _) = changelog.split_once("## [0.1.0]").unwrap();
    assert!(entry.contains("CreateDisk") && entry.contains("DeleteDisk"), "{changelog}");
}

#[test]
fn a_dry_run_shows_all_and_touches_nothing() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    fixture.server.page(A, &page("CreateDisk", &NAMES[..7]));
    let before = fixture.all_files();
    let shown = fixture.update_with(&UpdateOptions { dry_run: true, ..UpdateOptions::default() });
    assert_eq!(fixture.all_files(), before);
    let done = fixture.update();
    assert_eq!(shown.files, done.files);
    assert!(!shown.files.is_empty());
    let of = |updated| serde_json::to_value(only(updated)).unwrap();
    assert_eq!(of(&shown), of(&done));
}

#[test]
fn overlays_that_no_longer_apply_refuse_the_service() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    let overlay =
        "- path: CreateDisk.request.ClientToken\n  set: { required: true }\n  reason: the service demands it\n";
    std::fs::write(fixture.path("specs/disk/overlay.yaml"), overlay).unwrap();
    fixture.server.page(A, &page("CreateDisk", &NAMES[..7]));
    let before = fixture.files();
    let updated = fixture.update();
    assert!(only(&updated).refused && ids(&updated).contains(&"update-refused"), "{:?}", updated.run.findings);
    assert_eq!((updated.files, fixture.files()), (vec![], before));
}

#[test]
fn what_cannot_be_written_is_taken_back() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    fixture.server.page(A, &page("CreateDisk", &[&NAMES[..], &["Encrypted"]].concat()));
    let path = fixture.path("specs/disk/operations/CreateDisk.yaml");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let before = fixture.files();
    let updated = fixture.update();
    assert!(ids(&updated).contains(&"file-write"), "{:?}", ids(&updated));
    assert_eq!((updated.files, fixture.files()), (vec![], before));
}

/// One revision of a year: what the vendor does, and the version that is proposed for it.
type Revision<'a> = (&'a str, &'a dyn Fn(&Fixture), &'a str);

#[test]
fn a_year_in_the_life() {
    let operations =
        ["CreateDisk", "DeleteDisk", "ResizeDisk", "AttachDisk", "DetachDisk", "DescribeDisks", "ResetDisk"];
    let fixture = Fixture::fetched(&operations);
    let full = |operation: &str| page(operation, &NAMES);
    let publish =
        |fixture: &Fixture, operation: &str, body: &str| fixture.server.page(&format!("/api/{operation}"), body);
    let values = "The Category of the call. Valid values:<ul><li>cloud</li><li>ssd</li><li>essd</li></ul>";
    let with_values = full("CreateDisk").replace("The Category of the call.", values);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let renamed = names(&NAMES).iter().map(|name| name.replace("SnapshotId", "SourceSnapshotId")).collect::<Vec<_>>();
    let renamed: Vec<&str> = renamed.iter().map(String::as_str).collect();
    let year: [Revision<'_>; 12] = [
        ("nothing", &|_| {}, "0.1.0"),
        (
            "prose",
            &|it| publish(it, "CreateDisk", &full("CreateDisk").replace("in a few words", "in other words")),
            "0.1.1",
        ),
        (
            "parameter added",
            &|it| publish(it, "DeleteDisk", &page("DeleteDisk", &[&NAMES[..], &["Force"]].concat())),
            "0.1.2",
        ),
        ("values listed", &|it| publish(it, "CreateDisk", &with_values), "0.1.3"),
        ("value removed", &|it| publish(it, "CreateDisk", &with_values.replace("<li>ssd</li>", "")), "0.2.0"),
        ("parameter renamed", &|it| publish(it, "ResizeDisk", &page("ResizeDisk", &renamed)), "0.3.0"),
        (
            "type changed",
            &|it| {
                let row = "<td>Size</td><td>String</td>";
                publish(it, "AttachDisk", &full("AttachDisk").replace(row, "<td>Size</td><td>Integer</td>"));
            },
            "0.4.0",
        ),
        (
            "crawl broken",
            &|it| {
                for operation in operations {
                    publish(it, operation, super::fixture::SIGN_IN);
                }
            },
            "0.4.0",
        ),
        (
            "crawl mended",
            &|it| {
                for operation in operations {
                    let kept = it.read(&format!("specs/disk/pages/{operation}.html"));
                    publish(it, operation, &kept);
                }
            },
            "0.4.0",
        ),
        ("operation renamed", &|it| publish(it, "ResetDisk", &page("ReInitDisk", &NAMES)), "0.5.0"),
        ("operation gone", &|it| it.server.set("/api/DetachDisk", super::server::Reply::Status(404, vec![])), "0.6.0"),
        ("parameter removed", &|it| publish(it, "AttachDisk", &page("AttachDisk", &NAMES[..7])), "0.7.0"),
    ];
    let project = || docsdk::project::Project::open(Some(&fixture.path("docsdk.toml"))).unwrap();
    let (mut versions, mut expected_versions) = (Vec::new(), Vec::new());
    for (what, change, expected) in year {
        change(&fixture);
        fixture.update();
        let project = project();
        versions.push((what, project.manifest.services[0].version().to_string()));
        expected_versions.push((what, expected.to_owned()));
        let checked = docsdk::project::check(&project, &project.services(&[]).unwrap(), "2026-02-25", &|| {});
        assert!(checked.stale.is_empty(), "{what}: {:?}", checked.stale);
    }
    assert_eq!(versions, expected_versions);
    let changelog = fixture.read("specs/disk/CHANGELOG.md");
    assert_eq!(changelog.matches("\n## [").count(), 10, "one a version: {changelog}");
}
