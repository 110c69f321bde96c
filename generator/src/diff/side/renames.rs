//! What a person settled about renames, in a service's overlay.

use serde_yaml::Value;

use crate::spec::overlay::Rename;

/// The `renames` of an overlay; other keys are the overlay's own affair.
pub(crate) fn renames(bytes: &[u8]) -> Result<Vec<Rename>, String> {
    let value: Value = serde_yaml::from_slice(bytes).map_err(|error| format!("is broken YAML: {error}"))?;
    let Some(renames) = value.get("renames") else { return Ok(Vec::new()) };
    serde_yaml::from_value(renames.clone())
        .map_err(|error| format!("has `renames` that are no list of operation, from and to: {error}"))
}

#[cfg(test)]
mod tests {
    use crate::diff::{Files, compare};

    const HEAD: &str = "service: s\nprotocol: rest-json\n";

    fn side(request: &str, overlay: &str) -> Files {
        let operation = format!("operation: Op\nhttp: {{method: GET, path: /}}\nrequest: {request}\n");
        let files = [("s/service.yaml", HEAD), ("s/operations/Op.yaml", &operation), ("s/overlay.yaml", overlay)];
        let contents = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Files { contents: contents.into(), ..Files::default() }
    }

    #[track_caller]
    fn test(old: &str, new: &str, overlay: &str, expected: &[&str]) {
        let found = compare(&side(old, ""), &side(new, overlay)).unwrap();
        let mut ids: Vec<&str> = found.findings.iter().map(|finding| finding.rule.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected);
    }

    #[test]
    fn a_person_outranks_every_score() {
        let (old, new) = ("[{name: ZoneId, type: string}]", "[{name: Region, type: string}]");
        let settled = "renames: [{operation: Op, from: request.ZoneId, to: request.Region}]";
        test(old, new, "", &["request-field-added-optional", "request-field-removed"]);
        test(old, new, settled, &["request-field-renamed"]);
        let (old, new) = ("[{name: ZoneId, type: string}]", "[{name: ZoneIds, type: string}]");
        let settled = "renames: [{operation: Op, from: request.ZoneId, to: none}]";
        test(old, new, "", &["request-field-renamed"]);
        test(old, new, settled, &["request-field-added-optional", "request-field-removed"]);
        let broken = compare(&side(old, ""), &side(new, "renames: 3")).unwrap_err();
        assert!(broken.message.contains("`renames`"), "{broken}");
    }
}
