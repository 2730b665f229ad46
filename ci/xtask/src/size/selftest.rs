//! The measuring, measured: `ci/measure/selftest/known.S` is a service whose costs were counted
//! by hand.

use super::figures::Figures;
use super::image::{Bench, TOOLS};
use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::process::Command;

/// Measures the known service and compares.
pub(super) fn run() -> Result<(), Failure> {
    let work = tree::made().join("measure/self-test");
    fs::create_dir_all(&work).doing(format!("making {}", work.display()))?;
    let (object, archive) = (work.join("known.o"), work.join("libknown.a"));
    step::output(
        "assembling the known service",
        Command::new(format!("{TOOLS}gcc"))
            .args(["-mcpu=cortex-m3", "-mthumb", "-c"])
            .arg(tree::root().join("ci/measure/selftest/known.S"))
            .arg("-o")
            .arg(&object),
    )?;
    step::output(
        "making its archive",
        Command::new(format!("{TOOLS}ar"))
            .arg("rcsD")
            .arg(&archive)
            .arg(&object),
    )?;
    let figures = super::measure(&Bench::new(&archive, "self-test")?)?;
    let figures = known(&figures);
    for (what, measured, known) in &figures {
        if measured != known {
            return Err(Failure::new(format!(
                "the measuring is wrong: {what} of the known service is {known}, but {measured} was measured; look at ci/measure and ci/xtask/src/size"
            )));
        }
    }
    println!(
        "all {} figures of the known service are as counted by hand",
        figures.len()
    );
    Ok(())
}

/// What was measured beside what `known.S` says.
fn known(figures: &Figures) -> Vec<(String, u64, u64)> {
    let one = figures.flash.one_family;
    let mut known: Vec<(String, u64, u64)> = [
        ("zeroed memory", one.bss, 100),
        ("initialised memory", one.data, 4),
        ("constants", one.rodata, 8),
        ("heap blocks after Init", figures.init.blocks, 2),
        (
            "heap asked for by Init",
            figures.init.requested,
            40 + figures.event_group,
        ),
        // heap_4 puts 8 bytes before a block and rounds to 8.
        (
            "heap taken by Init",
            figures.init.consumed,
            48 + 8 + figures.event_group.next_multiple_of(8),
        ),
        ("heap taken by the loop", figures.serving.consumed, 0),
    ]
    .map(|(what, measured, known)| (what.to_owned(), measured, known))
    .into();
    for request in &figures.requests {
        for (what, measured, expected) in [
            (
                "instructions of the callback",
                request.callback_instructions,
                211,
            ),
            (
                "instructions of the loop",
                request.loop_instructions,
                9 + 4 + 8,
            ),
            (
                "stack of the callback",
                u64::from(request.callback.core_bytes),
                200,
            ),
            (
                "stack of the loop",
                u64::from(request.process.core_bytes),
                88 + 32,
            ),
            ("heap blocks", request.blocks, 0),
        ] {
            known.push((format!("{what}, {}", request.name), measured, expected));
        }
    }
    known
}
