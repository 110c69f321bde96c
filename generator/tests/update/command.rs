//! The command: its words, its exit status, runs that are cut off, and two at once.

use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use super::fixture::{Fixture, NAMES, SIGN_IN, page};
use super::server::Reply;

const QUICK: &str = "rate = 1000\nretry_wait = 0.01\nattempts = 2";

fn command(fixture: &Fixture, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docsdk"));
    command.arg("update").args(arguments).current_dir(fixture.root.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[track_caller]
fn run(fixture: &Fixture, arguments: &[&str], status: i32) -> String {
    let output = command(fixture, arguments).output().unwrap();
    words(&output, status)
}

#[track_caller]
fn words(output: &Output, status: i32) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{text}");
    text
}

fn project(pages: usize) -> (Fixture, Vec<String>) {
    let paths: Vec<String> = (0..pages).map(|number| format!("/api/Create{number}")).collect();
    let fixture = Fixture::new(&paths.iter().map(String::as_str).collect::<Vec<_>>(), QUICK);
    for path in &paths {
        fixture.server.page(path, &page(path.trim_start_matches("/api/"), &NAMES));
    }
    (fixture, paths)
}

#[test]
fn says_what_happened_and_exits_accordingly() {
    let (fixture, paths) = project(3);
    let text = run(&fixture, &[], 0);
    assert!(text.contains("new") && text.contains("Create0.html") && text.contains("files added"), "{text}");
    let text = run(&fixture, &[], 0);
    assert!(text.contains("nothing to write"), "{text}");
    assert_eq!(run(&fixture, &["--quiet"], 0), "");
    fixture.server.page(&paths[0], SIGN_IN);
    fixture.server.page(&paths[1], &page("Create1", &NAMES[..7]));
    let text = run(&fixture, &["--dry-run"], 1);
    for part in
        ["0.1.0 → 0.2.0", "kept back", "it asks for a sign-in", "--accept Create0.html", "~ docsdk.toml", "ClientToken"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json: serde_json::Value = {
        let output = command(&fixture, &["--format", "json"]).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), ""));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(json["command"], "update");
    assert_eq!(json["services"][0]["release"]["to"], "0.2.0");
    assert_eq!(json["services"][0]["pages"][0]["state"], "kept-back");
    assert_eq!(json["findings"][0]["id"], "page-kept-back");
    for path in &paths {
        fixture.server.set(path, Reply::Status(500, vec![]));
    }
    let text = run(&fixture, &[], 2);
    assert!(text.contains("not one page of `disk` could be fetched"), "{text}");
}

#[test]
fn misuse_is_told() {
    let (fixture, _) = project(1);
    assert!(run(&fixture, &["disc"], 2).contains("did you mean `disk`?"));
    fixture.manifest("", "");
    assert!(run(&fixture, &[], 2).contains("no service names pages on the web"));
    fixture.manifest("", "urls = [\"ftp://a.example/x\"]");
    assert!(run(&fixture, &[], 2).contains("not of `ftp`"));
    fixture.manifest("rate = -1", "urls = [\"https://a.example/x\"]");
    assert!(run(&fixture, &[], 2).contains("`fetch.rate` has to be"));
}

/// A run that waits for the last of its pages.
fn waiting(fixture: &Fixture, paths: &[String]) -> Child {
    let last = paths.last().unwrap();
    fixture.server.first(last, [Reply::Late(Duration::from_mins(1), Box::new(Reply::Status(500, vec![])))]);
    let child = command(fixture, &[]).spawn().unwrap();
    fixture.server.wait_for(paths.len() + 1);
    child
}

#[test]
fn a_run_that_was_cut_off_goes_on_where_it_stopped() {
    let (fixture, paths) = project(5);
    let mut child = waiting(&fixture, &paths);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!fixture.path("specs").exists(), "nothing is written before all is there");
    assert_eq!(fixture.server.paths().len(), 5);
    let text = run(&fixture, &[], 0);
    assert!(text.contains("4 of disk's pages were fetched by a run that was cut off"), "{text}");
    assert_eq!(fixture.server.paths(), [paths[4].clone()], "only what was missing is fetched");
    assert_eq!(std::fs::read_dir(fixture.path("specs/disk/pages")).unwrap().count(), 5);
    // The next one begins anew.
    run(&fixture, &[], 0);
    assert_eq!(fixture.server.paths().len(), 5);
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    let (fixture, paths) = project(3);
    let mut child = waiting(&fixture, &paths);
    let text = run(&fixture, &[], 2);
    let holder = format!("another docsdk is at work here: process {}", child.id());
    assert!(text.contains(&holder) && text.contains("wait until it is done"), "{text}");
    // Looking is free.
    let text = run(&fixture, &["--dry-run"], 0);
    assert!(text.contains("nothing written"), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
    run(&fixture, &[], 0);
}
