//! One service's crate: its files, from templates.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use rayon::prelude::*;

use super::context::{self, CrateContext, OperationContext};
use super::name::{Scope, snake};
use super::template::Templates;
use super::{docs, feature, format};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::{Operation, Protocol, Service};

/// A file of a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedFile {
    /// Within the crate's folder, with `/` between folders.
    pub path: String,
    /// Its text.
    pub contents: String,
}

/// Where generated crates take the runtime from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeSource {
    /// A version of crates.io.
    Version(String),
    /// A git repository, and a revision of it.
    Git {
        /// The repository.
        url: String,
        /// A commit, tag or branch.
        revision: Option<String>,
    },
    /// A folder, as the generated manifest should name it.
    Path(String),
}

impl Default for RuntimeSource {
    fn default() -> Self {
        Self::Version(env!("CARGO_PKG_VERSION").to_owned())
    }
}

/// What may be chosen about a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Where it takes the runtime from.
    pub runtime: RuntimeSource,
    /// Its version.
    pub version: String,
    /// A folder with templates in place of the built-in ones of the same names.
    pub templates: Option<PathBuf>,
    /// Where the vendor's pages of operations stand, by the operations' names on the wire.
    pub links: BTreeMap<String, Vec<String>>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { runtime: RuntimeSource::default(), version: "0.1.0".to_owned(), templates: None, links: BTreeMap::new() }
    }
}

/// Renders the crate of a service. The files come in the order of their paths.
///
/// # Errors
///
/// Where a template is broken, or renders what is not the Rust that it promises.
pub fn render(
    service: &Service,
    operations: &[Operation],
    options: &RenderOptions,
) -> Result<Vec<RenderedFile>, Vec<Diagnostic>> {
    render_as(service, operations, options, Form::Crate)
}

/// What the files are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A crate of their own.
    Crate,
    /// A module of another crate, whose tests its examples are not.
    Module,
}

pub(super) fn render_as(
    service: &Service,
    operations: &[Operation],
    options: &RenderOptions,
    form: Form,
) -> Result<Vec<RenderedFile>, Vec<Diagnostic>> {
    let templates = Templates::load(options.templates.as_deref())?;
    let mut sorted: Vec<&Operation> = operations.iter().collect();
    sorted.sort_by(|a, b| a.operation.cmp(&b.operation));
    // A client's own methods keep their names.
    let mut scope =
        Scope::reserving(["builder", "checks", "clone", "core", "fmt", "from_double", "from_env", "new", "to_owned"]);
    let modules: Vec<_> = sorted.iter().map(|operation| context::module(&mut scope, operation)).collect();
    let features = feature::of_modules(&modules);
    let links = |operation: &Operation| options.links.get(&operation.operation).map_or(&[][..], Vec::as_slice);
    let operations: Vec<_> = sorted
        .par_iter()
        .zip(modules.par_iter().zip(&features))
        .map(|(operation, (module, feature))| {
            context::operation(service, operation, (module, feature), links(operation))
        })
        .collect();
    let whole = whole(service, &operations, options, form);
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let mut keep = |path: &str, rendered: Result<String, Box<Diagnostic>>| match rendered {
        Ok(text) => files.push(RenderedFile { path: path.to_owned(), contents: text }),
        Err(problem) => problems.push(*problem),
    };
    keep("Cargo.toml", templates.render("Cargo.toml.jinja", &whole).and_then(|text| manifest(&text)));
    keep("README.md", templates.render("README.md.jinja", &whole));
    for (template, path) in [
        ("client.rs.jinja", "src/client.rs"),
        ("lib.rs.jinja", "src/lib.rs"),
        ("operations.rs.jinja", "src/operation/mod.rs"),
    ] {
        keep(path, templates.render(template, &whole).and_then(|source| format::rust(template, path, &source)));
    }
    let of_operations: Vec<_> = operations
        .par_iter()
        .map(|context| {
            let (template, path) = ("operation.rs.jinja", format!("src/operation/{}.rs", context.module));
            let source = templates.render(template, context);
            let source = source.and_then(|source| format::rust(template, &path, &source));
            (path, source)
        })
        .collect();
    for (path, source) in of_operations {
        keep(&path, source);
    }
    if !problems.is_empty() {
        problems.dedup_by(|a, b| a.id == b.id && a.file == b.file);
        return Err(problems);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn manifest(text: &str) -> Result<String, Box<Diagnostic>> {
    match text.parse::<toml::Table>() {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(Box::new(
            Diagnostic::new(
                "template-output",
                Severity::Error,
                "Cargo.toml.jinja",
                format!("`Cargo.toml.jinja` renders what is not TOML: {}", error.message()),
            )
            .help("correct the template, or remove it to use the built-in one"),
        )),
    }
}

fn whole<'a>(
    service: &Service,
    operations: &'a [OperationContext],
    options: &'a RenderOptions,
    form: Form,
) -> CrateContext<'a> {
    let package = snake(&service.service).trim_end_matches('_').replace('_', "-");
    let title = docs::first_line(service.title.as_deref().unwrap_or(&service.service));
    let mut features: BTreeMap<String, usize> = BTreeMap::new();
    for operation in operations {
        *features.entry(operation.feature.clone()).or_default() += 1;
    }
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let runtime = match &options.runtime {
        RuntimeSource::Version(version) => format!("version = {}", quoted(version)),
        RuntimeSource::Path(path) => format!("path = {}", quoted(path)),
        RuntimeSource::Git { url, revision: None } => format!("git = {}", quoted(url)),
        RuntimeSource::Git { url, revision: Some(revision) } => {
            format!("git = {}, rev = {}", quoted(url), quoted(revision))
        }
    };
    let (environment, region, sources): (Vec<_>, _, _) = match service.protocol {
        Protocol::AliyunRpc | Protocol::AliyunRoa => (
            vec![
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", "the access key's id"),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "its secret"),
            ],
            "cn-hangzhou",
            "environment variables, OIDC, the CLI's file, the profile file, instance metadata, a credentials URI",
        ),
        Protocol::HuaweiRest => (
            vec![
                ("HUAWEICLOUD_SDK_AK", "the access key"),
                ("HUAWEICLOUD_SDK_SK", "its secret"),
                ("HUAWEICLOUD_SDK_PROJECT_ID", "the project's id"),
            ],
            "cn-north-4",
            "OIDC, environment variables, the profile file, instance metadata, pod identity",
        ),
        Protocol::RestJson => (Vec::new(), "", ""),
    };
    // The operation with the shortest call makes the plainest example.
    let example = operations.iter().min_by_key(|operation| (operation.example.len(), &operation.module));
    let library = package.replace('-', "_");
    let usage = match form {
        Form::Crate => ("no_run", library.clone()),
        Form::Module => ("text", format!("crate::{library}")),
    };
    CrateContext {
        version: &options.version,
        description: quoted(&format!("SDK of {title}, generated from the vendor's documentation")),
        crate_doc: docs::inner_attributes(&crate_doc(service, &title, (usage.0, &usage.1), example, region))
            .to_string(),
        service: context::service_entry(service),
        features: features.into_iter().collect(),
        package,
        library,
        title,
        runtime,
        environment,
        region,
        sources,
        example,
        operations,
    }
}

fn crate_doc(
    service: &Service,
    title: &str,
    (fence, library): (&str, &str),
    example: Option<&OperationContext>,
    region: &str,
) -> String {
    let version =
        service.api_version.as_deref().map(|v| format!(", API version {}", docs::code(v))).unwrap_or_default();
    let mut out = format!("SDK of {title}{version}, generated from the vendor's documentation.\n\n");
    out.push_str("Each operation is a method of [`Client`] that gives a builder; parameters are set on it, and `send` makes the call.\n");
    if let Some(operation) = example {
        let region = if region.is_empty() { String::new() } else { format!(".region({region:?})") };
        let _ = write!(
            out,
            "\n```{fence}\nuse {library}::{{Client, Error}};\n\n# async fn run() -> Result<(), Error> {{\nlet client = Client::builder(){region}.build()?;\nlet output = {}?;\nprintln!(\"{{output:?}}\");\n# Ok(())\n# }}\n```\n",
            operation.example
        );
    }
    out.push_str("\nErrors tell the documented code by a variant of the operation's error kind; `code`, `status`, `request_id` and the raw body are reached on the error itself.\n");
    out
}
