//! What prost makes of `../proto/`. Generated and committed; see the head of each file.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::restriction,
    reason = "generated code"
)]

pub(super) mod config;
pub(super) mod control;
pub(super) mod scan;
pub(super) mod session;
