//! Tells the network manager what happens to WiFi and Bluetooth.

use port_ble::{BLE, Presence};
use port_network::{Input, Network, input};
use port_wifi::CALLS;
use port_wifi::calls::{Event, LeftBecause};

/// Begins to; false when somebody else is told of WiFi already.
///
/// Context: before the scheduler runs.
#[must_use]
pub fn start() -> bool {
    let told = CALLS.tell(wifi);
    BLE.watch(phone);
    told
}

/// Context: the net task.
fn wifi(event: &Event) {
    match event {
        Event::AddressReady(_) => input(Input::Connected(Network::Wifi)),
        Event::Left(LeftBecause::Asked) => input(Input::Disconnected(Network::Wifi)),
        Event::Left(_) => input(Input::Lost(Network::Wifi)),
        Event::Joined | Event::JoinFailed(_) | Event::ScanDone => {}
    }
}

/// Context: the BLE task.
fn phone(before: Presence, now: Presence) {
    match (before.mqtt, now.mqtt) {
        (false, true) => input(Input::Connected(Network::Ble)),
        (true, false) => input(Input::Disconnected(Network::Ble)),
        (false, false) | (true, true) => {}
    }
    if is_busy(before) != is_busy(now) {
        input(Input::PhoneBusy(is_busy(now)));
    }
}

/// A phone that has proved who it is may be about to choose a network, unless all it does is carry
/// MQTT.
fn is_busy(phone: Presence) -> bool {
    phone.authenticated && (phone.provisioning || !phone.mqtt)
}
