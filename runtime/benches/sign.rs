//! What building and signing a request costs, beside its hashing alone.
//!
//! `cargo bench -p docsdk-runtime --bench sign` prints the times of one request and their ratio, the smallest of several
//! rounds, which other work on the machine disturbs least.

use std::hint::black_box;
use std::time::{Duration, Instant};

use docsdk_runtime::testing::{Canned, Vector};
use docsdk_runtime::{ClientCore, EndpointTable};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const ROUNDS: usize = 15;
const CALLS: u32 = 5_000;

fn smallest(mut work: impl FnMut()) -> Duration {
    let round = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..CALLS).for_each(|_| work());
        start.elapsed() / CALLS
    };
    (0..ROUNDS).map(|_| round(&mut work)).min().unwrap_or_default()
}

fn main() {
    for (name, text) in [
        ("rpc", include_str!("../tests/fixtures/vectors/ref-dbs-create-restore-task.json")),
        ("rest", include_str!("../tests/fixtures/vectors/ref-gaussdb-restore.json")),
    ] {
        let vector = Vector::parse(text).expect("a vector");
        let config = vector.config().transport(Canned::default());
        let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let request = vector.request();
        let prepared = runtime.block_on(client.prepare(request.clone())).expect("a request");
        let signature = prepared.signature.clone().expect("signed");
        let copying = smallest(|| drop(black_box(request.clone())));
        let whole = smallest(|| {
            drop(black_box(runtime.block_on(client.prepare(black_box(request.clone()))).expect("a request")));
        });
        let hashing = smallest(|| {
            black_box(Sha256::digest(black_box(&prepared.body)));
            black_box(Sha256::digest(black_box(signature.canonical_request.as_bytes())));
            let mut mac = Hmac::<Sha256>::new_from_slice(b"fakeAccessKeySecret0000000000A").expect("any key");
            mac.update(black_box(signature.string_to_sign.as_bytes()));
            black_box(mac.finalize().into_bytes());
        });
        let own = whole.saturating_sub(copying);
        let ratio = own.as_secs_f64() / hashing.as_secs_f64();
        println!("{name}: built and signed in {own:?}, hashed alone in {hashing:?}: {ratio:.2} times");
    }
}
