//! Lists in pages, and states that callers wait for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an operation gives a list in pages. Places in the answer are names joined by dots: `Disks.Disk`, and of an item
/// `servers[].id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// What the position holds.
    pub style: PaginationStyle,
    /// The parameter that says where a page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// The position of the first page, where it is a number: 1 for pages, 0 for offsets unless this says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
    /// The parameter that says how long a page is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Whether the size has to be sent for the service to page this way.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub sends_size: bool,
    /// The list in the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// Where the answer has the next page's position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many items there are on all pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// Whether there are more pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<String>,
}

/// What the parameter that leads to the next page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaginationStyle {
    /// The operation does not page.
    #[default]
    None,
    /// What the answer before gave for it.
    Token,
    /// The last item of the page before.
    Marker,
    /// The page's number.
    Page,
    /// How many items stand before the page.
    Offset,
}

/// A state of things that callers wait for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiter {
    /// What it is called: `available` makes `wait_until_available`.
    pub name: String,
    /// Where the answer has the status: `Image.Status`, `Images.Image[].Status`.
    pub status: String,
    /// The states that are waited for.
    pub until: Vec<String>,
    /// The states that end the wait with an error; without any, those whose words say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}
