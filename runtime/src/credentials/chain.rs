//! Several sources, one after the other.

use std::sync::{Arc, OnceLock};

use super::{Caching, Fetched, Source, Surroundings};
use crate::error::{Cause, Error};
use crate::time::BoxFuture;

/// Sources in order: the first that has credentials is kept, and asked alone from then on.
#[derive(Debug)]
pub struct Chain {
    name: &'static str,
    sources: Vec<Arc<dyn Source>>,
    kept: OnceLock<usize>,
    surroundings: Surroundings,
}

impl Chain {
    /// A chain without sources. The name stands in errors.
    pub fn new(surroundings: &Surroundings, name: &'static str) -> Self {
        Self { name, sources: Vec::new(), kept: OnceLock::new(), surroundings: surroundings.clone() }
    }

    /// The same with one more source at the end.
    #[must_use]
    pub fn then(mut self, source: impl Source + 'static) -> Self {
        self.sources.push(Arc::new(source));
        self
    }

    /// The sources' names, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.sources.iter().map(Source::name).collect()
    }

    /// The name of the source that is kept, once there is one.
    pub fn kept(&self) -> Option<&'static str> {
        self.kept.get().and_then(|&at| self.sources.get(at)).map(Source::name)
    }

    /// A provider that keeps what the chain gives.
    pub fn cached(self) -> Caching {
        let surroundings = self.surroundings.clone();
        Caching::new(&surroundings, self)
    }

    async fn look(&self) -> Result<Fetched, Error> {
        if let Some(source) = self.kept.get().and_then(|&at| self.sources.get(at)) {
            return source.fetch().await.map_err(|error| {
                Error::new(error.cause(), format!("no credentials of {}: {}: {error}", self.name, source.name()))
            });
        }
        let mut found = Vec::with_capacity(self.sources.len());
        for (at, source) in self.sources.iter().enumerate() {
            match source.fetch().await {
                Ok(fetched) => {
                    // Of two at once the first is kept; both found credentials.
                    let _ = self.kept.set(at);
                    return Ok(fetched);
                }
                Err(error) => found.push(format!("{}: {error}", source.name())),
            }
        }
        Err(Error::new(Cause::Credentials, format!("no credentials of {}; looked at {}", self.name, found.join("; "))))
    }
}

impl Source for Chain {
    fn name(&self) -> &'static str {
        self.name
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.look())
    }
}
