//! The cache of pages, over the corpora: whatever pages change, come or go, the same as without it.

use std::path::PathBuf;

use docsdk::cache::Cache;
use docsdk::extract::{Pages, Provider, extract_pages, extract_pages_with};
use walkdir::WalkDir;

use super::shared;

/// Sets whose pages tell each other most: cells that ran together, and tables that links of other pages lead to.
const SETS: [(&str, &str); 4] = [
    ("aliyun-help/rds/en/squashed2023", "aliyun"),
    ("aliyun-help/rds/zh/paras2025", "aliyun"),
    ("huawei-rst/simple-message-notification", "huawei"),
    ("aliyun-md/aliyun-kms/en-US", "aliyun"),
];
/// How many pages of a set are read.
const PAGES: usize = 24;

struct Texts(Vec<(String, String)>);

impl Pages for Texts {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn page(&self, number: usize) -> Option<(&str, String)> {
        self.0.get(number).map(|(path, text)| (path.as_str(), text.clone()))
    }

    fn path(&self, number: usize) -> Option<&str> {
        self.0.get(number).map(|(path, _)| path.as_str())
    }
}

fn texts(folder: &str) -> Texts {
    let files = WalkDir::new(shared("corpus").join(folder)).sort_by_file_name().into_iter().map(Result::unwrap);
    let paths: Vec<PathBuf> = files
        .filter(|file| file.file_type().is_file() && !file.path().ends_with("README.md"))
        .map(walkdir::DirEntry::into_path)
        .take(PAGES)
        .collect();
    let text = |path: &PathBuf| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    Texts(paths.iter().map(text).collect())
}

#[test]
#[cfg_attr(not(shared), ignore = "the corpora are not at hand")]
fn pages_that_come_go_and_change_yield_what_they_would_without_a_cache() {
    for (folder, provider) in SETS {
        let provider = Provider::named(provider).unwrap();
        let kept = tempfile::tempdir().unwrap();
        let cache = Cache::at(kept.path());
        let mut texts = texts(folder);
        assert!(texts.count() > 8, "{folder}");
        let mut known = 0;
        let mut check = |texts: &Texts, what: &str| {
            let with = extract_pages_with(texts, &provider, &cache);
            assert!(
                format!("{with:?}") == format!("{:?}", extract_pages(texts, &provider)),
                "{folder}: {what}: other than without a cache"
            );
            let read = texts.count() - (cache.known() - known);
            known = cache.known();
            read
        };
        assert_eq!(check(&texts, "at first"), texts.count());
        assert_eq!(check(&texts, "again"), 0, "{folder}");
        texts.0[3].1.push_str("\n\nA sentence more.\n");
        assert!(check(&texts, "a sentence more") <= 2, "{folder}");
        // What the others learned from it is gone, and so is what its links and tables told them.
        let gone = texts.0.remove(1);
        check(&texts, "a page less");
        texts.0.push(gone);
        check(&texts, "a page at another place");
        for (number, (_, text)) in texts.0.iter_mut().enumerate().filter(|(number, _)| number % 5 == 2) {
            *text = text.replace("instance", if number % 2 == 0 { "machine" } else { "Thing" });
        }
        check(&texts, "words that others know");
        assert_eq!(check(&texts, "again, at last"), 0, "{folder}");
    }
}
