//! Packets to messages and back: the examples, what must hold for any bytes, and what phones do.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing"
)]

mod bytes;
mod device;
mod examples;
mod messages;
mod packets;
mod phones;
