//! `cargo xtask levels`: each attribute in each state of a link. `cargo xtask links`: every fault of the line and the
//! radio at every step of every request. `cargo xtask test` has both, the second in a choice of steps.

use std::process::Command;

use crate::failure::Failure;
use crate::{firmware, setup, step, tree};

/// Tells `ci/e2e/test_links.py` to leave no step out.
const EVERY_STEP: &str = "LINKS_EVERY_STEP";

/// `levels`.
pub(crate) fn levels(arguments: &[String]) -> Result<(), Failure> {
    none(arguments)?;
    setup::everything()?;
    step::shown(
        "each attribute in each state of a link, on this machine",
        &mut tests("ports/ble/tests/air/test_levels.py")?,
    )
}

/// `links`.
pub(crate) fn links(arguments: &[String]) -> Result<(), Failure> {
    none(arguments)?;
    setup::everything()?;
    firmware::build()?;
    step::shown(
        "every fault at every step of every request, in QEMU",
        tests("ci/e2e/test_links.py")?.env(EVERY_STEP, "1"),
    )
}

fn none(arguments: &[String]) -> Result<(), Failure> {
    if arguments.is_empty() {
        Ok(())
    } else {
        Err(Failure::new("this task takes no arguments"))
    }
}

fn tests(file: &str) -> Result<Command, Failure> {
    let mut command = tree::python_command()?;
    command
        .args(["-m", "pytest", "-q", "--tb=short"])
        .args(["-p", "no:cacheprovider", file]);
    Ok(command)
}
