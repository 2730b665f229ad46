//! Espressif's protocol: its vectors, its handshakes, its faults, and what it does to the one service.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod behaviour;
mod board;
mod both;
mod device;
mod faults;
mod handshakes;
mod measured;
mod phone;
mod properties;
mod protobuf;
mod random;
mod vectors;
