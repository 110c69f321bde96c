//! Tells the tests whether the shared material is there, so that they are ignored where it is not.

use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(shared, scorer, openapi_validator)");
    println!("cargo::rerun-if-env-changed=DOCSDK_SHARED");
    if python_has("openapi_spec_validator") {
        println!("cargo::rustc-cfg=openapi_validator");
    } else {
        println!("cargo::warning=OpenAPI documents are not validated: `pip install openapi-spec-validator` for that");
    }
    let root = std::env::var_os("DOCSDK_SHARED");
    let root = root.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let there = root.join("corpus").is_dir() && root.join("wire").is_dir();
    if there {
        println!("cargo::rustc-cfg=shared");
        println!("cargo::rerun-if-changed={}", root.join("corpus/truth").display());
        if python_has("yaml") {
            println!("cargo::rustc-cfg=scorer");
        }
    } else {
        // A folder that is not there counts as changed, so that the question is asked again each time.
        println!("cargo::rerun-if-changed={}", root.display());
        println!("cargo::warning=tests over the shared material are ignored: there is none at {}", root.display());
    }
}

/// Whether there is a Python with a module.
fn python_has(module: &str) -> bool {
    let run = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    run.is_ok_and(|run| run.status.success())
}
