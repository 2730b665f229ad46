//! The C edge: symbols, C types, every pointer, and the two tasks. Nothing here decides.
//!
//! | file | what |
//! |---|---|
//! | `manager` | `AwsIotNetworkManager_*`, of `aws_iot_network_manager.h` |
//! | `connect_task` | `xWiFiConnectTaskInitialize` and `vWiFiConnectTaskDestroy`, of the same header |
//! | `radios` | switching networks on and off, through the platform contract |
//! | `parameters` | the pointers the application keeps here |
//! | `tasks` | the one manager, and its task |
#![allow(
    unsafe_code,
    unreachable_pub,
    reason = "the C edge: its callers are in C"
)]

mod connect_task;
mod manager;
mod parameters;
mod radios;
mod tasks;

/// The headers as bindgen reads them.
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
    include!(concat!(env!("OUT_DIR"), "/abi.rs"));
}

use crate::manager::Input;

/// Tells the device's network manager what happened.
///
/// Context: any, also before `AwsIotNetworkManager_Init`; does not block.
pub fn input(input: Input) {
    tasks::HUB.input(input);
}
