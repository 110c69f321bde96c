//! `docsdk watch` as its users meet it: a real process that follows what changes.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use process::{read, write};
use serde_json::Value;

const PAGE: &str = "# Creating a Disk\n\nIt creates a disk.\n\n## URI\n\nPOST /v1/disks\n\n## Request Parameters\n\n\
| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| name | Yes | String | Specifies the name. |\n";

struct Watching(Child, Receiver<Value>);

impl Watching {
    fn start(root: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docsdk"));
        let command = command.current_dir(root).args(["watch", "--format", "json"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        });
        Self(child, lines)
    }

    /// What the next build came to: the files that it changed, and the ids of new findings.
    fn next(&self) -> (Vec<String>, Vec<String>) {
        let line = self.1.recv_timeout(Duration::from_mins(1)).expect("a build");
        let changed = line["changed"].as_array().unwrap().iter();
        let changed =
            changed.map(|one| format!("{} {}", one["change"].as_str().unwrap(), one["file"].as_str().unwrap()));
        let findings = line["findings"].as_array().unwrap().iter();
        (changed.collect(), findings.map(|one| one["id"].as_str().unwrap().to_owned()).collect())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn each_change_is_built_and_only_what_it_came_to_is_told() {
    let root = tempfile::tempdir().unwrap();
    let root = &root.path().canonicalize().unwrap();
    let manifest = "[[service]]\nname = \"acme-disk\"\nprovider = \"huawei\"\n";
    write(root, "docsdk.toml", manifest);
    write(root, "specs/acme-disk/pages/create.md", PAGE);
    let mut watching = Watching::start(root);
    let (changed, _) = watching.next();
    assert!(changed.contains(&"+ specs/acme-disk/operations/CreateDisk.yaml".to_owned()), "{changed:?}");

    write(root, "specs/acme-disk/pages/create.md", PAGE.replace("It creates", "This creates"));
    let (changed, _) = watching.next();
    let operation = "~ specs/acme-disk/operations/CreateDisk.yaml".to_owned();
    assert!(changed.contains(&operation) && changed.iter().all(|line| line.starts_with('~')), "{changed:?}");

    // A page, an overlay and templates that were not there.
    write(root, "specs/acme-disk/pages/more/delete.md", PAGE.replace("Creating", "Deleting").replace("POST", "DELETE"));
    let (changed, _) = watching.next();
    assert!(changed.contains(&"+ specs/acme-disk/operations/DeleteDisk.yaml".to_owned()), "{changed:?}");
    write(
        root,
        "specs/acme-disk/overlay.yaml",
        "overlay:\n- set: Nowhere.request.x.required\n  to: true\n  reason: r\n",
    );
    let (changed, findings) = watching.next();
    assert!(changed.is_empty() && findings.len() == 1, "{changed:?} {findings:?}");
    fs::remove_file(root.join("specs/acme-disk/overlay.yaml")).unwrap();
    assert_eq!(watching.next(), (vec![], vec![]));

    // What is wrong stops nothing.
    write(root, "docsdk.toml", "[[service]\n");
    assert_eq!(watching.next(), (vec![], vec!["not-toml".to_owned()]));
    write(root, "docsdk.toml", format!("{manifest}title = \"Disks\"\n"));
    let (changed, _) = watching.next();
    assert!(changed.contains(&"~ specs/acme-disk/service.yaml".to_owned()), "{changed:?}");
    assert!(read(root, "specs/acme-disk/service.yaml").contains("Disks"));

    // Nothing that a build writes makes another.
    assert!(watching.1.recv_timeout(Duration::from_secs(1)).is_err());
    let interrupted = Command::new("kill").args(["-INT", &watching.0.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    assert_eq!(watching.0.wait().unwrap().code(), Some(0));
}
