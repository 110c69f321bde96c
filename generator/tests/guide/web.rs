//! The web as a chapter needs it: a proxy whose hosts are folders.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// A proxy on the loopback that answers for every host with the files of the folder of its name.
pub(crate) struct Web {
    address: SocketAddr,
}

impl Web {
    /// The hosts whose folders lie in this one.
    pub(crate) fn of(hosts: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // Ends with the process, and costs nothing while nobody asks.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Who went away meanwhile does not read.
                let _ = serve(&stream, &hosts);
            }
        });
        Self { address }
    }

    /// The proxy's URL.
    pub(crate) fn proxy(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve(mut stream: &TcpStream, hosts: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut known = None;
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("if-none-match")
        {
            known = Some(value.to_owned());
        }
    }
    let path = first.split(' ').nth(1).and_then(|url| url.strip_prefix("http://")).unwrap_or_default();
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let body = if is_plain { fs::read(hosts.join(path)).ok() } else { None };
    let Some(body) = body else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    let hash = Sha256::digest(&body).iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    let etag = format!("\"{hash:016x}\"");
    let length = body.len();
    let head = format!("ETag: {etag}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    if known == Some(etag) {
        let head = head.replace(&format!("Content-Length: {length}\r\n"), "");
        return stream.write_all(format!("HTTP/1.1 304 Not Modified\r\n{head}").as_bytes());
    }
    stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}").as_bytes())?;
    stream.write_all(&body)
}
