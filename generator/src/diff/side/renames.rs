//! What a person settled about renames, in a service's overlay.

use serde::Deserialize;
use serde_yaml::Value;

/// One settled rename; `to: none` says that the member is really gone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Rename {
    /// The operation (its new name) that the paths are in; none for a rename of an operation.
    #[serde(default)]
    pub(crate) operation: Option<String>,
    /// The old path, or the old name of an operation.
    pub(crate) from: String,
    /// The new path or name, or `none`.
    pub(crate) to: String,
}

impl Rename {
    /// Where the member is now; `None` where it is gone.
    pub(crate) fn target(&self) -> Option<&str> {
        (self.to != "none").then_some(self.to.as_str())
    }
}

/// The `renames` of an overlay; other keys are the overlay's own affair.
pub(crate) fn renames(bytes: &[u8]) -> Result<Vec<Rename>, String> {
    let value: Value = serde_yaml::from_slice(bytes).map_err(|error| format!("is broken YAML: {error}"))?;
    let Some(renames) = value.get("renames") else { return Ok(Vec::new()) };
    serde_yaml::from_value(renames.clone())
        .map_err(|error| format!("has `renames` that are no list of operation, from and to: {error}"))
}
