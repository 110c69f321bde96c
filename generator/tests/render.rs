//! Rendering: what small services become, that it compiles, and that bad templates are told.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use docsdk::render::{RenderOptions, RenderedFile, RuntimeSource, render};
use docsdk::spec::{Operation, Service, yaml};

fn edge() -> (Service, Vec<Operation>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/edge");
    let text = |path: PathBuf| fs::read_to_string(&path).unwrap();
    let service = yaml::read_service(&text(folder.join("service.yaml")), "service.yaml").unwrap();
    let operations = ["CreateThing", "Clone", "ListThings"]
        .map(|name| yaml::read_operation(&text(folder.join(format!("operations/{name}.yaml"))), name).unwrap());
    (service, operations.to_vec())
}

fn rendered(options: &RenderOptions) -> Vec<RenderedFile> {
    let (service, operations) = edge();
    render(&service, &operations, options).unwrap()
}

#[test]
fn the_edge_cases_render_as_before() {
    for file in rendered(&RenderOptions::default()) {
        insta::assert_snapshot!(file.path.replace('/', "__"), file.contents);
    }
}

#[test]
fn the_order_of_operations_changes_no_byte() {
    let (service, mut operations) = edge();
    let one = render(&service, &operations, &RenderOptions::default()).unwrap();
    operations.reverse();
    assert_eq!(one, render(&service, &operations, &RenderOptions::default()).unwrap());
}

#[test]
fn the_crate_passes_clippy_and_rustdoc_with_warnings_denied() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let runtime = RuntimeSource::Path(workspace.join("runtime").to_string_lossy().into_owned());
    for file in rendered(&RenderOptions { runtime, ..RenderOptions::default() }) {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.contents).unwrap();
    }
    // The lock file pins what is already built here, so that nothing has to be fetched.
    fs::copy(workspace.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    for arguments in [
        &["clippy", "--quiet", "--offline", "--all-features", "--", "-D", "warnings"][..],
        &["doc", "--quiet", "--offline", "--no-deps"],
    ] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).current_dir(folder.path());
        cargo.env("CARGO_TARGET_DIR", process::target()).env("RUSTDOCFLAGS", "-D warnings");
        process::without_own_package(&mut cargo);
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[track_caller]
fn refused(template: &str, source: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(template), source).unwrap();
    let (service, operations) = edge();
    let options = RenderOptions { templates: Some(folder.path().to_owned()), ..RenderOptions::default() };
    let problems = render(&service, &operations, &options).unwrap_err();
    let [problem] = problems.as_slice() else { panic!("one problem expected: {problems:?}") };
    assert_eq!(problem.file, template);
    assert!(problem.help.is_some());
    problem.message.clone()
}

#[test]
fn a_broken_template_is_named_with_its_line() {
    let message = refused("client.rs.jinja", "//! a\n{% for x in %}\n");
    assert!(message.starts_with("template `client.rs.jinja`, line 2: "), "{message}");
    let message = refused("client.rs.jinja", "//! a\n\n{{ nothing.here }}\n");
    assert!(message.starts_with("template `client.rs.jinja`, line 3: "), "{message}");
}

#[test]
fn a_template_renders_rust_and_only_what_it_may() {
    assert!(refused("operation.rs.jinja", "pub struct {").contains("is not Rust"));
    assert!(refused("operation.rs.jinja", "fn main() {}").contains("never holds"));
    assert!(refused("operation.rs.jinja", "mod inner { fn main() {} }").contains("never holds"));
    assert!(refused("operation.rs.jinja", "std::include!(\"/etc/passwd\");").contains("never holds"));
    assert!(refused("operation.rs.jinja", "unsafe impl Send for X {}").contains("never holds"));
    assert!(refused("Cargo.toml.jinja", "[package").contains("is not TOML"));
}
