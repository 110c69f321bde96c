//! What a build script makes modules from.

use std::path::{Path, PathBuf};

use super::error::{BuildError, BuildErrorKind};
use crate::files;
use crate::project::{self, Broken, Inputs, Project, Run, SpecJob, Stored};
use crate::spec::Service;

/// Where specs come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The services of a manifest: some, or all where none is named.
    Manifest { file: PathBuf, services: Vec<String>, stored: bool },
    /// A folder of specs.
    Specs(PathBuf),
    /// Pages of one service.
    Pages { service: Box<Service>, patterns: Vec<String>, overlay: Option<PathBuf> },
}

/// A service's specs, and the folder of templates that its manifest names.
pub(super) struct Given {
    pub(super) stored: Stored,
    pub(super) templates: Option<PathBuf>,
    pub(super) language: Option<String>,
}

type Taken = Result<(Vec<Given>, Run), BuildError>;

impl Source {
    /// The specs, and what came up on the way to them; notes what they were made from.
    pub(super) fn take(&self, out: &Path, inputs: &mut Inputs) -> Taken {
        match self {
            Self::Manifest { file, services, stored } => manifest(file, services, *stored, inputs),
            Self::Specs(folder) => specs(folder, inputs),
            Self::Pages { service, patterns, overlay } => pages(service, patterns, overlay.as_deref(), out, inputs),
        }
    }
}

fn manifest(file: &Path, services: &[String], stored: bool, inputs: &mut Inputs) -> Taken {
    inputs.add(file);
    let failed = |run| BuildError::new(BuildErrorKind::Manifest, run);
    let project = Project::open(Some(file)).map_err(failed)?;
    let entries = project.services(services).map_err(|finding| failed(Run::only(*finding)))?;
    let templates = project.manifest.generate.templates.as_ref().map(|path| project.root.join(path));
    let (mut all, mut run) = (Vec::new(), Run::default());
    for entry in entries {
        let folder = project.specs_folder(entry);
        if stored {
            let (given, found) = specs(&folder, inputs)?;
            all.extend(given.into_iter().map(|given| Given { templates: templates.clone(), ..given }));
            run.extend(found);
            continue;
        }
        project.inputs(&[entry], inputs);
        let (specs, _) = project.extract(entry, &|| {});
        let given = extracted(specs, folder, &mut run)?;
        let language = Some(entry.language()).filter(|language| !language.is_empty());
        all.push(Given { templates: templates.clone(), language, ..given });
    }
    Ok((all, run))
}

fn specs(folder: &Path, inputs: &mut Inputs) -> Taken {
    let folders = project::find_services(folder)
        .map_err(|finding| BuildError::new(BuildErrorKind::Specs, Run::only(*finding)))?;
    let (mut all, mut run) = (Vec::new(), Run::default());
    for folder in folders {
        inputs.add(folder.join("service.yaml"));
        inputs.add(folder.join("operations"));
        inputs.add(folder.join("texts"));
        let (stored, found) = project::read_specs(&folder);
        run.extend(found);
        all.extend(stored.map(|stored| Given { stored, templates: None, language: None }));
    }
    if run.has_errors() { Err(BuildError::new(BuildErrorKind::Specs, run)) } else { Ok((all, run)) }
}

fn pages(service: &Service, patterns: &[String], overlay: Option<&Path>, out: &Path, inputs: &mut Inputs) -> Taken {
    // The specs are written beside the module, so that findings about them point at files that are there.
    let folder = out.join("specs").join(&service.service);
    let (pages, mut findings) = project::collect(Path::new(""), patterns, &folder);
    inputs.add_pages(Path::new(""), patterns, &pages);
    inputs.add_provider(&service.provider);
    if let Some(overlay) = overlay {
        if !overlay.exists() {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            findings.push(files::failure("overlay-read", overlay, "read", &missing));
        }
        inputs.add(overlay);
    }
    let job = SpecJob {
        service: service.clone(),
        protocol: None,
        pages,
        folder: folder.clone(),
        overlay: overlay.map(Path::to_owned),
        language: None,
        cache: None,
    };
    let mut specs = project::extract(&job, &|| {});
    specs.run.findings.splice(0..0, findings);
    specs.run.findings.extend(specs.plan.apply().findings);
    let mut run = Run::default();
    let given = extracted(specs, folder, &mut run)?;
    Ok((vec![given], run))
}

fn extracted(specs: project::Specs, folder: PathBuf, run: &mut Run) -> Result<Given, BuildError> {
    let project::Specs { service, operations, texts, run: found, .. } = specs;
    run.extend(found);
    if run.has_errors() {
        return Err(BuildError::new(BuildErrorKind::Pages, std::mem::take(run)));
    }
    Ok(Given {
        stored: Stored { folder, service, operations, texts, broken: Broken::default() },
        templates: None,
        language: None,
    })
}
