//! The client on this machine, against mosquitto and `openssl s_server`, over real TCP.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    missing_docs,
    reason = "tests"
)]

mod authority;
mod mosquitto;
mod outside;
mod session;
mod settings;
mod trust;
