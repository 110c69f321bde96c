//! Reports, one format a file.

mod code;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod oneline;
mod report;
mod sarif;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use json::Body as JsonBody;
pub(crate) use markdown::sections as changelog_sections;
pub use report::{Format, Report};
