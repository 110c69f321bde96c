//! The pages of a service: files, folders and patterns to texts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Severity};
use crate::files;

/// Endings of files that are read as pages where a folder is named; a file named by itself is read whatever its ending.
const ENDINGS: [&str; 9] = ["html", "htm", "xhtml", "md", "markdown", "mdx", "rst", "txt", "text"];

/// A page on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageFile {
    /// Its name in `sources.lock`: the same on any machine.
    pub name: String,
    /// The path as findings show it, with `/`.
    pub shown: String,
    /// The path to open.
    pub path: PathBuf,
}

/// Finds the pages that files, folders and glob patterns stand for, sorted, each once.
///
/// Patterns count from `root`. Pages in `home`, the service's folder, are named from it.
pub fn collect(root: &Path, patterns: &[String], home: &Path) -> (Vec<PageFile>, Vec<Diagnostic>) {
    let mut pages = BTreeMap::new();
    let mut findings = Vec::new();
    for pattern in patterns {
        let base: PathBuf = root.join(pattern).components().collect();
        let found = if base.is_dir() {
            walk(&base, &mut findings)
                .into_iter()
                .filter(|path| is_page(path))
                .map(|path| (base.clone(), path))
                .collect()
        } else if base.is_file() {
            vec![(base.parent().unwrap_or(root).to_owned(), base.clone())]
        } else if pattern.contains(['*', '?', '[', '{']) {
            matching(root, pattern, &mut findings)
        } else {
            Vec::new()
        };
        if found.is_empty() {
            let (shown, exists) = (files::display(&base), base.exists());
            let message = if exists { "holds no page" } else { "is not there" };
            let help = format!("a page is a file ending in {}", ENDINGS.map(|e| format!("`.{e}`")).join(", "));
            let help = if exists { help } else { "see whether the path or pattern is written right".to_owned() };
            findings.push(Diagnostic::new("no-pages", Severity::Error, shown, message).help(help));
        }
        for (base, path) in found {
            let name = path.strip_prefix(home).or_else(|_| path.strip_prefix(&base)).unwrap_or(&path);
            let page = PageFile { name: files::display(name), shown: files::display(&path), path };
            pages.entry(page.path.clone()).or_insert(page);
        }
    }
    let mut pages: Vec<PageFile> = pages.into_values().collect();
    pages.sort();
    (pages, findings)
}

/// Whether a file is read as a page where its folder is named.
pub(crate) fn is_page(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| page_ending(name).is_some())
}

fn walk(folder: &Path, findings: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let mut paths = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| !hidden(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() || entry.path_is_symlink() && entry.path().is_file() => {
                paths.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links"));
                findings.push(files::failure("page-read", &path, "read", &error));
            }
        }
    }
    paths
}

fn matching(root: &Path, pattern: &str, findings: &mut Vec<Diagnostic>) -> Vec<(PathBuf, PathBuf)> {
    let glob = match GlobBuilder::new(pattern).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => {
            let message = format!("`{pattern}` is no pattern: {}", error.kind());
            findings.push(
                Diagnostic::new("page-pattern", Severity::Error, files::display(root), message)
                    .help("`*` stands for part of a name, `**` for folders"),
            );
            return Vec::new();
        }
    };
    // Walk from the deepest folder that the pattern names outright.
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let base = root.join(&fixed);
    let start = if base.as_os_str().is_empty() { PathBuf::from(".") } else { base.clone() };
    if !start.is_dir() {
        return Vec::new();
    }
    let plain = |path: PathBuf| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
    let fits = |path: &PathBuf| path.strip_prefix(root).is_ok_and(|path| glob.is_match(path));
    walk(&start, findings).into_iter().map(plain).filter(fits).map(|path| (base.clone(), path)).collect()
}

/// What is wrong with a file name that a person chose; nothing where it will do.
pub(crate) fn page_name_fault(file: &str) -> Option<&'static str> {
    let mut parts = file.split('/').peekable();
    while let Some(part) = parts.next() {
        if part.is_empty() || part.starts_with('.') || part.ends_with(['.', ' ']) {
            return Some("its parts have to be names that neither begin nor end with a dot");
        }
        if part.chars().any(|c| c.is_control() || r#"\:*?"<>|"#.contains(c)) {
            return Some("a name holds no control characters, and none of `\\ : * ? \" < > |`");
        }
        if parts.peek().is_none() && page_ending(part).is_none() {
            return Some("a page ends in .html, .htm, .xhtml, .md, .markdown, .mdx, .rst, .txt or .text");
        }
    }
    None
}

/// The ending of a page's path, where it is one that pages are read by.
pub(crate) fn page_ending(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let (before, ending) = name.rsplit_once('.')?;
    let known = ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending));
    (known && !before.is_empty()).then_some(ending)
}

/// Reads a page's bytes.
///
/// # Errors
/// A finding that says what the system said.
pub(super) fn bytes(page: &PageFile) -> Result<Vec<u8>, Box<Diagnostic>> {
    fs::read(&page.path).map_err(|error| {
        let failed = files::failure("page-read", &page.path, "read", &error);
        Box::new(Diagnostic { file: page.shown.clone(), ..failed })
    })
}

/// SHA-256 of bytes, in hex.
pub(crate) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{collect, page_name_fault};

    #[test]
    fn finds_pages_in_order_and_once() {
        let root = tempfile::tempdir().unwrap();
        let pages = root.path().join("specs/a/pages");
        fs::create_dir_all(pages.join("sub")).unwrap();
        for name in ["b.md", "a.html", "logo.png", ".hidden.md", "sub/c.TXT"] {
            fs::write(pages.join(name), "x").unwrap();
        }
        let patterns = ["specs/a/pages", "specs/a/pages/*.md", "specs/*/pages/**/*.TXT"].map(str::to_owned);
        let (found, findings) = collect(root.path(), &patterns, &root.path().join("specs/a"));
        assert_eq!(
            found.iter().map(|page| page.name.as_str()).collect::<Vec<_>>(),
            ["pages/a.html", "pages/b.md", "pages/sub/c.TXT"]
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn says_what_is_not_there() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("empty")).unwrap();
        let (_, findings) = collect(root.path(), &["nowhere".to_owned(), "empty".to_owned()], root.path());
        assert_eq!(
            findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(),
            ["is not there", "holds no page"]
        );
    }

    #[test]
    fn chosen_names_stay_inside() {
        for good in ["a.html", "en/create-backup.md", "创建.html"] {
            assert_eq!(page_name_fault(good), None, "{good}");
        }
        for bad in ["../a.html", "/a.html", "a/../b.html", "C:a.html", "a\\b.html", ".a.html", "a.exe", "", "a/.html"] {
            assert!(page_name_fault(bad).is_some(), "{bad}");
        }
    }
}
