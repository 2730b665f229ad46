//! The C symbols.
pub fn input(_: crate::Input) {}
