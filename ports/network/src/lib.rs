//! The network manager: which networks there are, which carries data, and joining the saved ones.
//!
//! ```text
//!  WiFi, BLE ── Input ──► Hub: Manager (state of each network) ──► Choice ──► Links: an MQTT session
//!  (any context)           │        └─ what subscribers know  ──► callbacks, in the manager's task
//!                          └──────► Joining: Joiner ──► saved networks, in a task of its own
//! ```
//!
//! | file | what |
//! |---|---|
//! | [`network`] | a network, a set of them, the state of one |
//! | [`manager`] | what inputs mean; no I/O and no clock |
//! | `preference` | WiFi before BLE, without going back and forth |
//! | [`subscriptions`] | who is told what |
//! | [`joining`] | trying the saved networks, for ever |
//! | [`choice`] | the network that carries data; [`Links`], through which a session follows it |
//! | [`hub`] | the manager where tasks meet |
//! | `ffi` | the C symbols and the tasks (feature `freertos`) |
//!
//! The crate knows neither `ports/wifi` nor `ports/ble`: a board tells it what happens with
//! [`Input`]s, and it reaches them through the C symbols of the platform contract.
#![no_std]

#[cfg(test)]
extern crate std;

pub mod choice;
mod deadline;
#[cfg(feature = "freertos")]
mod ffi;
pub mod hub;
pub mod joining;
pub mod manager;
pub mod network;
mod preference;
pub mod subscriptions;
#[cfg(test)]
mod virtual_time;

pub use choice::{Choice, Links};
#[cfg(feature = "freertos")]
pub use ffi::input;
pub use manager::Input;
pub use network::{Network, Networks, State};
pub use preference::STEADY;

/// The network that carries this device's data.
pub static CHOICE: Choice = Choice::new();

/// A view on [`CHOICE`] for one task.
///
/// Context: any.
#[must_use]
pub fn links() -> Links<'static> {
    CHOICE.links()
}
