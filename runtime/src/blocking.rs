//! Calls from code that is not asynchronous.

use std::future::Future;
use std::io;
use std::sync::OnceLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Cause, Error};

/// Runs a call to its end on the calling thread; connections live on one background thread, which all calls share.
///
/// ```
/// use docsdk_runtime::blocking;
///
/// assert_eq!(blocking::wait(async { Ok::<_, docsdk_runtime::Error>(1) })?, 1);
/// # Ok::<(), docsdk_runtime::Error>(())
/// ```
///
/// # Errors
///
/// The call's own; and one of [`Cause::Config`] where the thread runs asynchronous code, which would then wait for itself,
/// or where the background thread can't be started.
pub fn wait<T, E: From<Error>>(call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    background()?.block_on(call)
}

/// The items of a stream one after the other, each waited for on the calling thread.
///
/// Where [`wait`] would fail, so does the first item, and there is no second.
pub fn iter<T, E: From<Error>>(items: impl Stream<Item = Result<T, E>>) -> impl Iterator<Item = Result<T, E>> {
    let mut items = Some(Box::pin(items));
    std::iter::from_fn(move || {
        let stream = items.as_mut()?;
        let next = match background() {
            Ok(background) => background.block_on(std::future::poll_fn(|context| stream.as_mut().poll_next(context))),
            Err(error) => {
                items = None;
                return Some(Err(error.into()));
            }
        };
        if next.is_none() {
            items = None;
        }
        next
    })
}

/// The runtime behind all blocking calls.
fn background() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    if Handle::try_current().is_ok() {
        return Err(Error::new(Cause::Config, "a blocking call within asynchronous code: await the call instead"));
    }
    let made = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(1).thread_name("docsdk-blocking").enable_all().build()
    });
    made.as_ref().map_err(|error| {
        Error::new(Cause::Config, "the thread for blocking calls can't be started").with_source(error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_within_asynchronous_code_is_refused() {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let error = runtime.block_on(async { wait(async { Ok::<(), Error>(()) }) }).expect_err("would never end");
        assert_eq!(error.cause(), Cause::Config);
    }
}
