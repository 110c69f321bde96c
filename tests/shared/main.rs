//! Tests over material that is too large for the repository: page corpora with their truth, recorded requests, answers
//! and credential runs, cases of the differ.
//!
//! It is looked for at `DOCSDK_SHARED`, else at `../shared` beside the checkout. Where it is missing, the build script
//! says so and these tests are ignored.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod accuracy;
mod answers;
mod cache;
mod certainty;
mod credentials;
mod diff;
mod endpoints;
mod merging;
mod openapi;
#[path = "../../generator/tests/readers/outline.rs"]
mod outline;
mod pages;
mod prose_values;
mod settling;
mod specs;
mod vectors;

use docsdk_tests::scorer::shared;
