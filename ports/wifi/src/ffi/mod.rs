//! The C symbols. Pointers and C types end here; what is called is in [`crate::calls`],
//! [`crate::saved`] and [`crate::tcp`].

#![allow(
    unsafe_code,
    unreachable_pub,
    reason = "the C edge: its callers are in C"
)]
#![allow(
    clippy::unnecessary_fallible_conversions,
    clippy::useless_conversion,
    reason = "C enums are of another width on another target"
)]

mod convert;
mod events;
#[cfg(feature = "espressif")]
mod reason;
mod store;
mod tcp;
mod wifi;

use port_store::Records;

/// Names where the saved networks are kept. Call it once, before the scheduler runs or from a task;
/// until then the `WIFI_Network*` functions fail.
pub fn init(records: &'static dyn Records) {
    store::open(records);
    if !crate::CALLS.tell(events::dispatch) {
        log::error!(target: "wifi", "WIFI_RegisterEvent will tell nothing: others took its place");
    }
}
