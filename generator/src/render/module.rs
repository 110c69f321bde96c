//! One service as a module of somebody's crate: the files of its crate in one, its features settled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::name::snake;
use super::package::{Form, RenderOptions, RenderedFile, render_as};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::{Operation, Service};

/// What may be chosen about a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleOptions {
    /// A folder with templates in place of the built-in ones of the same names.
    pub templates: Option<PathBuf>,
    /// When clients that closures answer are part of it.
    pub doubles: Doubles,
}

/// When clients that closures answer in place of the service are part of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Doubles {
    /// In the crate's own unit tests.
    #[default]
    InTests,
    /// Always: for integration tests, and for crates that test code over this one.
    Always,
    /// With a feature of the crate.
    Feature(String),
}

/// A module's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedModule {
    /// Its name.
    pub name: String,
    /// Its text: one item, `pub mod NAME { … }`.
    pub text: String,
}

/// Renders a service as a module, to be included anywhere in a crate that depends on `docsdk-runtime`.
///
/// The module is that of the service's crate, with every operation given in it. Paths lead from module to module, so that
/// it may stand at any depth; examples in its docs are no tests of the crate that it stands in.
///
/// # Errors
///
/// Where a template is broken, or renders what is not the Rust that it promises.
pub fn module(
    service: &Service,
    operations: &[Operation],
    options: &ModuleOptions,
) -> Result<RenderedModule, Vec<Diagnostic>> {
    let of_crate = RenderOptions { templates: options.templates.clone(), ..RenderOptions::default() };
    let files = render_as(service, operations, &of_crate, Form::Module)?;
    let name = snake(&service.service);
    let features = features(&files);
    let files = files.iter().map(|file| (file.path.as_str(), file)).collect();
    let made = Made { files, features, doubles: &options.doubles };
    let body = made.text("src/lib.rs", "src", 0).map_err(|finding| vec![*finding])?;
    // Lints that the crate leaves to the vendor's words. None is allowed here that a crate may well forbid.
    let text = format!(
        "#[allow(clippy::all, clippy::pedantic, dead_code, deprecated, unused_imports)]\npub mod {name} {{\n{body}}}\n"
    );
    Ok(RenderedModule { name, text })
}

/// The features that the crate would have.
fn features(files: &[RenderedFile]) -> BTreeSet<String> {
    let manifest = files.iter().find(|file| file.path == "Cargo.toml");
    let table: toml::Table = manifest.and_then(|file| file.contents.parse().ok()).unwrap_or_default();
    let features = table.get("features").and_then(toml::Value::as_table);
    features.map(|features| features.keys().cloned().collect()).unwrap_or_default()
}

/// The crate that a module is made of.
struct Made<'a> {
    files: BTreeMap<&'a str, &'a RenderedFile>,
    features: BTreeSet<String>,
    doubles: &'a Doubles,
}

/// What stands in for a part of a text.
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// When a part of a crate that hangs on one of its features is there in a module.
enum Condition {
    Always,
    /// The condition, as it stands within `cfg(…)`.
    When(String),
}

impl Made<'_> {
    /// The text of a file with those of its modules in it, `depth` modules below the outermost; `folder` holds the files
    /// of its modules.
    fn text(&self, path: &str, folder: &str, depth: usize) -> Result<String, Box<Diagnostic>> {
        let Some(file) = self.files.get(path) else { return Err(broken(path, "no such file is rendered")) };
        let tokens: TokenStream = file.contents.parse().map_err(|_| broken(path, "it is no Rust"))?;
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut edits = Vec::new();
        self.settle(&trees, depth, &mut edits);
        for trees in trees.windows(3) {
            let [TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Punct(end)] = trees else { continue };
            if keyword == "mod" && end.as_char() == ';' {
                let below = format!("{folder}/{name}");
                let flat = format!("{below}.rs");
                let own = if self.files.contains_key(flat.as_str()) { flat } else { format!("{below}/mod.rs") };
                let text = format!(" {{\n{}}}", self.text(&own, &below, depth + 1)?);
                let place = end.span().byte_range();
                edits.push(Edit { start: place.start, end: place.end, text });
            }
        }
        Ok(edited(&file.contents, edits))
    }

    /// Finds paths from the crate's root, and conditions on the crate's features.
    fn settle(&self, trees: &[TokenTree], depth: usize, edits: &mut Vec<Edit>) {
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            let rest = trees.get(at + 1..).unwrap_or_default();
            match (tree, rest) {
                (TokenTree::Ident(word), [TokenTree::Punct(first), TokenTree::Punct(second), ..])
                    if word == "crate" && first.as_char() == ':' && second.as_char() == ':' =>
                {
                    let place = word.span().byte_range();
                    let up = if depth == 0 { "self".to_owned() } else { vec!["super"; depth].join("::") };
                    edits.push(Edit { start: place.start, end: place.end, text: up });
                }
                (TokenTree::Punct(hash), [TokenTree::Group(group), ..]) if hash.as_char() == '#' => {
                    if let Some(condition) = self.whole_condition(group) {
                        let (start, end) = (hash.span().byte_range().start, group.span_close().byte_range().end);
                        let text = match condition {
                            Condition::Always => String::new(),
                            Condition::When(condition) => format!("#[cfg({condition})]"),
                        };
                        edits.push(Edit { start, end, text });
                        at += 2;
                        continue;
                    }
                }
                (TokenTree::Ident(word), [TokenTree::Punct(equals), TokenTree::Literal(value), ..])
                    if word == "feature" && equals.as_char() == '=' =>
                {
                    if let Some(condition) = self.condition(&value.to_string()) {
                        let (start, end) = (word.span().byte_range().start, value.span().byte_range().end);
                        let text = match condition {
                            Condition::Always => "true".to_owned(),
                            Condition::When(condition) => condition,
                        };
                        edits.push(Edit { start, end, text });
                    }
                }
                (TokenTree::Group(group), _) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.settle(&inner, depth, edits);
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// The condition in place of `[cfg(feature = "…")]`, if the feature is one of the crate.
    fn whole_condition(&self, attribute: &proc_macro2::Group) -> Option<Condition> {
        let trees: Vec<TokenTree> = attribute.stream().into_iter().collect();
        let [TokenTree::Ident(cfg), TokenTree::Group(group)] = trees.as_slice() else { return None };
        if cfg != "cfg" || group.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let [TokenTree::Ident(feature), TokenTree::Punct(_), TokenTree::Literal(value)] = inner.as_slice() else {
            return None;
        };
        if feature == "feature" { self.condition(&value.to_string()) } else { None }
    }

    /// What a feature, as its literal stands, comes to in a module.
    fn condition(&self, literal: &str) -> Option<Condition> {
        let feature = literal.trim_matches('"');
        if !self.features.contains(feature) {
            return None;
        }
        Some(match (feature, self.doubles) {
            ("testing", Doubles::InTests) => Condition::When("test".to_owned()),
            ("testing", Doubles::Feature(name)) => Condition::When(format!("feature = {name:?}")),
            _ => Condition::Always,
        })
    }
}

fn edited(source: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.start);
    let mut text = String::with_capacity(source.len());
    let mut from = 0;
    for edit in edits {
        text.push_str(source.get(from..edit.start).unwrap_or_default());
        text.push_str(&edit.text);
        from = edit.end;
    }
    text.push_str(source.get(from..).unwrap_or_default());
    text
}

fn broken(path: &str, why: &str) -> Box<Diagnostic> {
    let message = format!("`{path}` can't become part of a module: {why}");
    let finding = Diagnostic::new("template-output", Severity::Error, path, message);
    Box::new(finding.help("correct the templates, or remove them to use the built-in ones"))
}
