//! A headless Chromium with one page, driven by its `DevTools` protocol.
//!
//! The protocol's types as crates have them take longer to compile than all of docsdk; thirteen of its commands are used here.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Error, Message, WebSocket};

/// What the browser may take to start, and to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// No sandbox, since continuous integration runs as root and what is opened was written here; nothing of its own accord,
/// since nothing but the report may be asked for.
const OPTIONS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-port=0",
];

/// A browser with one page, gone when this is dropped.
pub(crate) struct Browser {
    _process: Process,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    /// The page's session, by which commands name whom they are for.
    session: Option<String>,
    asked: u64,
    /// What the page told of itself and nobody took yet: methods with their parameters.
    events: Vec<(String, Value)>,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser with one empty page.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let process = Command::new(env!("DOCSDK_BROWSER"))
            .args(OPTIONS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Process(process);
        let (socket, _) = tungstenite::connect(address(profile.path())).unwrap();
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        }
        let mut browser =
            Self { _process: process, socket, session: None, asked: 0, events: Vec::new(), _profile: profile };
        let page = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let to = json!({ "targetId": page["targetId"], "flatten": true });
        let session = browser.ask("Target.attachToTarget", &to)["sessionId"].as_str().unwrap().to_owned();
        browser.session = Some(session);
        browser
    }

    /// Gives a command, and waits for the answer; one that says that it failed fails the test.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.asked += 1;
        let mut command = json!({ "id": self.asked, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(command.to_string())).unwrap();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let Some(mut told) = self.next() else { continue };
            if told["id"] == self.asked {
                assert!(told.get("error").is_none(), "{method}: {told}");
                return told["result"].take();
            }
            self.keep(told);
        }
        panic!("{method}: no answer in {PATIENCE:?}");
    }

    /// Takes what the page told of itself so far, after waiting a while for what is still on its way.
    pub(crate) fn events(&mut self, wait: Duration) -> Vec<(String, Value)> {
        let end = Instant::now() + wait;
        while Instant::now() < end {
            if let Some(told) = self.next() {
                self.keep(told);
            }
        }
        std::mem::take(&mut self.events)
    }

    /// The next message, if one comes within the time that a read may take.
    fn next(&mut self) -> Option<Value> {
        match self.socket.read() {
            Ok(message) => message.is_text().then(|| serde_json::from_str(message.to_text().unwrap()).unwrap()),
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
            Err(error) => panic!("the browser is gone: {error}"),
        }
    }

    fn keep(&mut self, mut told: Value) {
        if let Some(method) = told["method"].as_str() {
            let method = method.to_owned();
            self.events.push((method, told["params"].take()));
        }
    }
}

/// A process that ends with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail where it is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where a browser listens: it writes its port and a path into its profile as soon as it does.
fn address(profile: &Path) -> String {
    let file: PathBuf = profile.join("DevToolsActivePort");
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n').filter(|(_, path)| !path.is_empty()) {
            return format!("ws://127.0.0.1:{port}{}", path.trim_end());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the browser did not start in {PATIENCE:?}");
}
