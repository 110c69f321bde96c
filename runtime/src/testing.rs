//! Doubles for tests: a transport that answers from a list, a clock that nobody waits for, numbers that are known.

mod canned;
mod double;
mod manual;
mod vector;

pub use self::canned::{Answer, Canned};
pub(crate) use self::double::settings;
pub use self::double::{Called, Double, Failure};
pub use self::manual::{CountingRandom, ManualTime};
pub use self::vector::Vector;
