//! A documentation server on the loopback that answers as it is told: pages that change, failures, broken transfers.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a page is answered.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Status 200 with an `ETag`, or 304 to who has it.
    Page(Vec<u8>),
    /// A status and headers, without a body.
    Status(u16, Vec<(&'static str, String)>),
    /// These bytes as they are, after which the connection ends.
    Raw(Vec<u8>),
    /// Another reply, after a while.
    Late(Duration, Box<Reply>),
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
}

#[derive(Default)]
struct State {
    replies: BTreeMap<String, Reply>,
    first: BTreeMap<String, VecDeque<Reply>>,
    requests: Vec<Request>,
}

pub(crate) struct Server {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        // Ends with the process: a test's server costs nothing while nobody asks.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &state));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers a page so from now on.
    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.state.lock().unwrap().replies.insert(path.to_owned(), reply);
    }

    pub(crate) fn page(&self, path: &str, body: &str) {
        self.set(path, Reply::Page(body.as_bytes().to_vec()));
    }

    /// Answers the next requests for a page so, before it is answered as usual.
    pub(crate) fn first(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.state.lock().unwrap().first.insert(path.to_owned(), replies.into_iter().collect());
    }

    /// The requests since this was last asked.
    pub(crate) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }

    /// The paths of the requests since this was last asked, but for `robots.txt`.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).filter(|path| path != "/robots.txt").collect()
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_for(&self, requests: usize) {
        for _ in 0..2000 {
            if self.state.lock().unwrap().requests.len() >= requests {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("{requests} requests did not come");
    }
}

fn serve(mut stream: &TcpStream, state: &Mutex<State>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut headers = BTreeMap::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ") {
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
    }
    let known = headers.get("if-none-match").cloned();
    let reply = {
        let mut state = state.lock().unwrap();
        state.requests.push(Request { path: path.clone(), headers });
        let first = state.first.get_mut(&path).and_then(VecDeque::pop_front);
        first.or_else(|| state.replies.get(&path).cloned()).unwrap_or(Reply::Status(404, Vec::new()))
    };
    // Who went away meanwhile does not read.
    let _ = stream.write_all(&bytes(reply, known.as_deref()));
}

fn bytes(reply: Reply, known: Option<&str>) -> Vec<u8> {
    match reply {
        Reply::Page(body) => {
            let mut hasher = DefaultHasher::new();
            body.hash(&mut hasher);
            let etag = format!("\"{:x}\"", hasher.finish());
            if known == Some(&etag) {
                return format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\nConnection: close\r\n\r\n").into_bytes();
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: {etag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            [head.into_bytes(), body].concat()
        }
        Reply::Status(status, headers) => {
            let headers =
                headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
            format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
        }
        Reply::Raw(bytes) => bytes,
        Reply::Late(time, reply) => {
            std::thread::sleep(time);
            bytes(*reply, known)
        }
    }
}
