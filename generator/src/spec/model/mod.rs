//! The values of a spec, in the order in which their keys are written.

mod absent;
mod field;
mod listing;
mod operation;
mod record;
mod required;
mod service;

use absent::is_false;

pub use field::{Condition, Field, Location, Style, Type, Value};
pub use listing::{Pagination, PaginationStyle, Waiter};
pub use operation::{ErrorCode, Http, Operation, Response};
pub use record::{Access, Example, History, Permission};
pub use required::Required;
pub use service::{Endpoints, Protocol, Service};
