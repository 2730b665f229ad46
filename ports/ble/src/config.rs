//! What a board tells the BLE half, and the limits of it.

/// Who the device is, on the air and in the Device Information service.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// The device name until `IotBle_SetDeviceName`; the first [`SHORT_NAME`] bytes are advertised.
    pub name: &'static str,
    /// The software version (`…ff01`).
    pub version: &'static str,
    /// The MQTT broker's host name (`…ff02`), may be empty.
    pub broker: &'static str,
    /// The platform's name (`…ff04`); empty reads `Unknown`.
    pub platform: &'static str,
    /// 32 uppercase hexadecimal digits (`…ff05`); empty reads `Unknown`.
    pub device_id: &'static str,
    /// Transmit power in dBm, as advertised.
    pub tx_power: i8,
    /// A static random address, least significant byte first, for a controller that has no public one.
    pub address: Option<[u8; 6]>,
}

/// How much of the name an advertisement has room for, bytes.
pub const SHORT_NAME: usize = 4;
