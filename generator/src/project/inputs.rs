//! What specs and crates are made from: the paths whose change makes a build worth its time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{PageFile, Project};
use crate::extract::is_path;
use crate::manifest::ServiceEntry;

/// Files and folders that exist: of one that does not, cargo would think that it changes all the time.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    paths: BTreeSet<PathBuf>,
    /// Folders that hold it, and so change whenever something is built, are not watched.
    out: PathBuf,
}

impl Inputs {
    /// Inputs of what is written to a folder: folders around it, which change with every build, are left out.
    pub fn new(out: &Path) -> Self {
        Self { paths: BTreeSet::new(), out: std::path::absolute(out).unwrap_or_else(|_| out.to_owned()) }
    }

    /// A file, or a folder with all in it.
    pub(crate) fn add(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        if path.exists() && !self.holds_output(&path) {
            self.paths.insert(path);
        }
    }

    /// A file that people may yet write: its folder is watched for it.
    pub(crate) fn add_or_await(&mut self, path: &Path) {
        match path.parent() {
            Some(folder) if !path.exists() => self.add(folder),
            _ => self.add(path),
        }
    }

    /// What patterns of pages stand for: folders, since pages may be added, and files.
    pub(crate) fn add_pages(&mut self, root: &Path, patterns: &[String], pages: &[PageFile]) {
        let is_glob = |part: &str| part.contains(['*', '?', '[', '{']);
        for pattern in patterns {
            let path = root.join(pattern);
            let fixed: PathBuf = if path.exists() {
                path
            } else {
                root.join(pattern.split('/').take_while(|part| !is_glob(part)).collect::<PathBuf>())
            };
            self.add(fixed);
        }
        for page in
            pages.iter().filter(|page| !self.paths.iter().any(|path| page.path.starts_with(path))).collect::<Vec<_>>()
        {
            self.add(&page.path);
        }
    }

    /// A provider's file and the language files that it names.
    pub(crate) fn add_provider(&mut self, provider: &str) {
        if !is_path(provider) {
            return;
        }
        let path = Path::new(provider);
        self.add(path);
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let file: serde_yaml::Value = serde_yaml::from_str(&text).unwrap_or_default();
        let languages = file.get("languages").and_then(serde_yaml::Value::as_sequence);
        let named = languages.into_iter().flatten().filter_map(serde_yaml::Value::as_str);
        for language in named.filter(|language| is_path(language)) {
            self.add(path.parent().unwrap_or(Path::new("")).join(language));
        }
    }

    /// The files and folders.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().map(PathBuf::as_path)
    }

    fn holds_output(&self, path: &Path) -> bool {
        std::path::absolute(path).is_ok_and(|path| self.out.starts_with(path.components().collect::<PathBuf>()))
    }
}

impl Project {
    /// Adds what services are extracted and rendered from, the manifest included.
    pub fn inputs(&self, services: &[&ServiceEntry], inputs: &mut Inputs) {
        inputs.add(&self.file);
        for entry in services {
            let job = self.spec_job(entry).0;
            inputs.add_pages(&self.root, &entry.page_patterns(), &job.pages);
            inputs.add_provider(&job.service.provider);
            inputs.add_or_await(&job.folder.join(super::facts::OVERLAY));
        }
        if let Some(templates) = &self.manifest.generate.templates {
            inputs.add(self.root.join(templates));
        }
    }
}
