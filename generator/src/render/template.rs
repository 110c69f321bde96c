//! The templates: built in, each replaceable by a file of the same name in a user's folder.

use std::path::Path;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use minijinja::syntax::SyntaxConfig;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};

const BUILT_IN: &[(&str, &str)] = &[
    ("Cargo.toml.jinja", include_str!("../../../templates/Cargo.toml.jinja")),
    ("README.md.jinja", include_str!("../../../templates/README.md.jinja")),
    ("lib.rs.jinja", include_str!("../../../templates/lib.rs.jinja")),
    ("client.rs.jinja", include_str!("../../../templates/client.rs.jinja")),
    ("operation.rs.jinja", include_str!("../../../templates/operation.rs.jinja")),
    ("operations.rs.jinja", include_str!("../../../templates/operations.rs.jinja")),
];

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
        for (name, built_in) in BUILT_IN {
            let own = folder.map(|folder| folder.join(name)).filter(|path| path.exists());
            let source = match &own {
                None => (*built_in).to_owned(),
                Some(path) => match std::fs::read_to_string(path) {
                    Ok(source) => source,
                    Err(error) => {
                        let message = format!("template `{name}` cannot be read: {error}");
                        problems.push(
                            Diagnostic::new("template-unreadable", Severity::Error, path.display().to_string(), message)
                                .help("make it a readable UTF-8 file, or remove it to use the built-in one"),
                        );
                        continue;
                    }
                },
            };
            if let Err(error) = environment.add_template_owned(*name, source) {
                problems.push(problem(name, &error));
            }
        }
        if problems.is_empty() { Ok(Self { environment }) } else { Err(problems) }
    }

    /// Renders a template.
    pub(super) fn render(&self, name: &str, context: &impl Serialize) -> Result<String, Diagnostic> {
        let template = self.environment.get_template(name).map_err(|error| problem(name, &error))?;
        template.render(minijinja::value::Serde(context)).map_err(|error| problem(name, &error))
    }
}

fn problem(name: &str, error: &minijinja::Error) -> Diagnostic {
    let place = error.line().map_or_else(String::new, |line| format!(", line {line}"));
    let detail = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    Diagnostic::new("template-broken", Severity::Error, name, format!("template `{name}`{place}: {detail}"))
        .help("correct the template, or remove it to use the built-in one")
}
