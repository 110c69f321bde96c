//! A service's head: titles, protocol, endpoints, common error codes.

use std::collections::BTreeSet;

use super::{errors, text};
use crate::diff::finding::Recorder;
use crate::diff::side::{Endpoints, Head};

/// Compares two heads; codes that moved to or from operations are told once.
pub(super) fn compare(
    recorder: &mut Recorder<'_>,
    old: &Head,
    new: &Head,
    (widened, narrowed): (&BTreeSet<String>, &BTreeSet<String>),
) {
    let facts = [
        ("service-title-changed", "service.title", &old.title, &new.title),
        ("provider-changed", "service.provider", &old.provider, &new.provider),
        ("protocol-changed", "service.protocol", &old.protocol, &new.protocol),
        ("api-version-changed", "service.api_version", &old.api_version, &new.api_version),
    ];
    for (id, path, was, is) in facts {
        recorder.add_change([id; 3], path, was.as_deref(), is.as_deref());
    }
    endpoints(recorder, &old.endpoints, &new.endpoints);
    for (id, codes) in [("error-scope-widened", widened), ("error-scope-narrowed", narrowed)] {
        for code in codes {
            recorder.add(id, format!("service.errors.{code}")).after(Some(&**code));
        }
    }
    let moved: BTreeSet<String> = widened.union(narrowed).cloned().collect();
    errors::compare(recorder, "service.errors", &old.errors, &new.errors, &moved);
    let keys: BTreeSet<&String> = old.extensions.keys().chain(new.extensions.keys()).collect();
    for key in keys {
        let (was, is) = (old.extensions.get(key), new.extensions.get(key));
        recorder.add_change(["extension-changed"; 3], key, was.map(String::as_str), is.map(String::as_str));
    }
    text::mark_hints(recorder.findings_mut());
}

fn endpoints(recorder: &mut Recorder<'_>, old: &Endpoints, new: &Endpoints) {
    let base = "service.endpoints";
    let default = ["endpoint-default-added", "endpoint-default-removed", "endpoint-default-changed"];
    let path = format!("{base}.default");
    endpoint(recorder, default, &path, old.default.as_deref(), new.default.as_deref());
    let pattern = ["endpoint-pattern-added", "endpoint-pattern-removed", "endpoint-pattern-changed"];
    let path = format!("{base}.regional");
    endpoint(recorder, pattern, &path, old.regional.as_deref(), new.regional.as_deref());
    let region = ["endpoint-region-added", "endpoint-region-removed", "endpoint-region-changed"];
    let names: BTreeSet<&String> = old.regions.keys().chain(new.regions.keys()).collect();
    for name in names {
        let (was, is) = (old.regions.get(name), new.regions.get(name));
        let path = format!("{base}.regions.{name}");
        endpoint(recorder, region, &path, was.map(String::as_str), is.map(String::as_str));
    }
}

fn endpoint(recorder: &mut Recorder<'_>, ids: [&str; 3], path: &str, old: Option<&str>, new: Option<&str>) {
    let is = |url: Option<&str>, scheme: &str| url.is_some_and(|url| url.to_ascii_lowercase().starts_with(scheme));
    let downgraded = is(old, "https://") && is(new, "http://");
    recorder.add_change(if downgraded { ["endpoint-scheme-downgraded"; 3] } else { ids }, path, old, new);
}
