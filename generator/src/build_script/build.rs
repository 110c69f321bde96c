//! The builder that build scripts use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::Glob;

use super::error::{BuildError, BuildErrorKind};
use super::lines;
use super::source::{Given, Source};
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{self, Plan};
use crate::project::{Inputs, Run};
use crate::render::{self, Doubles, ModuleOptions};
use crate::spec::{Operation, Service};
use crate::suggest;

/// Makes SDK modules in a crate's build script, from specs or straight from pages.
///
/// In the `main` of `build.rs`:
///
/// ```no_run
/// docsdk::Build::from_specs("specs/aliyun-rds").run();
/// ```
///
/// and in the crate, which depends on `docsdk-runtime`, the module `aliyun_rds`:
///
/// ```ignore
/// docsdk_runtime::include_sdk!("aliyun_rds");
///
/// use aliyun_rds::{Client, Credentials};
/// ```
///
/// Cargo runs the script again when pages, specs, overlay, templates or manifest change, and only then. Findings are
/// cargo's warnings and errors, with file, line and column; nothing is fetched, and a module whose text is the same is not
/// written again. With `default-features = false` the build dependency is the light part of docsdk:
///
/// ```toml
/// [build-dependencies]
/// docsdk = { version = "0.1", default-features = false }
///
/// # An optimised build script extracts in a ninth of the time (measured in docs/speed.md).
/// [profile.dev.build-override]
/// opt-level = 3
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is made before `run` or `generate`"]
pub struct Build {
    source: Source,
    templates: Option<PathBuf>,
    language: Option<String>,
    operations: Vec<String>,
    doubles: Doubles,
    out: Option<PathBuf>,
}

/// What a build script made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The modules, one a service.
    pub modules: Vec<Module>,
    /// Warnings and advice about what they were made from.
    pub findings: Vec<Diagnostic>,
    run: Run,
    inputs: Inputs,
}

/// A module that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The service it is of.
    pub service: String,
    /// Its name: the service's, with `_` for `-`.
    pub name: String,
    /// The file to include.
    pub file: PathBuf,
    /// Whether the file was written; it is not where it holds the same text already.
    pub written: bool,
}

impl Build {
    /// The services of a manifest, extracted from its pages as `docsdk build` does it; specs and crates on disk stay as
    /// they are.
    pub fn from_manifest(file: impl Into<PathBuf>) -> Self {
        Self::new(Source::Manifest { file: file.into(), services: Vec::new(), stored: false })
    }

    /// A folder of specs, or a folder of such folders.
    pub fn from_specs(folder: impl Into<PathBuf>) -> Self {
        Self::new(Source::Specs(folder.into()))
    }

    /// Files, folders and glob patterns of one service's pages. The service needs a name and a provider; what else is known
    /// of it, as endpoints, goes into the module.
    ///
    /// ```no_run
    /// use docsdk::spec::Service;
    ///
    /// let service = Service { service: "acme-disk".into(), provider: "acme.yaml".into(), ..Service::default() };
    /// docsdk::Build::from_pages(service, ["docs/pages"]).overlay("docs/overlay.yaml").run();
    /// ```
    pub fn from_pages(service: Service, pages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let patterns = pages.into_iter().map(Into::into).collect();
        Self::new(Source::Pages { service: Box::new(service), patterns, overlay: None })
    }

    fn new(source: Source) -> Self {
        let doubles = Doubles::default();
        Self { source, templates: None, language: None, operations: Vec::new(), doubles, out: None }
    }

    /// Of a manifest's services only these.
    pub fn services(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        if let Source::Manifest { services, .. } = &mut self.source {
            services.extend(names.into_iter().map(Into::into));
        }
        self
    }

    /// A manifest's specs as they are checked in, instead of what its pages give now: quicker, and reviewed.
    pub fn stored_specs(mut self) -> Self {
        if let Source::Manifest { stored, .. } = &mut self.source {
            *stored = true;
        }
        self
    }

    /// Corrections of what pages say. A manifest's services have theirs beside their specs.
    pub fn overlay(mut self, file: impl Into<PathBuf>) -> Self {
        if let Source::Pages { overlay, .. } = &mut self.source {
            *overlay = Some(file.into());
        }
        self
    }

    /// A folder of templates that replace docsdk's own, file by file.
    pub fn templates(mut self, folder: impl Into<PathBuf>) -> Self {
        self.templates = Some(folder.into());
        self
    }

    /// The language of the documentation, where pages come in several.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Only operations whose names fit one of these, `*` standing for any letters: `Describe*`. Without any, all.
    pub fn operations(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operations.extend(names.into_iter().map(Into::into));
        self
    }

    /// When clients that closures answer in place of the service are part of the module.
    pub fn doubles(mut self, doubles: Doubles) -> Self {
        self.doubles = doubles;
        self
    }

    /// The folder that gets the modules, instead of `OUT_DIR`.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Makes the modules, and tells cargo when to do so again, what is doubtful, and what is wrong: after errors cargo
    /// fails the build.
    pub fn run(&self) {
        let (inputs, result) = self.attempt();
        let (mut told, found) = match &result {
            Ok(generated) => (lines::watched(&generated.inputs), lines::of(&generated.run)),
            Err(error) => (lines::watched(&inputs), lines::of(error.run())),
        };
        told.extend(found);
        for line in told {
            println!("{line}");
        }
    }

    /// Makes the modules and tells cargo nothing.
    ///
    /// # Errors
    ///
    /// What is wrong with pages, specs, manifest, overlay or templates, or with the output's folder.
    pub fn generate(&self) -> Result<Generated, BuildError> {
        self.attempt().1
    }

    fn attempt(&self) -> (Inputs, Result<Generated, BuildError>) {
        let Some(out) = self.out.clone().or_else(|| std::env::var_os("OUT_DIR").map(PathBuf::from)) else {
            let message = "is not set: this is no build script that cargo runs";
            let finding = Diagnostic::new("no-out-dir", Severity::Error, "OUT_DIR", message);
            let finding = finding.help("call it from `build.rs`, or name a folder with `out_dir`");
            return (Inputs::default(), Err(BuildError::new(BuildErrorKind::Environment, Run::only(finding))));
        };
        let mut inputs = Inputs::new(&out);
        let result = self.make(&out, &mut inputs);
        let result = result.map(|generated| Generated { inputs: inputs.clone(), ..generated });
        (inputs, result)
    }

    fn make(&self, out: &Path, inputs: &mut Inputs) -> Result<Generated, BuildError> {
        let (all, mut run) = self.source.take(out, inputs)?;
        let mut plan = Plan::default();
        let mut modules = Vec::new();
        for given in all {
            let module = self.module(&given, out, inputs, &mut plan).map_err(|(kind, finding)| {
                run.extend(finding);
                BuildError::new(kind, std::mem::take(&mut run))
            })?;
            modules.push(module);
        }
        let differing = plan.differences();
        let applied = plan.apply();
        if !applied.findings.is_empty() {
            run.findings.extend(applied.findings);
            return Err(BuildError::new(BuildErrorKind::Output, run));
        }
        for module in &mut modules {
            module.written = differing.contains_key(&module.file);
        }
        Ok(Generated { modules, findings: run.findings.clone(), run, inputs: Inputs::default() })
    }

    fn module(
        &self,
        given: &Given,
        out: &Path,
        inputs: &mut Inputs,
        plan: &mut Plan,
    ) -> Result<Module, (BuildErrorKind, Run)> {
        let service = &given.stored.service;
        let templates = self.templates.clone().or_else(|| given.templates.clone());
        if let Some(folder) = &templates {
            if !folder.is_dir() {
                let finding = Diagnostic::new("no-templates", Severity::Error, files::display(folder), "is no folder");
                let run = Run::only(finding.help("name the folder of the templates, or leave docsdk its own"));
                return Err((BuildErrorKind::Templates, run));
            }
            inputs.add(folder);
        }
        let language = self.language.as_ref().filter(|language| given.language.as_ref() != Some(language));
        let operations: Vec<Operation> = match language {
            Some(language) => given.stored.speaking(language),
            None => given.stored.operations.values().cloned().collect(),
        };
        let operations = self.chosen(operations, given).map_err(|run| (BuildErrorKind::Specs, run))?;
        let options = ModuleOptions { templates, doubles: self.doubles.clone() };
        let module = render::module(service, &operations, &options)
            .map_err(|findings| (BuildErrorKind::Templates, Run { findings, ..Run::default() }))?;
        let file = out.join(format!("{}.rs", module.name));
        plan.files.insert(file.clone(), module.text.into_bytes());
        Ok(Module { service: service.service.clone(), name: module.name, file, written: false })
    }

    /// The operations that were asked for.
    fn chosen(&self, operations: Vec<Operation>, given: &Given) -> Result<Vec<Operation>, Run> {
        if self.operations.is_empty() {
            return Ok(operations);
        }
        let shown = files::display(&given.stored.folder);
        let mut chosen = BTreeMap::new();
        for pattern in &self.operations {
            let glob = Glob::new(pattern).map_err(|error| {
                let message = format!("`{pattern}` is no pattern: {}", error.kind());
                let finding = Diagnostic::new("operation-pattern", Severity::Error, &shown, message);
                Run::only(finding.help("`*` stands for any letters"))
            })?;
            let glob = glob.compile_matcher();
            let fitting: Vec<_> = operations.iter().filter(|operation| glob.is_match(&operation.operation)).collect();
            if fitting.is_empty() {
                let names = operations.iter().map(|operation| operation.operation.as_str());
                let message = format!("no operation `{pattern}`");
                let finding = Diagnostic::new("unknown-operation", Severity::Error, &shown, message);
                let near = suggest::nearest(pattern, names).map(|near| format!("did you mean `{near}`?"));
                return Err(Run::only(
                    finding.help(near.unwrap_or_else(|| "see `operations/` for the names".to_owned())),
                ));
            }
            chosen.extend(fitting.into_iter().map(|operation| (operation.operation.clone(), operation.clone())));
        }
        Ok(chosen.into_values().collect())
    }
}

impl Generated {
    /// The files and folders that the modules were made from.
    pub fn inputs(&self) -> impl Iterator<Item = &Path> {
        self.inputs.paths()
    }
}
