//! Tells the tests whether the shared material is there, so that they are ignored where it is not.

use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(shared, scorer, rustdoc_json)");
    println!("cargo::rerun-if-env-changed=DOCSDK_SHARED");
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
        let python = Command::new("python3").args(["-c", "import yaml"]).output();
        if python.is_ok_and(|run| run.status.success()) {
            println!("cargo::rustc-cfg=scorer");
        }
    } else {
        // A folder that is not there counts as changed, so that the question is asked again each time.
        println!("cargo::rerun-if-changed={}", root.display());
        println!("cargo::warning=tests over the shared material are ignored: there is none at {}", root.display());
    }
}
