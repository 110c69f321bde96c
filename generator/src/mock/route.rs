//! Which operation a request calls.

use std::collections::BTreeMap;

use docsdk_runtime::encode::percent;

use super::MockService;
use crate::spec::{Operation, Protocol, Service};

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    /// Upper case.
    pub method: String,
    /// The path as sent, percent-encoded.
    pub path: String,
    /// What stands after `?`, as sent.
    pub query: String,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Incoming {
    /// The first value of a header, where it is UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.headers.get(name)?.as_bytes()).ok()
    }
}

/// What a request was found to call.
pub(super) struct Route<'a> {
    pub(super) service: &'a Service,
    pub(super) operation: &'a Operation,
    /// Values of the path's placeholders, decoded.
    pub(super) path_arguments: BTreeMap<String, String>,
}

/// Where each operation is found: RPC operations by name, the others by the shape of their path.
#[derive(Debug, Default)]
pub(super) struct Routes {
    by_action: BTreeMap<(String, String), (usize, usize)>,
    by_path: BTreeMap<(String, usize), Vec<(usize, usize)>>,
}

impl Routes {
    pub(super) fn new(services: &[MockService]) -> Self {
        let mut routes = Self::default();
        for (s, service) in services.iter().enumerate() {
            for (o, operation) in service.operations.iter().enumerate() {
                if service.service.protocol == Protocol::AliyunRpc {
                    let version = service.service.api_version.clone().unwrap_or_default();
                    routes.by_action.insert((operation.operation.clone(), version), (s, o));
                } else {
                    let key = (operation.http.method.clone(), segments(&operation.http.path).count());
                    routes.by_path.entry(key).or_default().push((s, o));
                }
            }
        }
        routes
    }

    pub(super) fn find<'a>(&self, services: &'a [MockService], request: &Incoming) -> Option<Route<'a>> {
        let at = |&(s, o): &(usize, usize)| {
            let service = services.get(s)?;
            Some((&service.service, service.operations.get(o)?))
        };
        if let (Some(action), Some(version)) = (request.header("x-acs-action"), request.header("x-acs-version"))
            && let Some(place) = self.by_action.get(&(action.to_owned(), version.to_owned()))
        {
            let (service, operation) = at(place)?;
            let method_fits = operation.http.method.split('|').any(|m| m.trim() == request.method);
            return method_fits.then(|| Route { service, operation, path_arguments: BTreeMap::new() });
        }
        let candidates = self.by_path.get(&(request.method.clone(), segments(&request.path).count()))?;
        let mut found: Vec<Route<'a>> = candidates
            .iter()
            .filter_map(at)
            .filter_map(|(service, operation)| {
                let path_arguments = match_path(&operation.http.path, &request.path)?;
                Some(Route { service, operation, path_arguments })
            })
            .collect();
        // A literal segment is a better match than a placeholder.
        found.sort_by_key(|route| route.path_arguments.len());
        let best = found.first()?.path_arguments.len();
        found.retain(|route| route.path_arguments.len() == best);
        if found.len() > 1
            && let Some(by_body) = found.iter().position(|route| required_body_present(route.operation, &request.body))
        {
            return Some(found.swap_remove(by_body));
        }
        found.into_iter().next()
    }
}

/// Several operations may share one method and path (`…/action`); their bodies tell them apart.
fn required_body_present(operation: &Operation, body: &[u8]) -> bool {
    let Ok(serde_json::Value::Object(body)) = serde_json::from_slice(body) else { return false };
    operation
        .request
        .iter()
        .filter(|field| field.location == Some(crate::spec::Location::Body))
        .filter(|field| field.required == Some(crate::spec::Required::Yes))
        .all(|field| body.contains_key(&field.name))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('?').next().unwrap_or_default().trim_matches('/').split('/')
}

/// The placeholders' values, if the path has the template's shape. An empty value never matches.
fn match_path(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut arguments = BTreeMap::new();
    for (pattern, segment) in segments(template).zip(segments(path)) {
        if let Some(name) = pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            if segment.is_empty() {
                return None;
            }
            arguments.insert(name.to_owned(), String::from_utf8(percent::decode(segment)).ok()?);
        } else if pattern != segment {
            return None;
        }
    }
    Some(arguments)
}

#[cfg(test)]
mod tests {
    use super::match_path;

    #[test]
    fn placeholders_are_decoded_and_never_empty() {
        let found = match_path("/v3/{project_id}/instances/{id}", "/v3/p%2F1/instances/x").unwrap();
        assert_eq!(found["project_id"], "p/1");
        assert_eq!(found["id"], "x");
        assert!(match_path("/v3/{project_id}/restore", "/v3//restore").is_none());
        assert!(match_path("/v3/{project_id}/restore", "/v3/p/backup").is_none());
    }
}
