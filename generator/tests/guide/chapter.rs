//! A chapter of the guide, told again by running it.
//!
//! A fenced block `console` holds commands (`$ …`) and what they print. A block whose first line names a file after its
//! language is that file. A line that is `…` alone stands for lines that a chapter leaves out.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use tempfile::TempDir;

use super::web::Web;
use crate::process;

/// What a line of output that stands for any lines looks like.
const LEFT_OUT: &str = "…";

/// The chapter with the files and outputs in it that are there now.
pub(crate) fn retold(chapter: &str) -> String {
    let project = Project::of(chapter);
    let blocks = Regex::new(r"(?s)```(console|\w+ [\w./-]+)\n(.*?)```\n").unwrap();
    let mut text = String::new();
    let mut end = 0;
    for block in blocks.captures_iter(chapter) {
        let (head, body, whole) = (&block[1], &block[2], block.get(0).unwrap());
        text += &chapter[end..whole.start()];
        end = whole.end();
        let body = match head.split_once(' ') {
            Some((_, file)) => project.file(file, body),
            None => project.session(body),
        };
        text.extend(["```", head, "\n", &body, "```\n"]);
    }
    text + &chapter[end..]
}

/// The folder that a chapter's commands run in.
struct Project {
    root: PathBuf,
    /// The example whose files a chapter shows, where they are not its own.
    example: Option<PathBuf>,
    /// The web, where folders beside the project play hosts of it.
    web: Option<Web>,
    /// Removed with the project.
    _folder: Option<TempDir>,
}

impl Project {
    /// As the chapter's first comment says: `<!-- shows: DIR -->` a copy of an example, without what is made of it;
    /// `<!-- begins with: PATH → PATH, … -->` files of the repository; otherwise an empty folder. Files that go to
    /// `../HOST/` are what that host of the web serves.
    fn of(chapter: &str) -> Self {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        fs::create_dir(&root).unwrap();
        let project = Self { root, example: None, web: None, _folder: Some(folder) };
        let directive = Regex::new(r"^<!-- (shows|begins with): (.*?) -->\n").unwrap();
        let Some(directive) = directive.captures(chapter) else { return project };
        if &directive[1] == "shows" {
            let example = repository.join(&directive[2]);
            if example.join("Cargo.toml").exists() {
                return Self::of_cargo(&repository, &example);
            }
            copy_sources(&example, &project.root);
            return Self { example: Some(example), ..project };
        }
        for pair in directive[2].split(", ") {
            let (from, to) = pair.split_once(" → ").unwrap();
            process::write(&project.root, to, fs::read(repository.join(from)).unwrap());
        }
        let web = directive[2].contains(" → ../").then(|| Web::of(project.root.join("..")));
        Self { web, ..project }
    }

    /// A copy of an example that cargo builds. It has the same place each time, beside what is built here already, so that
    /// cargo builds nothing twice.
    fn of_cargo(repository: &Path, example: &Path) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide").join(example.file_name().unwrap());
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        copy_sources(example, &root);
        for manifest in ["Cargo.toml", "docsdk.toml"] {
            let text = process::read(example, manifest);
            let here = format!("\"{}/", repository.display());
            process::write(&root, manifest, text.replace("\"../../", &here));
        }
        fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
        Self { root, example: Some(example.to_owned()), web: None, _folder: None }
    }

    /// A file that a chapter shows: the example's as it is, or else written as the chapter has it.
    fn file(&self, path: &str, body: &str) -> String {
        let there = self.example.as_ref().and_then(|example| fs::read_to_string(example.join(path)).ok());
        there.unwrap_or_else(|| {
            process::write(&self.root, path, body);
            body.to_owned()
        })
    }

    /// A block of commands with what they print now.
    fn session(&self, body: &str) -> String {
        let mut text = String::new();
        let mut rest = body;
        while let Some(command) = rest.strip_prefix("$ ") {
            let (command, after) = command.split_once('\n').unwrap_or((command, ""));
            let next = if after.starts_with("$ ") { Some(0) } else { after.find("\n$ ").map(|at| at + 1) };
            let (shown, following) = after.split_at(next.unwrap_or(after.len()));
            rest = following;
            let printed = self.run(command);
            let printed = if stands_for(shown, &printed) { shown } else { &printed };
            text.extend(["$ ", command, "\n", printed]);
        }
        assert!(rest.is_empty(), "a block of commands begins with `$ `, not with\n{rest}");
        text
    }

    /// What a command prints, and its exit status where that is not 0.
    fn run(&self, command: &str) -> String {
        let mut shell = Command::new("sh");
        if let Some(web) = &self.web {
            shell.env("http_proxy", web.proxy()).env_remove("no_proxy").env_remove("NO_PROXY");
        }
        shell.args(["-c", command]).current_dir(&self.root);
        commits_as_anyone(&mut shell);
        shell.env("PATH", path_with_docsdk(None)).env("CARGO_TARGET_DIR", process::target()).env("NO_COLOR", "1");
        process::without_own_package(&mut shell);
        let output = shell.output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let said = Regex::new(r"\d+\.\d\d s").unwrap().replace_all(said.trim_end(), "0.00 s").into_owned();
        // What is released today was released on the day that the chapter was written.
        let said = Regex::new(r"(?m)^(## \[.*\] - )\d{4}-\d\d-\d\d$").unwrap().replace_all(&said, "${1}2026-11-21");
        let mut lines: Vec<String> = said.lines().map(|line| line.trim_end().to_owned()).collect();
        if !output.status.success() {
            lines.push(format!("exit status {}", output.status.code().unwrap()));
        }
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

/// Makes a command commit as nobody in particular, whatever the machine's settings say.
pub(crate) fn commits_as_anyone(command: &mut Command) {
    command
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
        .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
        .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")]);
}

/// Where commands are looked for: in a folder, among those that were built, and where they are always.
pub(crate) fn path_with_docsdk(first: Option<&Path>) -> OsString {
    let built = Path::new(env!("CARGO_BIN_EXE_docsdk")).parent().unwrap();
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let folders = first.into_iter().chain([built]).map(Path::to_owned);
    std::env::join_paths(folders.chain(std::env::split_paths(&usual))).unwrap()
}

/// Copies an example's own files and pages, and nothing that is made of them.
pub(crate) fn copy_sources(example: &Path, root: &Path) {
    for entry in walkdir::WalkDir::new(example) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(example).unwrap();
        let is_made = path.starts_with("generated") || path.ends_with("sources.lock") || path.ends_with("service.yaml");
        let folder_is_made = |name: &std::ffi::OsStr| name == "operations" || name == ".docsdk-cache";
        let is_made = is_made || path.components().any(|part| folder_is_made(part.as_os_str()));
        if entry.file_type().is_file() && !is_made {
            process::write(root, path.to_str().unwrap(), fs::read(entry.path()).unwrap());
        }
    }
}

/// Whether what a chapter shows of an output is that output, but for what it leaves out.
fn stands_for(shown: &str, printed: &str) -> bool {
    let mut kept = vec![String::new()];
    for line in shown.lines() {
        match line {
            LEFT_OUT => kept.push(String::new()),
            line => kept.last_mut().unwrap().extend([line, "\n"]),
        }
    }
    let (first, last) = (&kept[0], &kept[kept.len() - 1]);
    if kept.len() == 1 {
        return shown == printed;
    }
    let Some(mut rest) = printed.strip_prefix(first.as_str()) else { return false };
    for part in &kept[1..kept.len() - 1] {
        match rest.split_once(part.as_str()) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

#[test]
fn a_line_of_dots_stands_for_lines() {
    assert!(stands_for("a\nb\n", "a\nb\n"));
    assert!(!stands_for("a\n", "a\nb\n"));
    assert!(stands_for("a\n…\nd\n", "a\nb\nc\nd\n"));
    assert!(stands_for("…\nc\n…\n", "a\nb\nc\nd\n"));
    assert!(!stands_for("a\n…\ne\n", "a\nb\nc\nd\n"));
    assert!(!stands_for("…\nx\n…\n", "a\nb\n"));
}

#[test]
fn a_chapter_is_told_with_what_happens() {
    let told = "```yaml a.txt\nhello\n```\n\n```console\n$ cat a.txt\nbye\n$ false\n```\n";
    let now = "```yaml a.txt\nhello\n```\n\n```console\n$ cat a.txt\nhello\n$ false\nexit status 1\n```\n";
    assert_eq!(retold(told), now);
    assert_eq!(retold(now), now);
}
