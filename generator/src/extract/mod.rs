//! Extraction: documents of API pages → operations, with where each fact came from.
//!
//! [`extract`] takes every page of a run at once: it first learns from all of them (which error codes stand alone
//! somewhere, which words messages begin with), then reads each by the [`Provider`]'s vocabulary. [`extract_pages`] does
//! so without holding them all: it reads each page's text when it needs it.

mod asked;
mod bounds;
mod called;
mod cell;
mod charset;
mod codes;
mod columns;
mod conditions;
mod container_kinds;
mod draft;
mod elsewhere;
mod errors;
mod examples;
mod habits;
mod history;
mod kept;
mod language;
mod learned;
mod lessons;
mod loose_rows;
mod merge;
mod message;
mod naming;
mod nesting;
mod outermost;
mod page;
mod pages;
mod parameters;
mod pattern;
mod permissions;
mod phrases;
mod placing;
mod prose;
mod provider;
mod regroup;
mod request;
mod response;
mod rows;
mod run;
mod samples;
mod sections;
mod settling;
mod shapes;
mod siblings;
mod stored_page;
mod tables;
mod testimony;
mod types;
mod unroll;
mod values;
mod vocabulary;
mod witness;

#[cfg(test)]
mod loose_tests;
#[cfg(test)]
mod nasty_tests;
#[cfg(test)]
mod nesting_tests;
#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod tables_tests;
#[cfg(test)]
mod testimony_tests;
#[cfg(test)]
mod tests;

pub use pages::Pages;
pub(crate) use provider::is_path;
pub use provider::{LanguageText, Provider, ProviderError, ProviderFile, languages};
pub use run::{Coverage, ExtractedOperation, Extraction, extract, extract_pages, extract_pages_with};
pub use vocabulary::LanguageFile;
