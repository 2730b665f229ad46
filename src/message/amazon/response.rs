//! Device to phone: answers become messages, byte for byte those of the C service.

use crate::config::MAX_RESPONSE_BYTES;
use crate::platform::Network;
use crate::service::Kind;
use crate::status::Status;

/// Room for the longest response.
pub type Room = [u8; MAX_RESPONSE_BYTES];

/// One network of a list.
#[derive(Clone, Copy)]
pub struct NetworkInfo<'a> {
    /// The network; its signal strength is [`Network::SAVED_RSSI`] if it is saved.
    pub network: Network<'a>,
    /// What the listing came to.
    pub status: Status,
    /// Whether the name is hidden.
    pub hidden: bool,
    /// Whether the device is on this network.
    pub connected: bool,
    /// The priority of a saved network, `None` for a scanned one.
    pub priority: Option<u16>,
    /// Whether this is the last of its group.
    pub last: bool,
}

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 0x20;
const BYTES: u8 = 0x40;
const TEXT: u8 = 0x60;
const MAP: u8 = 0xa0;
const FALSE: u8 = 0xf4;

/// The number of the response to a kind of request: the next one.
const fn answer_to(kind: Kind) -> u8 {
    (kind as u8).wrapping_add(1)
}

/// Length of a response that carries a status alone, bytes.
pub const STATUS_BYTES: usize = 7;

/// The response that carries a status alone.
#[must_use]
#[inline(never)]
pub const fn status(kind: Kind, status: Status) -> [u8; STATUS_BYTES] {
    [
        MAP | 2,
        TEXT | 1,
        b'w',
        answer_to(kind),
        TEXT | 1,
        b's',
        status as u8,
    ]
}

/// Length of a response with a status and a reason, bytes.
#[cfg(feature = "espressif")]
pub const REASON_BYTES: usize = STATUS_BYTES + 3;

/// The response that carries a status, and in one key more than the C service had why joining failed. The
/// phones' apps pass over keys they do not know.
#[cfg(feature = "espressif")]
#[must_use]
pub const fn status_and_reason(
    kind: Kind,
    status: Status,
    reason: crate::status::Reason,
) -> [u8; REASON_BYTES] {
    [
        MAP | 3,
        TEXT | 1,
        b'w',
        answer_to(kind),
        TEXT | 1,
        b's',
        status as u8,
        TEXT | 1,
        b'c',
        reason as u8,
    ]
}

/// Adds to the message at the end of a list, which has `length`, what the last try of a phone came to. Keys the C
/// service had not, as in [`status_and_reason`]; the name is of bytes, since an app may fail at a text that is not
/// UTF-8. Gives the message.
#[cfg(feature = "espressif")]
pub fn add_last_try<'a>(
    room: &'a mut Room,
    length: usize,
    last_try: &crate::service::LastTry,
) -> &'a [u8] {
    let mut pen = Pen { room, at: length };
    if let Some(ssid) = last_try.ssid() {
        pen.add_pair();
        pen.put([TEXT | 1, b'n']);
        pen.head(BYTES, ssid.len() as u16);
        for &byte in ssid {
            pen.put([byte]);
        }
        if let Some(reason) = last_try.failed() {
            pen.add_pair();
            pen.put([TEXT | 1, b'c', reason as u8]);
        }
    }
    let Pen { room, at } = pen;
    room.get(..at).unwrap_or_default()
}

/// The status a list ends with, and what the last try of a phone came to.
#[cfg(feature = "espressif")]
pub fn list_status<'a>(
    room: &'a mut Room,
    status: Status,
    last_try: &crate::service::LastTry,
) -> &'a [u8] {
    let mut pen = Pen { room, at: 0 };
    pen.put(self::status(Kind::List, status));
    let length = pen.at;
    add_last_try(room, length, last_try)
}

/// Writes one network of a list, all ten pairs in the order of the C service. Gives the message.
#[inline(never)]
pub fn network<'a>(room: &'a mut Room, info: &NetworkInfo<'_>) -> &'a [u8] {
    let network = &info.network;
    let mut pen = Pen { room, at: 0 };
    pen.put([
        MAP | 10,
        TEXT | 1,
        b'w',
        answer_to(Kind::List),
        TEXT | 1,
        b's',
        info.status as u8,
        TEXT | 1,
        b'r',
    ]);
    pen.head(TEXT, network.ssid.len() as u16);
    for &byte in network.ssid {
        pen.put([byte]);
    }
    pen.put([TEXT | 1, b'b', BYTES | 6]);
    pen.put(*network.bssid);
    pen.put([
        TEXT | 1,
        b'q',
        network.security,
        TEXT | 1,
        b'f',
        FALSE | u8::from(info.hidden),
        TEXT | 1,
        b'p',
    ]);
    pen.integer(network.rssi.into());
    pen.put([
        TEXT | 1,
        b'e',
        FALSE | u8::from(info.connected),
        TEXT | 1,
        b'g',
    ]);
    pen.integer(info.priority.map_or(-1, i32::from));
    pen.put([TEXT | 1, b'l', FALSE | u8::from(info.last)]);
    let Pen { room, at } = pen;
    room.get(..at).unwrap_or_default()
}

/// Writes into a room, which is large enough for the longest response: nothing is ever left out.
struct Pen<'a> {
    room: &'a mut Room,
    at: usize,
}

impl Pen<'_> {
    /// Appends bytes.
    #[inline(always)]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        let place = self.room.get_mut(self.at..);
        if let Some(place) = place.and_then(|rest| rest.first_chunk_mut()) {
            *place = bytes;
            self.at = self.at.wrapping_add(N);
        }
    }

    /// One pair more in the map, which has less than 22 so far.
    #[cfg(feature = "espressif")]
    fn add_pair(&mut self) {
        if let Some(head) = self.room.first_mut() {
            *head = head.wrapping_add(1);
        }
    }

    /// Appends an item's head in its shortest form. More follows, so there is room for the longest.
    #[inline(never)]
    fn head(&mut self, major: u8, argument: u16) {
        let [high, low] = argument.to_be_bytes();
        let at = self.at;
        let (bytes, length) = if argument < 24 {
            ([major | low, 0, 0], 1)
        } else if high == 0 {
            ([major | 24, low, 0], 2)
        } else {
            ([major | 25, high, low], 3)
        };
        self.put(bytes);
        self.at = at.wrapping_add(length);
    }

    /// Appends an integer in its shortest form.
    fn integer(&mut self, number: i32) {
        // Of a negative one the complement is written; both are of 16 bits at most.
        if number < 0 {
            self.head(NEGATIVE, !number as u16);
        } else {
            self.head(UNSIGNED, number as u16);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MAX_LAST_TRY_BYTES;

    #[test]
    fn the_longest_network_leaves_room_for_the_last_try_alone() {
        let mut room = [0; MAX_RESPONSE_BYTES];
        let info = NetworkInfo {
            network: Network {
                ssid: &[0x41; 32],
                bssid: &[0; 6],
                security: 3,
                rssi: -100,
            },
            status: Status::Success,
            hidden: false,
            connected: true,
            priority: Some(u16::MAX),
            last: true,
        };
        let length = network(&mut room, &info).len();
        assert_eq!(length, MAX_RESPONSE_BYTES - MAX_LAST_TRY_BYTES);
    }
}
