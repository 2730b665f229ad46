//! The C edge: symbols, C types and every pointer. Nothing here decides.
//!
//! | file | what |
//! |---|---|
//! | `data_transfer` | `IotBleDataTransfer_*`, of `iot_ble_data_transfer.h` |
//! | `device` | `IotBle_*`, of `iot_ble.h` |
//! | `events` | the callbacks registered there |
//! | `protocomm`, `qr` | `IotBleProtocomm_*`, of `iot_ble_protocomm.h`, with the feature `espressif` |
#![allow(
    unsafe_code,
    unreachable_pub,
    reason = "the C edge: its callers are in C"
)]

mod data_transfer;
mod device;
mod events;
#[cfg(feature = "espressif")]
pub(crate) mod protocomm;
#[cfg(feature = "espressif")]
mod qr;
#[cfg(feature = "espressif")]
mod setting;

/// `iot_ble.h` as bindgen reads it.
mod abi {
    #![allow(
        missing_docs,
        non_camel_case_types,
        non_snake_case,
        non_upper_case_globals,
        dead_code,
        clippy::all,
        clippy::restriction,
        reason = "generated code"
    )]
    include!(concat!(env!("OUT_DIR"), "/iot_ble.rs"));
}
