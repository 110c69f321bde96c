//! What building and signing a request costs, beside its hashing alone.
//!
//! `cargo bench -p docsdk-runtime --bench sign` prints the CPU times of one request and their ratio: medians of many short
//! rounds, each of which times both, so that a clock rate that changes disturbs neither.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cpu_time::ThreadTime;
use docsdk_runtime::testing::{Canned, Vector};
use docsdk_runtime::time::SystemClock;
use docsdk_runtime::{ClientCore, EndpointTable, SystemRandom};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const ROUNDS: usize = 201;
const CALLS: u32 = 1_000;

/// The CPU time that one of many calls takes.
fn time(work: &mut dyn FnMut()) -> Duration {
    let start = ThreadTime::now();
    (0..CALLS).for_each(|_| work());
    start.elapsed() / CALLS
}

fn median<T: PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("times are finite"));
    let middle = values.len() / 2;
    values.swap_remove(middle)
}

/// The value of a future that has nothing to wait for: credentials are at hand, nothing is sent.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("building a request waits for nothing"),
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    for (name, text) in [
        ("rpc", include_str!("../tests/fixtures/vectors/ref-dbs-create-restore-task.json")),
        ("rest", include_str!("../tests/fixtures/vectors/ref-gaussdb-restore.json")),
    ] {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == name) {
            continue;
        }
        let vector = Vector::parse(text).expect("a vector");
        // As in a real call: a date and a nonce of its own each time.
        let config = vector.config().clock(SystemClock).random(SystemRandom).transport(Canned::default());
        let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
        let request = vector.request();
        let prepared = ready(client.prepare(&request)).expect("a request");
        let signature = prepared.signature.clone().expect("signed");
        let mut whole = || {
            drop(black_box(ready(client.prepare(black_box(&request))).expect("a request")));
        };
        let mut hashing = || {
            black_box(Sha256::digest(black_box(&prepared.body)));
            black_box(Sha256::digest(black_box(signature.canonical_request().as_bytes())));
            let mut mac = Hmac::<Sha256>::new_from_slice(b"fakeAccessKeySecret0000000000A").expect("any key");
            mac.update(black_box(signature.string_to_sign().as_bytes()));
            black_box(mac.finalize().into_bytes());
        };
        // In turns, so that both meet the same clock rate and neighbours.
        let rounds: Vec<_> = (0..ROUNDS).map(|_| (time(&mut whole), time(&mut hashing))).collect();
        let ratio = median(rounds.iter().map(|(whole, hashing)| whole.as_secs_f64() / hashing.as_secs_f64()).collect());
        let (whole, hashing): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
        let (whole, hashing) = (median(whole), median(hashing));
        println!("{name}: built and signed in {whole:?}, hashed alone in {hashing:?}: {ratio:.2} times");
    }
}
