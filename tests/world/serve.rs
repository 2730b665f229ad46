//! A message all the way: decoded, checked, carried out. The one place that knows how.

use wifi_provision::message::amazon::answers::Writer;
use wifi_provision::message::amazon::request::{Rejected, decode};
use wifi_provision::message::amazon::response;
use wifi_provision::platform::Phone;
use wifi_provision::profile::Profile;
use wifi_provision::service::{Kind, Request, Service};
use wifi_provision::status::Status;

use super::phone::Handset;
use super::radio::{Radio, Saved};

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
    let (kind, status) = match read(message, &mut profile) {
        Ok(request) => {
            if let Request::Save { .. } = request {
                radio.candidate = saved(&profile);
            }
            return Taken::Done(run(service, request, radio, phone));
        }
        Err(Rejected::Refused(kind, status)) => (kind, status),
        Err(Rejected::Unrecognised) => return Taken::Dropped,
    };
    // A phone that is gone needs no answer.
    let _ = (&mut *phone).send(&response::status(kind, status));
    Taken::Refused(status)
}

/// Reads a message.
pub(crate) fn read(message: &[u8], profile: &mut Profile) -> Result<Request, Rejected> {
    decode(message, Some(profile))
}

/// Reads a message as far as it takes to refuse it, as a full queue does.
pub(crate) fn read_to_refuse(message: &[u8]) -> Option<Kind> {
    match decode(message, None) {
        Ok(request) => Some(request.kind()),
        Err(Rejected::Refused(kind, _)) => Some(kind),
        Err(Rejected::Unrecognised) => None,
    }
}

/// Carries out one request.
pub(crate) fn run(
    service: &mut Service,
    request: Request,
    radio: &mut Radio<'_>,
    phone: &mut Handset<'_>,
) -> Status {
    service.carry_out(request, radio, &mut Writer::new(phone))
}

/// A decoded profile as the store has it.
pub(crate) fn saved(profile: &Profile) -> Saved {
    Saved {
        ssid: octets(profile.ssid.as_slice()),
        bssid: profile.bssid,
        security: profile.security as u8,
        passphrase: octets(profile.passphrase.expose().as_slice()),
        rssi: 0,
    }
}

fn octets<const N: usize>(bytes: &[u8]) -> heapless::Vec<u8, N> {
    heapless::Vec::from_slice(bytes).expect("a field longer than its limit")
}
