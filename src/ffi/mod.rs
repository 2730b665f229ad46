//! The C edge: exported symbols, C types and every pointer. Nothing here decides.
//!
//! | file | what |
//! |---|---|
//! | `abi` | the headers as bindgen reads them |
//! | `iot_ble_wifi_prov` | `IotBleWifiProv_*` |
//! | `wifi_provision` | `WIFI_PROVISION_*` |
//! | `serializer` | the table `IotBleWifiProv_GetSerializer` gives, if no other is linked |
//! | `custom` | messages by such another, with the feature `custom-serializer` |
//! | `instance` | the one service: who may touch what when |
//! | `inbox` | messages of the phone on their way to the task |
//! | `outbox` | answers on their way to the phone |
//! | `channel` | the phone: `IotBleDataTransfer_*` |
//! | `protocomm` | `WIFI_PROVISION_Protocomm*`, with the feature `espressif` |
//! | `wifi`, `desk` | `WIFI_*`, and the memory it works on |
#![allow(unsafe_code, reason = "talks to C")]

pub mod abi;
mod channel;
#[cfg_attr(not(feature = "custom-serializer"), path = "no_custom.rs")]
mod custom;
mod desk;
mod inbox;
mod instance;
pub mod iot_ble_wifi_prov;
mod log;
mod outbox;
#[cfg(feature = "espressif")]
pub mod protocomm;
mod serializer;
mod wifi;
pub mod wifi_provision;

use crate::config;

// The limits compiled in are those the project's headers tell its C code. They differ where the environment orders one
// that a header, or a flag of the project's, defines otherwise, come what may.
const _: () = {
    assert!(
        config::MAX_SAVED_NETWORKS == abi::EDGE_MAX_SAVED_NETWORKS as usize,
        "WIFI_PROVISION_MAX_SAVED_NETWORKS is not the smaller of IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS and \
         wificonfigMAX_NETWORK_PROFILES as the project's headers and flags define them: change those, or do not set it"
    );
    assert!(
        config::MAX_SCAN_NETWORKS == abi::EDGE_MAX_SCAN_NETWORKS as usize,
        "WIFI_PROVISION_MAX_SCAN_NETWORKS is not what the project's headers and flags define as \
         IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS: change those, or do not set it"
    );
    assert!(
        config::MAX_SSID_BYTES == abi::wificonfigMAX_SSID_LEN as usize,
        "WIFI_PROVISION_MAX_SSID_BYTES is not what the project's headers and flags define as wificonfigMAX_SSID_LEN: \
         change those, or do not set it"
    );
    assert!(
        config::MAX_PASSPHRASE_BYTES == abi::wificonfigMAX_PASSPHRASE_LEN as usize,
        "WIFI_PROVISION_MAX_PASSPHRASE_BYTES is not what the project's headers and flags define as \
         wificonfigMAX_PASSPHRASE_LEN: change those, or do not set it"
    );
    assert!(
        config::BSSID_BYTES == abi::wificonfigMAX_BSSID_LEN as usize,
        "wificonfigMAX_BSSID_LEN must be 6"
    );
    assert!(
        abi::EDGE_MAX_DELAY_IS_32_BITS == 1,
        "the service needs 32-bit ticks: configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS"
    );
};
