//! What the templates are given.

use std::collections::BTreeMap;

use serde::Serialize;

use super::docs;
use super::name::{Scope, camel, snake};
use super::paging::{self, PagingContext};
use super::types::{Answer, Enum, Object, Setter, Types, Variant};
use super::waiting::{self, WaitingContext};
use crate::spec::retrying::{self, Retry};
use crate::spec::{Access, Field, Operation, Protocol, Service, Type};

/// One operation.
#[derive(Debug, Serialize)]
pub(super) struct OperationContext {
    pub(super) module: String,
    pub(super) feature: String,
    pub(super) builder: String,
    pub(super) output: String,
    pub(super) error: String,
    pub(super) kind: String,
    pub(super) wire: String,
    pub(super) summary: String,
    deprecated: bool,
    module_doc: String,
    method_doc: String,
    doc: String,
    /// The entry of the operation's static, in Rust.
    operation: String,
    pub(super) setters: Vec<Setter>,
    inputs: Vec<Object>,
    answers: Vec<Answer>,
    enums: Vec<Enum>,
    codes: Vec<Variant>,
    retries: Vec<RetryContext>,
    paging: Option<PagingContext>,
    waiting: Option<WaitingContext>,
    /// A call of it, in Rust, for examples.
    pub(super) example: String,
}

/// The context of an operation whose module and types have their names.
pub(super) fn operation(
    service: &Service,
    operation: &Operation,
    (module, feature): (&str, &str),
    links: &[String],
) -> OperationContext {
    let builder = Types::builder_name(operation.called());
    let [output, error, kind] = ["Output", "Error", "ErrorKind"].map(|suffix| format!("{builder}{suffix}"));
    let mut types = Types::new(service.protocol, &[&builder, &output, &error, &kind]);
    types.keep(&operation.request);
    types.keep(operation.responses.iter().flat_map(|response| &response.fields));
    let setters = types.parameters(&operation.request, "self.input");
    let about = format!("The answer of [`{builder}`].");
    let fields = answer_fields(operation);
    types.answer(&output, &about, &fields);
    let paging = paging::context(operation, &fields, &types);
    let reads =
        reads_only(service, operation) || service.protocol != Protocol::AliyunRpc && operation.http.method == "GET";
    let taken: Vec<_> = setters.iter().map(|setter| setter.name.as_str()).collect();
    let retries = retries(service, operation);
    let waiting = waiting::context(operation, reads, &fields, &types, &taken);
    let summary = operation.summary.as_deref().map(docs::first_line).filter(|line| !line.is_empty());
    let summary = summary.unwrap_or_else(|| format!("Calls {}.", docs::code(&operation.operation)));
    let example = example(module, &setters, operation);
    OperationContext {
        module: module.to_owned(),
        feature: feature.to_owned(),
        wire: operation.operation.clone(),
        deprecated: operation.deprecated,
        module_doc: docs::inner_attributes(&format!("{}: {summary}", docs::code(&operation.operation))).to_string(),
        method_doc: docs::attributes(&summary).to_string(),
        doc: docs::attributes(&about_operation(operation, &summary, links)).to_string(),
        operation: operation_entry(service, operation, &kind, !retries.is_empty()),
        setters,
        inputs: types.inputs,
        answers: types.answers,
        enums: types.enums,
        codes: codes(service, operation),
        retries,
        paging,
        waiting,
        builder,
        output,
        error,
        kind,
        summary,
        example,
    }
}

/// What a documented code says of sending the same call again.
#[derive(Debug, Serialize)]
struct RetryContext {
    /// The code as a Rust literal.
    literal: String,
    class: &'static str,
}

/// The codes of an operation and of its service that say something of sending the same call again, each once.
fn retries(service: &Service, operation: &Operation) -> Vec<RetryContext> {
    let mut out: BTreeMap<&str, &'static str> = BTreeMap::new();
    for error in operation.errors.iter().chain(&service.errors) {
        let class = match retrying::of(error) {
            None => continue,
            Some(Retry::Throttling) => "Throttling",
            Some(Retry::Conflict) => "Conflict",
            Some(Retry::Transient) => "Transient",
        };
        out.entry(&error.code).or_insert(class);
    }
    let literal = |code: &str| proc_macro2::Literal::string(code).to_string();
    out.into_iter().map(|(code, class)| RetryContext { literal: literal(code), class }).collect()
}

/// The fields of all answers of success, each name once.
pub(super) fn answer_fields(operation: &Operation) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for field in operation.responses.iter().filter(|r| (200..300).contains(&r.status)).flat_map(|r| &r.fields) {
        if !out.iter().any(|known| known.name == field.name) {
            out.push(field.clone());
        }
    }
    out
}

fn about_operation(operation: &Operation, summary: &str, links: &[String]) -> String {
    let mut parts = vec![summary.to_owned()];
    if operation.rust_name.is_some() {
        parts.push(format!("On the wire: {}.", docs::code(&operation.operation)));
    }
    parts.extend(operation.description.as_deref().map(docs::markdown).filter(|text| !text.is_empty()));
    let links: Vec<String> = links.iter().filter_map(|link| docs::whole_link(link)).collect();
    if !links.is_empty() {
        parts.push(format!("The vendor's page: {}", links.join(", ")));
    }
    if !operation.permissions.is_empty() {
        let rows = operation.permissions.iter().map(|permission| {
            let on: Vec<_> = permission.resources.iter().map(|resource| docs::code(resource)).collect();
            let on = if on.is_empty() { String::new() } else { format!(" on {}", on.join(", ")) };
            format!("- {}{on}", docs::code(&permission.action))
        });
        parts.push(format!("# Permissions\n\n{}", rows.collect::<Vec<_>>().join("\n")));
    }
    if !operation.history.is_empty() {
        let rows = operation
            .history
            .iter()
            .map(|entry| format!("- {}: {}", docs::markdown(&entry.date), docs::first_line(&entry.summary)));
        parts.push(format!("# History\n\n{}", rows.collect::<Vec<_>>().join("\n")));
    }
    parts.join("\n\n")
}

fn operation_entry(service: &Service, operation: &Operation, kind: &str, tells_of_retries: bool) -> String {
    use quote::quote;
    let (name, method, path) = (&operation.operation, &operation.http.method, &operation.http.path);
    let mut entry = quote!(schema::Operation::new(&crate::client::SERVICE, #name, #method, #path, PARAMETERS));
    let token = operation.request.iter().position(|field| {
        let name: String = field.name.chars().filter(char::is_ascii_alphanumeric).collect();
        matches!(name.to_ascii_lowercase().as_str(), "clienttoken" | "xclienttoken")
    });
    if let Some(token) = token.map(proc_macro2::Literal::usize_unsuffixed) {
        entry = quote!(#entry.client_token(#token));
    }
    if reads_only(service, operation) {
        entry = quote!(#entry.idempotent());
    }
    if tells_of_retries {
        let kind = quote::format_ident!("{kind}");
        entry = quote!(#entry.retries(#kind::RETRIES));
    }
    entry.to_string()
}

/// Whether an operation only reads: its permissions say so, or, for Alibaba Cloud's calls, its verb.
fn reads_only(service: &Service, operation: &Operation) -> bool {
    let accesses: Vec<_> = operation.permissions.iter().filter_map(|permission| permission.access).collect();
    if !accesses.is_empty() {
        return accesses.iter().all(|access| matches!(access, Access::Read | Access::List | Access::Get));
    }
    service.protocol == Protocol::AliyunRpc
        && ["Describe", "List", "Get", "Query"].iter().any(|verb| {
            operation
                .operation
                .strip_prefix(verb)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })
}

/// The codes of an operation and of its service, each once; a code under two statuses is one variant.
fn codes(service: &Service, operation: &Operation) -> Vec<Variant> {
    let mut scope = Scope::reserving(["Unknown"]);
    let mut out: Vec<(Variant, Vec<String>)> = Vec::new();
    // Codes that differ in case alone share a name: those that begin with a capital have it, whatever the page's order.
    // Names that the spec gives come before those made from codes.
    let mut by_capital: Vec<(&str, Option<&str>)> =
        operation.errors.iter().chain(&service.errors).map(|e| (e.code.as_str(), e.rust_name.as_deref())).collect();
    by_capital
        .sort_by_key(|(code, given)| (given.is_none(), !code.starts_with(|c: char| c.is_ascii_uppercase()), *code));
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for (code, given) in by_capital {
        names.entry(code).or_insert_with(|| scope.claim(&camel(given.unwrap_or(code))));
    }
    for code in operation.errors.iter().chain(&service.errors) {
        let status = code.status.map(|status| format!(" (status {status})")).unwrap_or_default();
        let mut text = format!("{}{status}", docs::code(&code.code));
        if let Some(message) = code.message.as_deref().map(docs::markdown).filter(|message| !message.is_empty()) {
            text = format!("{text}: {message}");
        }
        if let Some(description) = code.description.as_deref().map(docs::markdown).filter(|text| !text.is_empty()) {
            text = format!("{text}\n\n{description}");
        }
        match out.iter_mut().find(|(known, _)| known.wire == code.code) {
            Some((_, texts)) if texts.contains(&text) => {}
            Some((_, texts)) => texts.push(text),
            None => {
                let name = names.get(code.code.as_str()).cloned().unwrap_or_default();
                out.push((Variant::new(name, String::new(), false, &code.code), vec![text]));
            }
        }
    }
    out.into_iter()
        .map(|(variant, texts)| Variant { doc: docs::attributes(&texts.join("\n\n")).to_string(), ..variant })
        .collect()
}

/// `client.create_backup().db_instance_id("rm-…").send().await?`: with what is required and text, from the page's samples.
fn example(module: &str, setters: &[Setter], operation: &Operation) -> String {
    let required = operation.request.iter().zip(setters).filter(|(field, _)| {
        field.required == Some(crate::spec::Required::Yes)
            && field.kind == Type::String
            && !super::fields::is_sensitive(field)
    });
    let calls = required.take(4).map(|(field, setter)| {
        let sample = field
            .example
            .as_deref()
            .filter(|sample| sample.len() < 60 && sample.chars().all(|c| c == ' ' || c.is_ascii_graphic() && c != '`'))
            .unwrap_or("…");
        format!(".{}({sample:?})", setter.name)
    });
    format!("client.{module}(){}.send().await", calls.collect::<String>())
}

#[cfg(test)]
impl OperationContext {
    /// The names of the types beside the operation's own.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &str> {
        let answers = self.answers.iter().filter(|answer| answer.name != self.output);
        let enums = self.enums.iter().map(|of| of.name.as_str());
        answers
            .map(|answer| answer.name.as_str())
            .chain(self.inputs.iter().map(|input| input.name.as_str()))
            .chain(enums)
    }
}

/// The whole crate, for the manifest, the README, the crate's root and the client.
#[derive(Debug, Serialize)]
pub(super) struct CrateContext<'a> {
    pub(super) package: String,
    pub(super) library: String,
    pub(super) version: &'a str,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) runtime: String,
    pub(super) features: Vec<(String, usize)>,
    pub(super) service: String,
    pub(super) crate_doc: String,
    pub(super) environment: Vec<(&'static str, &'static str)>,
    pub(super) region: &'static str,
    /// Where credentials come from by default.
    pub(super) sources: &'static str,
    pub(super) example: Option<&'a OperationContext>,
    pub(super) operations: &'a [OperationContext],
}

/// The static that holds the service's facts, in Rust.
pub(super) fn service_entry(service: &Service) -> String {
    use quote::{format_ident, quote};
    let protocol = match service.protocol {
        Protocol::AliyunRpc => format_ident!("AliyunRpc"),
        Protocol::AliyunRoa => format_ident!("AliyunRoa"),
        Protocol::HuaweiRest => format_ident!("HuaweiRest"),
        Protocol::RestJson => format_ident!("RestJson"),
    };
    let option = |text: &Option<String>| text.as_ref().map_or_else(|| quote!(None), |text| quote!(Some(#text)));
    let (name, provider) = (&service.service, &service.provider);
    let version = service.api_version.as_deref().unwrap_or_default();
    let endpoints = &service.endpoints;
    let (default, regional) = (option(&endpoints.default), option(&endpoints.regional));
    let regions = endpoints.regions.iter().map(|(region, endpoint)| quote!((#region, #endpoint)));
    quote! {
        schema::Service::new(#name, #provider, docsdk_runtime::Protocol::#protocol, #version)
            .endpoints(#default, #regional, &[#(#regions),*])
    }
    .to_string()
}

/// A module's name, given out once.
pub(super) fn module(scope: &mut Scope, operation: &Operation) -> String {
    scope.claim(&snake(operation.called()))
}
