//! Doubles for tests: a transport that answers from a list, a clock that nobody waits for, numbers that are known.

mod canned;
mod manual;
mod vector;

pub use self::canned::{Answer, Canned};
pub use self::manual::{CountingRandom, ManualTime};
pub use self::vector::Vector;
