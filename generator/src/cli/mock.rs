//! `docsdk mock`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::mock::{ERROR_HEADER, Keys, Mock, MockService, serve};
use docsdk::project::{Project, Run, find_services, read_specs};
use docsdk::report::counted;
use serde_json::json;
use tokio::net::TcpListener;

use super::args::Global;
use super::output::{FAILURE, Output};

/// Serve the specs: a server that checks signatures and parameters and answers as the pages say.
///
/// Requests must be signed with the keys below, or carry the token as X-Auth-Token. A request with the header
/// `x-mock-error: CODE` (or `CODE@STATUS`) is answered by that documented error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk mock                                       the manifest's services, on a free port
  docsdk mock --specs specs --listen 127.0.0.1:8080
  docsdk mock --error CreateBackup=BackupJobExists  that operation fails, every time
  docsdk mock --access-key-id test --access-key-secret test")]
pub(crate) struct MockCommand {
    /// A folder of specs; without any, those of the manifest
    #[arg(long, value_name = "DIR")]
    specs: Vec<PathBuf>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The access key id that requests must be signed with
    #[arg(long, value_name = "ID", default_value = "mock-access-key-id")]
    access_key_id: String,
    /// Its secret; made up for the mock, so no secret at all
    #[arg(long, value_name = "SECRET", default_value = "mock-access-key-secret")]
    access_key_secret: String,
    /// The token that may stand in for a signature
    #[arg(long, value_name = "TOKEN", default_value = "mock-token")]
    token: String,
    /// Answer an operation with a documented error: OPERATION=CODE or OPERATION=CODE@STATUS
    #[arg(long, value_name = "OPERATION=CODE")]
    error: Vec<String>,
}

impl MockCommand {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let (services, run) = match self.services(global) {
            Ok(read) => read,
            Err(run) => return output.fail("mock", &run),
        };
        output.findings(&run);
        let keys = Keys {
            access_key_id: self.access_key_id.clone(),
            access_key_secret: self.access_key_secret.as_str().into(),
            token: Some(self.token.as_str().into()),
            ..Keys::default()
        };
        let errors = match errors(&self.error, &services) {
            Ok(errors) => errors,
            Err(finding) => return output.fail("mock", &Run::only(*finding)),
        };
        let count = services.iter().map(|service| service.operations.len()).sum();
        let mock = Mock::new(services, keys);
        for (operation, code) in errors {
            mock.fail(operation, Some(code));
        }
        match self.serve(mock, count, output) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let message = format!("can't listen on `{}`: {error}", self.listen);
                let finding = Diagnostic::new("mock-listen", Severity::Error, "--listen", message);
                output.fail("mock", &Run::only(finding.help("name another address or port; port 0 takes a free one")));
                FAILURE.into()
            }
        }
    }

    fn services(&self, global: &Global) -> Result<(Vec<MockService>, Run), Run> {
        let folders = if self.specs.is_empty() {
            let project = Project::open(global.manifest.as_deref())?;
            let services = project.services(&[]).map_err(|finding| Run::only(*finding))?;
            services.into_iter().map(|entry| project.specs_folder(entry)).collect()
        } else {
            self.specs
                .iter()
                .map(|folder| find_services(folder))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|finding| Run::only(*finding))?
                .concat()
        };
        Ok(read_all(&folders))
    }

    fn serve(&self, mock: Mock, count: usize, output: &Output) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind(self.listen).await?;
            let address = listener.local_addr()?;
            if output.is_json() {
                let result = json!({ "endpoint": format!("http://{address}"), "operations": count });
                output.json("mock", result, &Run::default());
            } else if !output.is_quiet() {
                let operations = counted(count, "operation");
                output.print(&format!(
                    "serving {operations} at http://{address}\n\
                     access key id `{}`, secret `{}`; or X-Auth-Token `{}`\n\
                     `{ERROR_HEADER}: CODE` asks for a documented error; Ctrl-C ends\n",
                    self.access_key_id, self.access_key_secret, self.token
                ));
            }
            tokio::select! {
                result = serve(Arc::new(mock), listener) => result,
                result = tokio::signal::ctrl_c() => result,
            }
        })
    }
}

fn read_all(folders: &[PathBuf]) -> (Vec<MockService>, Run) {
    let mut run = Run::default();
    let mut services = Vec::new();
    for folder in folders {
        let (stored, found) = read_specs(Path::new(folder));
        run.extend(found);
        services.extend(stored.map(|stored| MockService {
            service: stored.service,
            operations: stored.operations.into_values().collect(),
        }));
    }
    (services, run)
}

/// The errors asked for, each of an operation that there is.
fn errors<'a>(given: &'a [String], services: &[MockService]) -> Result<Vec<(&'a str, &'a str)>, Box<Diagnostic>> {
    let wrong = |text: &str, help: &str| {
        let message = format!("`{text}` names no documented error of an operation");
        Box::new(Diagnostic::new("mock-error", Severity::Error, "--error", message).help(help))
    };
    let check = |text: &'a String| {
        let (name, code) = text.split_once('=').ok_or_else(|| wrong(text, "write OPERATION=CODE"))?;
        let bare = code.rsplit_once('@').map_or(code, |(bare, _)| bare);
        let documented = services.iter().any(|service| {
            let common = service.service.errors.iter();
            let operation = service.operations.iter().find(|operation| operation.operation == name);
            operation.is_some_and(|operation| operation.errors.iter().chain(common).any(|error| error.code == bare))
        });
        if documented {
            Ok((name, code))
        } else {
            Err(wrong(text, "`docsdk explain SERVICE OPERATION errors` lists them"))
        }
    };
    given.iter().map(check).collect()
}
