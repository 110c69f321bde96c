//! A browser with one report open, and everything that it complains of or asks the network for.

use std::cell::RefCell;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use docsdk::evidence;
use docsdk::project::Project;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::devtools::Browser;

/// How the browser stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stand {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
}

/// A desk's screen, in light.
pub(crate) const DESK: Stand = Stand { width: 1440, height: 900, dark: false };

/// A browser with one report open.
pub(crate) struct Session {
    browser: RefCell<Browser>,
    url: String,
    complaints: RefCell<Vec<String>>,
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
pub(crate) fn with(file: &Path, fragment: &str, stand: Stand, visit: impl FnOnce(&Session)) {
    let session = Session::open(file, fragment, stand);
    visit(&session);
    let complaints = session.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

impl Session {
    pub(crate) fn open(file: &Path, fragment: &str, stand: Stand) -> Self {
        let url = format!("file://{}", file.display());
        let session = Self { browser: Browser::start().into(), url, complaints: RefCell::default() };
        for domain in ["Page", "Network", "Log", "Runtime"] {
            session.ask(&format!("{domain}.enable"), &json!({}));
        }
        session.stand(stand);
        session.go(fragment);
        session
    }

    #[track_caller]
    fn ask(&self, method: &str, parameters: &Value) -> Value {
        self.browser.borrow_mut().ask(method, parameters)
    }

    /// What the browser complained of and asked the network for, so far.
    pub(crate) fn complaints(&self) -> Vec<String> {
        // What was complained of last may still be on its way.
        let events = self.browser.borrow_mut().events(Duration::from_millis(50));
        let told = events.into_iter().filter_map(|(method, event)| match method.as_str() {
            "Network.requestWillBeSent" => match event["request"]["url"].as_str().unwrap() {
                asked if asked.split('#').next() == Some(&self.url) => None,
                "about:blank" => None,
                asked => Some(format!("asked for {asked}")),
            },
            "Log.entryAdded" => Some(format!("log: {}", event["entry"]["text"])),
            "Runtime.consoleAPICalled" => Some(format!("console: {}", event["args"])),
            "Runtime.exceptionThrown" => Some(format!("thrown: {}", event["exceptionDetails"])),
            _ => None,
        });
        self.complaints.borrow_mut().extend(told);
        self.complaints.borrow().clone()
    }

    /// Gives the window another size and other colours.
    pub(crate) fn stand(&self, stand: Stand) {
        let metrics = json!({ "width": stand.width, "height": stand.height, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", &metrics);
        let scheme = if stand.dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.ask("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Loads the report at a fragment, anew.
    pub(crate) fn go(&self, fragment: &str) {
        // From one fragment to another nothing would be loaded.
        for url in ["about:blank", &format!("{}{fragment}", self.url)] {
            let gone = self.ask("Page.navigate", &json!({ "url": url }));
            assert!(gone.get("errorText").is_none(), "{url}: {gone}");
        }
        self.until("document.documentElement?.dataset.ready === 'true'");
    }

    /// Waits until a condition holds.
    #[track_caller]
    pub(crate) fn until(&self, condition: &str) {
        for _ in 0..400 {
            if self.read::<bool>(&format!("Boolean({condition})")) {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("never came about: {condition}\n{:?}", self.complaints());
    }

    /// Runs a script.
    #[track_caller]
    pub(crate) fn run(&self, script: &str) -> Value {
        let how = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.ask("Runtime.evaluate", &how);
        let begin: String = script.chars().take(200).collect();
        assert!(answer.get("exceptionDetails").is_none(), "{begin}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// The value of an expression.
    #[track_caller]
    pub(crate) fn read<T: DeserializeOwned + Debug>(&self, expression: &str) -> T {
        serde_json::from_value(self.run(expression)).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Does something with the mouse at the middle of an element, which is scrolled to first.
    #[track_caller]
    fn mouse(&self, selector: &str, kinds: &[&str]) {
        let script = format!(
            "(() => {{ const found = document.querySelector({selector:?}); if (!found) return null; \
             found.scrollIntoView({{ block: 'nearest', inline: 'nearest', behavior: 'instant' }}); \
             const box = found.getClientRects()[0]; return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        );
        let Some([x, y]) = self.read::<Option<[f64; 2]>>(&script) else { panic!("no {selector}") };
        for kind in kinds {
            let (button, count) = if *kind == "mouseMoved" { ("none", 0) } else { ("left", 1) };
            let event = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": count });
            self.ask("Input.dispatchMouseEvent", &event);
        }
    }

    /// Moves the mouse over an element.
    #[track_caller]
    pub(crate) fn hover(&self, selector: &str) {
        self.mouse(selector, &["mouseMoved"]);
    }

    /// Clicks an element.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        self.mouse(selector, &["mouseMoved", "mousePressed", "mouseReleased"]);
    }

    /// Presses a key: a character, or a name such as `Escape`.
    pub(crate) fn press(&self, key: &str) {
        let codes = [("Enter", 13), ("Escape", 27), ("ArrowRight", 39), ("ArrowDown", 40), ("Tab", 9)];
        let code = codes.iter().find(|(name, _)| *name == key).map_or(0, |(_, code)| *code);
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types a text.
    pub(crate) fn write(&self, text: &str) {
        for character in text.chars() {
            self.press(&character.to_string());
        }
    }

    /// Keeps a picture where somebody asked for pictures.
    pub(crate) fn shot(&self, name: &str) {
        let Some(folder) = std::env::var_os("DOCSDK_SHOTS") else { return };
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.ask("Page.captureScreenshot", &json!({}));
        let picture = BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
    }
}
