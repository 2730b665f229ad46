//! BLE WiFi provisioning service for FreeRTOS: a drop-in for the C service of Amazon FreeRTOS.
//!
//! A tour, from the bytes inwards:
//!
//! - [`message`]: bytes to checked requests, and answers to bytes; one room a protocol.
//! - [`profile`]: a network and its credential.
//! - [`service`]: what a request does, on whatever implements the traits of [`platform`].
//!
//! With the feature `espressif` a second protocol speaks to the same service: `protocomm`, its
//! sessions and endpoints, which uses a heap while a message is read or written.
//!
//! With the feature `freertos` the two edges come to it: `rtos`, the kernel's lock, wake-up and
//! task; and `ffi`, the C symbols of `include/`. Everything else is safe, allocates nothing, and
//! knows neither C nor kernel nor clock.
#![cfg_attr(not(test), no_std)]

#[cfg(feature = "espressif")]
extern crate alloc;

pub mod config;
pub mod message;
pub mod platform;
pub mod profile;
#[cfg(feature = "espressif")]
pub mod protocomm;
#[cfg(feature = "espressif")]
pub mod secret;
pub mod service;
pub mod status;

#[cfg(feature = "freertos")]
pub mod ffi;
#[cfg(feature = "freertos")]
mod rtos;
