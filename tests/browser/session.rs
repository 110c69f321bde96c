//! A browser with one report open, and everything that it complains of or asks the network for.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::emulation::{MediaFeature, SetDeviceMetricsOverrideParams};
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventParamsBuilder, DispatchKeyEventType,
};
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::browser_protocol::network::{EnableParams, EventRequestWillBeSent};
use chromiumoxide::cdp::js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use docsdk::evidence;
use docsdk::project::Project;
use futures::StreamExt as _;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// How the browser stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stand {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) dark: bool,
}

/// A desk's screen, in light.
pub(crate) const DESK: Stand = Stand { width: 1440, height: 900, dark: false };

/// A browser with one report open.
pub(crate) struct Session {
    pub(crate) page: Page,
    browser: Browser,
    url: String,
    complaints: Arc<Mutex<Vec<String>>>,
    _profile: TempDir,
}

/// The folder of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Writes the report of a project into a folder; its path.
pub(crate) fn report(manifest: &Path, against: Option<&str>, folder: &Path) -> PathBuf {
    let project = Project::open(Some(manifest)).unwrap();
    let services = project.services(&[]).unwrap();
    let evidence = evidence::gather(&project, &services, against, &|| ()).unwrap();
    let file = folder.join("report.html");
    std::fs::write(&file, evidence::html(&evidence)).unwrap();
    file
}

/// Opens a report in a browser and does something with it. Afterwards nothing may have been complained of, and nothing
/// but the file asked for.
pub(crate) fn with(file: &Path, fragment: &str, stand: Stand, visit: impl AsyncFnOnce(&Session)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let session = Session::open(file, fragment, stand).await;
        visit(&session).await;
        session.close().await;
    });
}

impl Session {
    pub(crate) async fn open(file: &Path, fragment: &str, stand: Stand) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // Without a sandbox, since continuous integration runs as root; what is opened was written here.
        let config = BrowserConfig::builder().no_sandbox().user_data_dir(profile.path()).viewport(None);
        let config = config.args(["--disable-gpu", "--hide-scrollbars"]).launch_timeout(Duration::from_mins(1));
        let (browser, mut handler) = Browser::launch(config.build().unwrap()).await.unwrap();
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.unwrap();
        let url = format!("file://{}", file.display());
        let session = Self { page, browser, url: url.clone(), complaints: Arc::default(), _profile: profile };
        session.listen(url).await;
        session.stand(stand).await;
        session.go(fragment).await;
        session
    }

    async fn listen(&self, url: String) {
        self.page.execute(EnableParams::default()).await.unwrap();
        self.page.enable_log().await.unwrap();
        self.page.enable_runtime().await.unwrap();
        let mut requests = self.page.event_listener::<EventRequestWillBeSent>().await.unwrap();
        let mut entries = self.page.event_listener::<EventEntryAdded>().await.unwrap();
        let mut calls = self.page.event_listener::<EventConsoleApiCalled>().await.unwrap();
        let mut thrown = self.page.event_listener::<EventExceptionThrown>().await.unwrap();
        let complaints = Arc::clone(&self.complaints);
        tokio::spawn(async move {
            loop {
                let complaint = tokio::select! {
                    Some(event) = requests.next() => match event.request.url.as_str() {
                        asked if asked == url || asked.starts_with(&format!("{url}#")) => continue,
                        "about:blank" => continue,
                        asked => format!("asked for {asked}"),
                    },
                    Some(event) = entries.next() => format!("log: {}", event.entry.text),
                    Some(event) = calls.next() => format!("console: {:?}", event.args),
                    Some(event) = thrown.next() => format!("thrown: {:?}", event.exception_details),
                    else => break,
                };
                complaints.lock().unwrap().push(complaint);
            }
        });
    }

    /// What the browser complained of and asked the network for, so far.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap().clone()
    }

    /// Gives the window another size and other colours.
    pub(crate) async fn stand(&self, stand: Stand) {
        let metrics = SetDeviceMetricsOverrideParams::builder().width(stand.width).height(stand.height);
        let metrics = metrics.device_scale_factor(1.0).mobile(false).build().unwrap();
        self.page.execute(metrics).await.unwrap();
        let scheme = if stand.dark { "dark" } else { "light" };
        self.page.emulate_media_features(vec![MediaFeature::new("prefers-color-scheme", scheme)]).await.unwrap();
    }

    /// Loads the report at a fragment, anew.
    pub(crate) async fn go(&self, fragment: &str) {
        self.page.goto("about:blank").await.unwrap();
        self.page.goto(format!("{}{fragment}", self.url)).await.unwrap();
        self.until("document.documentElement.dataset.ready === 'true'").await;
    }

    /// Waits until a condition holds.
    pub(crate) async fn until(&self, condition: &str) {
        for _ in 0..400 {
            if self.read::<bool>(&format!("Boolean({condition})")).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never came about: {condition}\n{:?}", self.complaints());
    }

    /// The value of an expression.
    pub(crate) async fn read<T: DeserializeOwned + Debug>(&self, expression: &str) -> T {
        let result = self.page.evaluate(expression).await.unwrap_or_else(|error| panic!("{expression}: {error}"));
        result.into_value().unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Moves the mouse over an element as it is seen now.
    pub(crate) async fn hover(&self, selector: &str) {
        self.page.find_element(selector).await.unwrap_or_else(|_| panic!("no {selector}")).hover().await.unwrap();
    }

    /// Clicks an element.
    pub(crate) async fn click(&self, selector: &str) {
        self.page.find_element(selector).await.unwrap_or_else(|_| panic!("no {selector}")).click().await.unwrap();
    }

    /// Presses a key: a character, or a name such as `Escape`.
    pub(crate) async fn press(&self, key: &str) {
        let codes = [("Enter", 13), ("Escape", 27), ("ArrowRight", 39), ("ArrowDown", 40), ("Tab", 9)];
        let code = codes.iter().find(|(name, _)| *name == key).map(|(_, code)| *code);
        let text = match key {
            "Enter" => Some("\r".to_owned()),
            key if key.chars().count() == 1 => Some(key.to_owned()),
            _ => None,
        };
        let event = |kind| {
            let event = DispatchKeyEventParams::builder().r#type(kind).key(key);
            let event = code.map_or(event.clone(), |code: i64| event.windows_virtual_key_code(code));
            text.iter().fold(event, DispatchKeyEventParamsBuilder::text).build().unwrap()
        };
        self.page.execute(event(DispatchKeyEventType::KeyDown)).await.unwrap();
        self.page.execute(event(DispatchKeyEventType::KeyUp)).await.unwrap();
    }

    /// Types a text.
    pub(crate) async fn write(&self, text: &str) {
        for character in text.chars() {
            self.press(&character.to_string()).await;
        }
    }

    /// Keeps a picture where somebody asked for pictures.
    pub(crate) async fn shot(&self, name: &str) {
        let Some(folder) = std::env::var_os("DOCSDK_SHOTS") else { return };
        std::fs::create_dir_all(&folder).unwrap();
        let file = Path::new(&folder).join(format!("{name}.png"));
        self.page.save_screenshot(ScreenshotParams::builder().build(), file).await.unwrap();
    }

    async fn close(mut self) {
        // What was complained of last may still be on its way.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let complaints = self.complaints();
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}
