//! Runs every vector of `tests/vectors/` on the bare processor and prints one line a group.
//!
//! `cargo build --release -p vectors-qemu --target thumbv7m-none-eabi`, then
//! `qemu-system-arm -M mps2-an385 -nographic -semihosting -kernel …/vectors-qemu`: ends 0 when all
//! passed. On the host `cargo run -p vectors-qemu` does the same.
#![cfg_attr(target_os = "none", no_std, no_main)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

#[path = "../../../tests/vectors/case.rs"]
mod case;
#[path = "../../../tests/vectors/check.rs"]
mod check;
#[cfg(target_os = "none")]
mod processor;
#[path = "../../../tests/world/mod.rs"]
mod world;

use core::fmt::{self, Write};

use case::{Decoding, Encoding, Expected, Outcome::*, Run, Says::*, Table};
use check::Verdict;

const TABLE: Table<'static> = include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Checks all groups; gives how many cases failed.
fn report(out: &mut impl Write) -> Result<u32, fmt::Error> {
    let mut passed = 0;
    let mut failed = 0;
    for (of, bad) in [
        group(
            out,
            "responses",
            TABLE.encodings,
            |case| case.id,
            check::encoding,
        )?,
        group(
            out,
            "requests",
            TABLE.decodings,
            |case| case.id,
            check::decoding,
        )?,
        group(out, "runs", TABLE.runs, |case| case.id, check::run)?,
    ] {
        passed += of - bad;
        failed += bad;
    }
    // The form of cargo's own summaries, which `cargo xtask test` adds up.
    let result = if failed == 0 { "ok" } else { "FAILED" };
    writeln!(
        out,
        "test result: {result}. {passed} passed, {failed} failed"
    )?;
    Ok(failed)
}

/// Checks one group; gives how many cases it has, and how many failed.
fn group<T>(
    out: &mut impl Write,
    name: &str,
    cases: &[T],
    id: fn(&T) -> &str,
    check: fn(&T) -> Verdict,
) -> Result<(u32, u32), fmt::Error> {
    let mut of = 0;
    let mut bad = 0;
    for case in cases {
        of += 1;
        if let Err(what) = check(case) {
            bad += 1;
            writeln!(out, "{name} {}: {what}", id(case))?;
        }
    }
    writeln!(out, "{name}: {} of {of}", of - bad)?;
    Ok((of, bad))
}

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    let mut text = String::new();
    let failed = report(&mut text);
    print!("{text}");
    match failed {
        Ok(0) => std::process::ExitCode::SUCCESS,
        _ => std::process::ExitCode::FAILURE,
    }
}
