//! `cargo xtask test`: every test there is, counted.

use crate::failure::Failure;
use crate::setup;

/// `test [FILTER]`.
pub(crate) fn run(_arguments: &[String]) -> Result<(), Failure> {
    setup::everything()
}
