//! The BLE half of the platform contract: a GATT server with the Device Information and the
//! data-transfer services over `trouble-host`, pairing by numeric comparison, bonds in flash, and
//! the C symbols of `include/iot_ble_data_transfer.h` and `ports/ble/include/iot_ble.h`.
//!
//! A board gives [`run`] a transport to its BLE controller and polls it in one task:
//!
//! ```text
//! let transport = bt_hci_serial::SerialTransport::<NoopRawMutex, _, _>::new(uart_rx, uart_tx);
//! port_ble::run(&transport, CONFIG, records, &port_ble::freertos::FreeRtosTasks).await
//! ```
//!
//! Nothing is on the air before [`Ble::on`] (in C: `IotBle_On`).
#![no_std]

mod advertise;
mod ble;
#[cfg(feature = "freertos")]
mod c;
pub mod channel;
mod config;
// What is not named below is for `ci/fuzz`.
#[doc(hidden)]
pub mod endpoints;
#[cfg(feature = "freertos")]
pub mod freertos;
mod gatt;
mod host;
mod pairing;
mod pool;
mod sieve;
mod tasks;

pub use ble::{
    BLE, Ble, ChannelEvent, ChannelId, Forget, Listener, Observer, PairingResult, Presence,
    SendError,
};
pub use config::{
    BONDS_MAX, Config, ENDPOINTS_MAX, MQTT_MESSAGE_MAX, NAME_MAX, RX_MESSAGE_MAX, SERVER_MTU,
    SHORT_NAME, TX_MESSAGE_MAX, VALUE_MAX,
};
pub use endpoints::{Answer, Endpoints, Name};
pub use host::run;
pub use pairing::Question;
pub use tasks::Tasks;
