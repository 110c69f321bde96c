//! A provider by its name, or by its file's path.

use std::fs;
use std::path::Path;

use super::Run;
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::{LanguageText, Provider, ProviderError, is_path};
use crate::files;
use crate::suggest;

/// The provider of a name, or of a file's path from the working folder.
///
/// # Errors
/// What is wrong with it, and the texts that the findings point into.
pub fn find(name: &str) -> Result<Provider, Run> {
    if !is_path(name) {
        return Provider::named(name).ok_or_else(|| Run::only(unknown(name, name)));
    }
    let path = Path::new(name);
    let shown = files::display(path);
    let source =
        fs::read_to_string(path).map_err(|error| Run::only(files::failure("provider-read", path, "read", &error)))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let open = |language: &str| {
        let path = folder.join(language);
        let source = fs::read_to_string(&path).map_err(|error| {
            let failed = files::failure("language-read", &path, "read", &error);
            Diagnostic { message: format!("`{}` {}", files::display(&path), failed.message), ..failed }
        })?;
        Ok(LanguageText { file: files::display(&path), source })
    };
    Provider::read(&source, &shown, &open).map_err(|ProviderError { findings, sources }| Run { findings, sources })
}

/// A finding about a name that no provider has.
pub(crate) fn unknown(name: &str, file: &str) -> Diagnostic {
    let help = suggest::remedy(name, Provider::known().collect::<Vec<_>>());
    Diagnostic::new("unknown-provider", Severity::Error, file, format!("no provider `{name}`"))
        .help(format!("{help}, or the path of a provider file"))
}
