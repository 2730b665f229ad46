//! The library's decoders held against the reader of this folder: both take the same messages, and see
//! the same in them. What they see, written anew, is read as the same.

use wifi_provision::config::{MAX_PASSPHRASE_BYTES, MAX_SSID_BYTES};
use wifi_provision::message::espressif::session::MAX_USER_BYTES;
use wifi_provision::message::espressif::{MAX_MESSAGE_BYTES, config, control, scan, session};

use super::protobuf::{number, octets};
use super::reader::Kind::{Message, Number, Octets};
use super::reader::{Fields, Seen, read};

const CONFIG: Fields = &[
    (1, Number),
    (
        12,
        Message(&[(1, Octets), (2, Octets), (3, Octets), (4, Number)]),
    ),
];
const SCAN: Fields = &[
    (1, Number),
    (
        10,
        Message(&[(1, Number), (2, Number), (3, Number), (4, Number)]),
    ),
    (14, Message(&[(1, Number), (2, Number)])),
];
const CONTROL: Fields = &[(1, Number)];
const SESSION: Fields = &[
    (2, Number),
    (10, Message(&[(1, Number)])),
    (
        11,
        Message(&[
            (1, Number),
            (20, Message(&[(1, Octets)])),
            (22, Message(&[(2, Octets)])),
        ]),
    ),
    (
        12,
        Message(&[
            (1, Number),
            (20, Message(&[(1, Octets), (2, Octets)])),
            (22, Message(&[(1, Octets)])),
        ]),
    ),
];

fn seen(message: &[u8], fields: Fields) -> Option<Seen> {
    (message.len() <= MAX_MESSAGE_BYTES)
        .then(|| read(message, fields))
        .flatten()
}

/// The kind of a request: 32 bits of what is there.
const fn kind(number: u64) -> i32 {
    number as i32
}

/// `prov-config`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Config {
    State,
    Set(Option<Network>),
    Apply,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Network {
    pub(crate) ssid: Vec<u8>,
    pub(crate) passphrase: Vec<u8>,
    pub(crate) bssid: [u8; 6],
}

impl Network {
    fn seen(network: &Seen) -> Option<Self> {
        let (ssid, passphrase) = (network.octets(1), network.octets(2));
        let is_sound =
            (1..=MAX_SSID_BYTES).contains(&ssid.len()) && passphrase.len() <= MAX_PASSPHRASE_BYTES;
        let bssid = match network.octets(3) {
            [] => [0; 6],
            octets => octets.try_into().ok()?,
        };
        is_sound.then(|| Self {
            ssid: ssid.to_vec(),
            passphrase: passphrase.to_vec(),
            bssid,
        })
    }
}

impl Config {
    /// What the reader sees.
    pub(crate) fn seen(message: &[u8]) -> Option<Self> {
        let seen = seen(message, CONFIG)?;
        match kind(seen.number(1)) {
            0 => Some(Self::State),
            2 => Some(Self::Set(Network::seen(seen.message(12)?))),
            4 => Some(Self::Apply),
            _ => None,
        }
    }

    fn decoded(message: &[u8]) -> Option<Self> {
        Some(match config::decode(message).ok()? {
            config::Request::State => Self::State,
            config::Request::Set(network) => Self::Set(network.map(|network| Network {
                ssid: network.ssid.to_vec(),
                passphrase: network.passphrase.reveal().to_vec(),
                bssid: network.bssid,
            })),
            config::Request::Apply => Self::Apply,
        })
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        match self {
            Self::State => number(1, 0),
            Self::Set(Some(network)) => {
                let network = [
                    octets(1, &network.ssid),
                    octets(2, &network.passphrase),
                    octets(3, &network.bssid),
                ];
                [number(1, 2), octets(12, &network.concat())].concat()
            }
            Self::Set(None) => [number(1, 2), octets(12, &[])].concat(),
            Self::Apply => number(1, 4),
        }
    }
}

/// What the reader sees in a request to `prov-scan`.
pub(crate) fn scan_seen(message: &[u8]) -> Option<scan::Request> {
    let seen = seen(message, SCAN)?;
    Some(match kind(seen.number(1)) {
        0 => scan::Request::Start {
            blocking: seen.message(10).is_some_and(|start| start.number(1) != 0),
        },
        2 => scan::Request::State,
        4 => {
            let page = |field| {
                let number = seen.message(14).map_or(0, |page| page.number(field));
                number as u32 as usize
            };
            scan::Request::Page {
                start: page(1),
                count: page(2),
            }
        }
        _ => return None,
    })
}

pub(crate) fn scan_written(request: &scan::Request) -> Vec<u8> {
    match *request {
        scan::Request::Start { blocking } => octets(10, &number(1, blocking.into())),
        scan::Request::State => number(1, 2),
        scan::Request::Page { start, count } => {
            let page = [number(1, start as u64), number(2, count as u64)];
            [number(1, 4), octets(14, &page.concat())].concat()
        }
    }
}

/// What the reader sees in a request to `prov-ctrl`.
pub(crate) fn control_seen(message: &[u8]) -> Option<control::Request> {
    match kind(seen(message, CONTROL)?.number(1)) {
        1 => Some(control::Request::Reset),
        3 => Some(control::Request::Again),
        _ => None,
    }
}

pub(crate) fn control_written(request: control::Request) -> Vec<u8> {
    match request {
        control::Request::Reset => number(1, 1),
        control::Request::Again => number(1, 3),
    }
}

/// A step of a handshake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Plain,
    Hello1(Vec<u8>),
    Proof1(Vec<u8>),
    Hello2(Vec<u8>, Vec<u8>),
    Proof2(Vec<u8>),
}

fn exactly(octets: &[u8], length: usize) -> Option<Vec<u8>> {
    (octets.len() == length).then(|| octets.to_vec())
}

impl Step {
    /// What the reader sees.
    pub(crate) fn seen(message: &[u8]) -> Option<Self> {
        let seen = seen(message, SESSION)?;
        let version = kind(seen.number(2));
        let command = match version {
            0 => seen.message(10)?,
            1 => seen.message(11)?,
            2 => seen.message(12)?,
            _ => return None,
        };
        match (version, kind(command.number(1))) {
            (0, 0) => Some(Self::Plain),
            (1, 0) => exactly(command.message(20)?.octets(1), 32).map(Self::Hello1),
            (1, 2) => exactly(command.message(22)?.octets(2), 32).map(Self::Proof1),
            (2, 0) => {
                let hello = command.message(20)?;
                let user = hello.octets(1);
                (1..=MAX_USER_BYTES).contains(&user.len()).then_some(())?;
                Some(Self::Hello2(user.to_vec(), exactly(hello.octets(2), 384)?))
            }
            (2, 2) => exactly(command.message(22)?.octets(1), 64).map(Self::Proof2),
            _ => None,
        }
    }

    fn decoded(message: &[u8]) -> Option<Self> {
        Some(match session::decode(message).ok()? {
            session::Step::Plain => Self::Plain,
            session::Step::Hello1 { key } => Self::Hello1(key.to_vec()),
            session::Step::Proof1 { proof } => Self::Proof1(proof.to_vec()),
            session::Step::Hello2 { user, key } => Self::Hello2(user.to_vec(), key.to_vec()),
            session::Step::Proof2 { proof } => Self::Proof2(proof.to_vec()),
        })
    }

    fn write(&self) -> Vec<u8> {
        match self {
            Self::Plain => octets(10, &octets(20, &[])),
            Self::Hello1(key) => super::phone::hello1(key),
            Self::Proof1(proof) => super::phone::proof1(proof),
            Self::Hello2(user, key) => super::phone::hello2(user, key),
            Self::Proof2(proof) => super::phone::proof2(proof),
        }
    }
}

/// Any octets at every decoder.
pub(crate) fn agree_on(message: &[u8]) {
    let config = Config::seen(message);
    assert_eq!(Config::decoded(message), config);
    if let Some(config) = config {
        assert_eq!(Config::decoded(&config.write()), Some(config));
    }
    let scan = scan_seen(message);
    assert_eq!(scan::decode(message).ok(), scan);
    if let Some(scan) = scan {
        assert_eq!(scan::decode(&scan_written(&scan)), Ok(scan));
    }
    let control = control_seen(message);
    assert_eq!(control::decode(message).ok(), control);
    if let Some(control) = control {
        assert_eq!(control::decode(&control_written(control)), Ok(control));
    }
    let step = Step::seen(message);
    assert_eq!(Step::decoded(message), step);
    if let Some(step) = step {
        assert_eq!(Step::decoded(&step.write()), Some(step));
    }
}

#[cfg(test)]
mod tests {
    use super::super::device::hex;
    use super::*;
    use std::path::Path;

    /// Every run of hexadecimal digits in the vectors, as it is and damaged in every place.
    #[test]
    fn on_the_vectors_and_all_that_is_nearly_one() {
        let text = concat!(
            include_str!("../vectors/protocomm-plain.txt"),
            include_str!("../vectors/protocomm-secured.txt"),
        );
        let mut messages = 0;
        for word in text.split_whitespace() {
            let is_hex = word.len() % 2 == 0 && word.bytes().all(|digit| digit.is_ascii_hexdigit());
            if !is_hex || word.len() < 4 {
                continue;
            }
            messages += 1;
            let message = hex(word);
            agree_on(&message);
            for place in 0..message.len() {
                agree_on(&message[..place]);
                for octet in [0x00, 0x01, 0x02, 0x0b, 0x7f, 0x80, 0xff] {
                    let mut damaged = message.clone();
                    damaged[place] = octet;
                    agree_on(&damaged);
                }
            }
        }
        assert!(messages > 40, "{messages}");
    }

    /// What the fuzzer begins with, and what it has found.
    #[test]
    fn on_the_corpus() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/fuzz/corpus/protocomm_message");
        for file in std::fs::read_dir(folder).unwrap() {
            agree_on(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
