//! Bodies of requests and answers.

use super::reader::{Reader, Side};
use crate::openapi::documents::At;
use crate::openapi::extension;
use crate::openapi::loss;
use crate::openapi::node::{Node, Value};
use crate::spec::{Example, Field, Location, Required, Response, Type};

impl<'a> Reader<'a> {
    /// The parameters of a request's body, and its samples.
    pub(super) fn request_body(&mut self, operation: At<'a>, examples: &mut Vec<Example>) -> Vec<Field> {
        let Some(at) = operation.get("requestBody").and_then(|body| self.follow(body)) else { return Vec::new() };
        self.leave_out(at, "a body", &["$ref", "description", "content", "required"]);
        let required = at.node.is_true("required");
        let Some(content) = at.get("content") else { return Vec::new() };
        let media: Vec<(&str, At<'a>)> = content.entries().collect();
        // A document of docsdk's own may have both kinds; else one is taken.
        let both = !extension::settings(operation.node).is_empty();
        let wanted = [(Location::Body, is_json as fn(&str) -> bool), (Location::Form, is_form)];
        let mut taken: Vec<&str> = Vec::new();
        let mut fields = Vec::new();
        for (location, fits) in wanted {
            let Some((name, media)) = media.iter().find(|(name, _)| fits(name)) else { continue };
            if !taken.is_empty() && !both {
                break;
            }
            taken.push(name);
            fields.extend(self.body_fields(name, *media, location, required));
            let samples = samples(self, *media);
            examples.extend(samples.into_iter().map(|(title, text)| Example {
                title,
                request: Some(text),
                format: Some("json".to_owned()).filter(|_| location == Location::Body),
                ..Example::default()
            }));
        }
        if taken.is_empty() && !media.is_empty() {
            let names: Vec<String> = media.iter().map(|(name, _)| format!("`{name}`")).collect();
            self.lose(loss::BODY, at, format!("the body is {}, neither JSON nor a form", names.join(" or ")));
        }
        for (name, other) in media.iter().filter(|(name, _)| !taken.is_empty() && !taken.contains(name)) {
            self.lose(loss::MEDIA_TYPE, *other, format!("the body as `{name}` is left out"));
        }
        fields
    }

    fn body_fields(&mut self, name: &str, media: At<'a>, location: Location, required: bool) -> Vec<Field> {
        self.leave_out(media, "a body", &["schema", "example", "examples"]);
        let Some(schema) = media.get("schema") else { return Vec::new() };
        let whole = self.under("request", |reader| reader.fields(schema, Side::Request));
        if whole.kind != Type::Object || whole.fields.is_empty() {
            let word = if whole.kind == Type::Object { "an object of no named fields" } else { whole.kind.word() };
            self.lose(loss::BODY, media, format!("the body as `{name}` is {word}, not an object of named fields"));
            return Vec::new();
        }
        let asks = |field: &Field| field.required == Some(Required::Yes);
        if !required && whole.fields.iter().any(asks) {
            self.lose(loss::OPTIONAL_BODY, media, "the body may be left out as a whole");
        }
        let fields = whole.fields.into_iter().map(|field| Field {
            location: Some(location),
            required: if asks(&field) && !required { Some(Required::No) } else { field.required },
            ..field
        });
        fields.collect()
    }

    /// The answers of an operation, and their samples.
    pub(super) fn responses(&mut self, operation: At<'a>, examples: &mut Vec<Example>) -> Vec<Response> {
        let Some(responses) = operation.get("responses") else { return Vec::new() };
        let success = |key: &str| key.starts_with('2') && key.len() == 3;
        let succeeds = responses.entries().any(|(key, _)| success(key));
        let mut out: Vec<Response> = Vec::new();
        for (key, at) in responses.entries().filter(|(key, _)| !key.starts_with("x-")) {
            let Some(target) = self.follow(at) else { continue };
            if target.node.is_true(extension::ADDED) {
                continue;
            }
            let status = match key {
                "default" if !succeeds => Some(200),
                _ if key.eq_ignore_ascii_case("2xx") => Some(200),
                _ => key.parse::<u16>().ok().filter(|status| (100..600).contains(status)),
            };
            let Some(status) = status.filter(|status| out.iter().all(|known| known.status != *status)) else {
                self.lose(loss::STATUS, at, format!("the answer of `{key}` is left out"));
                continue;
            };
            let response = self.response(status, at, target, examples);
            out.push(response);
        }
        out
    }

    fn response(&mut self, status: u16, used: At<'a>, at: At<'a>, examples: &mut Vec<Example>) -> Response {
        self.leave_out(at, "an answer", &["$ref", "description", "content"]);
        let mut response = Response {
            status,
            description: at.text("description").map(|text| text.trim().to_owned()),
            ..Response::default()
        };
        let path = status.to_string();
        self.under("responses", |reader| reader.fact(&path, used, "openapi-response"));
        let media: Vec<(&str, At<'a>)> = at.get("content").into_iter().flat_map(At::entries).collect();
        let taken = media.iter().find(|(name, _)| is_json(name));
        if let Some((name, media)) = taken {
            self.leave_out(*media, "an answer", &["schema", "example", "examples"]);
            if let Some(schema) = media.get("schema") {
                let whole = self
                    .under("responses", |reader| reader.under(&path, |reader| reader.fields(schema, Side::Response)));
                let loose = matches!(whole.kind, Type::Object | Type::Any) && whole.fields.is_empty();
                if whole.kind == Type::Object || loose {
                    response.fields = whole.fields;
                    if let Some(example) =
                        whole.example.filter(|_| !media.node.entries().iter().any(|e| e.key.starts_with("example")))
                    {
                        examples.push(answered(status, None, example));
                    }
                } else {
                    let word = whole.kind.word();
                    self.lose(
                        loss::ANSWER,
                        *media,
                        format!("the answer {status} as `{name}` is {word}, not an object"),
                    );
                }
            }
            examples.extend(samples(self, *media).into_iter().map(|(title, text)| answered(status, title, text)));
        } else if let Some((name, media)) = media.first() {
            self.lose(loss::ANSWER, *media, format!("the answer {status} is `{name}`, not JSON"));
        }
        for (name, other) in media.iter().filter(|(name, _)| taken.is_some_and(|(taken, _)| taken != name)) {
            self.lose(loss::MEDIA_TYPE, *other, format!("the answer as `{name}` is left out"));
        }
        let settings = extension::settings(at.node);
        if settings.is_empty() {
            return response;
        }
        let fields = std::mem::take(&mut response.fields);
        let kept = !settings.iter().any(|(key, _)| key == "fields");
        match extension::set(&response, settings) {
            Ok(set) if kept => Response { fields, ..set },
            Ok(set) => set,
            Err(error) => {
                self.lose(loss::SHAPE, at, format!("the extensions of docsdk can't be read: {error}"));
                Response { fields, ..response }
            }
        }
    }
}

fn answered(status: u16, title: Option<String>, text: String) -> Example {
    let format = Some("json".to_owned());
    Example { title, status: Some(status), response: Some(text), format, ..Example::default() }
}

/// The samples of a body: titles and texts.
fn samples<'a>(reader: &mut Reader<'a>, media: At<'a>) -> Vec<(Option<String>, String)> {
    let text = |node: &Node| match &node.value {
        Value::Text(text) => text.clone(),
        _ => serde_json::to_string_pretty(&node.json()).unwrap_or_default(),
    };
    let mut out: Vec<_> = media.node.get("example").map(|node| (None, text(node))).into_iter().collect();
    for (name, at) in media.get("examples").into_iter().flat_map(At::entries) {
        let Some(at) = reader.follow(at) else { continue };
        if at.node.is_true(extension::ADDED) {
            continue;
        }
        let title = at.text("summary").unwrap_or(name).trim().to_owned();
        match at.node.get("value") {
            Some(value) => out.push((Some(title), text(value))),
            None => reader.lose(loss::LEFT_OUT, at, "an example of no value is left out"),
        }
    }
    out
}

/// Whether a media type is JSON.
fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json"
        || media.ends_with("+json")
        || media == "*/*"
        || media == "application/*"
        || media == "text/json"
}

fn is_form(media: &str) -> bool {
    media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
