//! Tests of build scripts: what they make, when cargo runs them again, and what they say of faults.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Build, BuildErrorKind};
use crate::render::Doubles;
use crate::spec::Service;

const SERVICE: &str = "service: acme-disk\nprovider: huawei\nprotocol: rest-json\n";
const SPEC: &str = "\
operation: ShowDisk
http: { method: GET, path: '/v1/disks/{disk_id}' }
request:
- { name: disk_id, in: path, type: string, required: true }
responses:
- { status: 200, fields: [{ name: id, type: string }] }
";
const PAGE: &str = "\
# Creating a Disk

It creates a disk.

## URI

POST /v1/disks

## Request Parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | Specifies the name. |

## Response Parameters

| Parameter | Type | Description |
|---|---|---|
| id | String | Specifies the ID. |
";

/// A package with specs, pages and a folder for the output.
struct Package(tempfile::TempDir);

impl Package {
    fn new() -> Self {
        let package = Self(tempfile::tempdir().unwrap());
        package.write("specs/acme-disk/service.yaml", SERVICE);
        package.write("specs/acme-disk/operations/ShowDisk.yaml", SPEC);
        package.write("pages/create.md", PAGE);
        package
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn specs(&self) -> Build {
        Build::from_specs(self.path("specs/acme-disk")).out_dir(self.path("out"))
    }

    fn pages(&self) -> Build {
        let service = Service { service: "acme-disk".into(), provider: "huawei".into(), ..Service::default() };
        Build::from_pages(service, [self.path("pages").to_string_lossy()]).out_dir(self.path("out"))
    }

    fn inputs(&self, build: &Build) -> Vec<String> {
        let root = self.0.path();
        let generated = build.generate().unwrap();
        let inside = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        generated.inputs().map(inside).collect()
    }
}

#[test]
fn a_module_needs_no_crate_around_it() {
    let package = Package::new();
    let made = package.specs().generate().unwrap();
    assert_eq!((made.modules[0].name.as_str(), made.modules[0].written), ("acme_disk", true));
    let text = fs::read_to_string(&made.modules[0].file).unwrap();
    let file = syn::parse_file(&text).unwrap();
    assert!(matches!(file.items.as_slice(), [syn::Item::Mod(item)] if item.ident == "acme_disk"));
    assert!(!text.contains("crate::client") && text.contains("super::super::client::SERVICE"), "{text}");
    assert!(!text.contains("feature") && text.contains("#[cfg(test)]"), "{text}");
    assert!(!text.contains("no_run") && text.contains("use crate::acme_disk::{Client, Error};"), "{text}");
    assert!(!package.specs().generate().unwrap().modules[0].written, "the same text is not written again");
}

#[test]
fn doubles_come_when_they_are_wanted() {
    let package = Package::new();
    let text = |doubles| {
        let made = package.specs().doubles(doubles).generate().unwrap();
        fs::read_to_string(&made.modules[0].file).unwrap()
    };
    let always = text(Doubles::Always);
    assert!(always.contains("from_double") && !always.contains("cfg"), "{always}");
    assert!(text(Doubles::Feature("testing".into())).contains("#[cfg(feature = \"testing\")]"));
}

#[test]
fn operations_are_chosen_by_name() {
    let package = Package::new();
    package.write(
        "specs/acme-disk/operations/ListDisks.yaml",
        "operation: ListDisks\nhttp: { method: GET, path: /v1/disks }\n",
    );
    let made = package.specs().operations(["Li*"]).generate().unwrap();
    let text = fs::read_to_string(&made.modules[0].file).unwrap();
    assert!(text.contains("mod list_disks") && !text.contains("show_disk"), "{text}");
    let error = package.specs().operations(["ShowDisc"]).generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Specs);
    assert!(error.to_string().contains("did you mean `ShowDisk`?"), "{error}");
}

#[test]
fn cargo_is_told_of_what_is_there_and_of_nothing_else() {
    let package = Package::new();
    let specs = ["specs/acme-disk/operations", "specs/acme-disk/service.yaml"];
    assert_eq!(package.inputs(&package.specs()), specs);
    assert_eq!(package.inputs(&package.pages()), ["pages"]);
    package.write("overlay.yaml", "overlay: []\n");
    assert_eq!(package.inputs(&package.pages().overlay(package.path("overlay.yaml"))), ["overlay.yaml", "pages"]);
    // The output lies below: the folder would change with every build.
    let inside = package.pages().out_dir(package.path("pages/out"));
    assert_eq!(package.inputs(&inside), ["pages/create.md"]);
}

#[test]
fn a_manifest_is_read_as_the_command_reads_it() {
    let package = Package::new();
    let manifest = "[[service]]\nname = \"acme-disk\"\nprovider = \"huawei\"\npages = [\"pages\"]\n";
    package.write("docsdk.toml", manifest);
    let build = || Build::from_manifest(package.path("docsdk.toml")).out_dir(package.path("out"));
    let text = |build: Build| fs::read_to_string(&build.generate().unwrap().modules[0].file).unwrap();
    let extracted = text(build());
    assert!(extracted.contains("create_disk"), "{extracted}");
    assert!(text(build().stored_specs()).contains("show_disk"));
    // An overlay may yet be written beside the specs.
    assert_eq!(package.inputs(&build()), ["docsdk.toml", "pages", "specs/acme-disk"]);
    package.write("specs/acme-disk/overlay.yaml", "overlay: []\n");
    assert_eq!(package.inputs(&build()), ["docsdk.toml", "pages", "specs/acme-disk/overlay.yaml"]);
    let stored = fs::read_to_string(package.path("specs/acme-disk/operations/ShowDisk.yaml")).unwrap();
    assert_eq!(stored, SPEC, "specs stay as they are");
    let error = build().services(["acme-disc"]).generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Manifest);
}

#[test]
fn faults_are_told_with_their_place() {
    let package = Package::new();
    package.write(
        "specs/acme-disk/operations/ShowDisk.yaml",
        &SPEC.replace("type: string, required", "type: strng, required"),
    );
    let error = package.specs().generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Specs);
    assert!(error.to_string().contains("ShowDisk.yaml:4:36: "), "{error}");
    package.write("pages/second.md", "# Nothing\n\nNothing at all.\n");
    let made = package.pages().generate().unwrap();
    let finding = made.findings.iter().find(|finding| finding.id == "no-operation").unwrap();
    assert!(finding.file.ends_with("pages/second.md"));
    let error = package.pages().overlay("nowhere.yaml").generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Pages);
    package.write("specs/acme-disk/operations/ShowDisk.yaml", SPEC);
    let error = package.specs().templates(package.path("nowhere")).generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Templates);
    package.write("templates/lib.rs.jinja", "{{ nothing_of_this_name }}");
    let error = package.specs().templates(package.path("templates")).generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Templates);
    package.write("file", "");
    let error = package.specs().out_dir(package.path("file/out")).generate().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Output);
}
