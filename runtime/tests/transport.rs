//! The transport there is by default, on real connections: proxies, certificates, HTTP/2, time limits; and those in its
//! place.
#![cfg(feature = "transport")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use docsdk_runtime::transport::{PooledTransport, PooledTransportBuilder, Proxy};
use docsdk_runtime::{
    CallRequest, CallResponse, Cause, ClientCore, Config, Credentials, EndpointTable, Error, Protocol, RetryPolicy,
};
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::RootCertStore;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What a server was asked: the target as on the request line, the version, the headers.
type Seen = Arc<Mutex<Vec<(String, Version, http::HeaderMap)>>>;

/// A certificate for `localhost` and its key, in PEM.
struct Identity {
    certificate: String,
    key: String,
}

impl Identity {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        Self { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    /// A server's settings; asks for the client's certificate where one is given to be trusted.
    fn acceptor(&self, client: Option<&Self>) -> TlsAcceptor {
        let der = |pem: &str| pem_bytes(pem);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = match client {
            None => builder.with_no_client_auth(),
            Some(client) => {
                let mut roots = RootCertStore::empty();
                roots.add(der(&client.certificate).into()).expect("a root");
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der(&self.key)));
        let mut config = builder.with_single_cert(vec![der(&self.certificate).into()], key).expect("a certificate");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

fn pem_bytes(pem: &str) -> Vec<u8> {
    use rustls::pki_types::pem::{PemObject, SectionKind};
    <(SectionKind, Vec<u8>)>::from_pem_slice(pem.as_bytes()).expect("PEM").1
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// A service that does what is asked; gives its port, what it was asked and how often it was connected to.
async fn service(tls: Option<TlsAcceptor>) -> (u16, Seen, Arc<Mutex<usize>>) {
    let (listener, address) = listen().await;
    let (seen, connections) = (Seen::default(), Arc::new(Mutex::new(0)));
    let (notes, count) = (seen.clone(), connections.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            *count.lock().expect("not poisoned") += 1;
            let (tls, notes) = (tls.clone(), notes.clone());
            tokio::spawn(async move {
                match tls {
                    None => answer(stream, notes).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            answer(stream, notes).await;
                        }
                    }
                }
            });
        }
    });
    (address.port(), seen, connections)
}

async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, seen: Seen) {
    let respond = service_fn(move |request: Request<Incoming>| {
        let note = (request.uri().to_string(), request.version(), request.headers().clone());
        seen.lock().expect("not poisoned").push(note);
        async { Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from(r#"{"RequestId":"R-7"}"#)))) }
    });
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), respond).await;
}

/// A proxy that opens tunnels; gives its port and the heads of the requests for them.
async fn tunnels() -> (u16, Arc<Mutex<Vec<String>>>) {
    let (listener, address) = listen().await;
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let seen = seen.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.expect("a head"));
                }
                let head = String::from_utf8(head).expect("text");
                let target = head.split(' ').nth(1).expect("a target").replace("localhost", "127.0.0.1");
                seen.lock().expect("not poisoned").push(head);
                let mut onward = TcpStream::connect(target).await.expect("the service");
                stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.expect("written");
                let _ = copy_bidirectional(&mut stream, &mut onward).await;
            });
        }
    });
    (address.port(), heads)
}

/// A SOCKS 5 proxy without a password (RFC 1928); gives its port and the names it was asked for.
async fn socks() -> (u16, Arc<Mutex<Vec<String>>>) {
    let (listener, address) = listen().await;
    let names = Arc::new(Mutex::new(Vec::new()));
    let seen = names.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let seen = seen.clone();
            tokio::spawn(async move {
                assert_eq!(stream.read_u8().await.expect("a version"), 5);
                let mut methods = vec![0; usize::from(stream.read_u8().await.expect("a count"))];
                stream.read_exact(&mut methods).await.expect("methods");
                stream.write_all(&[5, 0]).await.expect("written");
                let mut request = [0; 4];
                stream.read_exact(&mut request).await.expect("a request");
                assert_eq!(request, [5, 1, 0, 3], "a connection to a name");
                let mut name = vec![0; usize::from(stream.read_u8().await.expect("a length"))];
                stream.read_exact(&mut name).await.expect("a name");
                let port = stream.read_u16().await.expect("a port");
                seen.lock().expect("not poisoned").push(String::from_utf8(name).expect("text"));
                let mut onward = TcpStream::connect(("127.0.0.1", port)).await.expect("the service");
                stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await.expect("written");
                let _ = copy_bidirectional(&mut stream, &mut onward).await;
            });
        }
    });
    (address.port(), names)
}

fn client(endpoint: &str, transport: PooledTransportBuilder) -> ClientCore {
    let config = Config::new()
        .endpoint(endpoint)
        .credentials(Credentials::access_key("id", "secret"))
        .retry(RetryPolicy::none())
        .transport(transport.build().expect("a transport"));
    ClientCore::new(config, &EndpointTable::default()).expect("a client")
}

async fn call(client: &ClientCore) -> Result<CallResponse, Error> {
    client.call(CallRequest::new("DescribeBackups", Protocol::AliyunRpc, "2014-08-15")).await
}

fn direct() -> PooledTransportBuilder {
    PooledTransport::builder().no_proxy()
}

fn trusting(identity: &Identity) -> PooledTransportBuilder {
    direct().add_root_certificates(identity.certificate.as_bytes()).expect("a certificate")
}

/// The chain of an error's causes as one text.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[tokio::test]
async fn a_proxy_is_told_the_whole_address_and_who_asks() {
    let (port, seen, _) = service(None).await;
    let proxy = Proxy::all(format!("http://user:hush@127.0.0.1:{port}")).expect("a proxy");
    let client = client("http://rds.example", direct().proxy(proxy));
    call(&client).await.expect("an answer");
    let seen = seen.lock().expect("not poisoned");
    let (target, _, headers) = &seen[0];
    assert!(target.starts_with("http://rds.example/"), "{target}");
    assert_eq!(headers["proxy-authorization"], "Basic dXNlcjpodXNo");
    assert_eq!(headers["host"], "rds.example");
}

#[tokio::test]
async fn tls_goes_through_a_tunnel_and_the_proxys_password_no_further() {
    let identity = Identity::new();
    let (port, seen, _) = service(Some(identity.acceptor(None))).await;
    let (proxy_port, heads) = tunnels().await;
    let proxy = Proxy::https(format!("http://user:hush@127.0.0.1:{proxy_port}")).expect("a proxy");
    let client = client(&format!("https://localhost:{port}"), trusting(&identity).proxy(proxy));
    call(&client).await.expect("an answer");
    let head = heads.lock().expect("not poisoned")[0].to_lowercase();
    assert!(head.starts_with(&format!("connect localhost:{port} ")), "{head}");
    assert!(head.contains("proxy-authorization: basic dxnlcjpodxno"), "{head}");
    let seen = seen.lock().expect("not poisoned");
    assert!(!seen[0].2.contains_key("proxy-authorization"));
}

#[tokio::test]
async fn names_are_resolved_beyond_a_socks_proxy() {
    let (port, _, _) = service(None).await;
    let (proxy_port, names) = socks().await;
    let proxy = Proxy::all(format!("socks5h://127.0.0.1:{proxy_port}")).expect("a proxy");
    let client = client(&format!("http://rds.example:{port}"), direct().proxy(proxy));
    call(&client).await.expect("an answer");
    assert_eq!(*names.lock().expect("not poisoned"), ["rds.example"]);
}

#[tokio::test]
async fn only_trusted_authorities_are_believed() {
    let identity = Identity::new();
    let (port, _, _) = service(Some(identity.acceptor(None))).await;
    let endpoint = format!("https://localhost:{port}");
    let error = call(&client(&endpoint, direct())).await.expect_err("nobody vouches for it");
    assert_eq!(error.cause(), Cause::Connect);
    assert!(told(&error).contains("certificate"), "{}", told(&error));
    call(&client(&endpoint, trusting(&identity))).await.expect("an answer");
    call(&client(&endpoint, trusting(&identity).only_added_roots())).await.expect("an answer");
    let other = Identity::new();
    call(&client(&endpoint, trusting(&other))).await.expect_err("another authority");
}

#[tokio::test]
async fn a_client_shows_its_certificate() {
    let (server, own) = (Identity::new(), Identity::new());
    let (port, _, _) = service(Some(server.acceptor(Some(&own)))).await;
    let endpoint = format!("https://localhost:{port}");
    call(&client(&endpoint, trusting(&server))).await.expect_err("it shows none");
    let identified = trusting(&server).client_certificate(own.certificate.as_bytes(), own.key.as_bytes());
    call(&client(&endpoint, identified.expect("a certificate"))).await.expect("an answer");
}

#[tokio::test]
async fn a_silent_tls_handshake_ends_with_the_limit_for_connecting() {
    let (listener, address) = listen().await;
    let silent = tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    let limit = Some(Duration::from_millis(200));
    let client = client(&format!("https://localhost:{}", address.port()), direct().connect_timeout(limit));
    let start = Instant::now();
    let error = call(&client).await.expect_err("it says nothing");
    assert_eq!(error.cause(), Cause::Connect);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(told(&error).contains("200 ms"), "{}", told(&error));
    silent.abort();
}

#[tokio::test]
async fn http_2_carries_many_calls_over_one_connection() {
    let identity = Identity::new();
    let (port, seen, connections) = service(Some(identity.acceptor(None))).await;
    let client = client(&format!("https://localhost:{port}"), trusting(&identity));
    call(&client).await.expect("an answer");
    let calls = (0..50).map(|_| call(&client));
    for outcome in futures_util::future::join_all(calls).await {
        outcome.expect("an answer");
    }
    assert_eq!(*connections.lock().expect("not poisoned"), 1);
    // Also where all begin at once, when nobody knows yet what the service speaks.
    let fresh = self::client(&format!("https://localhost:{port}"), trusting(&identity));
    for outcome in futures_util::future::join_all((0..50).map(|_| call(&fresh))).await {
        outcome.expect("an answer");
    }
    assert_eq!(*connections.lock().expect("not poisoned"), 2);
    assert!(seen.lock().expect("not poisoned").iter().all(|(_, version, _)| *version == Version::HTTP_2));
}

#[tokio::test]
async fn ones_own_tls_settings_may_name_protocols() {
    let identity = Identity::new();
    let (port, _, _) = service(Some(identity.acceptor(None))).await;
    let mut roots = RootCertStore::empty();
    roots.add(pem_bytes(&identity.certificate).into()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"spdy/1".to_vec()];
    call(&client(&format!("https://localhost:{port}"), direct().tls(tls))).await.expect("an answer");
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn ones_own_reqwest_client_sends() {
    use docsdk_runtime::transport::ReqwestTransport;

    let (port, seen, _) = service(None).await;
    // In a build with other crates, reqwest may be one that has TLS and leaves the choice of its cryptography open.
    drop(rustls::crypto::ring::default_provider().install_default());
    let own = reqwest::Client::builder().no_proxy().user_agent("mine").build().expect("a client");
    let config = |port: u16| {
        Config::new()
            .endpoint(format!("http://127.0.0.1:{port}"))
            .credentials(Credentials::access_key("id", "secret"))
            .retry(RetryPolicy::none())
            .transport(ReqwestTransport::new(own.clone()))
    };
    let client = ClientCore::new(config(port), &EndpointTable::default()).expect("a client");
    assert_eq!(call(&client).await.expect("an answer").request_id.as_deref(), Some("R-7"));
    assert!(seen.lock().expect("not poisoned")[0].2.contains_key("authorization"));
    let (listener, address) = listen().await;
    drop(listener);
    let client = ClientCore::new(config(address.port()), &EndpointTable::default()).expect("a client");
    let error = call(&client).await.expect_err("nobody listens");
    assert_eq!(error.cause(), Cause::Connect);
    assert!(!told(&error).contains("SignatureNonce"), "{}", told(&error));
}

#[cfg(feature = "blocking")]
#[test]
fn a_thread_without_async_waits_for_its_calls() {
    let serving =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (port, _, connections) = serving.block_on(service(None));
    let client = client(&format!("http://127.0.0.1:{port}"), direct());
    for _ in 0..3 {
        let answer = docsdk_runtime::blocking::wait(call(&client)).expect("an answer");
        assert_eq!(answer.request_id.as_deref(), Some("R-7"));
    }
    assert_eq!(*connections.lock().expect("not poisoned"), 1, "the connection outlives the call");
    let numbers = docsdk_runtime::blocking::iter(futures_util::stream::iter([Ok::<_, Error>(1), Ok(2)]));
    assert_eq!(numbers.map(|number| number.expect("no error")).collect::<Vec<_>>(), [1, 2]);
}
