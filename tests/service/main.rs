//! What requests do to a device, against a plain model of it. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod cut;
mod device;
mod edit;
mod joining;
mod list;
mod live;
mod model;
mod random;
mod repair;
#[cfg(feature = "espressif")]
mod replace;
#[path = "../world/mod.rs"]
mod world;
