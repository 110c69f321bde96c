//! Keys that a command prints.

use std::time::Duration;

use crate::credentials::ask::failure;
use crate::credentials::document::Document;
use crate::credentials::{Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::{BoxFuture, within};

/// How long a command may run.
const LIMIT: Duration = Duration::from_mins(1);

/// Keys from a command's standard output: `{"mode": "AK" or "StsToken", "access_key_id", "access_key_secret",
/// "sts_token", "expiration"}`. The command is split as a shell would, but run without one.
#[derive(Clone, Debug)]
pub struct Command {
    surroundings: Surroundings,
    /// Its arguments may be secrets.
    line: Secret,
}

impl Command {
    /// Keys from this command line.
    pub fn new(surroundings: &Surroundings, line: impl Into<Secret>) -> Self {
        Self { surroundings: surroundings.clone(), line: line.into() }
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let parts = shlex::split(self.line.expose()).filter(|parts| !parts.is_empty());
        let parts = parts.ok_or_else(|| failure("the command is empty, or its quotes do not match"))?;
        let program = parts.first().map(String::as_str).unwrap_or_default();
        let run = self.surroundings.machine_ref().run(&parts);
        let output = match self.surroundings.timer_ref() {
            Some(timer) => within(timer, Some(LIMIT), run).await,
            None => Some(run.await),
        };
        let output = output.ok_or_else(|| failure(format!("`{program}` ran more than {} s", LIMIT.as_secs())))?;
        let output = output.map_err(|error| failure(format!("`{program}` gave nothing: {error}")))?;
        let odd = |problem: &str| failure(format!("`{program}` printed something unexpected: {problem}"));
        let mut document = Document::parse(output.expose().as_bytes()).ok_or_else(|| odd("it is no JSON"))?;
        let session = document.text("mode") == Some("StsToken");
        let credentials = document.access_key(false).map_err(|problem| odd(&problem))?;
        if session && !matches!(credentials.key(), crate::credentials::Key::AccessKey { security_token: Some(_), .. }) {
            return Err(odd("it has no `sts_token`, though its mode is `StsToken`"));
        }
        let renewal = if credentials.expires().is_some() { Renewal::COMMAND } else { Renewal::LOCAL };
        Ok(Fetched::new(credentials, renewal))
    }
}

impl Source for Command {
    fn name(&self) -> &'static str {
        "command"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
