//! Device to phone: answers become messages, byte for byte those of the C service.

use heapless::Vec;

use crate::config::MAX_RESPONSE_BYTES;
use crate::platform::Network;
use crate::service::Kind;
use crate::status::Status;

/// A message on its way out.
pub type Message = Vec<u8, MAX_RESPONSE_BYTES, u8>;

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

/// Writes one network of a list, all ten pairs in the order of the C service.
#[inline(never)]
pub fn network(out: &mut Message, info: &NetworkInfo<'_>) {
    out.clear();
    byte(out, MAP | 10);
    pair(out, b'w', answer_to(Kind::List));
    pair(out, b's', info.status as u8);
    key(out, b'r');
    head(out, TEXT, info.network.ssid.len() as u16);
    append(out, info.network.ssid);
    pair(out, b'b', BYTES | 6);
    append(out, info.network.bssid);
    pair(out, b'q', info.network.security);
    pair(out, b'f', FALSE | u8::from(info.hidden));
    integer(out, b'p', info.network.rssi.into());
    pair(out, b'e', FALSE | u8::from(info.connected));
    integer(out, b'g', info.priority.map_or(-1, i32::from));
    pair(out, b'l', FALSE | u8::from(info.last));
}

/// Says that the network written was the last of its group: the last byte of its message tells.
pub fn mark_last(out: &mut Message) {
    if let Some(last) = out.last_mut() {
        *last = FALSE | 1;
    }
}

/// Appends a byte.
#[inline(never)]
fn byte(out: &mut Message, byte: u8) {
    push(out, byte);
}

/// Appends bytes.
#[inline(never)]
pub(crate) fn append(out: &mut Message, bytes: &[u8]) {
    for &byte in bytes {
        push(out, byte);
    }
}

/// A [`Message`] has room for the longest response, so no byte is ever left out.
#[inline(always)]
fn push(out: &mut Message, byte: u8) {
    let pushed = out.push(byte);
    debug_assert!(pushed.is_ok(), "a response outgrew MAX_RESPONSE_BYTES");
}

/// Appends a key.
#[inline(never)]
fn key(out: &mut Message, letter: u8) {
    byte(out, TEXT | 1);
    byte(out, letter);
}

/// Appends a key and a value of one byte.
#[inline(never)]
fn pair(out: &mut Message, letter: u8, value: u8) {
    key(out, letter);
    byte(out, value);
}

/// Appends an item's head in its shortest form.
#[inline(never)]
fn head(out: &mut Message, major: u8, argument: u16) {
    let [high, low] = argument.to_be_bytes();
    if argument < 24 {
        return byte(out, major | low);
    }
    if high == 0 {
        byte(out, major | 24);
    } else {
        byte(out, major | 25);
        byte(out, high);
    }
    byte(out, low);
}

/// Appends a key and an integer in its shortest form.
fn integer(out: &mut Message, letter: u8, number: i32) {
    key(out, letter);
    // Of a negative one the complement is written; both are of 16 bits at most.
    if number < 0 {
        head(out, NEGATIVE, !number as u16);
    } else {
        head(out, UNSIGNED, number as u16);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_response_fills_the_message_exactly() {
        let mut out = Message::new();
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
        network(&mut out, &info);
        assert_eq!(out.len(), MAX_RESPONSE_BYTES);
    }
}
