//! `cargo xtask panics`: the places in the drop-in from which a panic can be reached.

use crate::failure::Failure;
use crate::{dist, setup};
use std::collections::BTreeSet;

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
/// panicking, and no linker sees that ours are always right. Those of `ci/dist-panics.txt` may be there, each for the reason
/// said there, and no other; and what none of the targets has any more must leave the list.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let espressif = match arguments {
        [] => false,
        [word] if word == "--espressif" => true,
        _ => return Err(Failure::new("the one option is --espressif")),
    };
    let mut faults = Vec::new();
    let mut found = BTreeSet::new();
    for target in TARGETS {
        setup::target(target)?;
        let sites = dist::panic_sites(target, espressif)?;
        println!("{target}: {} reachable panic sites", sites.len());
        for (site, reason) in sites {
            match reason {
                Some(reason) => println!("  {site}\n      {reason}"),
                None => faults.push(format!("{target}: {site} can be reached and may not be")),
            }
            found.insert(site);
        }
    }
    if espressif {
        let told = |path| {
            format!("{path} is in ci/dist-panics.txt and in no archive any more: take it off")
        };
        faults.extend(dist::panics_gone(&found)?.into_iter().map(told));
    }
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        eprintln!("  {fault}");
    }
    let rule = if espressif {
        "they are to be those of ci/dist-panics.txt"
    } else {
        "there is to be none"
    };
    Err(Failure::new(format!(
        "{} faults in the panics that can be reached, above; {rule}",
        faults.len()
    )))
}
