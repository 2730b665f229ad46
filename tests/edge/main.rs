//! The C edge from the side of C, with a platform in Rust: what can be run where no C can, in Miri. There is one
//! task, and time passes only when that waits. The C programs of `tests/abi/` have the kernel and the tasks.
//!
//! What crosses the edge lies in a block of just its length, so that Miri sees every step beyond.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing, and speaks to C's functions"
)]

#[cfg(feature = "espressif")]
mod endpoints;
mod kernel;
mod phone;
mod radio;
mod serializer;
mod serving;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// There is one service in a process: one test at a time has it.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Octets written in hexadecimal digits, in a block of just their length.
fn hex(digits: &str) -> Box<[u8]> {
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits"))
        .collect()
}
