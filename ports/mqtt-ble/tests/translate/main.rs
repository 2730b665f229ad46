//! Packets to messages and back: the examples, what must hold for any bytes, and what phones do.
#![allow(clippy::arithmetic_side_effects, reason = "sums of a test")]

mod bytes;
mod device;
mod examples;
mod messages;
mod packets;
mod phones;
