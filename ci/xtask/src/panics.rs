//! `cargo xtask panics`: the places in the drop-in from which a panic can be reached.

use crate::failure::Failure;
use crate::{dist, setup};

/// Where no panic may be reachable: each kind of core the drop-in is tested on.
const TARGETS: &[&str] = &[
    "thumbv7m-none-eabi",
    "riscv32imc-unknown-none-elf",
    "i686-unknown-linux-gnu",
];

/// Those Espressif's protocol is built for: prost's buffers count by compare-and-swap, which riscv32imc has not.
const ESPRESSIF_TARGETS: &[&str] = &["thumbv7m-none-eabi", "i686-unknown-linux-gnu"];

/// `panics [--espressif]`. The archive holds what its functions can reach and nothing else, so what panics leave
/// in it can be reached.
///
/// The drop-in may have none. With Espressif's protocol there are some: prost and the ciphers check lengths by
/// panicking, and no linker sees that ours are always right. They are shown, and may be there.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let espressif = match arguments {
        [] => false,
        [word] if word == "--espressif" => true,
        _ => return Err(Failure::new("the one option is --espressif")),
    };
    let mut sum = 0_usize;
    for target in if espressif {
        ESPRESSIF_TARGETS
    } else {
        TARGETS
    } {
        setup::target(target)?;
        let sites = dist::panic_sites(target, espressif)?;
        println!("{target}: {} reachable panic sites", sites.len());
        for site in &sites {
            println!("  {site}");
        }
        sum = sum.saturating_add(sites.len());
    }
    if espressif {
        println!(
            "these are of the libraries under Espressif's protocol; the drop-in without it may have none"
        );
        return Ok(());
    }
    if sum == 0 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{sum} panics can be reached; none may be"
    )))
}
