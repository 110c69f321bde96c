//! A signed request as text, for `--dry-run`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use docsdk_runtime::Prepared;
use docsdk_runtime::encode::Query;
use serde_json::Value;

use crate::spec::{Field, Operation};

/// What stands for a secret.
const MASK: &str = "***";

/// Writes a request as HTTP would have it; secrets are masked unless `secrets` says otherwise.
///
/// Secrets are the headers that the runtime marks as such (signature and tokens), and the parameters and fields of
/// parameters that the spec gives the format `password`.
#[must_use]
pub fn show(prepared: &Prepared, operation: &Operation, secrets: bool) -> String {
    let masked = if secrets { Secrets::default() } else { Secrets::of(operation) };
    let mut out = String::new();
    let path = prepared.uri.path();
    let query = masked.in_pairs(prepared.uri.query().unwrap_or_default());
    let mark = if query.is_empty() { "" } else { "?" };
    let _ = writeln!(out, "{} {path}{mark}{query} HTTP/1.1", prepared.method);
    let mut headers: Vec<_> = prepared.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let hidden = !secrets && (value.is_sensitive() || masked.has_header(name.as_str()));
        let _ = writeln!(out, "{name}: {}", if hidden { MASK } else { &text });
    }
    let body = masked.in_body(&String::from_utf8_lossy(&prepared.body));
    if !body.is_empty() {
        let _ = write!(out, "\n{body}");
        if !body.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

/// Which names hold secrets.
#[derive(Debug, Default)]
struct Secrets<'a> {
    /// Names of secret parameters and of secret fields at any depth.
    names: BTreeSet<&'a str>,
    /// Parameters that hold a secret somewhere inside: as one value of text, all of them is hidden.
    holders: BTreeSet<&'a str>,
}

impl<'a> Secrets<'a> {
    fn of(operation: &'a Operation) -> Self {
        let mut secrets = Self::default();
        for parameter in &operation.request {
            if collect(parameter, &mut secrets.names) {
                secrets.holders.insert(&parameter.name);
            }
        }
        secrets
    }

    fn has_header(&self, name: &str) -> bool {
        self.holders.iter().any(|secret| secret.eq_ignore_ascii_case(name))
    }

    /// A query or form with the values of secrets masked; the rest stands as it is sent.
    fn in_pairs(&self, pairs: &str) -> String {
        let shown = pairs.split('&').map(|pair| {
            let sent = pair.split('=').next().unwrap_or_default();
            let decoded = Query::parse(sent);
            let name = decoded.pairs().first().map_or("", |(name, _)| name.as_ref());
            let leaf = name.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or(name);
            let secret = self.holders.contains(name) || self.names.contains(leaf);
            if secret { format!("{sent}={MASK}") } else { pair.to_owned() }
        });
        shown.collect::<Vec<_>>().join("&")
    }

    fn in_body(&self, text: &str) -> String {
        if self.holders.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        match serde_json::from_str::<Value>(text) {
            Ok(mut body @ (Value::Object(_) | Value::Array(_))) => {
                self.in_json(&mut body);
                body.to_string()
            }
            _ => self.in_pairs(text),
        }
    }

    fn in_json(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.in_json(item)),
            Value::Object(entries) => {
                for (name, value) in entries {
                    if self.names.contains(name.as_str()) {
                        *value = MASK.into();
                    } else {
                        self.in_json(value);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Collects the names of a field's secrets; whether there are any.
fn collect<'a>(field: &'a Field, names: &mut BTreeSet<&'a str>) -> bool {
    let secret = |field: &Field| field.format.as_deref() == Some("password");
    // The items of a list have no name of their own.
    let mut any = secret(field) || field.items.as_deref().is_some_and(secret);
    if any && !field.name.is_empty() {
        names.insert(&field.name);
    }
    for inner in field.fields.iter().chain(field.items.as_deref()) {
        any |= collect(inner, names);
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation() -> Operation {
        serde_yaml::from_str(
            "operation: X\nhttp: { method: POST, path: / }\nrequest:\n\
             - { name: Id, in: query, type: string }\n\
             - { name: Password, in: query, type: string, format: password }\n\
             - { name: Account, in: query, type: array, items: { type: object, fields: [\n\
                 { name: Name, type: string }, { name: Secret, type: string, format: password } ] } }\n\
             - { name: Keys, in: query, type: array, items: { type: string, format: password } }\n",
        )
        .unwrap()
    }

    #[test]
    fn secrets_are_masked_at_any_depth_and_nothing_else_is_touched() {
        let operation = operation();
        let secrets = Secrets::of(&operation);
        let query = "Account.1.Name=a&Account.1.Secret=s1&Id=rm-%2A%2A%2A&Keys.1=s2&Password=s3%26";
        assert_eq!(
            secrets.in_pairs(query),
            "Account.1.Name=a&Account.1.Secret=***&Id=rm-%2A%2A%2A&Keys.1=***&Password=***"
        );
        assert_eq!(secrets.in_pairs("Account=%5B%7B%22Secret%22%3A1%7D%5D&Id=a+b"), "Account=***&Id=a+b");
        let body = r#"{"Account":[{"Name":"a","Secret":"s"}],"Id":"***x","Password":"p"}"#;
        assert_eq!(secrets.in_body(body), r#"{"Account":[{"Name":"a","Secret":"***"}],"Id":"***x","Password":"***"}"#);
        assert_eq!(secrets.in_body("Id=a+b&Password=p"), "Id=a+b&Password=***");
        assert_eq!(Secrets::default().in_pairs(query), query);
    }
}
