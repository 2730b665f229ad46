//! What is advertised.

use embassy_time::Duration;
use heapless::Vec;
use trouble_host::Error;
use trouble_host::prelude::{AdStructure, AdvertisementParameters};

use crate::config::{Config, SHORT_NAME};
use crate::endpoints::Offer;
use crate::gatt::{DEVICE_INFORMATION, PROVISIONING};

/// Room for the data of one advertisement.
const DATA_MAX: usize = 31;

/// LE General Discoverable, BR/EDR not supported.
const FLAGS: u8 = 0x06;

/// The preferred connection interval, 40 to 80 ms, as type and value.
const INTERVAL_RANGE: (u8, &[u8]) = (0x12, &[0x20, 0x00, 0x40, 0x00]);

/// Advertisement and scan response.
pub(crate) struct Data {
    pub(crate) advertisement: Vec<u8, DATA_MAX>,
    pub(crate) scan_response: Vec<u8, DATA_MAX>,
}

/// 187.5 to 375 ms.
pub(crate) fn parameters() -> AdvertisementParameters {
    AdvertisementParameters {
        interval_min: Duration::from_micros(187_500),
        interval_max: Duration::from_micros(375_000),
        ..Default::default()
    }
}

/// The data for a device of this name. Phones put the advertisement and the scan response together,
/// and find either service in them. With endpoints on offer Espressif's is the first: their app for Android
/// connects to the first there is. The apps look for its name as well.
pub(crate) fn data(config: &Config, name: &str, offer: Option<&Offer>) -> Result<Data, Error> {
    if let Some(offer) = offer {
        return Ok(Data {
            advertisement: encode(&[
                AdStructure::Flags(FLAGS),
                AdStructure::CompleteServiceUuids128(&[PROVISIONING]),
                AdStructure::TxPowerLevel(config.tx_power),
            ])?,
            scan_response: encode(&[
                AdStructure::CompleteServiceUuids128(&[DEVICE_INFORMATION]),
                AdStructure::CompleteLocalName(offer.name.as_bytes()),
            ])?,
        });
    }
    let name = name.as_bytes();
    let name = match name.get(..SHORT_NAME) {
        Some(short) if name.len() > SHORT_NAME => AdStructure::ShortenedLocalName(short),
        _ => AdStructure::CompleteLocalName(name),
    };
    let power = AdStructure::TxPowerLevel(config.tx_power);
    let (ty, range) = INTERVAL_RANGE;
    Ok(Data {
        advertisement: encode(&[
            AdStructure::Flags(FLAGS),
            AdStructure::CompleteServiceUuids128(&[DEVICE_INFORMATION]),
            name,
            power,
        ])?,
        scan_response: encode(&[power, AdStructure::Unknown { ty, data: range }])?,
    })
}

fn encode(structures: &[AdStructure<'_>]) -> Result<Vec<u8, DATA_MAX>, Error> {
    let mut bytes = [0; DATA_MAX];
    let length = AdStructure::encode_slice(structures, &mut bytes)?;
    Vec::from_slice(bytes.get(..length).unwrap_or_default()).map_err(|_| Error::InsufficientSpace)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: Config = Config {
        name: "ESP32",
        version: "",
        broker: "",
        platform: "",
        device_id: "",
        tx_power: 9,
        address: None,
    };

    #[test]
    fn data_is_that_of_the_specification() {
        let data = data(&CONFIG, "ESP32", None).unwrap();
        assert_eq!(
            data.advertisement,
            [
                0x02, 0x01, 0x06, 0x11, 0x07, 0x00, 0xFF, 0x32, 0xF9, 0x79, 0xE6, 0xB5, 0x83, 0xFB,
                0x4E, 0xAF, 0x48, 0x68, 0x11, 0x7F, 0x8A, 0x05, 0x08, b'E', b'S', b'P', b'3', 0x02,
                0x0A, 9,
            ]
        );
        assert_eq!(
            data.scan_response,
            [0x02, 0x0A, 9, 0x05, 0x12, 0x20, 0x00, 0x40, 0x00]
        );
    }

    #[test]
    fn short_name_is_whole() {
        let data = data(&CONFIG, "BLE", None).unwrap();
        assert_eq!(data.advertisement[21..26], [0x04, 0x09, b'B', b'L', b'E']);
    }
}
