//! The bytes of the driver's SSIDs. A name is any 32 octets; the driver's type shows it as text, cut at what is no UTF-8. Its
//! `Hash` is fed with all of them, so that is where they are taken.

use core::hash::{Hash as _, Hasher};

use esp_radio::wifi::Ssid as DriverSsid;
use port_wifi::network::{SSID_MAX, Ssid};

/// Takes what a driver's SSID is made of: its 32 bytes, then how many of them count.
#[derive(Default)]
struct Taken {
    bytes: Option<[u8; SSID_MAX]>,
    length: Option<u8>,
}

impl Hasher for Taken {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes = bytes.try_into().ok();
    }

    fn write_u8(&mut self, length: u8) {
        self.length = Some(length);
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        0
    }
}

/// The same name. Should the driver's type have changed, what is text of it.
pub(crate) fn from_driver(name: &DriverSsid) -> Ssid {
    let mut taken = Taken::default();
    name.hash(&mut taken);
    let whole = taken.bytes.as_ref().and_then(|bytes| {
        let bytes = bytes.get(..taken.length?.into())?;
        bytes
            .starts_with(name.as_str().as_bytes())
            .then(|| Ssid::new(bytes))
            .flatten()
    });
    whole
        .or_else(|| Ssid::new(name.as_str().as_bytes()))
        .unwrap_or_default()
}
