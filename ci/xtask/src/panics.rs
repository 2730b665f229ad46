//! `cargo xtask panics`: the places in the drop-in from which a panic can be reached.

use crate::failure::Failure;
use crate::{dist, setup};

/// Where no panic may be reachable: each kind of core the drop-in is tested on.
const TARGETS: &[&str] = &[
    "thumbv7m-none-eabi",
    "riscv32imc-unknown-none-elf",
    "i686-unknown-linux-gnu",
];

/// `panics [--espressif]`. The archive holds what its functions can reach and nothing else, so what panics leave
/// in it can be reached.
///
/// The drop-in may have none. With Espressif's protocol there are some: prost and the ciphers check lengths by
/// panicking, and no linker sees that ours are always right. Those of `ci/dist-panics.txt` may be there, and no other.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let espressif = match arguments {
        [] => false,
        [word] if word == "--espressif" => true,
        _ => return Err(Failure::new("the one option is --espressif")),
    };
    let mut faults = Vec::new();
    for target in TARGETS {
        setup::target(target)?;
        let sites = dist::panic_sites(target, espressif)?;
        println!("{target}: {} reachable panic sites", sites.all.len());
        for site in &sites.all {
            println!("  {site}");
        }
        faults.extend(sites.faults);
    }
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        eprintln!("  {fault}");
    }
    let which = if espressif {
        "those of ci/dist-panics.txt"
    } else {
        "none"
    };
    Err(Failure::new(format!(
        "{} panics can be reached that may not be, above; {which} may be",
        faults.len()
    )))
}
