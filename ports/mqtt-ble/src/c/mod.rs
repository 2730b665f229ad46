//! The C edge: symbols, C types and every pointer. Nothing here decides.
//!
//! | file | what |
//! |---|---|
//! | `symbols` | `IotBleMqttTransport*`, of `iot_ble_mqtt_transport.h` |
//! | `transport` | one transport, in the memory its application gave |
//! | `kernel` | waking, and sections no other task comes between |
#![allow(
    unsafe_code,
    unreachable_pub,
    reason = "the C edge: its callers are in C"
)]

mod kernel;
mod symbols;
mod transport;

/// `iot_ble_mqtt_transport.h` as bindgen reads it.
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
    include!(concat!(env!("OUT_DIR"), "/iot_ble_mqtt_transport.rs"));
}
