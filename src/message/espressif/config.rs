//! `prov-config`: set a network, join it, ask how that goes.

use core::fmt::Write as _;

use alloc::string::String;

use super::bounded::Network;
use super::shape::{Field, Shape};
use super::wire::config as wire;
use super::{Status, Unreadable, Unwritable, copy, read, write};
use crate::config::{BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SSID_BYTES};
use crate::secret::Secret;
use crate::status::Reason;

/// A network's name.
pub type Ssid = heapless::Vec<u8, MAX_SSID_BYTES, u8>;

/// A network as this protocol describes it: it does not say how the network is protected.
pub struct Credentials {
    /// The name, 1 to [`MAX_SSID_BYTES`] octets of any value.
    pub ssid: Ssid,
    /// Empty for a network without protection.
    pub passphrase: Secret<MAX_PASSPHRASE_BYTES>,
    /// The access point's address, zeros when the phone does not know it.
    pub bssid: [u8; BSSID_BYTES],
}

/// A checked request.
pub enum Request {
    /// How does joining go?
    State,
    /// Take this network; `None` when its values cannot be right.
    Set(Option<Credentials>),
    /// Join the network that was set.
    Apply,
}

const REQUEST: Shape = Shape(&[
    (1, Field::Number),
    (
        12,
        Field::Message(Shape(&[
            (1, Field::Octets),
            (2, Field::Octets),
            (3, Field::Octets),
            (4, Field::Number),
        ])),
    ),
]);

/// Reads a request.
///
/// # Errors
///
/// [`Unreadable`], also for the kinds of Thread.
pub fn decode(message: &[u8]) -> Result<Request, Unreadable> {
    let request: wire::Request = read(message, &REQUEST)?;
    match request.msg {
        0 => Ok(Request::State),
        2 => request
            .set
            .as_ref()
            .map(|network| Request::Set(credentials(network)))
            .ok_or(Unreadable),
        4 => Ok(Request::Apply),
        _ => Err(Unreadable),
    }
}

fn credentials(network: &Network) -> Option<Credentials> {
    let ssid = Ssid::from_slice(network.ssid.get()?).ok()?;
    if ssid.is_empty() {
        return None;
    }
    Some(Credentials {
        ssid,
        passphrase: Secret::copy_of(network.passphrase.get()?)?,
        bssid: match network.bssid.get()? {
            [] => [0; BSSID_BYTES],
            bssid => bssid.try_into().ok()?,
        },
    })
}

/// Where the device stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum State {
    /// On the network.
    Connected(Connected),
    /// Trying.
    Connecting {
        /// After a failed attempt: how many there are still to be.
        remaining: Option<u8>,
    },
    /// Nothing was tried.
    Disconnected,
    /// The last attempt failed as well.
    Failed(Reason),
}

/// The network the device is on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Connected {
    /// Its name.
    pub ssid: Ssid,
    /// The device's IPv4 address there, zeros when it is not known.
    pub address: [u8; 4],
    /// The access point's address, zeros when it is not known.
    pub bssid: [u8; BSSID_BYTES],
    /// Its channel, 0 when it is not known.
    pub channel: u8,
    /// How it is protected, as [`security`](super::scan::security) numbers it.
    pub security: u8,
}

/// Writes the answer to [`Request::State`]; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode_state(state: &State, out: &mut [u8]) -> Result<usize, Unwritable> {
    let mut answer = wire::State::default();
    match state {
        State::Connected(connected) => {
            answer.connected = Some(wire::Connected {
                address: dotted(connected.address)?,
                security: connected.security.into(),
                ssid: copy(&connected.ssid)?,
                bssid: copy(&connected.bssid)?,
                channel: connected.channel.into(),
            });
        }
        State::Connecting { remaining } => {
            answer.station = 1;
            answer.attempt_failed = remaining.map(|remaining| wire::Attempt {
                remaining: remaining.into(),
            });
        }
        State::Disconnected => answer.station = 2,
        State::Failed(reason) => {
            answer.station = 3;
            answer.reason = Some(number(*reason));
        }
    }
    let response = wire::Response {
        msg: 1,
        state: Some(answer),
        ..wire::Response::default()
    };
    write(&response, out)
}

/// The protocol has a number for two reasons. The others are ours, far from the next it may give: a
/// client that does not know one says that joining failed, and no more.
const fn number(reason: Reason) -> i32 {
    match reason {
        Reason::Authentication => 0,
        Reason::NotFound => 1,
        other => (other as i32).wrapping_add(100),
    }
}

/// The longest address in text, bytes.
const MAX_ADDRESS_BYTES: usize = 15;

fn dotted([a, b, c, d]: [u8; 4]) -> Result<String, Unwritable> {
    let mut text = heapless::String::<MAX_ADDRESS_BYTES>::new();
    // There is room for the longest.
    let _ = write!(text, "{a}.{b}.{c}.{d}");
    let copy = copy(text.as_bytes())?;
    String::from_utf8(copy).map_err(|_| Unwritable::NoRoom)
}

/// Writes the answer to [`Request::Set`]; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode_set(status: Status, out: &mut [u8]) -> Result<usize, Unwritable> {
    let response = wire::Response {
        msg: 3,
        set: Some(wire::Status {
            status: status.into(),
        }),
        ..wire::Response::default()
    };
    write(&response, out)
}

/// Writes the answer to [`Request::Apply`]; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode_apply(status: Status, out: &mut [u8]) -> Result<usize, Unwritable> {
    let response = wire::Response {
        msg: 5,
        apply: Some(wire::Status {
            status: status.into(),
        }),
        ..wire::Response::default()
    };
    write(&response, out)
}
