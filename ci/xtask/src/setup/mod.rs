//! What the machine needs beside rustup. Looks first, installs only what is missing.

mod debian;
mod python;

use crate::failure::Failure;
use std::sync::OnceLock;

/// `cargo xtask setup`, and the first step of the tasks that need QEMU or Python.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    debian::install()?;
    python::install()
}

/// The same, once in a process, for a task that calls others.
pub(crate) fn ensure() -> Result<(), Failure> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.get().is_none() {
        run(&[])?;
        let _ = DONE.set(());
    }
    Ok(())
}
