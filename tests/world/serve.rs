//! A message all the way: decoded, checked, carried out. The one place that knows how.

use wifi_provision::message::amazon::answers::Writer;
use wifi_provision::message::amazon::request::decode;
use wifi_provision::profile::{Draft, Octets, Security};
use wifi_provision::service::{Kind, Request, Service};
use wifi_provision::status::Status;

use wifi_provision::config::{BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SSID_BYTES};

use super::phone::Handset;
use super::radio::{Radio, Saved};

/// A new network as a decoder writes it down.
pub(crate) struct Profile {
    ssid: [u8; MAX_SSID_BYTES],
    ssid_length: u8,
    bssid: [u8; BSSID_BYTES],
    passphrase: [u8; MAX_PASSPHRASE_BYTES],
    passphrase_length: u8,
    security: u8,
}

impl Profile {
    pub(crate) const fn new() -> Self {
        Self {
            ssid: [0; MAX_SSID_BYTES],
            ssid_length: 0,
            bssid: [0; BSSID_BYTES],
            passphrase: [0; MAX_PASSPHRASE_BYTES],
            passphrase_length: 0,
            security: 0,
        }
    }
}

impl Draft for Profile {
    fn ssid(&mut self) -> Octets<'_> {
        Octets {
            array: &mut self.ssid,
            length: &mut self.ssid_length,
        }
    }

    fn bssid(&mut self) -> &mut [u8; BSSID_BYTES] {
        &mut self.bssid
    }

    fn passphrase(&mut self) -> Octets<'_> {
        Octets {
            array: &mut self.passphrase,
            length: &mut self.passphrase_length,
        }
    }

    fn set_security(&mut self, security: Security) {
        self.security = security as u8;
    }
}

/// A message that asks for nothing that can be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Rejected {
    /// Its kind could not be recognised.
    Unrecognised,
    /// To be answered.
    Refused(Kind, Status),
}

/// What became of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Taken {
    /// Carried out, and answered with a status.
    Done(Status),
    /// Refused before anything was tried.
    Refused(Status),
    /// Dropped: nobody could tell what an answer would be to.
    Dropped,
}

/// Serves one message, as `src/ffi/inbox.rs` and the process loop do between them.
pub(crate) fn receive(
    service: &mut Service,
    message: &[u8],
    radio: &mut Radio<'_>,
    phone: &mut Handset<'_>,
) -> Taken {
    let mut profile = Profile::new();
    let Some(request) = decode(message, Some(&mut profile)) else {
        return Taken::Dropped;
    };
    if let Request::Save { .. } = request {
        radio.candidate = saved(&profile);
    }
    let status = run(service, request, radio, phone);
    match request {
        Request::Refuse { .. } => Taken::Refused(status),
        _ => Taken::Done(status),
    }
}

/// Reads a message.
pub(crate) fn read(message: &[u8], profile: &mut Profile) -> Result<Request, Rejected> {
    verdict(decode(message, Some(profile)))
}

/// Reads a message as far as it takes to refuse it, as a full queue does.
pub(crate) fn read_to_refuse(message: &[u8]) -> Option<Kind> {
    decode::<Profile>(message, None).as_ref().map(Request::kind)
}

fn verdict(read: Option<Request>) -> Result<Request, Rejected> {
    match read {
        Some(Request::Refuse { kind, status }) => Err(Rejected::Refused(kind, status)),
        Some(request) => Ok(request),
        None => Err(Rejected::Unrecognised),
    }
}

/// Carries out one request.
pub(crate) fn run(
    service: &mut Service,
    request: Request,
    radio: &mut Radio<'_>,
    phone: &mut Handset<'_>,
) -> Status {
    service.carry_out(&request, radio, &mut Writer::new(phone))
}

/// A decoded profile as the store has it.
pub(crate) fn saved(profile: &Profile) -> Saved {
    Saved {
        ssid: octets(&profile.ssid, profile.ssid_length),
        bssid: profile.bssid,
        security: profile.security,
        passphrase: octets(&profile.passphrase, profile.passphrase_length),
        rssi: 0,
    }
}

fn octets<const N: usize>(array: &[u8], length: u8) -> heapless::Vec<u8, N> {
    let used = array.get(..usize::from(length)).unwrap_or(array);
    heapless::Vec::from_slice(used).expect("a field longer than its limit")
}
