//! JSON Schemas of the files that people write and read, for editors to complete and check.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use crate::extract::{LanguageFile, ProviderFile};
use crate::manifest::Manifest;
use crate::spec::overlay::Overlay;
use crate::spec::texts::Texts;
use crate::spec::{Operation, Service};

/// The schemas, by file name: as they are checked in under `docs/schema/`.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        #[cfg(feature = "diff")]
        ("diff.schema.json", of::<crate::diff::JsonBody<'static>>()),
        ("docsdk.schema.json", of::<Manifest>()),
        ("language.schema.json", of::<LanguageFile>()),
        ("operation.schema.json", of::<Operation>()),
        ("overlay.schema.json", of::<Overlay>()),
        ("provider.schema.json", of::<ProviderFile>()),
        ("service.schema.json", of::<Service>()),
        ("texts.schema.json", of::<Texts>()),
        #[cfg(feature = "fetch")]
        ("update.schema.json", of::<crate::update::Updated>()),
    ]
}

fn of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    let text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_checked_in_schemas_are_current() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
        let mut stale = Vec::new();
        for (name, schema) in super::all() {
            let path = folder.join(name);
            if fs::read_to_string(&path).ok().as_ref() != Some(&schema) {
                stale.push(name);
                if std::env::var_os("CI").is_none() {
                    fs::create_dir_all(&folder).unwrap();
                    fs::write(&path, schema).unwrap();
                }
            }
        }
        assert!(stale.is_empty(), "were stale and are rewritten: {stale:?}; look at them and check them in");
    }
}
