//! Who may call: schemes → bearer tokens, or parameters that hold a key.

use super::reader::Reader;
use crate::openapi::documents::At;
use crate::openapi::extension;
use crate::openapi::loss;
use crate::spec::{Field, Location, Protocol, Required, Type};

impl<'a> Reader<'a> {
    /// Whether an operation asks for nothing that credentials hold: nothing at all, or keys that are parameters.
    pub(super) fn is_anonymous(root: At<'a>, operation: At<'a>, protocol: Protocol) -> bool {
        let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
        let asked = operation.get("security").or_else(|| root.get("security"));
        let holds_token = |name: &str| {
            let kind = schemes.and_then(|schemes| schemes.node.get(name));
            let word = |key: &str| kind.and_then(|kind| kind.get(key)?.as_text()).unwrap_or_default();
            // Of what is not known, or stands elsewhere, a token is the usual case.
            !(word("type") == "apiKey" || word("type") == "http" && word("scheme").eq_ignore_ascii_case("basic"))
        };
        let mut names = asked.into_iter().flat_map(At::items).flat_map(At::entries);
        protocol == Protocol::RestJson && !names.any(|(name, _)| holds_token(name))
    }

    /// The parameters by which an operation's callers say who they are, beyond a bearer token.
    pub(super) fn security(&mut self, root: At<'a>, operation: At<'a>) -> Vec<Field> {
        let Some(asked) = operation.get("security").or_else(|| root.get("security")) else { return Vec::new() };
        let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
        let mut fields: Vec<Field> = Vec::new();
        let ways = asked.items().count();
        for way in asked.items() {
            for (name, used) in way.entries() {
                let scheme = schemes.and_then(|schemes| schemes.get(name)).and_then(|scheme| self.follow(scheme));
                let Some(scheme) = scheme else {
                    self.lose(loss::REFERENCE, used, format!("there is no security scheme `{name}`"));
                    continue;
                };
                let Some(mut field) = self.scheme(name, scheme) else { continue };
                if ways > 1 {
                    field.required = Some(Required::No);
                }
                let same = |known: &&mut Field| known.name == field.name && known.location == field.location;
                if fields.iter_mut().find(same).is_none() {
                    fields.push(field);
                }
            }
        }
        fields
    }

    fn scheme(&mut self, name: &str, at: At<'a>) -> Option<Field> {
        if at.node.is_true(extension::ADDED) {
            return None;
        }
        let kind = at.text("type").unwrap_or_default();
        let scheme = at.text("scheme").unwrap_or_default().to_ascii_lowercase();
        let (key, location) = match (kind, scheme.as_str(), at.text("in"), at.text("name")) {
            ("http", "bearer", ..) => return None,
            ("oauth2" | "openIdConnect", ..) => {
                self.lose(
                    loss::CREDENTIALS,
                    at,
                    format!("`{name}`: the token is the caller's to get; give the client a bearer token"),
                );
                return None;
            }
            ("http", "basic", ..) => ("Authorization", Location::Header),
            ("apiKey", _, Some("header"), Some(key)) => (key, Location::Header),
            ("apiKey", _, Some("query"), Some(key)) => (key, Location::Query),
            _ => {
                self.lose(loss::SECURITY, at, format!("the security scheme `{name}` is not carried"));
                return None;
            }
        };
        self.lose(loss::CREDENTIALS, at, format!("`{name}`: `{key}` is a parameter of the operations that ask for it"));
        self.under("request", |reader| reader.fact(key, at, "openapi-security"));
        let description = at.text("description").map(|text| text.trim().to_owned());
        let basic = || "`Basic `, then `user:password` in Base64.".to_owned();
        let description = if kind == "http" {
            Some(description.map_or_else(basic, |text| format!("{text}\n\n{}", basic())))
        } else {
            description
        };
        Some(Field {
            name: key.to_owned(),
            location: Some(location),
            kind: Type::String,
            format: Some("password".to_owned()),
            required: Some(Required::Yes),
            description,
            ..Field::default()
        })
    }
}
