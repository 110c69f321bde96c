//! Connections of the transport there is by default: which are used again, and when they are closed.
#![cfg(feature = "transport")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use docsdk_runtime::transport::{PooledTransport, PooledTransportBuilder};
use docsdk_runtime::{CallRequest, ClientCore, Config, Credentials, EndpointTable, Protocol, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// What a server does with its connections.
#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    /// Keeps them open.
    Open,
    /// Says that it keeps them, and closes each behind an answer.
    Nothing,
    /// Announces that it closes, and does not.
    Announces,
    /// Keeps them open, and ends no answer.
    Halfway,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    open: AtomicUsize,
}

impl Counts {
    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    async fn nothing_open(&self) {
        while self.open.load(Ordering::SeqCst) > 0 {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn serve(keeps: Keeps) -> (String, Arc<Counts>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let counts = Arc::new(Counts::default());
    let shared = counts.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counts = shared.clone();
            counts.connections.fetch_add(1, Ordering::SeqCst);
            counts.open.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                answer(stream, keeps, &counts).await;
                counts.open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    (address, counts)
}

/// Answers requests without a body, in two pieces, until the other side closes.
async fn answer(mut stream: TcpStream, keeps: Keeps, counts: &Counts) {
    let mut request = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        request.push(byte);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        request.clear();
        counts.requests.fetch_add(1, Ordering::SeqCst);
        let close = if keeps == Keeps::Announces { "connection: close\r\n" } else { "" };
        let head = format!("HTTP/1.1 200 OK\r\n{close}content-length: 21\r\n\r\n{{\"RequestId\"");
        if stream.write_all(head.as_bytes()).await.is_err() {
            return;
        }
        if keeps == Keeps::Halfway {
            continue;
        }
        sleep(Duration::from_millis(5)).await;
        if stream.write_all(b":\"R-777\"}").await.is_err() || keeps == Keeps::Nothing {
            return;
        }
    }
}

fn client(address: &str, transport: PooledTransportBuilder) -> ClientCore {
    let config = Config::new()
        .endpoint(address)
        .credentials(Credentials::access_key("id", "secret"))
        .retry(RetryPolicy::none())
        .transport(transport.no_proxy().build().expect("a transport"));
    ClientCore::new(config, &EndpointTable::default()).expect("a client")
}

async fn call(client: &ClientCore) {
    let answer = client.call(CallRequest::new("CreateBackup", Protocol::AliyunRpc, "2014-08-15")).await;
    assert_eq!(answer.expect("an answer").request_id.as_deref(), Some("R-777"));
}

#[tokio::test]
async fn one_call_after_the_other_uses_one_connection() {
    let (address, counts) = serve(Keeps::Open).await;
    let client = client(&address, PooledTransport::builder());
    for _ in 0..20 {
        call(&client).await;
    }
    assert_eq!((counts.connections(), counts.requests()), (1, 20));
    let calls = (0..5).map(|_| call(&client));
    futures_util::future::join_all(calls).await;
    assert!(counts.connections() <= 5, "{}", counts.connections());
}

#[tokio::test]
async fn connections_that_the_service_closed_meanwhile_cost_no_call() {
    let (address, counts) = serve(Keeps::Nothing).await;
    let client = client(&address, PooledTransport::builder());
    for _ in 0..5 {
        call(&client).await;
        counts.nothing_open().await;
        // Until the news is here.
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((counts.connections(), counts.requests()), (5, 5));
}

#[tokio::test]
async fn connections_that_the_service_will_close_are_not_used_again() {
    let (address, counts) = serve(Keeps::Announces).await;
    let client = client(&address, PooledTransport::builder());
    for _ in 0..3 {
        call(&client).await;
    }
    assert_eq!((counts.connections(), counts.requests()), (3, 3));
    timeout(Duration::from_secs(5), counts.nothing_open()).await.expect("closed on this side");
}

#[tokio::test]
async fn unused_connections_are_closed_after_a_while() {
    let (address, counts) = serve(Keeps::Open).await;
    let client = client(&address, PooledTransport::builder().idle_timeout(Duration::from_millis(150)));
    call(&client).await;
    call(&client).await;
    timeout(Duration::from_secs(5), counts.nothing_open()).await.expect("closed on this side");
    // And there is another for the next call, which is closed in its turn.
    call(&client).await;
    assert_eq!((counts.connections(), counts.requests()), (2, 3));
    timeout(Duration::from_secs(5), counts.nothing_open()).await.expect("closed on this side");
}

#[tokio::test]
async fn no_more_connections_are_kept_than_is_said() {
    let (address, counts) = serve(Keeps::Open).await;
    let client = client(&address, PooledTransport::builder().max_idle_per_host(0));
    call(&client).await;
    timeout(Duration::from_secs(5), counts.nothing_open()).await.expect("closed on this side");
    call(&client).await;
    assert_eq!(counts.connections(), 2);
}

#[tokio::test]
async fn a_call_that_is_dropped_closes_its_connection() {
    let (address, counts) = serve(Keeps::Halfway).await;
    let client = client(&address, PooledTransport::builder());
    let dropped = timeout(Duration::from_millis(300), call(&client)).await;
    assert!(dropped.is_err() && counts.requests() == 1);
    timeout(Duration::from_secs(5), counts.nothing_open()).await.expect("closed on this side");
}

#[test]
fn a_client_may_be_used_from_one_runtime_after_another() {
    let serving = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let serving = serving.expect("a runtime");
    let (address, counts) = serving.block_on(serve(Keeps::Open));
    let client = client(&address, PooledTransport::builder());
    for _ in 0..3 {
        let own = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        own.block_on(call(&client));
        own.block_on(call(&client));
    }
    assert_eq!(counts.requests(), 6);
}
