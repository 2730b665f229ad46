//! `cargo xtask lint`.

use crate::failure::Failure;
use crate::{step, tree};

/// `lint`: formatting, clippy with warnings as errors, and the documentation.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    step::quiet("cargo fmt", tree::cargo().args(["fmt", "--all", "--check"]))
}
