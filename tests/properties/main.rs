//! What must hold for every message, found by generating them. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod cbor;
mod reader;
mod requests;
mod responses;
mod well_formed;
#[path = "../world/mod.rs"]
mod world;

use proptest::test_runner::Config;

/// So many generated cases a property; a failing one is told, shrunk, in the output.
fn cases(number: u32) -> Config {
    Config {
        cases: number,
        failure_persistence: None,
        ..Config::default()
    }
}
