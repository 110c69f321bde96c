//! The one place where a record is seen as the generated type that wraps it.
#![expect(unsafe_code, reason = "references to records become references to their transparent wrappers")]

use super::Record;
use crate::schema::Shaped;

/// A record as its generated type.
pub(super) fn one<T: Shaped>(record: &Record) -> &T {
    // SAFETY: `Shaped` promises that `T` has the layout of `Record`; the reference keeps its lifetime.
    unsafe { &*std::ptr::from_ref(record).cast::<T>() }
}

/// Records as their generated type.
pub(super) fn many<T: Shaped>(records: &[Record]) -> &[T] {
    // A list's records all have the shape that its field names, so the first speaks for all.
    if records.first().is_none_or(|record| !std::ptr::eq(record.shape, T::SHAPE)) {
        return &[];
    }
    // SAFETY: `Shaped` promises that `T` has the layout of `Record`, so a slice of one is a slice of the other.
    unsafe { std::slice::from_raw_parts(records.as_ptr().cast::<T>(), records.len()) }
}
