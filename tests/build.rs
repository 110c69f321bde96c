//! Tells the tests whether the shared material is there, so that they are ignored where it is not.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(shared, scorer, browser, axe, openapi_validator, rustdoc_json)");
    println!("cargo::rerun-if-env-changed=DOCSDK_SHARED");
    tell_browser();
    if python_has("openapi_spec_validator") {
        println!("cargo::rustc-cfg=openapi_validator");
    } else {
        println!("cargo::warning=OpenAPI documents are not validated: `pip install openapi-spec-validator` for that");
    }
    // The one version of Rust whose rustdoc writes the JSON that the tests' `public-api` reads.
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    if version.is_ok_and(|run| String::from_utf8_lossy(&run.stdout).starts_with("rustc 1.95.")) {
        println!("cargo::rustc-cfg=rustdoc_json");
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

/// Whether there is a browser to look at reports with, and the rules by which it judges who can use them; `.ci/run` gets
/// both.
fn tell_browser() {
    println!("cargo::rerun-if-env-changed=PATH");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut paths = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let browser = paths.find(|path| path.is_file());
    println!("cargo::rustc-env=DOCSDK_BROWSER={}", browser.as_deref().unwrap_or(Path::new("chromium")).display());
    if browser.is_some() {
        println!("cargo::rustc-cfg=browser");
    } else {
        println!("cargo::rerun-if-changed=no-browser-yet");
        println!("cargo::warning=tests in a browser are ignored: there is no chromium (apt-get install chromium)");
    }
    let axe = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/browser/node_modules/axe-core/axe.min.js");
    println!("cargo::rerun-if-changed={}", axe.display());
    if axe.is_file() {
        println!("cargo::rustc-cfg=axe");
    } else if browser.is_some() {
        println!(
            "cargo::warning=the test with axe-core is ignored: `npm install --prefix target/browser axe-core@4` gets it"
        );
    }
}
