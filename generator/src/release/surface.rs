//! The public items of a generated crate, listed from its sources: what a version promises, whatever specs say of it.
//!
//! The differ's rules judge a change by itself. What names come of several members together, which types two fields share
//! and what a sample makes of a parameter shows only in the crate, so a release is held against that too.

use std::collections::BTreeMap;
use std::path::Path;

use quote::ToTokens as _;
use rayon::prelude::*;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, Signature, Visibility};

use crate::diff::{Bump, Files, Finding, Rule};
use crate::render::{self, RenderOptions};
use crate::spec::{Operation, Service, yaml};

/// Items that are named, at most.
const MOST: usize = 20;

/// The public items of a crate, by their paths, and what they look like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Surface(BTreeMap<String, String>);

impl Surface {
    /// The items of the crate that a side's specs give; none where they cannot be read or rendered today.
    pub(super) fn of(files: &Files, options: &RenderOptions) -> Option<Self> {
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).ok();
        let service: Service = yaml::read(&text(files.contents.get("service.yaml")?)?, "service.yaml").ok()?;
        let specs = files.contents.iter().filter(|(path, _)| path.starts_with("operations/"));
        let operations: Option<Vec<Operation>> =
            specs.map(|(path, bytes)| yaml::read(&text(bytes)?, path).ok()).collect();
        let rendered = render::render(&service, &operations?, options).ok()?;
        let sources = rendered
            .par_iter()
            .filter(|file| Path::new(&file.path).extension().is_some_and(|extension| extension == "rs"));
        let items: Option<Vec<_>> = sources.map(|file| listed(&file.path, &file.contents)).collect();
        let mut surface: BTreeMap<String, String> = items?.into_iter().flatten().collect();
        let manifest = rendered.iter().find(|file| file.path == "Cargo.toml")?;
        let manifest: toml::Table = manifest.contents.parse().ok()?;
        let features = manifest.get("features").and_then(toml::Value::as_table)?;
        surface.extend(features.keys().map(|feature| (format!("feature {feature}"), String::new())));
        Some(Self(surface))
    }

    /// What the crate shows beyond the findings: items that are gone or another where no finding is major, items that
    /// came where none is minor.
    pub(super) fn beyond(&self, old: &Self, findings: &[Finding], service: &str) -> Vec<Finding> {
        let rules = (Rule::find("public-item-changed"), Rule::find("public-item-added"));
        let (Some(changed), Some(added)) = rules else { return Vec::new() };
        let told = findings.iter().map(|finding| finding.rust).max();
        let mut beyond = Vec::new();
        if told < Some(Bump::Major) {
            let other = old.0.iter().filter(|(path, was)| self.0.get(*path) != Some(*was));
            beyond.extend(other.take(MOST).map(|(path, was)| {
                let mut finding = Finding::new(changed, service, "", path.clone());
                finding.before = Some(was.clone()).filter(|was| !was.is_empty());
                finding.after = self.0.get(path).cloned().filter(|is| !is.is_empty());
                finding
            }));
        }
        if told < Some(Bump::Minor) {
            let new = self.0.keys().filter(|path| !old.0.contains_key(*path));
            beyond.extend(new.take(MOST).map(|path| Finding::new(added, service, "", path.clone())));
        }
        beyond
    }
}

/// The public items of a file.
fn listed(path: &str, source: &str) -> Option<Vec<(String, String)>> {
    let file = syn::parse_file(source).ok()?;
    let module = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("mod").trim_end_matches('/');
    let module = match module {
        "lib" => "crate".to_owned(),
        module => format!("crate::{}", module.replace('/', "::")),
    };
    let mut items = Vec::new();
    for item in &file.items {
        list(&module, item, &mut items);
    }
    Some(items)
}

fn list(module: &str, item: &Item, items: &mut Vec<(String, String)>) {
    let mut add = |name: &str, look: String| items.push((format!("{module}::{name}"), look));
    match item {
        Item::Struct(item) if counts(&item.vis, &item.attrs) => {
            let name = item.ident.to_string();
            add(&name, format!("struct{}", item.generics.to_token_stream()));
            if let Fields::Named(fields) = &item.fields {
                for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                    let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    add(&format!("{name}::{field_name}"), field.ty.to_token_stream().to_string());
                }
            }
        }
        Item::Enum(item) if counts(&item.vis, &item.attrs) => {
            let open = item.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
            let variants = item.variants.iter().map(|variant| variant.ident.to_string());
            let closed = if open { String::new() } else { variants.collect::<Vec<_>>().join(" ") };
            add(&item.ident.to_string(), format!("enum{} {closed}", item.generics.to_token_stream()));
            for variant in &item.variants {
                add(&format!("{}::{}", item.ident, variant.ident), variant.fields.to_token_stream().to_string());
            }
        }
        Item::Fn(item) if counts(&item.vis, &item.attrs) => add(&item.sig.ident.to_string(), signature(&item.sig)),
        Item::Const(item) if counts(&item.vis, &item.attrs) => {
            add(&item.ident.to_string(), item.ty.to_token_stream().to_string());
        }
        Item::Type(item) if counts(&item.vis, &item.attrs) => {
            add(&item.ident.to_string(), item.ty.to_token_stream().to_string());
        }
        Item::Mod(item) if counts(&item.vis, &item.attrs) => add(&item.ident.to_string(), "mod".to_owned()),
        Item::Use(item) if counts(&item.vis, &item.attrs) => {
            add(&item.tree.to_token_stream().to_string(), "use".to_owned());
        }
        Item::Impl(item) if !for_tests(&item.attrs) => {
            let of = item.self_ty.to_token_stream().to_string();
            if let Some((of_trait, _)) = &item.trait_ {
                let types = item.items.iter().filter_map(|item| match item {
                    ImplItem::Type(item) => Some(item.ty.to_token_stream().to_string()),
                    _ => None,
                });
                add(&format!("{of}: {}", of_trait.to_token_stream()), types.collect::<Vec<_>>().join(", "));
                return;
            }
            for member in &item.items {
                match member {
                    ImplItem::Fn(member) if counts(&member.vis, &member.attrs) => {
                        add(&format!("{of}::{}", member.sig.ident), signature(&member.sig));
                    }
                    ImplItem::Const(member) if counts(&member.vis, &member.attrs) => {
                        add(&format!("{of}::{}", member.ident), member.ty.to_token_stream().to_string());
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// A function as callers see it: arguments by type alone. What takes text takes an enum of any text too.
fn signature(signature: &Signature) -> String {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => {
            let text = receiver.to_token_stream().to_string();
            // Whether a setter changes what it took is its own affair.
            if text.starts_with('&') { text } else { text.replace("mut ", "") }
        }
        FnArg::Typed(argument) => {
            let kind = argument.ty.to_token_stream().to_string();
            let made_of = kind.strip_prefix("impl Into < ").and_then(|kind| kind.strip_suffix(" >"));
            match made_of {
                Some(word) if word.chars().all(|c| c.is_alphanumeric() || c == '_') => "impl Into<text>".to_owned(),
                _ => kind,
            }
        }
    });
    let asynchronous = if signature.asyncness.is_some() { "async " } else { "" };
    let (generics, output) = (signature.generics.to_token_stream(), signature.output.to_token_stream());
    format!("{asynchronous}fn{generics}({}) {output}", arguments.collect::<Vec<_>>().join(", "))
}

fn counts(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    is_public(visibility) && !for_tests(attributes)
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether an item is there with the feature `testing` alone: what reads parameters back promises no more than they do.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.to_token_stream().to_string().contains("\"testing\"")
    })
}

#[cfg(test)]
mod tests {
    use super::Surface;
    use crate::diff::{Bump, Files, compare};
    use crate::render::RenderOptions;

    fn side(response: &str) -> Files {
        let operation = format!(
            "operation: Get\nhttp: {{ method: POST, path: / }}\nrequest:\n- {{ name: Id, type: string }}\nresponses:\n- status: 200\n  fields:\n{response}"
        );
        let head = "service: disk\nprovider: aliyun\nprotocol: aliyun-rpc\n";
        let files = [("service.yaml", head), ("operations/Get.yaml", &operation)];
        let contents = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
        Files { root: "disk".to_owned(), contents, ..Files::default() }
    }

    const TAGS: &str =
        "  - name: Tags\n    type: array\n    items: { type: object, fields: [{ name: Key, type: string }] }\n";
    const DISK: &str = "  - name: Disk\n    type: object\n    fields:\n    - name: Tags\n      type: array\n      items: { type: object, fields: [{ name: Value, type: string }] }\n";

    #[track_caller]
    fn test(old: &str, new: &str, told: Option<Bump>, beyond: &[(&str, &str)]) {
        let (old, new) = (side(old), side(new));
        let findings = compare(&old, &new).unwrap().findings;
        assert_eq!(findings.iter().map(|finding| finding.rust).max(), told, "{findings:?}");
        let options = RenderOptions::default();
        let (was, is) = (Surface::of(&old, &options).unwrap(), Surface::of(&new, &options).unwrap());
        let found = is.beyond(&was, &findings, "disk");
        let found: Vec<(&str, &str)> = found.iter().map(|finding| (finding.rule.id, finding.path.as_str())).collect();
        assert_eq!(found, beyond);
    }

    #[test]
    fn names_that_move_from_one_type_to_another_are_seen() {
        let both = format!("{DISK}{TAGS}");
        let changed = [("public-item-changed", "crate::operation::get::GetOutput::tags")];
        // A type of that name comes before the one there was, and takes its name.
        test(
            TAGS,
            &both,
            Some(Bump::Minor),
            &[
                ("public-item-changed", "crate::operation::get::GetOutput::tags"),
                ("public-item-changed", "crate::operation::get::Tags::key"),
            ],
        );
        let _ = changed;
        let swapped = format!("{TAGS}{DISK}");
        assert_ne!(
            Surface::of(&side(&both), &RenderOptions::default()),
            Surface::of(&side(&swapped), &RenderOptions::default())
        );
    }

    #[test]
    fn what_the_rules_tell_is_not_told_again() {
        let more = TAGS.replace("Key, type: string }", "Key, type: string }, { name: Value, type: string }");
        test(TAGS, &more, Some(Bump::Minor), &[]);
        test(TAGS, &TAGS.replace("string", "integer"), Some(Bump::Major), &[]);
        test(TAGS, &TAGS.replace("Key, ", "Key, description: A key., "), Some(Bump::Patch), &[]);
        test(TAGS, TAGS, None, &[]);
    }

    #[test]
    fn a_list_of_values_takes_what_text_took() {
        let request = |kind: &str| {
            let mut files = side(TAGS);
            let text = String::from_utf8(files.contents["operations/Get.yaml"].clone()).unwrap();
            let text = text.replace("Id, type: string", &format!("Id, type: string{kind}"));
            files.contents.insert("operations/Get.yaml".to_owned(), text.into_bytes());
            files
        };
        let (old, new) = (request(""), request(", values: [{ value: a }, { value: b }]"));
        let findings = compare(&old, &new).unwrap().findings;
        let options = RenderOptions::default();
        let (was, is) = (Surface::of(&old, &options).unwrap(), Surface::of(&new, &options).unwrap());
        assert_eq!(findings[0].rust, Bump::Minor);
        assert_eq!(is.beyond(&was, &findings, "disk"), []);
    }
}
