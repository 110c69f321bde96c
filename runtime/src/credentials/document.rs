//! JSON that holds secrets: wiped when dropped.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::Value;
use zeroize::Zeroize;

use super::Credentials;
use crate::secret::Secret;
use crate::timestamp;

/// A JSON value whose texts are wiped when it is dropped.
pub(super) struct Document(Value);

const IDS: &[&str] = &["AccessKeyId", "access_key_id", "access", "accessKeyId"];
const SECRETS: &[&str] =
    &["AccessKeySecret", "access_key_secret", "secret_access_key", "secret", "accessKeySecret", "secretAccessKey"];
const TOKENS: &[&str] = &["SecurityToken", "security_token", "sts_token", "securitytoken", "securityToken"];
const ENDS: &[&str] = &["Expiration", "expiration", "expires_at"];

impl Document {
    /// Keeps a value.
    pub(super) fn of(value: Value) -> Self {
        Self(value)
    }

    /// Its text.
    pub(super) fn bytes(&self) -> Bytes {
        Bytes::from(self.0.to_string())
    }

    /// Reads JSON; nothing where it is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().map(Self)
    }

    /// The first of the named members, taken out.
    pub(super) fn take(&mut self, names: &[&str]) -> Option<Self> {
        names.iter().find_map(|name| match self.0.get_mut(*name).map(Value::take) {
            None | Some(Value::Null) => None,
            Some(value) => Some(Self(value)),
        })
    }

    /// The first of the named members that is a text with something in it, taken out.
    pub(super) fn secret(&mut self, names: &[&str]) -> Option<Secret> {
        names.iter().find_map(|name| match self.0.get_mut(*name)?.take() {
            Value::String(text) => Some(Secret::from(text)).filter(|text| !text.is_empty()),
            _ => None,
        })
    }

    /// A member that is a text with something in it.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A member that is a number, or a text that is one.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// A member that is a truth value, or a text that is one.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        let value = self.0.get(name)?;
        value.as_bool().or_else(|| value.as_str()?.trim().to_ascii_lowercase().parse().ok())
    }

    /// The elements of an array, taken out; none of anything else.
    pub(super) fn elements(mut self) -> Vec<Self> {
        match self.0.take() {
            Value::Array(values) => values.into_iter().map(Self).collect(),
            _ => Vec::new(),
        }
    }

    /// The access key in this object, under any of the vendors' names. Temporary ones must have a token and an end.
    pub(super) fn access_key(&mut self, temporary: bool) -> Result<Credentials, String> {
        let lacks = |what: &str| format!("it has no {what}");
        let id = IDS.iter().find_map(|name| self.text(name)).ok_or_else(|| lacks("access key id"))?.to_owned();
        let secret = self.secret(SECRETS).ok_or_else(|| lacks("access key secret"))?;
        let mut credentials = Credentials::access_key(id, secret);
        match self.secret(TOKENS) {
            Some(token) => credentials = credentials.with_security_token(token),
            None if temporary => return Err(lacks("security token")),
            None => {}
        }
        match ENDS.iter().find_map(|name| self.text(name)) {
            Some(text) => {
                let end = instant(text).ok_or_else(|| format!("its end `{text}` is no UTC time"))?;
                credentials = credentials.with_expiry(end);
            }
            None if temporary => return Err(lacks("end")),
            None => {}
        }
        Ok(credentials)
    }
}

/// A moment as answers have it, with or without fractions of a second.
pub(super) fn instant(text: &str) -> Option<SystemTime> {
    match text.split_once('.') {
        None => timestamp::parse(text),
        Some((whole, rest)) => {
            let digits = rest.strip_suffix('Z')?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| timestamp::parse(&format!("{whole}Z")))?
        }
    }
}

/// A moment as seconds since 1970.
pub(super) fn since_epoch(seconds: i64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

impl Drop for Document {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_under_all_names() {
        for text in [
            r#"{"AccessKeyId":"A","AccessKeySecret":"S","SecurityToken":"T","Expiration":"2099-01-01T00:00:00Z"}"#,
            r#"{"access":"A","secret":"S","securitytoken":"T","expires_at":"2099-01-01T00:00:00.000000Z"}"#,
            r#"{"access_key_id":"A","secret_access_key":"S","security_token":"T","expiration":"2099-01-01T00:00:00.123Z"}"#,
        ] {
            let read = Document::parse(text.as_bytes()).expect("JSON").access_key(true).expect("a whole key");
            let expected = Credentials::access_key("A", "S").with_security_token("T");
            assert_eq!(read, expected.with_expiry(timestamp::parse("2099-01-01T00:00:00Z").expect("a time")));
        }
    }

    #[test]
    fn what_is_missing_is_named_without_values() {
        for (text, expected) in [
            (r#"{"secret":"hush"}"#, "it has no access key id"),
            (r#"{"access":"A","secret":""}"#, "it has no access key secret"),
            (r#"{"access":"A","secret":"hush"}"#, "it has no security token"),
            (r#"{"access":"A","secret":"hush","securitytoken":"T"}"#, "it has no end"),
            (
                r#"{"access":"A","secret":"hush","securitytoken":"T","expiration":"soon"}"#,
                "its end `soon` is no UTC time",
            ),
            ("[]", "it has no access key id"),
        ] {
            let error = Document::parse(text.as_bytes()).expect("JSON").access_key(true).expect_err("not whole");
            assert_eq!(error, expected);
        }
    }
}
