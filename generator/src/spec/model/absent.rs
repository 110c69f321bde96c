//! Values that are written by being left out.

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(super) fn is_false(value: &bool) -> bool {
    !*value
}
