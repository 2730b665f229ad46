//! Bytes to checked requests, and answers to bytes: one room a protocol.

pub mod amazon;
#[cfg(feature = "espressif")]
pub mod espressif;
