//! `cargo xtask drop-in`: the C project of `demos/drop-in`, built by CMake and run in QEMU, then every test of the drop-in in
//! C projects, the guide of `docs/PORTING.md` among them.

use crate::failure::Failure;
use crate::{setup, step, tree};
use std::process::Command;

/// The folder of those tests.
pub(crate) const TESTS: &str = "ci/drop-in";

/// `drop-in`.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    setup::everything()?;
    let root = tree::root();
    let build = tree::made().join("drop-in/demo");
    step::quiet(
        "configuring the demo",
        Command::new("cmake")
            .arg("-S")
            .arg(root.join("demos/drop-in"))
            .arg("-B")
            .arg(&build),
    )?;
    step::shown(
        "building the demo",
        Command::new("cmake").arg("--build").arg(&build),
    )?;
    step::shown(
        "a phone in QEMU: list, add, edit, delete",
        Command::new("ctest").arg("--verbose").current_dir(&build),
    )?;
    step::shown(
        "the drop-in in C projects",
        tree::python_command()?
            .args(["-m", "pytest", "-v", "--tb=short"])
            .args(["-p", "no:cacheprovider", TESTS]),
    )
}
