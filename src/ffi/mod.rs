//! The C edge.

pub mod abi;
