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
mod decoders;
mod device;
mod faults;
mod handshakes;
mod happening;
mod live;
mod measured;
mod model;
mod phone;
mod properties;
mod protobuf;
mod random;
#[allow(dead_code, reason = "a fuzz target uses the rest")]
mod reader;
mod shadow;
mod vectors;
