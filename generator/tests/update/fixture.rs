//! A project whose pages a server of the tests' own has.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use docsdk::project::{Project, Run};
use docsdk::update::{Clock, PageState, Progress, ServiceUpdate, UpdateOptions, Updated, update};

use super::server::Server;

/// A clock that does not wait, and remembers what was waited for.
#[derive(Debug, Default)]
pub(crate) struct QuickClock {
    elapsed: Mutex<Duration>,
    pub(crate) sleeps: Mutex<Vec<Duration>>,
}

impl Clock for QuickClock {
    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }

    fn date(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_772_000_000) + self.elapsed()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.elapsed.lock().unwrap() += time;
        self.sleeps.lock().unwrap().push(time);
        Box::pin(std::future::ready(()))
    }
}

struct Silent;

impl Progress for Silent {
    fn begin(&self, _service: &str, _pages: usize) {}
    fn page(&self, _url: &str) {}
}

pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) root: tempfile::TempDir,
}

/// The page of an operation with these parameters.
pub(crate) fn page(operation: &str, names: &[&str]) -> String {
    let row = |name: &&str| {
        format!("<tr><td>{name}</td><td>String</td><td>No</td><td>x</td><td>The {name} of the call.</td></tr>\n")
    };
    let rows: String = names.iter().map(row).collect();
    format!(
        "<!doctype html>\n<html><head><title>{operation}</title></head><body>\n<h1>{operation}</h1>\n\
         <p>Does what {operation} says, in a few words.</p>\n<h2>Request parameters</h2>\n\
         <table><tr><th>Parameter</th><th>Type</th><th>Required</th><th>Example</th><th>Description</th></tr>\n\
         <tr><td>Action</td><td>String</td><td>Yes</td><td>{operation}</td>\
         <td>The operation that you want to perform. Set the value to <b>{operation}</b>.</td></tr>\n{rows}</table>\n\
         <h2>Response parameters</h2>\n\
         <table><tr><th>Parameter</th><th>Type</th><th>Example</th><th>Description</th></tr>\n\
         <tr><td>RequestId</td><td>String</td><td>x</td><td>The ID of the request.</td></tr></table>\n</body></html>\n"
    )
}

pub(crate) const SIGN_IN: &str =
    "<!doctype html><html><title>Sign in</title><form><input name=user><input type=\"password\"></form></html>";

impl Fixture {
    /// A project with some pages, and further settings under `[fetch]`.
    pub(crate) fn new(paths: &[&str], settings: &str) -> Self {
        let server = Server::start();
        let urls: Vec<String> = paths.iter().map(|path| format!("\"{}\"", server.url(path))).collect();
        let fixture = Self { server, root: tempfile::tempdir().unwrap() };
        fixture.manifest(settings, &format!("urls = [{}]", urls.join(", ")));
        fixture
    }

    /// A project with these operations' pages, fetched once.
    pub(crate) fn fetched(operations: &[&str]) -> Self {
        let paths: Vec<String> = operations.iter().map(|operation| format!("/api/{operation}")).collect();
        let fixture = Self::new(&paths.iter().map(String::as_str).collect::<Vec<_>>(), "");
        for operation in operations {
            fixture.server.page(&format!("/api/{operation}"), &page(operation, &NAMES));
        }
        let updated = fixture.update();
        assert_eq!(updated.run.findings, [], "{:?}", updated.run.findings);
        fixture.server.requests();
        fixture
    }

    pub(crate) fn manifest(&self, settings: &str, service: &str) {
        let text = format!(
            "# A project of the tests.\n[generate]\nruntime = {{ version = \"0.1\" }}\n\n[fetch]\nproxy = \"none\"\n\
             private_hosts = [\"127.0.0.1\"]\n{settings}\n\n[[service]]\nname = \"disk\"\nprovider = \"aliyun\" # whose conventions\n\
             api_version = \"2020-01-01\"\n{service}\n\n[service.endpoints]\ndefault = \"https://disk.example.com\"\n"
        );
        fs::write(self.path("docsdk.toml"), text).unwrap();
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn run(&self, options: &UpdateOptions, clock: &Arc<QuickClock>) -> Result<Updated, Run> {
        let project = Project::open(Some(&self.path("docsdk.toml")))?;
        let services = project.services(&[]).unwrap();
        let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
        update(&project, &services, options, &clock, &Silent)
    }

    #[track_caller]
    pub(crate) fn update_with(&self, options: &UpdateOptions) -> Updated {
        self.run(options, &Arc::default()).unwrap_or_else(|run| panic!("{:?}", run.findings))
    }

    #[track_caller]
    pub(crate) fn update(&self) -> Updated {
        self.update_with(&UpdateOptions::default())
    }

    /// All files but docsdk's own, with their bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let own = Path::new(".docsdk-cache");
        let all = self.all_files().into_iter();
        all.filter(|(path, _)| !path.starts_with(own)).collect()
    }

    pub(crate) fn all_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = walkdir::WalkDir::new(self.root.path()).into_iter().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().is_file());
        let file = |path: &Path| (path.strip_prefix(self.root.path()).unwrap().to_owned(), fs::read(path).unwrap());
        files.map(|entry| file(entry.path())).collect()
    }
}

pub(crate) const NAMES: [&str; 8] =
    ["RegionId", "DiskId", "DiskName", "Category", "Size", "SnapshotId", "ZoneId", "ClientToken"];

/// The ids of an update's findings.
pub(crate) fn ids(updated: &Updated) -> Vec<&'static str> {
    updated.run.findings.iter().map(|finding| finding.id).collect()
}

/// The reason that a page was kept back or not fetched for.
#[track_caller]
pub(crate) fn reason(updated: &Updated, file: &str, state: PageState) -> String {
    let pages = &only(updated).pages;
    let page = pages.iter().find(|page| page.file.as_deref() == Some(file)).unwrap_or_else(|| panic!("{pages:?}"));
    assert_eq!(page.state, state, "{page:?}");
    page.reason.clone().unwrap_or_default()
}

pub(crate) fn only(updated: &Updated) -> &ServiceUpdate {
    assert_eq!(updated.services.len(), 1);
    &updated.services[0]
}
