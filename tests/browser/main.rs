//! The report as people meet it: in a browser.
//!
//! `DOCSDK_SHOTS=DIR` keeps a picture of each view, in light and dark and at three widths, for people to look at.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod access;
mod devtools;
mod find;
mod hostile;
mod layout;
mod light;
mod session;
#[cfg(shared)]
mod speed;
mod trouble;
