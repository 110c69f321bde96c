//! Whom a connection trusts, and who it says it is.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Cause, Error};

/// Certificate authorities and the client's own certificate.
#[derive(Debug, Default)]
pub(super) struct Tls {
    base: Base,
    roots: Vec<CertificateDer<'static>>,
    identity: Option<Identity>,
}

/// The authorities trusted before any is added.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Base {
    /// Mozilla's, as built in.
    #[default]
    Mozilla,
    /// The operating system's.
    #[cfg(feature = "native-roots")]
    System,
    /// None.
    Nothing,
}

#[derive(Debug)]
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Clone for Tls {
    fn clone(&self) -> Self {
        let identity = |identity: &Identity| Identity { chain: identity.chain.clone(), key: identity.key.clone_key() };
        Self { base: self.base, roots: self.roots.clone(), identity: self.identity.as_ref().map(identity) }
    }
}

impl Tls {
    pub(super) fn trust_only(&mut self, base: Base) {
        self.base = base;
    }

    pub(super) fn add_roots(&mut self, pem: &[u8]) -> Result<(), Error> {
        self.roots.extend(certificates(pem)?);
        Ok(())
    }

    pub(super) fn identify(&mut self, chain: &[u8], key: &[u8]) -> Result<(), Error> {
        let chain = certificates(chain)?;
        // The reader's own error might repeat what it read.
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| Error::new(Cause::Config, "the client's key is no private key in PEM"))?;
        self.identity = Some(Identity { chain, key });
        Ok(())
    }

    pub(super) fn config(self) -> Result<ClientConfig, Error> {
        let wrong = |error| Error::new(Cause::Config, "TLS cannot be set up").with_source(error);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(wrong)?
            .with_root_certificates(self.trusted()?);
        match self.identity {
            None => Ok(config.with_no_client_auth()),
            Some(Identity { chain, key }) => config.with_client_auth_cert(chain, key).map_err(wrong),
        }
    }

    fn trusted(&self) -> Result<RootCertStore, Error> {
        let mut store = RootCertStore::empty();
        match self.base {
            Base::Mozilla => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            #[cfg(feature = "native-roots")]
            Base::System => {
                let found = rustls_native_certs::load_native_certs();
                // Stores hold certificates that rustls refuses; only an empty one is an error.
                if store.add_parsable_certificates(found.certs).0 == 0 {
                    let mut error = Error::new(Cause::Config, "the system has no certificate authorities");
                    if let Some(source) = found.errors.into_iter().next() {
                        error = error.with_source(source);
                    }
                    return Err(error);
                }
            }
            Base::Nothing => {}
        }
        for root in &self.roots {
            store.add(root.clone()).map_err(|error| {
                Error::new(Cause::Config, "a certificate authority's certificate is not usable").with_source(error)
            })?;
        }
        Ok(store)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(Error::new(Cause::Config, "there is no certificate in the PEM text")),
        Err(error) => Err(Error::new(Cause::Config, "the certificates are not PEM").with_source(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pem_is_told_without_repeating_it() {
        let mut tls = Tls::default();
        assert!(tls.add_roots(b"hush").expect_err("nothing").to_string().contains("no certificate"));
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let error = tls.identify(made.cert.pem().as_bytes(), b"hush").expect_err("no key");
        assert!(!format!("{error:?}").contains("hush"));
        tls.identify(made.cert.pem().as_bytes(), made.signing_key.serialize_pem().as_bytes()).expect("a key");
        let shown = format!("{tls:?}");
        assert!(shown.contains("elided"), "{shown}");
        assert!(tls.clone().config().is_ok());
    }
}
