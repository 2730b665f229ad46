//! `cargo xtask soak`: thousands of provisioning cycles, and what is left of heap, stack and flash.

use crate::failure::Failure;
use crate::{abi, firmware, setup, step, tree};

/// Cycles with the C platform on this machine.
const ON_HOST: u32 = 10_000;

/// Cycles in QEMU, a link each.
const IN_QEMU: u32 = 500;

/// `soak [CYCLES]`: so many in QEMU.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let in_qemu = match arguments {
        [] => IN_QEMU,
        [cycles] => cycles
            .parse()
            .ok()
            .filter(|cycles| *cycles > 0)
            .ok_or_else(|| Failure::new("CYCLES is a number of 1 or more"))?,
        _ => return Err(Failure::new("one number at most: the cycles in QEMU")),
    };
    setup::everything()?;
    abi::soak(ON_HOST)?;
    step::shown(
        "what that takes of the flash",
        tree::cargo()
            .args(["run", "--locked", "--quiet", "--profile", "host"])
            .args(["--package", "powercut", "--features", "espressif"])
            .args(["--", "wear"]),
    )?;
    firmware::build()?;
    let mut phones = tree::python_command()?;
    phones
        .env("SOAK_CYCLES", in_qemu.to_string())
        .args(["-m", "pytest", "-q", "-s", "--tb=short"])
        .args(["-p", "no:cacheprovider", "ci/e2e/test_soak.py"]);
    step::shown(&format!("{in_qemu} cycles in QEMU"), &mut phones)
}
