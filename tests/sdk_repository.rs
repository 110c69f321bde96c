//! The example of an SDK repository, and the files by which such repositories take docsdk into their CI.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use docsdk::project::{Project, compare};
use serde_yaml::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn example() -> PathBuf {
    root().join("examples/sdk-repository")
}

fn yaml(path: &Path) -> Value {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn what_the_example_has_checked_in_is_what_its_pages_give() {
    let project = Project::open(Some(&example().join("docsdk.toml"))).unwrap();
    for entry in project.services(&[]).unwrap() {
        let (row, plan, run) = project.plan(entry, &|| {});
        assert_eq!((row.operations, run.has_errors()), (3, false), "{:?}", run.findings);
        // The crates' paths to the runtime count from the folder that the command runs in.
        let stale: Vec<_> = compare(&plan).into_iter().filter(|stale| !stale.file.ends_with("/Cargo.toml")).collect();
        assert!(stale.is_empty(), "{stale:?}");
    }
}

/// Runs cargo in the example, beside what is built here already.
fn cargo(arguments: &[&str]) -> (bool, String, String) {
    let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo tells a test of its package would have build scripts run again that have run.
    for (name, _) in std::env::vars_os() {
        let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_EXE_"];
        if own.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    let output = command.args(arguments).current_dir(example()).env("CARGO_TARGET_DIR", target).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_example_builds_and_its_tests_pass() {
    // The same versions as here, which are on this machine already.
    fs::copy(root().join("Cargo.lock"), example().join("Cargo.lock")).unwrap();
    let (fine, printed, said) = cargo(&["test"]);
    assert!(fine, "{printed}{said}");
    let passed = printed.matches("test tests::a_snapshot_that_is_being_taken_is_no_fault ... ok").count();
    assert_eq!(passed, 2, "with checked-in code, and with that of the build script: {printed}");
    assert!(!said.contains("warning:"), "{said}");
    // The build script watches what is there, and nothing that a build changes.
    let (fine, _, said) = cargo(&["test", "--no-run", "--verbose"]);
    assert!(fine && said.contains("Fresh nightly-built"), "{said}");
}

/// Checks that a command line is one that docsdk takes.
#[track_caller]
fn parses(line: &str) {
    let words = shlex::split(line).unwrap();
    let parsed = docsdk::cli::command().try_get_matches_from(&words);
    assert!(parsed.is_ok(), "`{line}`: {}", parsed.unwrap_err());
}

#[test]
fn the_hooks_run_commands_that_there_are() {
    let hooks = yaml(&root().join(".pre-commit-hooks.yaml"));
    let mut known = BTreeSet::new();
    for hook in hooks.as_sequence().unwrap() {
        for key in ["id", "name", "description", "entry", "language", "files"] {
            assert!(hook.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{key} of {hook:?}");
        }
        // The manifest and the specs decide which files are looked at.
        assert_eq!(hook.get("pass_filenames"), Some(&Value::Bool(false)));
        parses(hook["entry"].as_str().unwrap());
        known.insert(hook["id"].as_str().unwrap().to_owned());
    }
    let used = yaml(&example().join(".pre-commit-config.yaml"));
    let used: BTreeSet<String> = used["repos"][0]["hooks"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|hook| hook["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(used, known, "the example shows every hook");
    let files = regex::Regex::new(hooks[0]["files"].as_str().unwrap()).unwrap();
    for path in ["docsdk.toml", "specs/a/pages/x.md", "sdk/generated/a/src/lib.rs", "templates/lib.rs.jinja"] {
        assert!(files.is_match(path), "{path}");
    }
    assert!(!files.is_match("src/main.rs"));
}

/// A text with `${{ inputs.NAME }}` put in; the name of an input that there is not fails.
fn filled(text: &str, inputs: &BTreeMap<String, String>) -> String {
    let pattern = regex::Regex::new(r"\$\{\{ inputs\.([a-z-]+) \}\}").unwrap();
    pattern.replace_all(text, |found: &regex::Captures<'_>| inputs[&found[1]].clone()).into_owned()
}

#[test]
fn the_action_runs_commands_that_there_are() {
    let action = yaml(&root().join("action.yml"));
    let mut inputs: BTreeMap<String, String> = action["inputs"]
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, input)| (name.as_str().unwrap().to_owned(), input["default"].as_str().unwrap().to_owned()))
        .collect();
    let workflow = yaml(&example().join(".github/workflows/sdk.yml"));
    let steps = workflow["jobs"]["docsdk"]["steps"].as_sequence().unwrap();
    let step = steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("docsdk/docsdk@")));
    for (name, value) in step.unwrap()["with"].as_mapping().unwrap() {
        let known = inputs.insert(name.as_str().unwrap().to_owned(), value.as_str().unwrap().to_owned());
        assert!(known.is_some(), "no input {name:?}");
    }
    assert_eq!(action["runs"]["using"], Value::from("composite"));
    let mut commands = BTreeSet::new();
    let variable = regex::Regex::new(r"\$([A-Z_]+)").unwrap();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let Some(script) = step.get("run").and_then(Value::as_str) else { continue };
        assert_eq!(step["shell"], Value::from("bash"), "{step:?}");
        assert!(!script.contains("${{"), "inputs reach scripts as variables, never as their text: {script}");
        let checked = Command::new("bash").args(["-n", "-c", script]).status().unwrap();
        assert!(checked.success(), "{script}");
        let mut variables: BTreeMap<String, String> = [("RUNNER_TEMP".to_owned(), "/tmp".to_owned())].into();
        for (name, value) in step.get("env").and_then(Value::as_mapping).into_iter().flatten() {
            variables.insert(name.as_str().unwrap().to_owned(), filled(value.as_str().unwrap(), &inputs));
        }
        for line in script.lines().map(str::trim).filter(|line| line.starts_with("docsdk ")) {
            let line = line.split(" || ").next().unwrap();
            let line = variable.replace_all(line, |found: &regex::Captures<'_>| variables[&found[1]].clone());
            parses(&line);
            commands.insert(line.split(' ').nth(1).unwrap().to_owned());
        }
    }
    assert_eq!(commands, ["check", "diff"].map(str::to_owned).into());
}
