//! Whether a request is signed with the mock's keys, freshly and once.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use docsdk_runtime::encode::Query;
use docsdk_runtime::sign::{self, Authorization, Message, Scheme, VerifyError};
use docsdk_runtime::{Secret, parse_timestamp};

use super::{Incoming, Refusal};
use crate::spec::{Protocol, Service};

/// How far a request's date may be off; Alibaba Cloud documents 15 minutes.
const MAX_SKEW: Duration = Duration::from_mins(15);

/// Beyond so many nonces the oldest are forgotten, so that a long run stays small.
const MAX_NONCES: usize = 100_000;

/// The keys that a mock accepts.
#[derive(Clone)]
pub struct Keys {
    /// The access key id.
    pub access_key_id: String,
    /// Its secret.
    pub access_key_secret: Secret,
    /// The token that may stand in for a signature, if any: `X-Auth-Token`, or for plain REST services
    /// `Authorization: Bearer`.
    pub token: Option<Secret>,
    /// Whether dates and nonces are checked; a test with a fixed clock turns it off.
    pub fresh_only: bool,
}

impl Default for Keys {
    /// Keys for trying things out: `mock-access-key-id`, `mock-access-key-secret`, `mock-token`.
    fn default() -> Self {
        Self {
            access_key_id: "mock-access-key-id".to_owned(),
            access_key_secret: Secret::new("mock-access-key-secret"),
            token: Some(Secret::new("mock-token")),
            fresh_only: true,
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// The nonces seen so far.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<(BTreeSet<String>, std::collections::VecDeque<String>)>);

impl Nonces {
    /// Whether the nonce is new; it is not any more after this.
    fn take(&self, nonce: &str) -> bool {
        let mut guard = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (seen, order) = &mut *guard;
        if !seen.insert(nonce.to_owned()) {
            return false;
        }
        order.push_back(nonce.to_owned());
        if order.len() > MAX_NONCES
            && let Some(oldest) = order.pop_front()
        {
            seen.remove(&oldest);
        }
        true
    }
}

/// The vendor's answers to requests that are not signed as they should be.
struct Codes {
    unsigned: (u16, &'static str),
    unknown_key: (u16, &'static str),
    mismatch: (u16, &'static str),
    stale: (u16, &'static str),
    replayed: (u16, &'static str),
}

const ALIYUN: Codes = Codes {
    unsigned: (400, "MissingAuthorization"),
    unknown_key: (404, "InvalidAccessKeyId.NotFound"),
    mismatch: (400, "SignatureDoesNotMatch"),
    stale: (400, "InvalidTimeStamp.Expired"),
    replayed: (400, "SignatureNonceUsed"),
};

/// Huawei Cloud's gateway has one code for all of it.
const HUAWEI: Codes = Codes {
    unsigned: (401, "APIGW.0301"),
    unknown_key: (401, "APIGW.0301"),
    mismatch: (401, "APIGW.0301"),
    stale: (401, "APIGW.0301"),
    replayed: (401, "APIGW.0301"),
};

/// Checks a request's signature, date and nonce.
pub(super) fn verify(request: &Incoming, service: &Service, keys: &Keys, nonces: &Nonces) -> Result<(), Refusal> {
    let codes = if service.provider == "aliyun" { &ALIYUN } else { &HUAWEI };
    let refuse = |(status, code): (u16, &str), message: String| Err(Refusal::new(status, code, message));
    if let (Some(token), Some(given)) = (&keys.token, request.header("x-auth-token"))
        && token.expose() == given
    {
        return Ok(());
    }
    let bearer = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    if service.protocol == Protocol::RestJson && keys.token.as_ref().is_some_and(|token| bearer == Some(token.expose()))
    {
        return Ok(());
    }
    let Some(authorization) = request.header("authorization").and_then(Authorization::parse) else {
        return refuse(codes.unsigned, "the request is not signed".to_owned());
    };
    if authorization.key_id != keys.access_key_id {
        return refuse(codes.unknown_key, format!("the access key id `{}` is unknown", authorization.key_id));
    }
    let query = Query::parse(&request.query).canonical();
    let message = Message {
        method: &request.method,
        path: &request.path,
        query: &query,
        headers: &request.headers,
        body: &request.body,
    };
    match sign::verify(&message, &authorization, &keys.access_key_secret) {
        Ok(()) => {}
        Err(error @ VerifyError::Mismatch { .. }) => return refuse(codes.mismatch, error.to_string()),
        Err(error) => return refuse(codes.mismatch, format!("the signature can't be checked: {error}")),
    }
    if !keys.fresh_only {
        return Ok(());
    }
    let date = request.header(authorization.scheme.date_header()).unwrap_or_default();
    if !is_fresh(date, SystemTime::now()) {
        return refuse(codes.stale, format!("the request's date `{date}` is more than 15 minutes off"));
    }
    if authorization.scheme == Scheme::Acs3 {
        let nonce = request.header("x-acs-signature-nonce").unwrap_or_default();
        if !nonces.take(nonce) {
            return refuse(codes.replayed, format!("the nonce `{nonce}` was used before"));
        }
    }
    Ok(())
}

fn is_fresh(date: &str, now: SystemTime) -> bool {
    let Some(date) = parse_timestamp(date) else { return false };
    let off = now.duration_since(date).or_else(|_| date.duration_since(now)).unwrap_or(Duration::MAX);
    off <= MAX_SKEW
}
