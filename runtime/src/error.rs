//! What goes wrong with a call.

mod answer;
mod class;
mod operation;
mod scan;

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

pub(crate) use self::answer::{Answer, Wait, failed, request_id};
pub(crate) use self::class::Class;
pub use self::operation::{ErrorKind, OperationError};
use crate::schema::Retry;

/// What kind of trouble an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The client is not configured as it must be. Nothing was sent.
    Config,
    /// The call's arguments cannot be sent. Nothing was sent.
    Request,
    /// There are no credentials, or none could be fetched. Nothing was sent.
    Credentials,
    /// No endpoint is known for the region. Nothing was sent.
    Endpoint,
    /// No connection came about. Nothing was sent.
    Connect,
    /// The connection broke; the service may have done what was asked.
    Transport,
    /// It took too long; the service may have done what was asked.
    Timeout,
    /// The service answered with an error.
    Service,
    /// The service answered with success, but not in the documented form.
    Decode,
    /// What was waited for came to another end.
    State,
}

/// What went wrong with a call: one line of text, and everything that the service said.
///
/// `{}` gives code, message and request id in one line; `{:#}` adds the body's first lines, `{:?}` the rest.
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    cause: Cause,
    message: String,
    answer: Option<Box<Answer>>,
    attempts: u32,
    /// What the operation's page says of the code.
    documented: Option<Class>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error apart from any answer.
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            cause,
            message: message.into(),
            answer: None,
            attempts: 0,
            documented: None,
            source: None,
        }))
    }

    /// Arguments that cannot be sent.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(Cause::Request, message)
    }

    /// A successful answer whose body is not in the documented form; `path` says where in it, as `$.Items[0].Id`.
    pub fn decode(path: &str, problem: impl fmt::Display, response: &crate::CallResponse) -> Self {
        let message = format!("the answer is not as documented: {problem} at `{path}`");
        let mut answer = Answer::bare(response.status, response.headers.clone(), response.body.clone());
        answer.request_id.clone_from(&response.request_id);
        Self(Box::new(Inner {
            cause: Cause::Decode,
            message,
            answer: Some(Box::new(answer)),
            attempts: 0,
            documented: None,
            source: None,
        }))
    }

    /// The service's answer with an error, of any form: the body may be JSON, XML, a proxy's HTML, cut off or empty.
    pub fn service(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        let answer = Answer::read(status, headers, body.into());
        let message = answer.summary();
        Self(Box::new(Inner {
            cause: Cause::Service,
            message,
            answer: Some(Box::new(answer)),
            attempts: 0,
            documented: None,
            source: None,
        }))
    }

    /// The same error, caused by another.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error, with what the operation's page says of its code. What is known of codes in general comes first
    /// where it says more of the cause than that trying again helps.
    #[must_use]
    pub(crate) fn documented(mut self, retries: &[(&str, Retry)]) -> Self {
        let found = retries.iter().find(|(code, _)| self.code() == Some(*code)).map(|(_, retry)| *retry);
        if matches!(self.class(), Class::Other | Class::Transient) {
            self.0.documented = found.map(|retry| match retry {
                Retry::Throttling => Class::Throttling,
                Retry::Conflict => Class::Conflict,
                Retry::Transient => Class::Transient,
            });
        }
        self
    }

    /// The same error, after so many attempts.
    #[must_use]
    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// What kind of trouble it is.
    pub fn cause(&self) -> Cause {
        self.0.cause
    }

    /// The HTTP status, where an answer came.
    pub fn status(&self) -> Option<u16> {
        self.answer().map(|a| a.status)
    }

    /// The service's error code, as it wrote it.
    pub fn code(&self) -> Option<&str> {
        self.answer()?.code.as_deref()
    }

    /// The service's message, or what this crate has to say.
    pub fn message(&self) -> &str {
        match self.answer().and_then(|a| a.message.as_deref()) {
            Some(message) if self.0.cause == Cause::Service => message,
            _ => &self.0.message,
        }
    }

    /// The id by which the vendor finds the call.
    pub fn request_id(&self) -> Option<&str> {
        self.answer()?.request_id.as_deref()
    }

    /// The answer's body as it came.
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.answer().map(|a| &a.body)
    }

    /// The answer's headers.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer().map(|a| &a.headers)
    }

    /// The page that the service recommends for the trouble.
    pub fn recommend_link(&self) -> Option<&str> {
        self.answer()?.recommend.as_deref()
    }

    /// What the service says of a permission that is missing: an object (Alibaba Cloud) or a coded text (Huawei Cloud).
    pub fn access_denied_detail(&self) -> Option<&Value> {
        self.answer()?.access_denied.as_ref()
    }

    /// How long the service asks to wait before the next attempt; nothing where it names a moment and not its own time.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.answer()?.retry_after? {
            Wait::For(time) => Some(time),
            Wait::Until(_) => None,
        }
    }

    /// How long the service asks to wait from a moment by its clock.
    pub(crate) fn wait_from(&self, now: SystemTime) -> Option<Duration> {
        self.answer()?.retry_after?.from(now)
    }

    /// How often the call was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the same call may succeed later: throttling, something else under way, a service in trouble, a connection that did not come about or
    /// broke, a time-out. It says nothing of whether sending it twice does harm.
    pub fn is_retryable(&self) -> bool {
        match self.0.cause {
            Cause::Connect | Cause::Transport | Cause::Timeout => true,
            Cause::Service => self.class() != Class::Other,
            Cause::Config | Cause::Request | Cause::Credentials | Cause::Endpoint | Cause::Decode | Cause::State => {
                false
            }
        }
    }

    /// Whether the service refused the call because there were too many.
    pub fn is_throttling(&self) -> bool {
        self.class() == Class::Throttling
    }

    /// Whether it took too long.
    pub fn is_timeout(&self) -> bool {
        self.0.cause == Cause::Timeout || self.status() == Some(408) || self.status() == Some(504)
    }

    pub(crate) fn class(&self) -> Class {
        if let Some(class) = self.0.documented {
            return class;
        }
        match self.answer() {
            Some(answer) if self.0.cause == Cause::Service => class::of(answer.status, answer.code.as_deref()),
            _ => Class::Other,
        }
    }

    fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(answer) = self.answer() {
            match &answer.request_id {
                Some(id) => write!(f, " (status {}, request id {id})", answer.status)?,
                None => write!(f, " (status {}, no request id)", answer.status)?,
            }
            if f.alternate() && !answer.body.is_empty() {
                write!(f, "\n{}", answer.excerpt())?;
            }
        }
        if let (Cause::Connect | Cause::Transport, Some(source)) = (self.0.cause, &self.0.source) {
            let mut source: Option<&dyn std::error::Error> = Some(source.as_ref());
            while let Some(error) = source {
                write!(f, ": {error}")?;
                source = error.source();
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("cause", &self.0.cause).field("message", &self.0.message).field("attempts", &self.0.attempts);
        if let Some(answer) = self.answer() {
            out.field("status", &answer.status)
                .field("code", &answer.code)
                .field("request_id", &answer.request_id)
                .field("body", &answer.excerpt());
        }
        if let Some(source) = &self.0.source {
            out.field("source", source);
        }
        out.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
