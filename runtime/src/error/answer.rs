//! What an answer says of an error, whatever its form.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::scan::{self, Members};

/// Where codes stand, in the order in which they are looked for: Huawei Cloud's forms, those of services that answer 200,
/// the usual ones.
const CODES: &[&str] = &["error_code", "errorCode", "ErrCode", "errCode", "ErrorCode", "Code", "code"];
const MESSAGES: &[&str] = &[
    "error_msg",
    "errorMsg",
    "ErrMessage",
    "errMessage",
    "ErrMsg",
    "errMsg",
    "ErrorMessage",
    "externalMessage",
    "Message",
    "message",
];
const REQUEST_IDS: &[&str] = &["RequestId", "requestId", "RequestID", "request_id"];
const RECOMMENDS: &[&str] = &["Recommend", "recommend"];
const DENIALS: &[&str] = &["AccessDeniedDetail", "accessDeniedDetail", "encoded_authorization_message"];

/// Codes with which some services say that all is well.
const SUCCESS: &[&str] = &["200", "0", "ok", "success", "succeed", "true"];

/// How long a service asks to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// For a while.
    For(Duration),
    /// Until a moment, by a clock that it does not show.
    Until(SystemTime),
}

impl Wait {
    /// How long that is from a moment.
    pub(crate) fn from(self, now: SystemTime) -> Option<Duration> {
        match self {
            Self::For(time) => Some(time),
            Self::Until(moment) => moment.duration_since(now).ok(),
        }
    }
}

/// An answer with what was found in it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) recommend: Option<String>,
    pub(super) access_denied: Option<Value>,
    pub(super) retry_after: Option<Wait>,
}

impl Answer {
    /// An answer of which nothing is known yet.
    pub(super) fn bare(status: u16, headers: HeaderMap, body: Bytes) -> Self {
        let retry_after = retry_after(&headers);
        let (code, message, request_id, recommend, access_denied) = (None, None, None, None, None);
        Self { status, headers, body, code, message, request_id, recommend, access_denied, retry_after }
    }

    /// Reads an answer with an error.
    pub(super) fn read(status: u16, headers: HeaderMap, body: Bytes) -> Self {
        let mut answer = Self::bare(status, headers, body);
        let body = answer.body.clone();
        let text = String::from_utf8_lossy(&body);
        let trimmed = text.trim();
        match serde_json::from_str(trimmed) {
            Ok(Value::Object(object)) => answer.read_object(&object),
            Ok(Value::String(text)) => answer.message = some(text),
            Ok(_) => {}
            Err(_) if trimmed.starts_with('{') => answer.read_members(trimmed.as_bytes()),
            Err(_) if trimmed.starts_with('<') => answer.read_markup(trimmed),
            Err(_) => answer.message = some(shorten(trimmed, 1_000)),
        }
        answer.request_id = request_id_with(&answer.headers, answer.request_id.take());
        answer
    }

    fn read_object(&mut self, object: &Map<String, Value>) {
        // At the top, else in the first object within that has a code: `{"error": {…}}`, `{"badRequest": {…}}`.
        let within = || object.values().filter_map(Value::as_object).find(|inner| code(inner).is_some());
        let place = if code(object).is_some() { object } else { within().unwrap_or(object) };
        self.code = code(place);
        self.message = first(place, MESSAGES).or_else(|| first(object, MESSAGES));
        self.request_id = first(object, REQUEST_IDS).or_else(|| first(place, REQUEST_IDS));
        self.recommend = first(object, RECOMMENDS).or_else(|| first(place, RECOMMENDS));
        self.access_denied = [object, place]
            .iter()
            .flat_map(|place| DENIALS.iter().filter_map(|name| place.get(*name)))
            .find(|value| !value.is_null())
            .cloned();
    }

    /// Half a document: the first value of each kind, at any depth.
    fn read_members(&mut self, text: &[u8]) {
        let find = |names: &[&str]| {
            names.iter().find_map(|name| {
                let (_, value) = Members::new(text, true).find(|(found, _)| *found == name.as_bytes())?;
                scan::scalar(value).filter(|text| !text.is_empty())
            })
        };
        self.code = find(CODES);
        self.message = find(MESSAGES);
        self.request_id = find(REQUEST_IDS);
        self.recommend = find(RECOMMENDS);
    }

    /// The services' own XML, or the HTML of some proxy on the way.
    fn read_markup(&mut self, text: &str) {
        self.code = scan::element(text, "Code");
        self.request_id = scan::element(text, "RequestId");
        self.recommend = scan::element(text, "Recommend");
        self.message = scan::element(text, "Message")
            .or_else(|| scan::element(text, "title"))
            .or_else(|| some(shorten(&without_tags(text), 200)));
    }

    /// Code and message in one line.
    pub(super) fn summary(&self) -> String {
        let mut out = match (&self.code, self.status) {
            (Some(code), _) => code.clone(),
            (None, 300..=399) => "unexpected redirect".to_owned(),
            (None, 200..=299) => "the service reports failure".to_owned(),
            (None, _) => "error without a code".to_owned(),
        };
        let location = self.headers.get(http::header::LOCATION).and_then(|value| value.to_str().ok());
        if let (300..=399, Some(location)) = (self.status, location) {
            let _ = write!(out, " to `{location}`");
        }
        if let Some(message) = &self.message {
            out.push_str(": ");
            out.push_str(&shorten(message, 600));
        }
        out
    }

    /// The body's beginning, for people.
    pub(super) fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        match text.char_indices().nth(2_000) {
            Some((end, _)) => format!("{}… ({} bytes)", &text[..end], self.body.len()),
            None => text.into_owned(),
        }
    }
}

fn code(object: &Map<String, Value>) -> Option<String> {
    CODES.iter().filter_map(|name| first(object, &[name])).find(|code| !says_success(code))
}

fn says_success(code: &str) -> bool {
    SUCCESS.iter().any(|word| code.eq_ignore_ascii_case(word))
}

fn first(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match object.get(*name)? {
        Value::String(text) => some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn some(text: impl Into<String>) -> Option<String> {
    Some(text.into()).filter(|text| !text.is_empty())
}

/// The text in one line, cut after so many characters.
fn shorten(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    for part in text.split('<') {
        out.push_str(part.split_once('>').map_or("", |(_, text)| text));
        out.push(' ');
    }
    out
}

/// Whether an answer of status 200 to 299 says that the call failed: `Success: false`, or a code beside a message where
/// the code is none of those that say all is well.
pub(crate) fn failed(body: &[u8]) -> bool {
    let mut code = None;
    let mut message = false;
    let mut success = None;
    for (name, value) in Members::new(body, false) {
        match name {
            b"Success" | b"success" => success = success.or_else(|| scan::scalar(value)),
            b"Code" | b"code" | b"ErrCode" | b"errCode" => code = code.or_else(|| scan::scalar(value)),
            b"Message" | b"message" | b"ErrMessage" | b"errMessage" => message = true,
            _ => {}
        }
    }
    match success.as_deref() {
        Some(text) if text.eq_ignore_ascii_case("false") => true,
        Some(_) => false,
        None => message && code.is_some_and(|code| !code.is_empty() && !says_success(&code)),
    }
}

/// The request id of an answer, from its headers or its body.
pub(crate) fn request_id(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    header(headers, "x-acs-request-id")
        .or_else(|| {
            let (_, value) =
                Members::new(body, false).find(|(name, _)| REQUEST_IDS.iter().any(|id| id.as_bytes() == *name))?;
            scan::scalar(value).filter(|text| !text.is_empty())
        })
        .or_else(|| request_id_with(headers, None))
}

fn request_id_with(headers: &HeaderMap, found: Option<String>) -> Option<String> {
    found.or_else(|| {
        ["x-acs-request-id", "x-request-id", "x-iam-trace-id"].iter().find_map(|name| header(headers, name))
    })
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    some(headers.get(name)?.to_str().ok()?.trim())
}

/// How long to wait: `x-acs-retry-after` in milliseconds, `Retry-After` in seconds or as a date.
fn retry_after(headers: &HeaderMap) -> Option<Wait> {
    if let Some(milliseconds) = header(headers, "x-acs-retry-after").and_then(|text| text.parse().ok()) {
        return Some(Wait::For(Duration::from_millis(milliseconds)));
    }
    let text = header(headers, "retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(Wait::For(Duration::from_secs(seconds)));
    }
    let until = httpdate::parse_http_date(&text).ok()?;
    // Counted from the server's own clock, as ours may be off.
    let now = header(headers, "date").and_then(|date| httpdate::parse_http_date(&date).ok());
    Some(match now {
        Some(now) => Wait::For(until.duration_since(now).ok()?),
        None => Wait::Until(until),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(status: u16, body: &str) -> Answer {
        Answer::read(status, HeaderMap::new(), Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn half_a_document_still_names_its_code() {
        let answer = read(400, r#"{"RequestId":"R-1","HostId":"rds","Code":"Invalid.X","Message":"not fini"#);
        assert_eq!((answer.code.as_deref(), answer.request_id.as_deref()), (Some("Invalid.X"), Some("R-1")));
        assert_eq!(answer.message, None);
    }

    #[test]
    fn proxies_pages_are_told_in_a_line() {
        let answer = read(502, "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>");
        assert_eq!(answer.summary(), "error without a code: 502 Bad Gateway");
        assert_eq!(read(503, "<html>503\n<br/>later</html>").message.as_deref(), Some("503 later"));
    }

    #[test]
    fn success_that_says_failure_is_failure() {
        for (body, expected) in [
            (r#"{"Success":false,"ErrCode":"Param.NotFound"}"#, true),
            (r#"{"Success":"false"}"#, true),
            (r#"{"Success":true,"Code":"X","Message":"m"}"#, false),
            (r#"{"Code":"403","Message":"x"}"#, true),
            (r#"{"Code":"200","Message":"x"}"#, false),
            (r#"{"Code":200,"Message":"OK"}"#, false),
            (r#"{"Code":"OK","Message":""}"#, false),
            (r#"{"Code":"X"}"#, false),
            (r#"{"Items":[{"Success":false}]}"#, false),
            ("[]", false),
            ("oops", false),
            ("", false),
        ] {
            assert_eq!(failed(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn waiting_times_are_read() {
        let with = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("a valid header"));
            }
            retry_after(&headers)
        };
        assert_eq!(with(&[("x-acs-retry-after", "50")]), Some(Wait::For(Duration::from_millis(50))));
        assert_eq!(with(&[("x-acs-retry-after", "soon")]), None);
        assert_eq!(with(&[("retry-after", "2")]), Some(Wait::For(Duration::from_secs(2))));
        let date = ("date", "Mon, 20 May 2024 08:30:15 GMT");
        assert_eq!(
            with(&[date, ("retry-after", "Mon, 20 May 2024 08:30:25 GMT")]),
            Some(Wait::For(Duration::from_secs(10)))
        );
        let now = httpdate::parse_http_date("Mon, 20 May 2024 08:30:15 GMT").expect("a date");
        let alone = with(&[("retry-after", "Mon, 20 May 2024 08:30:25 GMT")]).expect("a date");
        assert_eq!(alone.from(now), Some(Duration::from_secs(10)));
        assert_eq!(with(&[("retry-after", "-1")]), None);
    }
}
