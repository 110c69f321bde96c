//! The files that pages of the web are kept as: plain names, whatever a URL holds, and no two the same.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use url::Url;

use crate::project::page_ending as ending;

/// The longest name, its ending left out.
const LONGEST: usize = 100;
/// Names that some systems keep for themselves.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name of each page without its ending, for pages that have none yet; `taken` are names without endings too.
pub(crate) fn stems(urls: &BTreeSet<&Url>, taken: &BTreeSet<String>) -> BTreeMap<Url, String> {
    let plain: BTreeMap<&Url, String> = urls.iter().map(|url| (*url, stem(url))).collect();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for name in plain.values() {
        *uses.entry(folded(name)).or_default() += 1;
    }
    let name = |(url, name): (&Url, String)| {
        let known = folded(&name);
        let alone = uses.get(&known) == Some(&1) && !taken.contains(&known);
        (url.clone(), if alone { name } else { format!("{name}-{}", mark(url)) })
    };
    plain.into_iter().map(name).collect()
}

/// A name as file systems that do not tell cases apart see it, its ending left out.
pub(crate) fn folded(file: &str) -> String {
    let name = match ending(file) {
        Some(ending) => file.get(..file.len() - ending.len() - 1).unwrap_or(file),
        None => file,
    };
    name.to_lowercase()
}

/// The ending of a kept page: its URL's where that is a page's, and what it was served as otherwise.
pub(crate) fn ending_of(url: &Url, content_type: Option<&str>) -> String {
    if let Some(ending) = ending(url.path()) {
        return ending.to_ascii_lowercase();
    }
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let ending = match kind.as_str() {
        "text/markdown" | "text/x-markdown" => "md",
        "text/x-rst" | "text/prs.fallenstein.rst" => "rst",
        "text/plain" => "txt",
        _ => "html",
    };
    ending.to_owned()
}

/// The last part of a URL's path that says something, and its query.
fn stem(url: &Url) -> String {
    let mut parts: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let index = |part: &&str| matches!(folded(part).as_str(), "index" | "default");
    if parts.len() > 1 && parts.last().is_some_and(index) {
        parts.pop();
    }
    let last = parts.last().copied().unwrap_or_else(|| url.host_str().unwrap_or_default());
    let last = match ending(last) {
        Some(ending) => last.get(..last.len() - ending.len() - 1).unwrap_or(last),
        None => last,
    };
    let mut name = plain(last);
    if let Some(query) = url.query().map(plain).filter(|query| !query.is_empty()) {
        name = if name.is_empty() { query } else { format!("{name}-{query}") };
    }
    name.truncate(LONGEST);
    let name = name.trim_end_matches('-');
    let device = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.is_empty() || RESERVED.iter().any(|reserved| device.eq_ignore_ascii_case(reserved)) {
        return format!("page-{}", mark(url));
    }
    name.to_owned()
}

/// Letters, digits and hyphens; what is neither becomes a hyphen.
fn plain(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for byte in percent_decoded(text) {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => name.push(char::from(byte)),
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    name.trim_end_matches('-').to_owned()
}

fn percent_decoded(text: &str) -> Vec<u8> {
    // What `url` decodes in a query, it decodes anywhere; a plus is no blank in a path, and a hyphen in a name either way.
    url::form_urlencoded::parse(text.as_bytes())
        .flat_map(|(key, value)| [key.into_owned(), value.into_owned()])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .into_bytes()
}

/// A few characters that tell a URL from others.
fn mark(url: &Url) -> String {
    use std::fmt::Write as _;
    Sha256::digest(url.as_str().as_bytes()).iter().take(4).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::page_name_fault;

    #[track_caller]
    fn test(url: &str, expected: &str) {
        let url = Url::parse(url).unwrap();
        let name = stem(&url);
        assert_eq!(name, expected);
        assert_eq!(page_name_fault(&format!("{name}.{}", ending_of(&url, None))), None);
    }

    #[test]
    fn names_come_from_urls_and_stay_inside() {
        test("https://a.example/help/en/rds/api-createbackup", "api-createbackup");
        test("https://a.example/api/createbackup/", "createbackup");
        test("https://a.example/api/createbackup/index.html", "createbackup");
        test("https://a.example/Create.Backup.HTML", "Create-Backup");
        test("https://a.example/", "a-example");
        test("https://a.example/doc?id=12&lang=en", "doc-id-12-lang-en");
        test("https://a.example/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "etc-passwd");
        test("https://a.example/x%00y%5c..%5cz", "x-y-z");
        test("https://a.example/.ssh", "ssh");
        test("https://a.example/nul.html", "page-8fbd0eaa");
        test("https://a.example/创建备份", "page-54fbd7db");
        test(&format!("https://a.example/{}", "x".repeat(500)), &"x".repeat(100));
    }

    #[test]
    fn no_two_are_the_same() {
        let urls =
            ["https://a/en/x", "https://a/zh/X", "https://a/y", "https://a/z"].map(|url| Url::parse(url).unwrap());
        let names = stems(&urls.iter().collect(), &["z".to_owned()].into());
        let names: Vec<&str> = urls.iter().map(|url| names[url].as_str()).collect();
        assert_eq!(names[2], "y");
        assert!(names[0].starts_with("x-") && names[1].starts_with("X-") && names[3].starts_with("z-"), "{names:?}");
    }

    #[test]
    fn endings_are_those_of_urls_or_of_what_was_served() {
        let ending = |url: &str, kind: Option<&str>| ending_of(&Url::parse(url).unwrap(), kind);
        assert_eq!(ending("https://a/x.md", Some("text/html")), "md");
        assert_eq!(ending("https://a/x", Some("text/markdown; charset=utf-8")), "md");
        assert_eq!(ending("https://a/x.php", Some("text/html")), "html");
        assert_eq!(ending("https://a/v1.2", None), "html");
    }
}
