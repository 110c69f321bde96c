//! How connections come about: directly or through a proxy, with TLS where asked, within a limit of time.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::transport::Proxy;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// A connection to the service, TLS included.
pub(super) type Connector = Limited<HttpsConnector<Reach>>;

/// What it brings.
pub(super) type Stream = MaybeHttpsStream<Reached>;

/// The connector of a pool.
pub(super) fn connector(mut tls: ClientConfig, proxy: Option<Proxy>, limit: Option<Duration>) -> Connector {
    // The connector names the protocols itself, and panics over a configuration that has its own.
    tls.alpn_protocols.clear();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    // Several addresses of a host share this limit, so that one that swallows packets doesn't use all of it.
    tcp.set_connect_timeout(limit);
    let to_proxy = proxy.is_some().then(|| {
        HttpsConnectorBuilder::new()
            .with_tls_config(tls.clone())
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp.clone())
    });
    let reach = Reach { tcp, through: proxy.zip(to_proxy) };
    let inner = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(reach);
    Limited { inner, limit }
}

/// Reaches the host, so that TLS can begin.
#[derive(Clone)]
pub(super) struct Reach {
    tcp: HttpConnector,
    through: Option<(Proxy, HttpsConnector<HttpConnector>)>,
}

impl Service<Uri> for Reach {
    type Response = Reached;
    type Error = BoxError;
    type Future = Connecting<Reached>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        if let Some((proxy, to_proxy)) = &self.through
            && let Some(found) = proxy.intercept(&destination)
        {
            return through(&found, destination, self.tcp.clone(), to_proxy.clone());
        }
        let tcp = self.tcp.call(destination);
        Box::pin(async move { Ok(Reached { stream: MaybeHttpsStream::Http(tcp.await?), absolute: false }) })
    }
}

/// Reaches the host through a proxy: by SOCKS, by a tunnel where TLS follows, else by handing the proxy the request.
fn through(
    proxy: &Intercept,
    destination: Uri,
    tcp: HttpConnector,
    mut to_proxy: HttpsConnector<HttpConnector>,
) -> Connecting<Reached> {
    let address = proxy.uri().clone();
    let reached = |stream| Reached { stream, absolute: false };
    match address.scheme_str() {
        Some(scheme @ ("socks5" | "socks5h")) => {
            let mut socks = SocksV5::new(with_port(&address, 1080), tcp).local_dns(scheme == "socks5");
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            Box::pin(async move { Ok(reached(MaybeHttpsStream::Http(socks.call(destination).await?))) })
        }
        Some("http" | "https") if destination.scheme_str() == Some("https") => {
            let mut tunnel = Tunnel::new(address, to_proxy);
            if let Some(authorization) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(authorization.clone());
            }
            Box::pin(async move { Ok(reached(tunnel.call(destination).await?)) })
        }
        Some("http" | "https") => {
            Box::pin(async move { Ok(Reached { stream: to_proxy.call(address).await?, absolute: true }) })
        }
        scheme => {
            let message = format!("proxies of the kind `{}` are not supported", scheme.unwrap_or_default());
            Box::pin(async move { Err(message.into()) })
        }
    }
}

fn with_port(address: &Uri, port: u16) -> Uri {
    let (None, Some(host)) = (address.port_u16(), address.host()) else { return address.clone() };
    let scheme = address.scheme_str().unwrap_or("http");
    format!("{scheme}://{host}:{port}").parse().unwrap_or_else(|_| address.clone())
}

/// A connection before the service's own TLS.
pub(super) struct Reached {
    stream: MaybeHttpsStream<TokioIo<TcpStream>>,
    /// Whether it ends at a proxy, which is told the whole address with each request.
    absolute: bool,
}

impl Connection for Reached {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.absolute)
    }
}

impl Read for Reached {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Reached {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}

/// A connector that gives up after a while, proxy and TLS included.
#[derive(Clone)]
pub(super) struct Limited<C> {
    inner: C,
    limit: Option<Duration>,
}

impl<C> Service<Uri> for Limited<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Future: Send + 'static,
    C::Response: 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Connecting<C::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let connecting = self.inner.call(destination);
        let Some(limit) = self.limit else { return Box::pin(connecting) };
        Box::pin(async move {
            let late = || format!("no connection within {} ms, TLS included", limit.as_millis());
            let connected = tokio::time::timeout(limit, connecting).await;
            connected.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, late()))?
        })
    }
}
