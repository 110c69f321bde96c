//! Trouble on a real connection: a loopback server that misbehaves, the transport there is by default.
#![cfg(feature = "transport")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use docsdk_runtime::{
    CallRequest, CallResponse, Cause, ClientCore, Config, Credentials, EndpointTable, Error, Protocol, RetryPolicy,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with the request of a number, counted from 1.
#[derive(Clone, Copy)]
enum Act {
    /// Writes this and keeps the connection.
    Say(&'static str),
    /// Writes this and closes the connection.
    Break(&'static str),
    /// Writes this, then a byte each time.
    Drip(&'static str, Duration),
}

const FINE: Act = Act::Say("HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n{\"RequestId\":\"R-9\"}");

/// How many requests' heads a server keeps, so that its own memory doesn't grow with them.
const KEPT: usize = 100;

struct Server {
    address: String,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    heads: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Server {
    async fn start(act: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(AtomicUsize::new(0));
        let heads = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (open, connections) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (act, counter, seen, peak) = (Arc::new(act), requests.clone(), heads.clone(), connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serve(stream, act.clone(), counter.clone(), seen.clone());
                let (open, peak) = (open.clone(), peak.clone());
                tokio::spawn(async move {
                    peak.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    serving.await;
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, requests, connections, heads }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// How many connections were open at once.
    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn client(&self, change: impl FnOnce(Config) -> Config) -> ClientCore {
        client(&self.address, change)
    }
}

async fn serve(
    mut stream: TcpStream,
    act: Arc<impl Fn(usize) -> Act>,
    counter: Arc<AtomicUsize>,
    seen: Arc<std::sync::Mutex<Vec<String>>>,
) {
    while let Some(head) = read_request(&mut stream).await {
        keep(&seen, head);
        match act(counter.fetch_add(1, Ordering::SeqCst) + 1) {
            Act::Say(text) => {
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Act::Break(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                return;
            }
            Act::Drip(text, pause) => {
                let _ = stream.write_all(text.as_bytes()).await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(pause).await;
                }
                return;
            }
        }
    }
}

fn keep(seen: &std::sync::Mutex<Vec<String>>, head: String) {
    let mut seen = seen.lock().expect("not poisoned");
    if seen.len() < KEPT {
        seen.push(head);
    }
}

/// Reads a request up to the end of its body; gives its head.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            if body.len() >= length {
                return Some(head.to_owned());
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}

fn client(address: &str, change: impl FnOnce(Config) -> Config) -> ClientCore {
    let delays = (Duration::from_millis(1), Duration::from_millis(5));
    let config = Config::new()
        .endpoint(address)
        .credentials(Credentials::access_key("id", "secret"))
        .retry(RetryPolicy::default().with_delays(delays.0, delays.1))
        .read_timeout(Duration::from_secs(1))
        .attempt_timeout(Duration::from_secs(2))
        .total_timeout(Duration::from_secs(8));
    ClientCore::new(change(config), &EndpointTable::default()).expect("a client")
}

fn read() -> CallRequest<'static> {
    CallRequest::new("DescribeBackups", Protocol::AliyunRpc, "2014-08-15").idempotent(true)
}

fn write() -> CallRequest<'static> {
    CallRequest::new("CreateBackup", Protocol::AliyunRpc, "2014-08-15")
}

/// The call's outcome and how long it took; it must end well within ten seconds.
async fn timed(client: &ClientCore, request: CallRequest<'_>) -> (Result<CallResponse, Error>, Duration) {
    let start = Instant::now();
    let outcome = tokio::time::timeout(Duration::from_secs(10), client.call(request)).await.expect("must not hang");
    (outcome, start.elapsed())
}

#[tokio::test]
async fn a_refused_connection_is_told_and_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let (outcome, _) = timed(&client(&address, |c| c), write()).await;
    let error = outcome.expect_err("nobody listens");
    assert_eq!((error.cause(), error.attempts()), (Cause::Connect, 3));
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_reset_within_the_body_is_sent_again_only_where_harmless() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"Reque";
    let server = Server::start(move |n| if n == 1 { Act::Break(half) } else { FINE }).await;
    let (outcome, _) = timed(&server.client(|c| c), read()).await;
    assert_eq!(outcome.expect("the second is whole").request_id.as_deref(), Some("R-9"));
    assert_eq!(server.requests(), 2);

    let server = Server::start(move |n| if n == 1 { Act::Break(half) } else { FINE }).await;
    let (outcome, _) = timed(&server.client(|c| c), write()).await;
    assert_eq!(outcome.expect_err("half an answer").cause(), Cause::Transport);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_not_sent_again() {
    let server = Server::start(|_| Act::Break("")).await;
    let (outcome, _) = timed(&server.client(|c| c), write()).await;
    assert_eq!(outcome.expect_err("no answer").cause(), Cause::Transport);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_cut_off_chunked_body_is_an_error() {
    let cut = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n13\r\n{\"RequestId\":\"R-9\"}\r\n";
    let server = Server::start(move |_| Act::Break(cut)).await;
    let (outcome, _) = timed(&server.client(|c| c), write()).await;
    assert_eq!(outcome.expect_err("no end").cause(), Cause::Transport);
}

#[tokio::test]
async fn a_throttled_call_waits_as_long_as_asked() {
    let throttled = "HTTP/1.1 429 Too Many\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n";
    let server = Server::start(move |n| if n == 1 { Act::Say(throttled) } else { FINE }).await;
    let (outcome, took) = timed(&server.client(|c| c), read()).await;
    outcome.expect("the second succeeds");
    assert!(took >= Duration::from_secs(2), "{took:?}");
    let server =
        Server::start(|n| if n == 1 { Act::Say("HTTP/1.1 429 Too Many\r\ncontent-length: 0\r\n\r\n") } else { FINE })
            .await;
    let (outcome, took) = timed(&server.client(|c| c), read()).await;
    outcome.expect("the second succeeds");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn a_proxys_page_keeps_status_and_body() {
    let page = "HTTP/1.1 503 Busy\r\ncontent-type: text/html\r\ncontent-length: 16\r\n\r\n<html>503</html>";
    let server = Server::start(move |_| Act::Say(page)).await;
    let (outcome, _) = timed(&server.client(|c| c), write()).await;
    let error = outcome.expect_err("busy");
    assert_eq!((error.status(), error.raw_body().map(AsRef::as_ref)), (Some(503), Some(&b"<html>503</html>"[..])));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_silent_service_is_given_up() {
    let server = Server::start(|_| Act::Drip("", Duration::from_mins(1))).await;
    // The first byte is a space, which begins no answer; then there is silence.
    let (outcome, took) = timed(&server.client(|c| c), write()).await;
    let error = outcome.expect_err("silence");
    assert!(error.is_timeout() || error.cause() == Cause::Transport, "{error}");
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_dripping_body_ends_with_the_attempt() {
    let slow = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
    let server = Server::start(move |_| Act::Drip(slow, Duration::from_millis(50))).await;
    let (outcome, took) = timed(&server.client(|c| c), write()).await;
    assert!(outcome.expect_err("never whole").is_timeout());
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(8), "{took:?}");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_call_ends_at_its_deadline_whatever_the_attempts_do() {
    let slow = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
    let server = Server::start(move |_| Act::Drip(slow, Duration::from_millis(50))).await;
    let client = server.client(|c| c.total_timeout(Duration::from_secs(3)));
    let (outcome, took) = timed(&client, read()).await;
    let error = outcome.expect_err("never whole");
    assert!(error.is_timeout(), "{error}");
    assert!(took >= Duration::from_secs(3) && took < Duration::from_secs(8), "{took:?}");
    assert_eq!((server.requests(), error.attempts()), (2, 2));
}

#[tokio::test]
async fn redirects_are_errors() {
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\ncontent-length: 0\r\n\r\n";
    let server = Server::start(move |_| Act::Say(moved)).await;
    let (outcome, _) = timed(&server.client(|c| c), read()).await;
    let error = outcome.expect_err("not followed");
    assert_eq!((error.status(), server.requests()), (Some(302), 1));
    assert!(error.to_string().contains("`http://elsewhere/`"), "{error}");
}

#[tokio::test]
async fn an_empty_post_says_its_length_once() {
    let server = Server::start(|_| FINE).await;
    server.client(|c| c).call(write()).await.expect("succeeds");
    let heads = server.heads.lock().expect("not poisoned");
    let count = |part: &str| heads[0].lines().filter(|line| line.starts_with(part)).count();
    assert!(heads[0].starts_with("POST / HTTP/1.1"), "{}", heads[0]);
    assert_eq!((count("content-length: 0"), count("content-length:"), count("host:")), (1, 1, 1), "{}", heads[0]);
    assert_eq!(count("content-type:"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_at_once_share_connections_and_leave_no_memory() {
    const CALLS: usize = 10_000;
    let server = Server::start(|_| FINE).await;
    let client = server.client(|c| {
        let long = Duration::from_mins(1);
        c.read_timeout(long).attempt_timeout(long).total_timeout(long).retry(RetryPolicy::none())
    });
    let burst = async || {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..CALLS {
            let client = client.clone();
            calls.spawn(async move { client.call(read()).await.map(|answer| answer.status) });
        }
        let outcomes = calls.join_all().await;
        assert!(outcomes.iter().all(|o| matches!(o, Ok(200))), "{:?}", outcomes.iter().find(|o| o.is_err()));
    };
    burst().await;
    let first = resident();
    for _ in 0..2 {
        burst().await;
    }
    assert_eq!(server.requests(), 3 * CALLS);
    // As many as may be under way, and those that the server has not yet seen closed; far from one a call.
    assert!(server.connections() < CALLS / 2, "{} connections at once", server.connections());
    // What 20,000 more calls leave behind would show: two kilobytes each were 40 MiB.
    assert!(resident() <= first + (24 << 20), "{first} bytes before, {} after", resident());
}

/// The process's resident memory in bytes, where the system tells it.
fn resident() -> usize {
    let pages =
        std::fs::read_to_string("/proc/self/statm").ok().and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}
