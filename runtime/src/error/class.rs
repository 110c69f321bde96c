//! What an error code says of trying again.
//!
//! Neither vendor lists its codes in one place; these are the ones that their documentation and SDKs name.

/// What an answer says of trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Too many calls; the call was refused, not done.
    Throttling,
    /// The call was refused because something else is under way.
    Conflict,
    /// The service is in trouble.
    Transient,
    /// The signature's date or nonce was refused, so the call was not done.
    Clock,
    /// The security token is no longer valid, so the call was not done.
    Token,
    /// Trying again would not help.
    Other,
}

/// Codes as they stand, or up to a dot.
const THROTTLING: &[&str] = &[
    "Throttling",
    "Throttled",
    "TooManyRequests",
    "RequestLimitExceeded",
    "QpsLimitExceeded",
    "ServiceUnavailable",
    "ServiceUnavailableTemporary",
    "APIGW.0308",
];
const TRANSIENT: &[&str] = &["InternalError", "SystemBusy", "ServerBusy", "RequestTimeout"];
const CLOCK: &[&str] = &["InvalidTimeStamp", "IllegalTimestamp"];
const TOKEN: &[&str] = &["InvalidSecurityToken.Expired", "SecurityTokenExpired"];

pub(super) fn of(status: u16, code: Option<&str>) -> Class {
    let code = code.unwrap_or_default();
    let among = |list: &[&str]| {
        list.iter().any(|known| code.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    if status == 429 || among(THROTTLING) {
        Class::Throttling
    } else if among(TOKEN) {
        Class::Token
    } else if among(CLOCK) {
        Class::Clock
    } else if matches!(status, 408 | 500 | 502 | 503 | 504) || among(TRANSIENT) {
        Class::Transient
    } else {
        Class::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_statuses_tell_what_to_do() {
        for (status, code, expected) in [
            (400, Some("Throttling.User"), Class::Throttling),
            (503, Some("ServiceUnavailable.Region"), Class::Throttling),
            (400, Some("ThrottlingX"), Class::Other),
            (429, None, Class::Throttling),
            (429, Some("APIGW.0308"), Class::Throttling),
            (500, Some("InternalError"), Class::Transient),
            (400, Some("SystemBusy"), Class::Transient),
            (502, None, Class::Transient),
            (400, Some("InvalidTimeStamp.Expired"), Class::Clock),
            (403, Some("InvalidSecurityToken.Expired"), Class::Token),
            (404, Some("InvalidDBInstanceName.NotFound"), Class::Other),
        ] {
            assert_eq!(of(status, code), expected, "{status} {code:?}");
        }
    }
}
