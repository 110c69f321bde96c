//! What the README shows is what runs.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

#[test]
fn the_example_is_the_one_that_is_compiled() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let example = std::fs::read_to_string(root().join("examples/create_backup.rs")).unwrap();
    let code = example.split_once("\n\n").unwrap().1;
    assert!(
        readme.contains(&format!("```rust\n{code}```")),
        "README.md does not hold examples/create_backup.rs as it is"
    );
}

#[test]
fn the_example_prints_what_the_readme_says() {
    // `cargo test` builds a package's examples beside its tests.
    let tests = std::env::current_exe().unwrap();
    let example = tests
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(format!("create_backup{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(example).current_dir(root()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&format!("```text\n{printed}```")), "README.md does not show:\n{printed}");
}
