//! Rules for what the published table does not know: what people set for the Rust API alone, and keys that came later.

use super::rule::Bump::{Major, Minor, Patch};
use super::rule::Direction::{Any, Auth, Error, Operation, Request, Response};
use super::rule::Rule;
use super::rule::Wire::{Breaking, Info, Safe};
use super::rules::{DOCS, NOTHING, SETTER_TYPE, TELL, rule};

const ALIAS: &str = "keep the old name in the overlay, or a deprecated alias with `--tombstones`";
const OTHER_TYPE: &str = "what names the type no longer compiles";
const KEEP_TYPE: &str = "keep the old type in the overlay, or release a new major version";

/// Every rule beside those of the published table, in the table's order.
#[rustfmt::skip]
pub static OWN_RULES: &[Rule] = &[
    rule("operation-rust-renamed", (Operation, Info, Major), "changed method name", "the method and its types get another name", ALIAS),
    rule("pagination-added", (Operation, Info, Minor), "newly paged operation", "methods appear that walk all pages", NOTHING),
    rule("pagination-removed", (Operation, Info, Major), "no longer paged operation", "the methods that walk all pages go", "say in the overlay how the operation pages, or release a new major version"),
    rule("pagination-changed", (Operation, Info, Patch), "paging change", "the methods that walk all pages go by other parameters or fields", TELL),
    rule("waiter-added", (Operation, Info, Minor), "new waiter", "a method appears that waits", NOTHING),
    rule("waiter-removed", (Operation, Info, Major), "removed waiter", "the method that waits goes", "keep the waiter in the overlay, or release a new major version"),
    rule("waiter-changed", (Operation, Info, Patch), "changed waiter", "the method waits for something else", TELL),

    rule("request-field-rust-renamed", (Request, Info, Major), "changed setter name", "the setter gets another name", ALIAS),
    rule("request-value-rust-renamed", (Request, Info, Major), "changed parameter variant name", "the variant gets another name", ALIAS),
    rule("request-rust-type-changed", (Request, Info, Major), "changed Rust parameter type", OTHER_TYPE, KEEP_TYPE),
    rule("request-json-shape-added", (Request, Info, Minor), "new JSON shape", "the setter takes a type for what the JSON holds, beside text", NOTHING),
    rule("request-json-shape-removed", (Request, Info, Major), "removed JSON shape", SETTER_TYPE, "keep the shape in the overlay, or release a new major version"),

    rule("response-field-rust-renamed", (Response, Info, Major), "changed accessor name", "the accessor gets another name", ALIAS),
    rule("response-value-rust-renamed", (Response, Info, Major), "changed response variant name", "the variant gets another name", ALIAS),
    rule("response-rust-type-changed", (Response, Info, Major), "changed Rust response type", OTHER_TYPE, KEEP_TYPE),
    rule("response-json-shape-changed", (Response, Info, Patch), "changed response JSON shape", DOCS, NOTHING),

    rule("error-code-rust-renamed", (Error, Info, Major), "changed error variant name", "the variant gets another name", ALIAS),

    rule("authentication-added", (Auth, Breaking, Patch), "newly authenticated operation", "calls are signed; a client without credentials can no longer make them", "tell users to give their clients credentials"),
    rule("authentication-removed", (Auth, Safe, Patch), "no longer authenticated operation", "calls go without a token or signature", "make sure that the service answers everybody"),

    rule("public-item-changed", (Any, Info, Major), "changed public item", "code that names it no longer compiles, or gets another type", "give one of the names an overlay's `rust_name`, so that the old one stays"),
    rule("public-item-added", (Any, Info, Minor), "new public item", "an item appears", NOTHING),
];
