//! What a whole call costs its caller, signed, sent, answered and decoded, beside the same call unsigned and undecoded on
//! bare reqwest.
//!
//! `cargo bench -p docsdk-tests --bench calls` prints the client's CPU time a call and the ratio of both: medians of many
//! rounds, each of which times both. The server works on a thread of its own, whose time does not count. One call at a
//! time, and 64 in flight. On Linux all of it shares one core: waking another takes longer than a call, and which client's
//! connections meet it is chance.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use aliyun_rds::operation::create_backup::BackupMethod;
use aliyun_rds::{Client, Config, Credentials};
use cpu_time::ThreadTime;
use tokio::task::LocalSet;

const ROUNDS: usize = 61;
const CALLS: usize = 1_280;
const ANSWER: &str =
    r#"{"BackupJobId":"5073731","RequestId":"1C6EF2AF-3B2F-4E1A-8B0B-0C1D2E3F4A5B","DBInstanceId":"rm-uf6wjk5"}"#;

/// Answers every request without a body.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    let (mut buffer, mut filled) = (vec![0; 16 << 10], 0);
    loop {
        let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) else { return Ok(()) };
        let read = stream.read(free)?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        if buffer.get(..filled).is_some_and(|head| head.ends_with(b"\r\n\r\n")) {
            stream.write_all(answer.as_bytes())?;
            filled = 0;
        }
    }
}

fn serve() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || drop(answer(stream)));
        }
    });
    Ok(address)
}

/// This thread's time a call, where so many are in flight.
async fn round<F: Future<Output = ()> + 'static>(in_flight: usize, call: impl Fn() -> F + Clone + 'static) -> Duration {
    let start = ThreadTime::now();
    let tasks = LocalSet::new();
    for _ in 0..in_flight {
        let call = call.clone();
        tasks.spawn_local(async move {
            for _ in 0..CALLS / in_flight {
                call().await;
            }
        });
    }
    tasks.await;
    start.elapsed() / u32::try_from(CALLS).unwrap_or(u32::MAX)
}

fn median<T: PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("times are finite"));
    let middle = values.len() / 2;
    values.swap_remove(middle)
}

fn ours(address: SocketAddr) -> Client {
    let credentials = Credentials::access_key("FAKEAccessKeyId000000000", "fakeAccessKeySecret0000000000A");
    Client::new(Config::new().endpoint(format!("http://{address}")).credentials(credentials)).expect("a client")
}

async fn sign_and_decode(client: Client) {
    let call = client.create_backup().db_instance_id("rm-uf6wjk5hxxxxxxx").backup_method(BackupMethod::Physical);
    let output = call.db_name("test").send().await.expect("an answer");
    assert_eq!(output.backup_job_id(), Some("5073731"));
}

async fn bare(client: reqwest::Client, url: reqwest::Url, headers: reqwest::header::HeaderMap) {
    let answer = client.post(url).headers(headers).send().await.expect("an answer");
    assert_eq!(answer.bytes().await.expect("a body").len(), ANSWER.len());
}

/// Keeps this thread, and those that it starts, on one of the cores that they may use.
#[cfg(target_os = "linux")]
fn share_one_core() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let allowed = sched_getaffinity(None).expect("the cores that may be used");
    let mut one = CpuSet::new();
    if let Some(core) = (0..CpuSet::MAX_CPU).find(|core| allowed.is_set(*core)) {
        one.set(core);
        sched_setaffinity(None, &one).expect("a core that may be used");
    }
}

fn main() {
    #[cfg(target_os = "linux")]
    share_one_core();
    let address = serve().expect("a server");
    let client = ours(address);
    // The workspace's reqwest has TLS, whose cryptography is left to whoever starts it, and reads compressed answers: bare
    // reqwest does neither.
    drop(rustls::crypto::ring::default_provider().install_default());
    let other = reqwest::Client::builder().no_proxy().no_gzip().no_brotli().no_deflate().build().expect("a client");
    let url = "/?BackupMethod=Physical&DBInstanceId=rm-uf6wjk5hxxxxxxx&DBName=test";
    let url: reqwest::Url = format!("http://{address}{url}").parse().expect("an address");
    let mut headers = reqwest::header::HeaderMap::new();
    for (name, value) in [
        ("accept", "application/json"),
        ("user-agent", "docsdk/0.1.0"),
        ("x-acs-action", "CreateBackup"),
        ("x-acs-version", "2014-08-15"),
    ] {
        headers.insert(name, value.parse().expect("a value"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for in_flight in [1, 64] {
        let rounds: Vec<_> = (0..ROUNDS)
            .map(|_| {
                let (client, other, url, headers) = (client.clone(), other.clone(), url.clone(), headers.clone());
                let signed = runtime.block_on(round(in_flight, move || sign_and_decode(client.clone())));
                let one = round(in_flight, move || bare(other.clone(), url.clone(), headers.clone()));
                (signed, runtime.block_on(one))
            })
            .collect();
        let ratio = |(signed, unsigned): &(Duration, Duration)| signed.as_secs_f64() / unsigned.as_secs_f64();
        let ratio = median(rounds.iter().map(ratio).collect());
        let (signed, unsigned): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
        let (signed, unsigned) = (median(signed), median(unsigned));
        println!("{in_flight} in flight: ours, signed and decoded, {signed:?}; reqwest {unsigned:?}: {ratio:.2} times");
    }
}
