//! The UUIDs, least significant byte first as they are on the air.

/// `8a7f1168-48af-4efb-83b5-e679f932ff00`, the Device Information service.
pub(crate) const DEVICE_INFORMATION: [u8; 16] = device_information(0x00);

/// A characteristic of the Device Information service by its last byte, `01`…`05`.
pub(super) const fn device_information(last: u8) -> [u8; 16] {
    [
        last, 0xFF, 0x32, 0xF9, 0x79, 0xE6, 0xB5, 0x83, 0xFB, 0x4E, 0xAF, 0x48, 0x68, 0x11, 0x7F,
        0x8A,
    ]
}

/// `a9d7166a-d72e-40a9-a002-48044cc3SSCC`: a data-transfer service (`CC` = 00) or a characteristic
/// of one (01…05), by the channel's identifier.
pub(super) const fn data_transfer(service: u8, last: u8) -> [u8; 16] {
    [
        last, service, 0xC3, 0x4C, 0x04, 0x48, 0x02, 0xA0, 0xA9, 0x40, 0x2E, 0xD7, 0x6A, 0x16,
        0xD7, 0xA9,
    ]
}

/// `021a9004-0382-4aea-bff4-6b3f1c5adfb4`, Espressif's provisioning service, which their tools fall back to.
pub(crate) const PROVISIONING: [u8; 16] = endpoint(0x9004);

/// A characteristic of it, by the endpoint's number: digits 5 to 8.
pub(super) const fn endpoint(number: u16) -> [u8; 16] {
    let [low, high] = number.to_le_bytes();
    [
        0xB4, 0xDF, 0x5A, 0x1C, 0x3F, 0x6B, 0xF4, 0xBF, 0xEA, 0x4A, 0x82, 0x03, low, high, 0x1A,
        0x02,
    ]
}

/// Generic Access, and its name and appearance.
pub(super) const GENERIC_ACCESS: u16 = 0x1800;
pub(super) const DEVICE_NAME: u16 = 0x2A00;
pub(super) const APPEARANCE: u16 = 0x2A01;
/// Generic Attribute.
pub(super) const GENERIC_ATTRIBUTE: u16 = 0x1801;
/// Characteristic User Description, Client Characteristic Configuration.
pub(super) const DESCRIPTION: u16 = 0x2901;
pub(super) const CONFIGURATION: u16 = 0x2902;
