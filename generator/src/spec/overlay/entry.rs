//! The entries of an overlay, as they are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::{Fault, unfit};
use crate::diagnostic::Diagnostic;
use crate::page::LineIndex;
use crate::spec::{place, yaml};

/// A whole `overlay.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The entries, applied in order.
    #[serde(default)]
    pub overlay: Vec<Entry>,
    /// What became of renamed members; these outrank the differ's scores and change no spec.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<Rename>,
}

impl Overlay {
    /// The lines on which the entries of an overlay's text begin, from 1.
    pub fn lines(&self, source: &str) -> Vec<u32> {
        let index = LineIndex::new(source);
        let places = place::keys_of_items(source, "overlay").into_iter();
        let lines = places.map(|keys| keys.get("").map_or(0, |span| index.lines(*span).0.line));
        lines.take(self.overlay.len()).collect()
    }
}

/// A rename that a person settled; `to: none` says that the member is really gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The operation (its new name) that the paths are in; none for a rename of an operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The old path, `request.SnapshotId`, or the old name of an operation.
    pub from: String,
    /// The new path or name, or `none`.
    pub to: String,
}

impl Rename {
    /// Where the member is now; `None` where it is gone.
    pub fn target(&self) -> Option<&str> {
        (self.to != "none").then_some(self.to.as_str())
    }
}

/// One correction: exactly one of `set`, `add`, `remove`, `rename`, `merge`, `split` and `confirm`, and the reason.
///
/// Paths begin with an operation's name. `*` stands for one step of a path (an operation, a parameter, a field, an answer,
/// an error code, a listed value), also for a part of one (`Describe*`); `**` stands for any number of steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = VERBS.map(|verb| serde_json::json!({ "required": [verb] }))))]
pub struct Entry {
    /// The value to set: `CreateBackup.request.DBInstanceId.required`, `CreateBackup.deprecated`,
    /// `**.Tag.style`, `RestoreDdrTable.request.TableMeta.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The list to add to: `CreateBackup.request`, `CreateBackup.request.Method.values`, `CreateBackup.errors`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// What to take out: a parameter, a field, a value, an error, a key, or a whole operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove: Option<String>,
    /// What to call otherwise: an operation, a parameter, a field, a listed value, an error code; or, by a path that ends
    /// in `type`, the type of a parameter or field. `to` is its name in Rust and leaves the wire alone; `wire` is its name
    /// on the wire, where the page has it wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// Places of one operation whose types are alike and get one type, called `to`: objects with the same fields, or the
    /// same listed values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<Vec<String>>,
    /// A place that shares its type with others and gets one of its own, called `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// What was read right: of a doubtful fact, or one that another source contradicts. Changes no spec; the fact counts as
    /// certain from here on, and the entry is an error once the pages say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// With `set` the new value, with `rename`, `merge` and `split` the new name, with `confirm` the value that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// With `rename`, the right name on the wire instead of one in Rust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// With `add`, what is added, as it would stand in the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Paths that a path with `*` does not mean, with all below them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Why, and where that is known from.
    #[schemars(length(min = 1))]
    pub reason: String,
}

/// What an entry does, with what that needs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed<'e> {
    Set(&'e Value),
    Add(&'e Value),
    Remove,
    /// A name in Rust.
    Call(&'e str),
    /// A name on the wire.
    Correct(&'e str),
    Merge(&'e str),
    Split(&'e str),
    Confirm(&'e Value),
}

/// The verbs, in the order of their keys.
pub(super) const VERBS: [&str; 7] = ["set", "add", "remove", "rename", "merge", "split", "confirm"];

impl Entry {
    /// The verb and the paths that it is given.
    pub fn verb(&self) -> Option<(&'static str, Vec<&str>)> {
        let mut given = self.given();
        given.next().filter(|_| given.next().is_none())
    }

    fn given(&self) -> impl Iterator<Item = (&'static str, Vec<&str>)> {
        let merged = self.merge.as_ref().map(|paths| paths.iter().map(String::as_str).collect());
        let paths = [
            self.set.as_deref().map(|path| vec![path]),
            self.add.as_deref().map(|path| vec![path]),
            self.remove.as_deref().map(|path| vec![path]),
            self.rename.as_deref().map(|path| vec![path]),
            merged,
            self.split.as_deref().map(|path| vec![path]),
            self.confirm.as_deref().map(|path| vec![path]),
        ];
        VERBS.into_iter().zip(paths).filter_map(|(verb, paths)| Some((verb, paths?)))
    }

    /// What the entry does and where; or what about it does not fit together.
    pub(super) fn deed(&self) -> Result<(Deed<'_>, Vec<&str>), Fault> {
        const ALL: &str = "give exactly one of `set`, `add`, `remove`, `rename`, `merge`, `split` and `confirm`";
        if self.reason.trim().is_empty() {
            let help = "say in `reason` why the page is wrong and where that is known from";
            return Err(unfit("the entry gives no reason", help));
        }
        let Some((verb, paths)) = self.verb() else {
            return Err(unfit(format!("the entry does {} things", self.given().count()), ALL));
        };
        let idle = [
            ("to", self.to.is_some(), matches!(verb, "set" | "rename" | "merge" | "split" | "confirm")),
            ("wire", self.wire.is_some(), verb == "rename"),
            ("value", self.value.is_some(), verb == "add"),
        ];
        if let Some((key, ..)) = idle.into_iter().find(|(_, given, used)| *given && !used) {
            return Err(unfit(format!("`{verb}` takes no `{key}`"), format!("take `{key}` out of the entry")));
        }
        let deed = match verb {
            "set" => Deed::Set(needed(self.to.as_ref(), verb, "to")?),
            "add" => Deed::Add(needed(self.value.as_ref(), verb, "value")?),
            "remove" => Deed::Remove,
            "confirm" => Deed::Confirm(needed(self.to.as_ref(), verb, "to")?),
            "merge" => Deed::Merge(self.name()?),
            "split" => Deed::Split(self.name()?),
            _ => match (&self.to, self.wire.as_deref()) {
                (Some(_), Some(_)) => {
                    let help = "`to` is a name in Rust, `wire` one on the wire: write an entry for each";
                    return Err(unfit("the entry renames to two names", help));
                }
                (None, Some(name)) if !name.trim().is_empty() => Deed::Correct(name),
                (None, None) => {
                    let help =
                        "add `to: NewName` for its name in Rust, or `wire: name` where the page has the wire's wrong";
                    return Err(unfit("`rename` needs `to` or `wire`", help));
                }
                _ => Deed::Call(self.name()?),
            },
        };
        Ok((deed, paths))
    }

    /// A name in Rust, which has to have something that a name can be made from.
    fn name(&self) -> Result<&str, Fault> {
        let to = needed(self.to.as_ref(), self.verb().map_or("rename", |(verb, _)| verb), "to")?;
        let fits = |name: &&str| name.chars().any(char::is_alphanumeric);
        to.as_str().filter(fits).ok_or_else(|| {
            unfit(
                format!("`{to}` is no name"),
                "write letters and digits, `to: NewName`; case and `_` are Rust's affair",
            )
        })
    }
}

fn needed<'a>(value: Option<&'a Value>, verb: &str, key: &str) -> Result<&'a Value, Fault> {
    value.ok_or_else(|| unfit(format!("`{verb}` needs `{key}`"), format!("add `{key}: …` to the entry")))
}

/// Reads an overlay.
///
/// # Errors
/// A diagnostic at what is wrong in the YAML.
pub fn read(source: &str, file: &str) -> Result<Overlay, Box<Diagnostic>> {
    if is_blank(source) { Ok(Overlay::default()) } else { yaml::read(source, file) }
}

/// Whether a text holds nothing but comments: an overlay whose last entry was taken out.
fn is_blank(source: &str) -> bool {
    let text = source.trim_start_matches('\u{feff}');
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "---")
}
