//! The WiFi half of the platform contract: `WIFI_*` over a radio driver, an IP stack, and a record
//! in flash.
//!
//! ```text
//!  any task ── WIFI_*, PORT_Tcp* (ffi) ──► mailbox, tcp slots ──► the net task: run()
//!             the saved list (saved)                              ├─ station: joins, leaves, scans
//!             is the caller's own work                            ├─ embassy-net: DHCP, TCP
//!                                                                 └─ radio driver (modem, or a chip's own)
//! ```
//!
//! - [`radio`] is what a board provides; [`modem`] is one such driver, over a serial line.
//! - [`station`] owns the state of the connection and runs in the net task; it is plain async Rust.
//! - C callers block on a kernel semaphore; that, and every pointer, is in `ffi` (feature `freertos`).
#![no_std]

#[cfg(test)]
extern crate std;

pub mod calls;
pub mod failure;
#[cfg(feature = "freertos")]
mod ffi;
pub mod gate;
pub mod modem;
pub mod net;
pub mod network;
pub mod radio;
mod run;
pub mod saved;
pub mod station;
pub mod tcp;
#[cfg(test)]
mod virtual_time;
mod wear;

#[cfg(feature = "freertos")]
pub use ffi::init;
pub use run::{CALLS, Resources, run};
