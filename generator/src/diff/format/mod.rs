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

pub use report::{Format, Report};
