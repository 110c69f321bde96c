//! The templates: built in, each replaceable by a file of the same name in a user's folder.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::Path;
use std::{fs, io};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::{files, suggest};

/// A template that docsdk brings.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Template {
    /// The name of its file, and of a user's file in its place.
    pub name: &'static str,
    /// What is made of it, from the crate's folder.
    pub makes: &'static str,
    /// Its text.
    pub source: &'static str,
}

macro_rules! template {
    ($name:literal makes $makes:literal) => {
        Template { name: $name, makes: $makes, source: include_str!(concat!("../../../templates/", $name)) }
    };
}

/// The templates that docsdk brings, each replaceable.
pub const TEMPLATES: &[Template] = &[
    template!("Cargo.toml.jinja" makes "Cargo.toml"),
    template!("README.md.jinja" makes "README.md"),
    template!("lib.rs.jinja" makes "src/lib.rs"),
    template!("client.rs.jinja" makes "src/client.rs"),
    template!("operation.rs.jinja" makes "src/operation/NAME.rs"),
    template!("operations.rs.jinja" makes "src/operation/mod.rs"),
];

/// How the files of a folder of templates end.
const ENDING: &str = ".jinja";

/// The templates of one run.
#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// The built-in templates, with those of a folder in place of theirs.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, Vec<Diagnostic>> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        environment.set_syntax(syntax.expect("the default delimiters are distinct"));
        let mut problems = Vec::new();
        let mut own = match folder.map(own_templates).transpose() {
            Ok(own) => own.unwrap_or_default(),
            Err(problem) => return Err(vec![*problem]),
        };
        let built_in = TEMPLATES.iter().map(|template| (template.name.to_owned(), template.source.to_owned()));
        let mut sources: BTreeMap<String, String> = built_in.collect();
        problems.append(&mut own.problems);
        sources.append(&mut own.sources);
        for (name, source) in sources {
            if let Err(error) = environment.add_template_owned(name.clone(), source) {
                problems.push(problem(&name, &error));
            }
        }
        if problems.is_empty() { Ok(Self { environment }) } else { Err(problems) }
    }

    /// Renders a template.
    pub(super) fn render(&self, name: &str, context: &impl Serialize) -> Result<String, Box<Diagnostic>> {
        let template = self.environment.get_template(name).map_err(|error| Box::new(problem(name, &error)))?;
        template.render(minijinja::value::Serde(context)).map_err(|error| Box::new(problem(name, &error)))
    }
}

/// What a user's folder holds.
#[derive(Default)]
struct Own {
    sources: BTreeMap<String, String>,
    problems: Vec<Diagnostic>,
}

/// Reads a user's templates. Those of docsdk's names stand in their place, others are there to be included; one whose name
/// is almost docsdk's was meant to be it.
fn own_templates(folder: &Path) -> Result<Own, Box<Diagnostic>> {
    let failed = |path: &Path, error: &io::Error| {
        Diagnostic::new("template-unreadable", Severity::Error, files::display(path), format!("can't be read: {error}"))
    };
    let unreadable = |error: io::Error| {
        let help =
            "`templates` under `[generate]`, or `--templates`, names a folder; `docsdk templates --out DIR` makes one";
        Box::new(failed(folder, &error).help(help))
    };
    let mut own = Own::default();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(ENDING) {
            continue;
        }
        let names = TEMPLATES.iter().map(|template| template.name);
        if !names.clone().any(|known| known == name)
            && let Some(near) = suggest::misspelt(&name, names)
        {
            let message = format!("no template is called `{name}`, so it would change nothing");
            let found = Diagnostic::new("template-unknown", Severity::Error, files::display(&path), message);
            own.problems.push(found.help(format!("did you mean `{near}`? `docsdk templates` lists them")));
        }
        match fs::read_to_string(&path) {
            Ok(source) => {
                own.sources.insert(name, source);
            }
            Err(error) => {
                let help = "make it a readable UTF-8 file, or remove it to use the built-in one";
                own.problems.push(failed(&path, &error).help(help));
            }
        }
    }
    own.problems.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(own)
}

/// A fault of a template, told at the innermost place that minijinja knows of.
fn problem(name: &str, error: &minijinja::Error) -> Diagnostic {
    let mut innermost = error;
    while let Some(within) = innermost.source().and_then(|source| source.downcast_ref()) {
        innermost = within;
    }
    let name = innermost.name().unwrap_or(name);
    let place = innermost.line().map_or_else(String::new, |line| format!(", line {line}"));
    let detail = innermost.detail().map_or_else(String::new, |detail| format!(": {detail}"));
    let message = format!("template `{name}`{place}: {}{detail}", innermost.kind());
    Diagnostic::new("template-broken", Severity::Error, name, message)
        .help("correct the template, or remove it to use the built-in one")
}
