//! What the machine needs beside rustup. Looks first, installs only what is missing.

mod debian;
mod python;
mod rust;
mod tool;

use crate::failure::Failure;

pub(crate) use tool::Tool;

/// `cargo xtask setup`, and the first step of the tasks that need Python.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    everything()
}

/// Packages and Python's environment: what running the virtual device needs.
pub(crate) fn everything() -> Result<(), Failure> {
    packages()?;
    python::install()
}

/// Compilers and QEMU: what building needs.
pub(crate) fn packages() -> Result<(), Failure> {
    debian::install()?;
    rust::install()
}

/// What building for a target needs.
pub(crate) fn target(name: &str) -> Result<(), Failure> {
    packages()?;
    rust::targets(&[name.to_owned()])
}
