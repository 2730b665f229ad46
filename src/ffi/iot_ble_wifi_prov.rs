//! `IotBleWifiProv_*`: see `iot_ble_wifi_provisioning.h`. Context of all: any task.
//!
//! With the feature `custom-serializer`, `IotBleWifiProv_GetSerializer` is weak, and so in C:
//! `default_serializer.c`.

use super::instance::{self, Init, Ready};
#[cfg(not(feature = "custom-serializer"))]
use super::serializer;
use super::{abi, wifi};
use crate::service::Request;

// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::IotBleWifiProv_Init as unsafe extern "C" fn() -> _,
        IotBleWifiProv_Init,
    ];
    let _ = [
        abi::IotBleWifiProv_RunProcessLoop as unsafe extern "C" fn() -> _,
        IotBleWifiProv_RunProcessLoop,
    ];
    let _ = [
        abi::IotBleWifiProv_GetNumNetworks as unsafe extern "C" fn() -> _,
        IotBleWifiProv_GetNumNetworks,
    ];
    let _ = [
        abi::IotBleWifiProv_Connect as unsafe extern "C" fn(_) -> _,
        IotBleWifiProv_Connect,
    ];
    let _ = [
        abi::IotBleWifiProv_Stop as unsafe extern "C" fn() -> _,
        IotBleWifiProv_Stop,
    ];
    let _ = [
        abi::IotBleWifiProv_EraseAllNetworks as unsafe extern "C" fn() -> _,
        IotBleWifiProv_EraseAllNetworks,
    ];
    let _ = [
        abi::IotBleWifiProv_Deinit as unsafe extern "C" fn(),
        IotBleWifiProv_Deinit,
    ];
    #[cfg(not(feature = "custom-serializer"))]
    let _ = [
        abi::IotBleWifiProv_GetSerializer as unsafe extern "C" fn() -> _,
        IotBleWifiProv_GetSerializer,
    ];
};

/// Makes the service ready. Blocks as long as the store does, and for a request in progress at most the
/// timeout of `wifi_provision.h`.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_Init() -> bool {
    instance::init() != Init::NoMemory
}

/// Serves phones in the calling task until [`IotBleWifiProv_Stop`].
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_RunProcessLoop() -> bool {
    let Some(service) = Ready::find() else {
        return false;
    };
    let is_open = service.claim_loop() && service.open_channel();
    if is_open {
        service.serve();
    }
    is_open
}

/// Counts the saved networks in the store; blocks as long as that does.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_GetNumNetworks() -> u32 {
    wifi::count_saved() as u32
}

/// Joins a saved network; blocks as long as the driver does.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_Connect(network_index: u32) -> bool {
    let priority = i16::try_from(network_index).unwrap_or(i16::MAX);
    instance::run(&Request::Join { priority })
}

/// Ends the loop after the request in progress; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_Stop() -> bool {
    Ready::find().is_some_and(|service| {
        // Nothing to stop is as good as stopped.
        let _ = service.stop();
        true
    })
}

/// Forgets all saved networks; blocks as long as the store and the driver do.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_EraseAllNetworks() -> bool {
    instance::run(&Request::EraseAll)
}

/// Ends everything. Waits for the loop at most the timeout of `wifi_provision.h`; a request that
/// takes longer is carried out, and the loop ends with it.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_Deinit() {
    if let Some(service) = Ready::find() {
        // First, so that nobody begins a loop between the end of this one and that.
        service.leave();
        // A loop that takes longer ends by itself.
        let _ = service.stop_and_wait();
        service.clear_away();
    }
}

/// The table that reads and writes messages. Never null.
#[cfg(not(feature = "custom-serializer"))]
#[unsafe(no_mangle)]
pub extern "C" fn IotBleWifiProv_GetSerializer() -> *mut abi::IotBleWifiProvSerializer_t {
    serializer::table()
}
