//! The C interface as the headers in `include/`, or the project's own, declare it. Generated at
//! build time by bindgen (see `build.rs`), so that struct layouts follow the project's macros and
//! its compiler's enum width.
#![allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_code,
    dead_code,
    clippy::all,
    clippy::restriction,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/abi.rs"));
