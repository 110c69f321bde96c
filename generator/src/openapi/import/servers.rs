//! Servers → endpoints, and the folder on them that paths begin with.

use super::reader::Reader;
use crate::openapi::documents::At;
use crate::openapi::extension;
use crate::openapi::loss;
use crate::openapi::node::Node;
use crate::spec::Endpoints;

/// Where a service is served, and what comes before each path.
#[derive(Debug, Default)]
pub(super) struct Servers {
    pub(super) endpoints: Endpoints,
    pub(super) folder: String,
}

impl<'a> Reader<'a> {
    pub(super) fn servers(&mut self, root: At<'a>) -> Servers {
        let mut out = Servers::default();
        let mut folder: Option<String> = None;
        for at in root.get("servers").into_iter().flat_map(At::items) {
            if at.node.is_true(extension::ADDED) {
                continue;
            }
            let Some(url) = at.text("url") else { continue };
            let (url, regional) = filled(url, at);
            let (host, path) = split(&url);
            let path = path.trim_end_matches('/');
            if folder.as_ref().is_some_and(|folder| folder != path) {
                self.lose(loss::SERVER, at, format!("`{url}` has another path than the first server, and is left out"));
                continue;
            }
            folder.get_or_insert_with(|| path.to_owned());
            let endpoints = &mut out.endpoints;
            if !host.starts_with("https://") && !host.starts_with("http://")
                || host.ends_with("//")
                || host.contains(char::is_whitespace)
            {
                self.lose(loss::SERVER, at, format!("`{url}` names no host"));
            } else if let Some(region) = at.text(extension::REGION) {
                endpoints.regions.insert(region.to_owned(), host.to_owned());
            } else if regional && endpoints.regional.is_none() {
                endpoints.regional = Some(host.to_owned());
            } else if !regional && endpoints.default.is_none() && !host.contains('{') {
                endpoints.default = Some(host.to_owned());
            } else {
                self.lose(loss::SERVER, at, format!("`{url}` is one server more, and left out"));
            }
        }
        out.folder = folder.unwrap_or_default();
        out
    }
}

/// A server's address with its variables filled in but for the region; whether it has one.
fn filled(url: &str, at: At<'_>) -> (String, bool) {
    let mut filled = url.to_owned();
    let mut regional = false;
    for (name, variable) in at.get("variables").into_iter().flat_map(At::entries) {
        let placeholder = format!("{{{name}}}");
        if !filled.contains(&placeholder) {
            continue;
        }
        let host = split(&filled).0.contains(&placeholder);
        if host && !regional && name.to_ascii_lowercase().contains("region") {
            regional = true;
            filled = filled.replace(&placeholder, "{region}");
        } else if let Some(value) = variable.node.get("default").and_then(Node::scalar) {
            filled = filled.replace(&placeholder, &value);
        }
    }
    (filled, regional)
}

/// Scheme and host, and the path behind them.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    url.split_at(end)
}
