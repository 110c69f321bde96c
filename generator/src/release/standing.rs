//! Where a service's crate stands: its version, its last release, and the version that the changes since ask for.

use std::fs;
use std::io;
use std::path::Path;

use semver::Version;

use super::pattern::{DEFAULT_TAG, TagPattern};
use super::surface::Surface;
use super::tag::{Last, Tag, Tags};
use super::version::raised;
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::{AllowFile, Files, Finding, Now, Policy, Repository, SideError, Summary, compare};
use crate::files;
use crate::manifest::ServiceEntry;
use crate::page::Span;
use crate::project::Project;
use crate::render::RenderOptions;

/// What names the specs that were last released.
pub const PUBLISHED: &str = "@published";

/// What to do where a clone does not hold the history.
const UNSHALLOW: &str = "run `git fetch --unshallow --tags`, or set `fetch-depth: 0` where CI checks out";

/// The file of allowances, beside the manifest.
const ALLOWANCES: &str = "docsdk-allow.yaml";

/// What a project's releases are read from: its repository's tags and its allowances, read once for all services.
#[derive(Debug)]
pub struct Release<'a> {
    project: &'a Project,
    allowed: AllowFile,
    pattern: TagPattern,
    today: &'a str,
    /// Of the repository around the manifest, if there is one.
    tags: Option<(Repository, Tags)>,
}

/// Where a service's crate stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The service.
    pub service: String,
    /// The crate's version, as the manifest has it.
    pub version: Version,
    /// The tag of its last release.
    pub last: Option<Tag>,
    /// Whether there may be a release that a shallow clone does not show.
    pub unknown: bool,
    /// What changed since, worst first.
    pub findings: Vec<Finding>,
    /// What that counts up to, and the bump it asks for.
    pub summary: Summary,
    /// The least version that the next release may have: the manifest's own where that is high enough.
    pub next: Version,
}

impl<'a> Release<'a> {
    /// Reads what the releases of a project's services are told by; `today` is a day like `2026-01-31`.
    ///
    /// # Errors
    /// When the repository or the allowances cannot be read.
    pub fn open(project: &'a Project, today: &'a str) -> Result<Self, SideError> {
        let allowed = allowances(&project.root.join(ALLOWANCES))?;
        let pattern = project.manifest.release.pattern();
        let tags = match Repository::find(&project.root)? {
            Some(repository) => {
                let tags = Tags::read(&repository)?;
                Some((repository, tags))
            }
            None => None,
        };
        Ok(Self { project, allowed, pattern, today, tags })
    }

    /// The tag of a service's last release, and the service's specs as it released them.
    ///
    /// # Errors
    /// When they cannot be read; the error says what to do.
    pub fn last(&self, entry: &ServiceEntry) -> Result<Option<(Tag, Files)>, SideError> {
        match self.find(entry)? {
            Last::Tag(tag) => {
                let files = self.at(entry, &tag)?;
                Ok(Some((tag, files)))
            }
            Last::None | Last::Unknown => Ok(None),
        }
    }

    /// The specs of several services as they were last released, in one side; paths count from `folder`, which holds
    /// them now. Services that were never released are not in it.
    ///
    /// # Errors
    /// When one cannot be read, or none was released.
    pub fn published(&self, folder: &Path) -> Result<Files, SideError> {
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let mut side = Files { label: PUBLISHED.to_owned(), base: files::display(folder), ..Files::default() };
        let (mut released, mut unknown) = (false, false);
        for entry in &self.project.manifest.services {
            let specs = self.project.specs_folder(entry);
            let specs = std::path::absolute(&specs).unwrap_or(specs);
            let Ok(below) = specs.strip_prefix(&whole) else { continue };
            let then = match self.find(entry)? {
                Last::Tag(tag) => self.at(entry, &tag)?,
                last => {
                    unknown |= last == Last::Unknown;
                    continue;
                }
            };
            released = true;
            let below = files::display(below);
            for (path, bytes) in then.contents {
                let path = if below == "." { path } else { format!("{below}/{path}") };
                side.contents.insert(path, bytes);
            }
            if below == "." {
                side.root = then.root;
            }
        }
        if released {
            return Ok(side);
        }
        let tag = self.pattern.tag("NAME", &Version::new(0, 1, 0));
        let folder = files::display(folder);
        let message = if unknown {
            format!("the clone is shallow and shows no release of what is in `{folder}`: {UNSHALLOW}")
        } else {
            format!("no service of the manifest in `{folder}` has a release tag such as `{tag}`")
        };
        Err(SideError { place: PUBLISHED.to_owned(), message })
    }

    /// What is wrong with the tags where they name no service: one of a service counts as a release of all others, which
    /// are at other versions.
    pub fn shared_tags(&self) -> Option<Diagnostic> {
        let names = |service: &str| self.pattern.tag(service, &Version::new(0, 1, 0));
        let entries = &self.project.manifest.services;
        let first = entries.first()?;
        let other = entries.iter().find(|entry| entry.version() != first.version())?;
        let (a, b) = (first.name.get_ref(), other.name.get_ref());
        if names(a) != names(b) {
            return None;
        }
        let tag = self.pattern.tag(b, &other.version());
        let message = format!(
            "`{a}` is at {} and `{b}` at {}, and their release tags have one name: `{tag}` would count for both",
            first.version(),
            other.version()
        );
        let finding = Diagnostic::new("release-tag-shared", Severity::Warning, &self.project.file, message);
        let help = format!(
            "put `{{service}}` into the key `tag` of `[release]`, as in `{DEFAULT_TAG}`; or keep their versions the same"
        );
        Some(finding.help(help))
    }

    /// Where a service stands whose specs are these, on disk or about to be written.
    ///
    /// # Errors
    /// When a side cannot be read, or an allowance asks for what it may not.
    pub fn standing(&self, entry: &ServiceEntry, now: &Files) -> Result<Standing, SideError> {
        let service = entry.name.get_ref().clone();
        let version = entry.version();
        let last = self.find(entry)?;
        let unknown = last == Last::Unknown;
        let Last::Tag(tag) = last else {
            let next = version.clone();
            let (findings, summary) = (Vec::new(), Summary::default());
            return Ok(Standing { service, version, last: None, unknown, findings, summary, next });
        };
        let (findings, summary) = self.changes(&self.at(entry, &tag)?, now, &tag.version)?;
        let needed = summary.bump.map_or_else(|| tag.version.clone(), |bump| raised(&tag.version, bump));
        let next = needed.max(version.clone());
        Ok(Standing { service, version, last: Some(tag), unknown, findings, summary, next })
    }

    /// What changed between two sides of one service, with what only its crate shows, judged by the project's allowances, for a crate of that version.
    ///
    /// # Errors
    /// When a side cannot be read, or an allowance asks for what it may not.
    pub fn changes(&self, old: &Files, new: &Files, version: &Version) -> Result<(Vec<Finding>, Summary), SideError> {
        let mut comparison = compare(old, new)?;
        if comparison.findings.is_empty() {
            return Ok((Vec::new(), Summary::default()));
        }
        let options = RenderOptions {
            templates: self.project.manifest.generate.templates.as_ref().map(|path| self.project.root.join(path)),
            ..RenderOptions::default()
        };
        let (was, is) = rayon::join(|| Surface::of(old, &options), || Surface::of(new, &options));
        if let (Some(was), Some(is)) = (was, is) {
            let service = comparison.findings.first().map(|finding| finding.service.clone()).unwrap_or_default();
            let beyond = is.beyond(&was, &comparison.findings, &service);
            comparison.findings.extend(beyond);
        }
        let policy = Policy { below_one: version.major == 0, ..Policy::default() };
        let text = version.to_string();
        let now = Now { today: self.today, version: Some(&text) };
        let verdict = policy.judge(&mut comparison, &self.allowed, now);
        let verdict = verdict.map_err(|message| SideError { place: self.allowances_place(), message })?;
        Ok((comparison.findings, verdict.summary))
    }

    fn allowances_place(&self) -> String {
        files::display(&self.project.root.join(ALLOWANCES))
    }

    fn find(&self, entry: &ServiceEntry) -> Result<Last, SideError> {
        match &self.tags {
            Some((_, tags)) => tags.last(&self.pattern, entry.name.get_ref()),
            None => Ok(Last::None),
        }
    }

    /// The specs at a tag, from the folder where they are now.
    fn at(&self, entry: &ServiceEntry, tag: &Tag) -> Result<Files, SideError> {
        let folder = self.project.specs_folder(entry);
        let Some((repository, _)) = &self.tags else { return Ok(Files::default()) };
        // Said in full, since a branch may have the same name.
        let revision = format!("refs/tags/{}", tag.name);
        let prefix = Repository::around(&folder)?.prefix().to_owned();
        repository.read(&tag.name, &revision, &prefix)
    }
}

impl Standing {
    /// Whether the manifest's version is lower than the next release's must be.
    pub fn is_behind(&self) -> bool {
        self.version < self.next
    }

    /// Whether anything changed since the last release, or there was none.
    pub fn is_due(&self) -> bool {
        self.last.as_ref().is_none_or(|tag| self.summary.bump.is_some() || self.next != tag.version)
    }

    /// What is wrong with the version, if anything is, as a finding in the manifest.
    pub fn finding(&self, entry: &ServiceEntry, manifest: &str) -> Option<Diagnostic> {
        const NAMED: usize = 3;
        let Self { service, version, next, .. } = self;
        if self.unknown {
            let message = format!(
                "whether `{service}` {version} is high enough is not known: the clone is shallow and shows no release of it"
            );
            let finding = Diagnostic::new("release-unknown", Severity::Warning, manifest, message);
            return Some(finding.help(UNSHALLOW));
        }
        let tag = self.last.as_ref().filter(|_| self.is_behind())?;
        let message = if self.summary.bump.is_some() {
            let (asked, forced) =
                (self.summary.proposal(3), self.forcing(NAMED).map(told).collect::<Vec<_>>().join("; "));
            format!(
                "`{service}` is at {version}, and what changed since `{}` asks for {next}: {asked} ({forced})",
                tag.name
            )
        } else {
            format!("`{service}` is at {version}, which is lower than what `{}` released", tag.name)
        };
        let place = entry.version.as_ref().map_or_else(|| entry.name.span(), serde_spanned::Spanned::span);
        let help = format!(
            "run `docsdk release {service} --write`, or write `version = \"{next}\"` there; `docsdk diff --against {} {}` \
             shows all that changed",
            tag.name,
            files::display(&entry.specs_folder()),
        );
        let finding = Diagnostic::new("version-behind", Severity::Error, manifest, message);
        Some(finding.at(Span::new(place), format!("expected {next} or more")).help(help))
    }

    /// The findings that ask for the bump, worst first, at most so many.
    pub fn forcing(&self, most: usize) -> impl Iterator<Item = &Finding> {
        let highest = self.findings.iter().map(|finding| finding.rust).max();
        self.findings.iter().filter(move |finding| Some(finding.rust) == highest).take(most)
    }
}

/// A finding in one line, with its operation.
fn told(finding: &Finding) -> String {
    match (finding.operation.as_str(), finding.path.as_str()) {
        ("", _) | (_, "") => finding.text(),
        (operation, _) => format!("{operation}: {}", finding.text()),
    }
}

/// The allowances of a file; none where there is no file.
///
/// # Errors
/// When it cannot be read, or is none.
pub fn allowances(path: &Path) -> Result<AllowFile, SideError> {
    let failed = |message: String| SideError { place: files::display(path), message };
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Ok(AllowFile::default()),
        Ok(text) => AllowFile::parse(&text).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(AllowFile::default()),
        Err(error) => Err(failed(format!("cannot be read: {error}"))),
    }
}
