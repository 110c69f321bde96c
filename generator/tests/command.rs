//! The command as people run it: a real process in a project of its own.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::process::{Command, Output};

use process::{docsdk, read, said, write};
use tempfile::TempDir;

const MANIFEST: &str = "\
[[service]]
name = \"aliyun-rds\"
provider = \"aliyun\"
title = \"ApsaraDB RDS\"
api_version = \"2014-08-15\"
";

/// A project with one service and one page of it.
fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt");
    write(root.path(), "specs/aliyun-rds/pages/restore.txt", fs::read(page).unwrap());
    root
}

macro_rules! snapshot {
    ($output:expr) => {
        insta::with_settings!({ filters => vec![(r"\d+\.\d\d s", "0.00 s"), (r"[ \t]+\n", "\n"), (r"process \d+, for \d+ s", "process 1, for 0 s"), (r"\d+ findings? (is|are) advice.*\n", ""), (r"(?m)^(aliyun-rds)[ \d]+$", "$1 [counts]")] }, {
            insta::assert_snapshot!(said(&$output));
        });
    };
}

const OPERATION: &str = "specs/aliyun-rds/operations/RestoreDdrTable.yaml";

#[test]
fn a_second_build_writes_nothing_and_says_so() {
    let root = project();
    let first = docsdk(root.path(), &["build"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let before = fs::metadata(root.path().join(OPERATION)).unwrap().modified().unwrap();
    let second = docsdk(root.path(), &["build"]);
    assert!(said(&second).contains("nothing to write"), "{}", said(&second));
    assert_eq!(fs::metadata(root.path().join(OPERATION)).unwrap().modified().unwrap(), before);
    let check = docsdk(root.path(), &["check"]);
    assert_eq!(said(&check), "exit 0\n\n---\n");
}

#[test]
fn the_same_bytes_from_folder_and_manifest_and_with_one_thread() {
    let root = project();
    docsdk(root.path(), &["extract"]);
    let arguments =
        ["extract", "--service", "aliyun-rds", "--provider", "aliyun", "--out", "elsewhere", "specs/aliyun-rds"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_docsdk"));
    let output = command.current_dir(root.path()).args(arguments).env("RAYON_NUM_THREADS", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for file in ["operations/RestoreDdrTable.yaml", "sources.lock"] {
        assert_eq!(
            read(root.path(), &format!("elsewhere/aliyun-rds/{file}")),
            read(root.path(), &format!("specs/aliyun-rds/{file}"))
        );
    }
}

#[test]
fn a_typo_in_the_manifest() {
    let root = project();
    write(root.path(), "docsdk.toml", MANIFEST.replace("api_version", "api_verson"));
    snapshot!(docsdk(root.path(), &["build"]));
}

#[test]
fn no_manifest() {
    let root = tempfile::tempdir().unwrap();
    snapshot!(docsdk(root.path(), &["build"]));
}

#[test]
fn an_unknown_service_and_an_unknown_provider() {
    let root = project();
    snapshot!(docsdk(root.path(), &["build", "aliyun-rsd"]));
    let arguments = ["extract", "--service", "x", "--provider", "aliyum", "--out", "out", "specs"];
    snapshot!(docsdk(root.path(), &arguments));
}

#[test]
fn pages_that_hold_no_operation() {
    let root = project();
    write(root.path(), "specs/aliyun-rds/pages/empty.txt", "");
    write(root.path(), "specs/aliyun-rds/pages/latin.txt", b"caf\xe9 au lait\n");
    write(root.path(), "specs/aliyun-rds/pages/recipe.txt", "Soup\n\nBoil water. Add salt.\n");
    let output = docsdk(root.path(), &["build", "-v"]);
    assert!(said(&output).contains("latin.txt"), "{}", said(&output));
    assert!(read(root.path(), OPERATION).starts_with("operation: RestoreDdrTable\n"));
}

#[test]
fn check_finds_an_edited_file_and_touches_nothing() {
    let root = project();
    docsdk(root.path(), &["build"]);
    let edited = read(root.path(), OPERATION).replace("method: POST", "method: PUT");
    write(root.path(), OPERATION, &edited);
    snapshot!(docsdk(root.path(), &["check"]));
    assert_eq!(read(root.path(), OPERATION), edited);
}

#[test]
fn a_spec_edited_to_nonsense() {
    let root = project();
    docsdk(root.path(), &["build"]);
    write(root.path(), OPERATION, "operation: RestoreDdrTable\nhttp: { method: POST, path: / }\nrequets: []\n");
    snapshot!(docsdk(root.path(), &["explain", "aliyun-rds", "RestoreDdrTable"]));
}

#[test]
fn explain_shows_the_words_on_the_page() {
    let root = project();
    docsdk(root.path(), &["build"]);
    snapshot!(docsdk(root.path(), &["explain", "aliyun-rds", "RestoreDdrTable", "request.RestoreType.required"]));
    snapshot!(docsdk(root.path(), &["explain", "aliyun-rds", "RestoreDdrTable", "RestorType"]));
    let json = docsdk(root.path(), &["explain", "aliyun-rds", "RestoreDdrTable", "RestoreType", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let fact =
        json["facts"].as_array().unwrap().iter().find(|fact| fact["path"] == "request.RestoreType.name").unwrap();
    assert_eq!((fact["words"].as_str(), fact["certainty"].as_str()), (Some("RestoreType"), Some("certain")));
}

#[test]
fn an_overlay_that_leads_nowhere_and_one_that_says_nothing_new() {
    let root = project();
    let overlay = "\
overlay:
- set: RestoreDdrTable.request.RestoreTipe.required
  to: true
  reason: the vendor's SDK
- set: RestoreDdrTable.request.DBInstanceId.required
  to: true
  reason: the vendor's SDK
- set: RestoreDdrTable.deprecated
  to: true
  reason: the vendor's console says so
";
    write(root.path(), "specs/aliyun-rds/overlay.yaml", overlay);
    snapshot!(docsdk(root.path(), &["extract"]));
    assert!(read(root.path(), OPERATION).contains("deprecated: true"));
    assert!(
        read(root.path(), "specs/aliyun-rds/sources.lock").contains("\ndeprecated\t2\t8:3-8:6\toverlay\tcertain\n")
    );
    assert_eq!(read(root.path(), "specs/aliyun-rds/overlay.yaml"), overlay);
}

#[test]
fn files_of_people_stay_and_files_of_gone_pages_go() {
    let root = project();
    docsdk(root.path(), &["build"]);
    let page = read(root.path(), "specs/aliyun-rds/pages/restore.txt");
    write(root.path(), "specs/aliyun-rds/operations/ByHand.yaml", "operation: ByHand\n");
    write(root.path(), "specs/aliyun-rds/pages/restore.txt", page.replace("RestoreDdrTable", "RestoreDdrSchema"));
    let output = docsdk(root.path(), &["build"]);
    assert!(said(&output).contains(" removed"), "{}", said(&output));
    assert!(!root.path().join(OPERATION).exists());
    assert_eq!(read(root.path(), "specs/aliyun-rds/operations/ByHand.yaml"), "operation: ByHand\n");
    write(root.path(), "specs/aliyun-rds/pages/restore.txt", page);
    write(root.path(), OPERATION, "operation: RestoreDdrTable # by hand\n");
    let output = docsdk(root.path(), &["build"]);
    assert!(said(&output).contains("file-not-ours"), "{}", said(&output));
    assert_eq!(read(root.path(), OPERATION), "operation: RestoreDdrTable # by hand\n");
}

#[test]
fn a_file_that_cannot_be_written_stops_no_other() {
    let root = project();
    write(root.path(), "specs/aliyun-rds/operations", "a file where a folder has to be");
    let output = docsdk(root.path(), &["extract"]);
    snapshot!(output);
    assert!(read(root.path(), "specs/aliyun-rds/service.yaml").starts_with("service: aliyun-rds\n"));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_read_only_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = project();
    write(root.path(), "specs/aliyun-rds/service.yaml", "service: old\n");
    let path = root.path().join("specs/aliyun-rds/service.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let output = docsdk(root.path(), &["extract"]);
    snapshot!(output);
    assert_eq!(fs::read_to_string(path).unwrap(), "service: old\n");
    assert!(root.path().join(OPERATION).exists());
}

/// A disk that takes 8 KiB of a file and no more, as far as a test can make one.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_leaves_nothing_half_written() {
    let root = project();
    docsdk(root.path(), &["build"]);
    let before = read(root.path(), "specs/aliyun-rds/sources.lock");
    let page = read(root.path(), "specs/aliyun-rds/pages/restore.txt");
    write(root.path(), "specs/aliyun-rds/pages/restore.txt", format!("\n{page}"));
    let script = format!("trap '' XFSZ; ulimit -f 8; exec '{}' extract", env!("CARGO_BIN_EXE_docsdk"));
    let output = Command::new("sh").current_dir(root.path()).args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("can't be written"), "{}", said(&output));
    assert_eq!(read(root.path(), "specs/aliyun-rds/sources.lock"), before);
    let left = fs::read_dir(root.path().join("specs/aliyun-rds")).unwrap();
    assert!(left.flatten().all(|entry| !entry.file_name().to_string_lossy().ends_with(".tmp")));
}

#[test]
fn two_runs_at_once() {
    let root = project();
    docsdk(root.path(), &["build"]);
    let lock = fs::File::options().write(true).open(root.path().join(".docsdk-cache/lock")).unwrap();
    lock.lock().unwrap();
    snapshot!(docsdk(root.path(), &["build"]));
}

#[test]
fn a_template_with_a_syntax_error() {
    let root = project();
    write(root.path(), "docsdk.toml", format!("[generate]\ntemplates = \"own\"\n{MANIFEST}"));
    write(root.path(), "own/lib.rs.jinja", "mod client;\n{% if %}\n");
    let output = docsdk(root.path(), &["build"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("lib.rs.jinja"), "{}", said(&output));
    assert!(root.path().join(OPERATION).exists());
    assert!(!root.path().join("generated").exists());
}

#[test]
fn generating_spares_what_people_put_beside() {
    let root = project();
    docsdk(root.path(), &["extract"]);
    let arguments = ["generate", "--specs", "specs", "--out", "sdk", "--runtime", "path:rt"];
    let output = docsdk(root.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(read(root.path(), "sdk/aliyun-rds/Cargo.toml").contains("path = \"../../rt\""));
    write(root.path(), "sdk/aliyun-rds/src/extra.rs", "// by hand\n");
    write(root.path(), "sdk/aliyun-rds/src/gone.rs", "// Generated by docsdk from the vendor's documentation.\n");
    write(root.path(), "sdk/aliyun-rds/src/client.rs", "// by hand\n");
    let output = docsdk(root.path(), &arguments);
    assert!(said(&output).contains("file-not-ours"), "{}", said(&output));
    assert_eq!(read(root.path(), "sdk/aliyun-rds/src/extra.rs"), "// by hand\n");
    assert_eq!(read(root.path(), "sdk/aliyun-rds/src/client.rs"), "// by hand\n");
    assert!(!root.path().join("sdk/aliyun-rds/src/gone.rs").exists());
}

#[test]
fn a_broken_spec_leaves_its_crate_and_no_other_undone() {
    let root = project();
    docsdk(root.path(), &["extract"]);
    write(root.path(), "specs/broken/service.yaml", "service: broken\nprovider: aliyun\nprotocol: aliyun-rpc\n");
    write(root.path(), "specs/broken/operations/A.yaml", "operation: A\nhttp: { method: POST, path: / }\nrequest: 7\n");
    let output = docsdk(root.path(), &["generate", "--specs", "specs", "--out", "sdk"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("specs/broken/operations/A.yaml:3:10"), "{}", said(&output));
    assert!(root.path().join("sdk/aliyun-rds/src/lib.rs").exists());
    assert!(!root.path().join("sdk/broken").exists());
}

#[test]
fn json_names_places() {
    let root = project();
    write(root.path(), "docsdk.toml", MANIFEST.replace("title", "titel"));
    let output = docsdk(root.path(), &["build", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &json["findings"][0];
    assert_eq!((&finding["file"], &finding["line"], &finding["column"]), (&"docsdk.toml".into(), &4.into(), &1.into()));
    assert_eq!((&finding["id"], &finding["severity"]), (&"unknown-key".into(), &"error".into()));
    assert!(output.stderr.is_empty());
}

#[test]
fn colours_only_where_wanted() {
    let root = tempfile::tempdir().unwrap();
    let escape = |output: &Output| output.stderr.contains(&0x1b);
    assert!(!escape(&docsdk(root.path(), &["build"])));
    assert!(escape(&docsdk(root.path(), &["build", "--color", "always"])));
    assert!(!escape(&docsdk(root.path(), &["build", "--color", "never"])));
}

#[test]
fn every_command_shows_examples() {
    let root = tempfile::tempdir().unwrap();
    let output = docsdk(root.path(), &["man", "--out", "man"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let mut commands = 0;
    for entry in fs::read_dir(root.path().join("man")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(command) = name.strip_prefix("docsdk-").and_then(|name| name.strip_suffix(".1")) else { continue };
        commands += 1;
        let help = docsdk(root.path(), &[command, "--help"]);
        assert!(said(&help).contains("Examples:"), "{command}");
    }
    assert!(commands >= 6, "{commands} commands");
    let script = docsdk(root.path(), &["completions", "bash"]);
    assert!(String::from_utf8(script.stdout).unwrap().contains("_docsdk"));
}

#[test]
fn misuse_is_told_from_findings() {
    let root = project();
    assert_eq!(docsdk(root.path(), &["bild"]).status.code(), Some(2));
    assert_eq!(docsdk(root.path(), &["extract", "--service", "x"]).status.code(), Some(2));
    assert_eq!(
        docsdk(root.path(), &["extract", "--service", "x", "--provider", "aliyun", "--out", "o"]).status.code(),
        Some(2)
    );
    assert_eq!(
        docsdk(root.path(), &["extract", "--service", "x", "--provider", "aliyun", "--out", "o", "nowhere"])
            .status
            .code(),
        Some(1)
    );
}

#[test]
fn explain_finds_pages_wherever_they_lie() {
    let root = project();
    let page = read(root.path(), "specs/aliyun-rds/pages/restore.txt");
    fs::remove_dir_all(root.path().join("specs")).unwrap();
    write(root.path(), "vendor/en/restore.txt", &page);
    // Another page of that name, of another operation.
    write(root.path(), "vendor/old/restore.txt", page.replace("RestoreDdrTable", "RestoreDdrSchema"));
    write(root.path(), "docsdk.toml", format!("{MANIFEST}pages = [\"vendor/old\", \"vendor/en/*.txt\"]\n"));
    assert_eq!(docsdk(root.path(), &["build"]).status.code(), Some(0));
    let explain =
        |operation| docsdk(root.path(), &["explain", "aliyun-rds", operation, "request.RestoreType.required"]);
    for (operation, file) in [("RestoreDdrTable", "vendor/en"), ("RestoreDdrSchema", "vendor/old")] {
        let text = said(&explain(operation));
        assert!(text.starts_with("exit 0\n") && text.contains(&format!("{file}/restore.txt:")), "{text}");
    }
    write(root.path(), "vendor/en/restore.txt", format!("{page}\nSee also.\n"));
    let text = said(&explain("RestoreDdrTable"));
    assert!(text.contains("changed since its facts were read") && text.contains("vendor/en/restore.txt:"), "{text}");
    fs::remove_dir_all(root.path().join("vendor")).unwrap();
    let text = said(&explain("RestoreDdrTable"));
    assert!(text.contains("can't be read") && text.contains("`docsdk build` reads the pages anew"), "{text}");
}
