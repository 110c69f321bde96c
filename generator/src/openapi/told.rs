//! How an OpenAPI document is told from other YAML and JSON.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// Whether a text is meant as an OpenAPI document, of a version that can be imported or not: whether it has the key that
/// says so at its top.
pub fn is_document(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Top {
        openapi: Option<IgnoredAny>,
        swagger: Option<IgnoredAny>,
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        // What breaks off later on is a document all the same, and is told as a broken one.
        return match serde_json::from_str::<Top>(text) {
            Ok(top) => top.openapi.is_some() || top.swagger.is_some(),
            Err(_) => ["\"openapi\"", "\"swagger\""].iter().any(|key| text.contains(key)),
        };
    }
    text.lines().any(|line| {
        let key = line.split(':').next().unwrap_or_default();
        line.contains(':') && matches!(key.trim_end().trim_matches(['"', '\'']), "openapi" | "swagger")
    })
}

#[cfg(test)]
mod tests {
    use super::is_document;

    #[test]
    fn documents_are_told_by_their_first_key() {
        for text in [
            "openapi: 3.1.0\n",
            "# ours\ninfo: {}\n\"openapi\": '3.0.0'\n",
            "{\"info\": {}, \"openapi\": \"3.0.0\"}",
            "\u{feff}{\n  \"swagger\": \"2.0\"}",
            "{\"openapi\": \"3.0.0\", \"paths\": {",
        ] {
            assert!(is_document(text), "{text}");
        }
        for text in [
            "operation: Get\nhttp: { method: GET }\n",
            "openapi\n",
            "{\"operation\": \"openapi\"}",
            "a:\n  openapi: 3\n",
            "",
        ] {
            assert!(!is_document(text), "{text}");
        }
    }
}
