//! MQTT 3.1.1 over whatever network carries data: TLS 1.3 over WiFi, or a phone's proxy over BLE.
//!
//! | module | what |
//! |---|---|
//! | [`packet`] | bytes and packets |
//! | [`session`] | what is unacknowledged, subscribed to, heard; without I/O and clock |
//! | [`tls`] | TLS 1.3 with both ends' certificates, over a [`stream`] |
//! | [`client`] | the session over the network that carries data; [`client::run`] is the task |
//! | `freertos` | the task "mqtt" and the C symbols of `port_mqtt.h` (feature `freertos`) |
//! | [`settings`] | the broker, the device's name and key, as provisioned |
#![no_std]

#[cfg(test)]
extern crate std;

pub mod client;
#[cfg(feature = "freertos")]
pub mod freertos;
pub mod packet;
pub mod session;
pub mod settings;
pub mod stream;
pub mod tls;
