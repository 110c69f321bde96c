//! The spec model: what an operation is, as YAML and as Rust values.

pub mod lock;
mod model;
pub mod overlay;
pub(crate) mod pages_lock;
pub mod paging;
pub mod path;
pub mod place;
pub mod retrying;
mod rust_names;
mod sites;
mod supplied;
pub mod texts;
pub mod validate;
pub mod waiting;
pub mod yaml;

pub use model::{
    Access, Condition, Endpoints, ErrorCode, Example, Field, History, Http, Location, Operation, Pagination,
    PaginationStyle, Permission, Protocol, Required, Response, Service, Style, Type, Value, Waiter,
};
