//! The spec model: what an operation is, as YAML and as Rust values.

mod model;

pub use model::{
    Access, Condition, Endpoints, ErrorCode, Example, Field, History, Http, Location, Operation, Permission, Protocol,
    Required, Response, Service, Style, Type, Value,
};
