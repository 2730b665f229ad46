//! Every vector of the C service, against ours. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod case;
mod check;
mod table;
#[path = "../world/mod.rs"]
mod world;

use check::Verdict;

/// Checks all cases, and tells all that fail.
fn all<T>(cases: &[T], id: fn(&T) -> &str, check: fn(&T) -> Verdict) {
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", id(case), check(case).err()?)))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_response_is_written_byte_for_byte() {
    let table = table::read();
    assert_eq!(table.encodings.len(), 83);
    all(table.encodings, |case| case.id, check::encoding);
}

#[test]
fn every_request_is_read_as_decided() {
    let table = table::read();
    assert_eq!(table.decodings.len(), 189);
    all(table.decodings, |case| case.id, check::decoding);
}

#[test]
fn every_run_goes_as_decided() {
    let table = table::read();
    assert_eq!(table.runs.len(), 28 + 7);
    all(table.runs, |case| case.id, check::run);
}
