//! Which old member became which new one: by name, by spelling, by likeness.

mod leftover;
mod likeness;
mod name;

pub(crate) use leftover::{MOST_LEFTOVERS, by_likeness};
pub(crate) use likeness::{Mean, is_ideograph, name_likeness, names_dice, text_likeness};
pub(crate) use name::{rust_type_name, rust_value_name, squashed};
