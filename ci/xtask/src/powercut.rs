//! `cargo xtask powercut`: what a power cut at every instant leaves of the saved networks.

use crate::failure::Failure;
use crate::{setup, step, tree};

/// `powercut`.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    setup::packages()?;
    step::shown(
        "the power is cut at every instant of every operation (a minute)",
        tree::cargo().args([
            "run",
            "--locked",
            "--profile",
            "host",
            "--package",
            "powercut",
            "--features",
            "espressif",
        ]),
    )
}
