//! Texts of a service in other languages than its specs': `specs/SERVICE/texts/LANGUAGE/NAME.yaml`.
//!
//! ```yaml
//! operation: CreateBackup
//! language: zh
//! texts:
//!   request.DBInstanceId.description: 实例ID。
//! ```
//!
//! A text stands under the name path of the one that it says in another language. Texts are for documentation alone:
//! with or without them, the same calls are made.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Operation, path};

/// The texts of an operation in a language: `texts/LANGUAGE/NAME.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The operation's name.
    pub operation: String,
    /// The language: `en`, `zh`.
    pub language: String,
    /// The texts, by the name path of what they stand for.
    pub texts: BTreeMap<String, String>,
}

/// The texts of a service: by language, then by operation, then by name path.
pub type ServiceTexts = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// An operation with the texts that there are in place of its own. Paths that lead to no text are passed over.
pub fn applied(operation: &Operation, texts: &BTreeMap<String, String>) -> Operation {
    let mut tree = path::tree(operation);
    for (place, text) in texts {
        let resolved = path::resolve(&tree, place);
        if !resolved.rest.is_empty() {
            continue;
        }
        if let Some(Value::String(own)) = path::get_mut(&mut tree, &resolved.steps) {
            own.clone_from(text);
        }
    }
    // The keys of people are not read back.
    match serde_json::from_value::<Operation>(without(tree, operation)) {
        Ok(spoken) => Operation { extensions: operation.extensions.clone(), ..spoken },
        Err(_) => operation.clone(),
    }
}

fn without(mut tree: Value, operation: &Operation) -> Value {
    if let Value::Object(map) = &mut tree {
        map.retain(|key, _| !operation.extensions.contains_key(key));
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::applied;
    use crate::spec::yaml;

    #[test]
    fn texts_take_the_place_of_texts_and_of_nothing_else() {
        let source = "operation: A\nsummary: one\nhttp: { method: POST, path: / }\nrequest:\n- { name: X, in: query, type: string, required: true, description: two }\nerrors:\n- { status: 400, code: A.B, message: three }\nx-owner: me\n";
        let operation = yaml::read_operation(source, "A.yaml").unwrap();
        let texts = [
            ("summary", "一"),
            ("request.X.description", "二"),
            ("errors.400.A.B.message", "三"),
            ("request.X.required", "否"),
            ("request.Gone.description", "四"),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let expected = source.replace("one", "一").replace("two", "二").replace("three", "三");
        assert_eq!(applied(&operation, &texts), yaml::read_operation(&expected, "A.yaml").unwrap());
    }
}
