//! What every board does the same. A board brings a console, radios and flash; this crate is what lies between
//! those and the ports.
#![cfg_attr(not(test), no_std)]

#[cfg(feature = "freertos")]
pub mod links;
pub mod logger;
pub mod store;
