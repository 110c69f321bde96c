//! The two sides of a comparison as people name them: folders of specs or of pages, OpenAPI documents, archives,
//! revisions, releases.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use semver::Version;

use super::document_side::{DocumentReading, is_document, may_be_document, side_of_document};
use super::page_side::{PageReading, side_of_pages};
use super::pages::is_page;
use super::{Project, collect};
use crate::diff::{Files, SideError};
use crate::files;
use crate::manifest::ServiceEntry;
use crate::openapi::PROVIDER;
use crate::release::{PUBLISHED, Release};
use crate::spec::{Service, yaml};

/// Reads sides for people: what they name may be specs, an archive of them, an OpenAPI document, or pages.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The project around, which knows whose pages are whose.
    pub project: Option<&'a Project>,
    /// The provider of pages that no manifest knows.
    pub provider: Option<&'a str>,
    /// A day like `2026-01-31`.
    pub today: &'a str,
}

impl Sides<'_> {
    /// Reads two folders, files or archives.
    ///
    /// # Errors
    /// When neither exists, or one cannot be read.
    pub fn pair(&self, old: &Path, new: &Path) -> Result<(Files, Files), SideError> {
        if !old.exists() && !new.exists() {
            let message = format!("neither `{}` nor `{}` exists", old.display(), new.display());
            return Err(SideError { place: old.display().to_string(), message });
        }
        Ok((self.open(old, new, new)?, self.open(new, old, new)?))
    }

    /// Reads a folder, and what it is held against: a revision, a folder, or `@published`.
    ///
    /// # Errors
    /// When one cannot be read; the error says what to do.
    pub fn against(&self, what: &str, new: &Path) -> Result<(Files, Files), SideError> {
        let is = self.open(new, Path::new(what), new)?;
        if what != PUBLISHED && (is_document(new) || may_be_document(new) && !new.exists()) {
            return Ok((self.document_against(what, new)?, is));
        }
        if what == PUBLISHED {
            let Some(project) = self.project else {
                let message = "is known by the manifest's services, and there is no `docsdk.toml` here".to_owned();
                return Err(SideError { place: what.to_owned(), message });
            };
            return Ok((Release::open(project, self.today)?.published(new)?, is));
        }
        if !is.from_pages {
            return Ok((Files::against(what, new)?, is));
        }
        if Path::new(what).exists() {
            return Ok((self.open(Path::new(what), new, new)?, is));
        }
        let pages = Files::pages_against(what, new)?;
        if pages.is_empty() {
            let empty = Files { label: what.to_owned(), from_pages: true, ..Files::default() };
            return Ok((empty, is));
        }
        let folder = unpacked(&pages, what)?;
        let was = side_of_pages(folder.path(), what, &self.reading(new, new, new)?)?;
        Ok((was, is))
    }

    /// Reads the OpenAPI document that a revision, or another file, has in place of one.
    fn document_against(&self, what: &str, new: &Path) -> Result<Files, SideError> {
        if Path::new(what).exists() {
            return self.open(Path::new(what), new, new);
        }
        // Another file at a revision; references may lead to files beside it.
        let (what, path) = match what.split_once(':') {
            Some((revision, file)) if !what.contains('#') => {
                let file = Path::new(file);
                let folder = file.parent().unwrap_or(Path::new(""));
                (format!("{revision}:{}", files::display(folder).trim_start_matches('.')), file.to_owned())
            }
            _ => (what.to_owned(), new.to_owned()),
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = new.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let documents = Files::documents_against(&what, beside)?;
        let label = format!("{}:{name}", what.split(':').next().unwrap_or(&what));
        if !documents.contents.contains_key(&name) {
            if !new.exists() {
                let message = format!("has no `{}`, and neither is there one here", files::display(&path));
                return Err(SideError { place: label, message });
            }
            return Ok(Files { label, from_pages: true, ..Files::default() });
        }
        let folder = unpacked(&documents, &what)?;
        let reading = DocumentReading { root: folder.path().to_owned(), ..self.document_reading(new, new, new) };
        let side = side_of_document(&folder.path().join(&name), &label, &name, &reading)?;
        Ok(Files { base: String::new(), ..side })
    }

    /// How an OpenAPI document is read: as the manifest says of it, or under the name of what it is compared with. What
    /// it says of the service itself is compared.
    fn document_reading(&self, path: &Path, other: &Path, new: &Path) -> DocumentReading {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Some((project, entry)) = self.entry(path).or_else(|| self.entry(other)) {
            let (job, _) = project.spec_job(entry);
            let root = if folder.starts_with(&project.root) { project.root.clone() } else { folder.to_owned() };
            return DocumentReading { service: job.service, root, specs: job.folder };
        }
        let specs = other.to_owned();
        if let Ok(text) = fs::read_to_string(other.join("service.yaml"))
            && let Ok(known) = yaml::read::<Service>(&text, &files::display(other))
        {
            let service = Service { service: known.service, provider: known.provider, ..Service::default() };
            return DocumentReading { service, root: folder.to_owned(), specs };
        }
        let provider = self.provider.unwrap_or(PROVIDER).to_owned();
        let service = Service { service: name(new), provider, ..Service::default() };
        DocumentReading { service, root: folder.to_owned(), specs: PathBuf::from(".docsdk-pages") }
    }

    /// The versions of the crates whose services a comparison is of, by service: those of the manifest whose specs or
    /// pages one of the sides is, holds or lies in.
    pub fn versions(&self, sides: &[&Path]) -> BTreeMap<String, Version> {
        let Some(project) = self.project else { return BTreeMap::new() };
        let sides: Vec<PathBuf> = sides.iter().filter_map(|side| fs::canonicalize(side).ok()).collect();
        let meets = |place: &Path| {
            let place = fs::canonicalize(place).ok();
            place.is_some_and(|place| sides.iter().any(|side| side.starts_with(&place) || place.starts_with(side)))
        };
        let entries = project.manifest.services.iter().filter(|entry| {
            meets(&project.specs_folder(entry))
                || entry.page_patterns().iter().any(|pattern| meets(&project.root.join(pattern)))
        });
        entries.map(|entry| (entry.name.get_ref().clone(), entry.version())).collect()
    }

    /// Reads one side; `other` and `new` tell whose pages they are, where these are pages.
    fn open(&self, path: &Path, other: &Path, new: &Path) -> Result<Files, SideError> {
        if is_document(path) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let reading = self.document_reading(path, other, new);
            let side = side_of_document(path, &path.display().to_string(), &name, &reading)?;
            let base = path.parent().map(|folder| folder.to_string_lossy().replace('\\', "/")).unwrap_or_default();
            return Ok(Files { base, ..side });
        }
        let page = path.is_file() && is_page(path);
        if !page {
            let files = Files::read(path)?;
            let holds_pages = || !collect(Path::new(""), &[path.to_string_lossy().into_owned()], path).0.is_empty();
            if !files.is_empty() || !path.is_dir() || !holds_pages() {
                return Ok(files);
            }
        }
        side_of_pages(path, &path.display().to_string(), &self.reading(path, other, new)?)
    }

    /// How pages are read: as the manifest says of them, or as the specs do that they are compared with.
    fn reading(&self, path: &Path, other: &Path, new: &Path) -> Result<PageReading, SideError> {
        let given = |service: Service| Service {
            provider: self.provider.map_or(service.provider.clone(), str::to_owned),
            ..service
        };
        if let Some((project, entry)) = self.entry(path).or_else(|| self.entry(other)) {
            let (job, _) = project.spec_job(entry);
            let service = given(job.service);
            return Ok(PageReading { service, protocol: job.protocol, language: job.language, specs: job.folder });
        }
        let specs = other.to_owned();
        if let Ok(text) = fs::read_to_string(other.join("service.yaml"))
            && let Ok(service) = yaml::read::<Service>(&text, &files::display(other))
        {
            let protocol = Some(service.protocol);
            return Ok(PageReading { service: given(service), protocol, language: None, specs });
        }
        let Some(provider) = self.provider.map(str::to_owned).or_else(|| self.only_provider()) else {
            let message = "holds pages and no specs: say whose they are with `--provider`";
            return Err(SideError { place: path.display().to_string(), message: message.to_owned() });
        };
        let service = Service { service: name(new), provider, ..Service::default() };
        Ok(PageReading { service, protocol: None, language: None, specs: PathBuf::from(".docsdk-pages") })
    }

    /// The provider that all services of the manifest share.
    fn only_provider(&self) -> Option<String> {
        let mut providers = self.project?.manifest.services.iter().map(|entry| entry.provider.get_ref());
        let first = providers.next()?;
        providers.all(|other| other == first).then(|| first.clone())
    }

    /// The service of the manifest whose specs or pages a path is or holds.
    fn entry(&self, path: &Path) -> Option<(&Project, &ServiceEntry)> {
        let project = self.project?;
        let path = fs::canonicalize(path).ok()?;
        let within = |folder: &Path| fs::canonicalize(folder).is_ok_and(|folder| path.starts_with(folder));
        let entry = project.manifest.services.iter().find(|entry| {
            within(&project.specs_folder(entry))
                || entry.page_patterns().iter().any(|pattern| within(&project.root.join(pattern)))
        })?;
        Some((project, entry))
    }
}

/// The files of a side in a folder that goes with what is given back.
fn unpacked(files: &Files, what: &str) -> Result<tempfile::TempDir, SideError> {
    let broken = |error: std::io::Error| SideError { place: what.to_owned(), message: error.to_string() };
    let folder = tempfile::tempdir().map_err(broken)?;
    for (name, bytes) in &files.contents {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder.path())).map_err(broken)?;
        fs::write(path, bytes).map_err(broken)?;
    }
    Ok(folder)
}

/// A service's name after a folder: of `disk/pages`, `disk`.
fn name(folder: &Path) -> String {
    let own = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let named = match own(folder).as_deref() {
        Some("pages") => folder.parent().and_then(own),
        _ => folder.file_stem().map(|name| name.to_string_lossy().into_owned()),
    };
    let text = named.unwrap_or_default().to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.join("-") {
        name if name.starts_with(|c: char| c.is_ascii_lowercase()) => name,
        _ => "pages".to_owned(),
    }
}
