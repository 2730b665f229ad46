//! This device's streams, time and random numbers.

use embassy_time::Duration;
use port_mqtt_ble::Stream as BleStream;

use super::Board;
use super::tcp::Tcp;
use crate::client::{DialError, Outside};
use crate::stream::DropSafe;

/// How long the phone may take for one packet: 4 KiB at the smallest MTU are 205 reads of its.
const BLE_STALL: Duration = Duration::from_secs(60);

/// This device.
pub(super) struct Device {
    board: &'static dyn Board,
    proxy: Option<BleStream>,
}

impl Device {
    /// Takes the BLE channel, so that a phone finds it open. `host` is what the phone is told.
    pub(super) fn new(board: &'static dyn Board, host: &'static str) -> Self {
        let proxy = BleStream::take(host).ok();
        if proxy.is_none() {
            log::error!("mqtt: somebody else has the BLE channel for MQTT");
        }
        Self { board, proxy }
    }
}

impl Outside for Device {
    type Wifi = Tcp;
    type Ble<'s> = DropSafe<&'s mut BleStream>;

    async fn wifi(&mut self, host: &str, port: u16) -> Result<Tcp, DialError> {
        Tcp::connect(host, port).await
    }

    async fn ble(&mut self) -> Result<Self::Ble<'_>, DialError> {
        let stream = self.proxy.as_mut().ok_or(DialError::NoSocket)?;
        stream.opened().await;
        Ok(DropSafe {
            stream,
            stall: BLE_STALL,
        })
    }

    fn unix_time(&mut self) -> Option<u64> {
        self.board.unix_time()
    }

    fn seed(&mut self) -> [u8; 32] {
        self.board.random()
    }
}
