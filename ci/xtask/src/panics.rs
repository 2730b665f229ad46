//! `cargo xtask panics`: the places in the drop-in from which a panic can be reached.

use crate::failure::Failure;
use crate::{dist, setup};

/// Where no panic may be reachable: each kind of core the drop-in is tested on.
const TARGETS: &[&str] = &[
    "thumbv7m-none-eabi",
    "riscv32imc-unknown-none-elf",
    "i686-unknown-linux-gnu",
];

/// `panics`. The archive holds what its functions can reach and nothing else, so what panics leave
/// in it can be reached.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    let mut sum = 0_usize;
    for target in TARGETS {
        setup::target(target)?;
        let sites = dist::panic_sites(target)?;
        println!("{target}: {} reachable panic sites", sites.len());
        for site in &sites {
            println!("  {site}");
        }
        sum = sum.saturating_add(sites.len());
    }
    if sum == 0 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{sum} panics can be reached; none may be"
    )))
}
