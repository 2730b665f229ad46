//! What may happen to a device's endpoints.

use wifi_provision::message::espressif::{control, scan};

use super::decoders::{Config, Network, control_written, scan_written};
use super::shadow::Asked;

/// What comes over the air, what the service's task does, and what the application does.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// The first step of a handshake.
    Hello(u32),
    /// The second, of a phone that knows the secret or does not.
    Proof(u32, bool, Change),
    /// A request in the session there is, if there is one, over this connection or another.
    Asked(u32, Wanted, Change),
    /// One that was recorded, or an answer.
    Again(u32, u8),
    /// Octets to an endpoint.
    Octets(u32, u8, Vec<u8>),
    /// A carrier asks whether the answer is there.
    Pending(u32),
    /// A connection ends.
    Gone(u32),
    /// The service's task takes a job.
    Begun,
    /// And is done with it.
    Done,
    /// The application stops the endpoints, and starts them again.
    Restarted,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    Config(Config),
    Scan(scan::Request),
    Control(control::Request),
    Custom(Vec<u8>),
    /// Octets that are encrypted as if they were a request, to an endpoint.
    Octets(u8, Vec<u8>),
}

/// What happens to a message on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Nothing,
    Flipped(u16),
    Cut(u16),
    Longer(u8),
}

/// The last is none.
const ENDPOINTS: [&str; 7] = [
    "prov-session",
    "prov-config",
    "prov-scan",
    "prov-ctrl",
    "custom-data",
    "proto-ver",
    "prov-sessio",
];

impl Change {
    pub(crate) fn applied_to(self, mut message: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Nothing => {}
            Self::Flipped(bit) => {
                let bits = message.len() * 8;
                if bits != 0 {
                    let bit = usize::from(bit) % bits;
                    message[bit / 8] ^= 1 << (bit % 8);
                }
            }
            Self::Cut(length) => message.truncate(length.into()),
            Self::Longer(octet) => message.push(octet),
        }
        message
    }
}

impl Wanted {
    pub(crate) fn written(&self) -> (&'static str, Vec<u8>) {
        match self {
            Self::Config(request) => ("prov-config", request.write()),
            Self::Scan(request) => ("prov-scan", scan_written(request)),
            Self::Control(request) => ("prov-ctrl", control_written(*request)),
            Self::Custom(octets) => ("custom-data", octets.clone()),
            Self::Octets(endpoint, octets) => (endpoint_of(*endpoint), octets.clone()),
        }
    }
}

/// Its name.
pub(crate) fn endpoint_of(number: u8) -> &'static str {
    ENDPOINTS[usize::from(number) % ENDPOINTS.len()]
}

/// The longest life.
const MOST: usize = 48;

/// Networks a phone may know of; the last is not in the air.
const NETWORKS: [(&str, &str); 6] = [
    ("Home", "secret123"),
    ("Home", "secret124"),
    ("No address", "secret123"),
    ("WPA3", "secret123"),
    ("Cafe", ""),
    ("Nowhere", "secret123"),
];

/// A life made from octets: what the device asks for, how often it tries, and what happens to it. When they
/// run out, so does the life.
pub(crate) struct Octets<'a>(&'a [u8]);

impl<'a> Octets<'a> {
    pub(crate) fn life(octets: &'a [u8]) -> (Asked, u8, Vec<Happening>) {
        let mut from = Self(octets);
        // Of security 2, whose handshakes take long, a few.
        let asked = match from.octet().unwrap_or(0) % 8 {
            0 => Asked::Nothing,
            1 | 2 => Asked::Keys,
            3..=6 => Asked::Secret,
            _ => Asked::Password,
        };
        let attempts = 1 + from.octet().unwrap_or(0) % 3;
        let happenings = std::iter::from_fn(|| from.happening()).take(MOST).collect();
        (asked, attempts, happenings)
    }

    fn octet(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn octets(&mut self) -> Option<Vec<u8>> {
        let length = usize::from(self.octet()?).min(self.0.len());
        let (octets, rest) = self.0.split_at(length);
        self.0 = rest;
        // Some that are longer than a message may be.
        Some(if length == 255 {
            octets.repeat(3)
        } else {
            octets.to_vec()
        })
    }

    fn happening(&mut self) -> Option<Happening> {
        let kind = self.octet()?;
        let on = u32::from(kind >> 4) % 3 + 1;
        Some(match kind & 15 {
            0 => Happening::Hello(on),
            1 => Happening::Proof(on, true, Change::Nothing),
            2 => Happening::Proof(on, self.octet()? & 1 == 0, self.change()?),
            3..=5 => Happening::Asked(on, self.wanted()?, Change::Nothing),
            6 => Happening::Asked(on, self.wanted()?, self.change()?),
            7 => Happening::Again(on, self.octet()?),
            8 => Happening::Octets(on, self.octet()?, self.octets()?),
            9 => Happening::Pending(on),
            10 => Happening::Gone(on),
            11 | 12 => Happening::Begun,
            13 | 14 => Happening::Done,
            _ => Happening::Restarted,
        })
    }

    fn change(&mut self) -> Option<Change> {
        Some(match self.octet()? % 4 {
            0 => Change::Nothing,
            1 => Change::Flipped(u16::from_be_bytes([self.octet()?, self.octet()?])),
            2 => Change::Cut(self.octet()?.into()),
            _ => Change::Longer(self.octet()?),
        })
    }

    fn wanted(&mut self) -> Option<Wanted> {
        Some(match self.octet()? % 12 {
            0 => Wanted::Config(Config::State),
            1 | 2 => {
                let known = usize::from(self.octet()?) % NETWORKS.len();
                let (ssid, passphrase) = NETWORKS[known];
                set(ssid.into(), passphrase.into())
            }
            3 => set(self.octets()?, self.octets()?),
            4 => Wanted::Config(Config::Apply),
            5 => Wanted::Scan(scan::Request::Start {
                blocking: self.octet()? & 1 != 0,
            }),
            6 => Wanted::Scan(scan::Request::State),
            7 => Wanted::Scan(scan::Request::Page {
                start: self.octet()?.into(),
                count: self.octet()?.into(),
            }),
            8 => Wanted::Control(control::Request::Reset),
            9 => Wanted::Control(control::Request::Again),
            10 => Wanted::Custom(self.octets()?),
            _ => Wanted::Octets(self.octet()?, self.octets()?),
        })
    }
}

fn set(ssid: Vec<u8>, passphrase: Vec<u8>) -> Wanted {
    Wanted::Config(Config::Set(Some(Network {
        ssid,
        passphrase,
        bssid: [0; 6],
    })))
}
