//! Switching networks on and off, through the platform contract.

use wifi_provision::ffi::abi as contract;

use super::tasks::{self, Done, HUB};
use super::{abi, connect_task};
use crate::network::{Network, Networks};

/// Switches them on, BLE first: a phone can then be there while WiFi takes its time. Gives those that
/// are on.
pub(super) fn enable(networks: Networks) -> Networks {
    let mut done = tasks::switch();
    let mut on = Networks::NONE;
    for network in [Network::Ble, Network::Wifi] {
        if networks.contains(network) && switch_on(network, &mut done) {
            HUB.enable(network, true);
            on = on.with(network);
        }
    }
    // With WiFi enabled, so that what is joined counts.
    if on.contains(Network::Wifi) && !connect_task::start(&done) {
        log::error!(target: "network", "no memory for joining saved networks");
    }
    on
}

/// Switches them off, WiFi first. Gives those that are off.
pub(super) fn disable(networks: Networks) -> Networks {
    let _done = tasks::switch();
    let mut off = Networks::NONE;
    for network in [Network::Wifi, Network::Ble] {
        if !networks.contains(network) {
            continue;
        }
        let is_off = switch_off(network);
        // Bluetooth that cannot wait for its end goes off all the same.
        if is_off || network == Network::Ble {
            HUB.enable(network, false);
        }
        if is_off {
            off = off.with(network);
        }
    }
    off
}

fn switch_on(network: Network, done: &mut Done) -> bool {
    let is_on = match network {
        Network::Wifi => {
            // SAFETY: takes nothing; we are in a task.
            unsafe { contract::WIFI_On() == contract::eWiFiSuccess }
        }
        Network::Ble => {
            if !done.ble {
                // SAFETY: as above.
                done.ble = unsafe { abi::IotBle_Init() == abi::eBTStatusSuccess };
            }
            // SAFETY: as above, after the initialisation.
            done.ble && unsafe { abi::IotBle_On() == abi::eBTStatusSuccess }
        }
    };
    if !is_on {
        log::error!(target: "network", "{network} cannot be switched on");
    }
    is_on
}

fn switch_off(network: Network) -> bool {
    match network {
        Network::Wifi => {
            connect_task::end();
            // Success also when nothing is joined; a radio that fails here may yet be switched off.
            // SAFETY: takes nothing; we are in a task.
            let left = unsafe { contract::WIFI_Disconnect() };
            // SAFETY: as above.
            let off = unsafe { contract::WIFI_Off() };
            if left != contract::eWiFiSuccess {
                log::warn!(target: "network", "WiFi was switched off without leaving its network first");
            }
            off == contract::eWiFiSuccess
        }
        Network::Ble => {
            // SAFETY: as above.
            unsafe { abi::IotBle_Off() == abi::eBTStatusSuccess }
        }
    }
}
