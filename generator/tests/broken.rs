//! An operation whose spec can't be used: what is written, what stays, what is said.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::path::Path;

use process::{docsdk, read, said, write};
use tempfile::TempDir;

const MANIFEST: &str = "[[service]]\nname = \"acme\"\nprovider = \"aliyun\"\n";
/// What makes an operation one that no crate can hold.
const BREAKING: &str = "overlay:\n- set: CreateBox.http.path\n  to: nowhere\n  reason: a slip\n";
const SPEC: &str = "specs/acme/operations/CreateBox.yaml";
const MODULES: &str = "generated/acme/src/operation/mod.rs";
const MODULE: &str = "generated/acme/src/operation/create_box.rs";

fn page(name: &str, parameter: &str) -> String {
    format!(
        "# {name}\n\nMakes it so.\n\n[Explorer](https://api.example/#product=A&api={name}&type=RPC&version=1)\n\n\
         ## Request parameters\n\n|Parameter|Type|Required|Example|Description|\n|-|-|-|-|-|\n\
         |Action|String|Yes|{name}|Set the value to {name}. |\n|{parameter}|String|No|x|What it is. |\n\n\
         ## Response parameters\n\n|Parameter|Type|Example|Description|\n|-|-|-|-|\n|RequestId|String|x|The ID. |\n"
    )
}

fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    for name in ["CreateBox", "DeleteBox", "OpenBox"] {
        write(root.path(), &format!("specs/acme/pages/{name}.md"), page(name, "Box"));
    }
    root
}

fn exits(root: &Path, arguments: &[&str], status: i32) -> String {
    let output = docsdk(root, arguments);
    assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    said(&output)
}

#[test]
fn a_new_one_is_left_out_and_the_rest_is_built() {
    let root = project();
    write(root.path(), "specs/acme/overlay.yaml", BREAKING);
    let text = exits(root.path(), &["build"], 1);
    assert!(text.contains("http-path\n"), "{text}");
    assert!(text.contains("`CreateBox` is not in the crate: its spec can't be used"), "{text}");
    assert!(read(root.path(), SPEC).contains("path: nowhere"), "people see what is wrong");
    let modules = read(root.path(), MODULES);
    assert!(modules.contains("delete_box") && modules.contains("open_box") && !modules.contains("create_box"));
    let again = exits(root.path(), &["build"], 1);
    assert!(again.contains("nothing written (") && !again.contains("stays as before"), "{again}");
    // Mended, it is as if nothing had been.
    fs::remove_file(root.path().join("specs/acme/overlay.yaml")).unwrap();
    exits(root.path(), &["build"], 0);
    assert!(read(root.path(), MODULES).contains("create_box"));
}

#[test]
fn a_known_one_stays_as_it_was_and_the_rest_is_built() {
    let root = project();
    exits(root.path(), &["build"], 0);
    let (spec, module) = (read(root.path(), SPEC), read(root.path(), MODULE));
    write(root.path(), "specs/acme/overlay.yaml", BREAKING);
    write(root.path(), "specs/acme/pages/OpenBox.md", page("OpenBox", "Lid"));
    fs::remove_file(root.path().join("specs/acme/pages/DeleteBox.md")).unwrap();
    let text = exits(root.path(), &["build"], 1);
    assert!(text.contains("http-path\n"), "{text}");
    assert!(text.contains("`CreateBox` stays as it was, in the crate too"), "{text}");
    assert_eq!((read(root.path(), SPEC), read(root.path(), MODULE)), (spec, module));
    assert!(read(root.path(), "generated/acme/src/operation/open_box.rs").contains("fn lid("));
    let modules = read(root.path(), MODULES);
    assert!(modules.contains("create_box") && !modules.contains("delete_box"), "{modules}");
    assert!(!root.path().join("specs/acme/operations/DeleteBox.yaml").exists());
    // What is there is what a build makes of it: nothing is stale, and the error is still one.
    let check = exits(root.path(), &["check"], 1);
    assert!(check.contains("http-path\n") && !check.contains("stale"), "{check}");
    assert!(exits(root.path(), &["build"], 1).contains("nothing written ("));
    let json = docsdk(root.path(), &["build", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["crates_kept"], serde_json::json!([]), "{json:#}");
}

#[test]
fn an_overlay_at_fault_leaves_the_crate_and_says_so() {
    let root = project();
    exits(root.path(), &["build"], 0);
    write(root.path(), "specs/acme/overlay.yaml", BREAKING.replace("CreateBox", "CreateBocks"));
    write(root.path(), "specs/acme/pages/OpenBox.md", page("OpenBox", "Lid"));
    let text = exits(root.path(), &["build"], 1);
    assert!(text.contains("2 files written; the crate stays as before because of errors: acme ("), "{text}");
    assert!(!read(root.path(), "generated/acme/src/operation/open_box.rs").contains("fn lid("));
    assert!(exits(root.path(), &["build"], 1).contains("nothing written; the crate stays as before"));
}

#[test]
fn a_spec_broken_by_hand_takes_no_method_from_a_crate() {
    let root = project();
    exits(root.path(), &["build"], 0);
    let good = read(root.path(), SPEC);
    let generate = ["generate", "--specs", "specs", "--out", "generated"];
    exits(root.path(), &generate, 0);
    let before = read(root.path(), MODULES);
    write(root.path(), SPEC, format!("<<<<<<< HEAD\n{good}"));
    let other = "specs/acme/operations/OpenBox.yaml";
    write(root.path(), other, read(root.path(), other).replace("name: Box", "name: Lid"));
    let text = exits(root.path(), &generate, 1);
    assert!(text.contains("is left as it was: it has `CreateBox`, whose spec"), "{text}");
    assert!(text.contains("acme: the crate stays as before because of errors"), "{text}");
    assert_eq!(read(root.path(), MODULES), before);
    assert!(!read(root.path(), "generated/acme/src/operation/open_box.rs").contains("fn lid("), "not by halves");
    // A crate that has no such module is made without it.
    let text = exits(root.path(), &["generate", "--specs", "specs", "--out", "new"], 1);
    assert!(text.contains("acme: 2 operations, ") && text.contains("is not in the crate"), "{text}");
    assert!(!read(root.path(), "new/acme/src/client.rs").contains("create_box"));
    assert!(read(root.path(), "new/acme/src/operation/open_box.rs").contains("fn lid("));
    // Once its spec is taken away, it is gone for good.
    fs::remove_file(root.path().join(SPEC)).unwrap();
    exits(root.path(), &generate, 0);
    assert!(!root.path().join(MODULE).exists());
}

#[test]
fn a_service_without_a_sound_name_stops_its_crate() {
    let root = project();
    exits(root.path(), &["extract"], 0);
    write(root.path(), "specs/acme/service.yaml", "service: Acme Box\nprovider: aliyun\nprotocol: aliyun-rpc\n");
    let text = exits(root.path(), &["generate", "--specs", "specs", "--out", "sdk"], 1);
    assert!(text.contains("service-name\n"), "{text}");
    assert!(!root.path().join("sdk/acme").exists());
}

#[test]
fn a_refused_template_is_no_reason_to_say_all_is_well() {
    let root = project();
    exits(root.path(), &["build"], 0);
    write(root.path(), "docsdk.toml", format!("[generate]\ntemplates = \"own\"\n{MANIFEST}"));
    write(root.path(), "own/operation.rs.jinja", "fn f( {\n");
    let text = exits(root.path(), &["build"], 1);
    assert!(text.contains("nothing written; the crate stays as before because of errors: acme ("), "{text}");
    assert!(!text.contains("as they should be"), "{text}");
    let text = exits(root.path(), &["generate"], 1);
    assert!(text.contains("acme: the crate stays as before because of errors"), "{text}");
}
