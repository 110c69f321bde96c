//! What generated code says of a service's operations: static tables that the runtime's one encoder, checker and decoder
//! walk, so that none of that work is compiled once an operation.

mod answer;
mod paging;
mod request;
mod scalar;
mod status;
mod text;
mod values;

pub use answer::{Field, Kind, Shape, Shaped};
pub use paging::{Paging, PagingStyle};
pub use request::{Check, Condition, Operation, Parameter, Retry, Service, Test};
pub use scalar::{Date, JsonText, Timestamp};
pub use status::Status;
pub use text::{IntoCommaText, IntoJsonText, Nested};
pub use values::{UnknownValue, Values};
