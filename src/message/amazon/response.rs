//! Device to phone: answers become messages, byte for byte those of the C service.

use heapless::Vec;

use super::Kind;
use crate::config::{BSSID_BYTES, MAX_RESPONSE_BYTES};
use crate::status::Status;

/// A message on its way out.
pub type Message = Vec<u8, MAX_RESPONSE_BYTES, u8>;

/// RSSI of a saved network: the phones' apps take this number as the mark of one.
pub const SAVED_RSSI: i8 = -100;

/// One network of a list. C's `uint8_t` for the security is kept: a scan may see what we do not know.
#[derive(Clone, Copy)]
pub struct NetworkInfo<'a> {
    /// What the listing came to.
    pub status: Status,
    /// The name.
    pub ssid: &'a [u8],
    /// The access point's address.
    pub bssid: &'a [u8; BSSID_BYTES],
    /// The security's number.
    pub security: u8,
    /// Whether the name is hidden.
    pub hidden: bool,
    /// Signal strength in dBm, [`SAVED_RSSI`] for a saved network.
    pub rssi: i8,
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

/// Writes one network of a list, all ten pairs in the order of the C service.
#[inline(never)]
pub fn network(out: &mut Message, info: &NetworkInfo<'_>) {
    out.clear();
    push(out, MAP | 10);
    for &letter in b"wsrbqfpegl" {
        push(out, TEXT | 1);
        push(out, letter);
        let value = match letter {
            b'r' => {
                head(out, TEXT, info.ssid.len() as u16);
                append(out, info.ssid);
                continue;
            }
            b'b' => {
                push(out, BYTES | 6);
                append(out, info.bssid);
                continue;
            }
            b'p' => {
                signed(out, i16::from(info.rssi));
                continue;
            }
            b'g' => {
                match info.priority {
                    Some(priority) => head(out, UNSIGNED, priority),
                    None => signed(out, -1),
                }
                continue;
            }
            b'w' => answer_to(Kind::List),
            b's' => info.status as u8,
            b'q' => info.security,
            b'f' => FALSE | u8::from(info.hidden),
            b'e' => FALSE | u8::from(info.connected),
            _ => FALSE | u8::from(info.last),
        };
        push(out, value);
    }
}

/// Says that the network written was the last of its group: the last byte of its message tells.
pub fn mark_last(out: &mut Message) {
    if let Some(last) = out.last_mut() {
        *last = FALSE | 1;
    }
}

/// Appends a byte. A [`Message`] has room for the longest response, so none is ever left out.
#[inline(never)]
fn push(out: &mut Message, byte: u8) {
    let fits = out.push(byte).is_ok();
    debug_assert!(fits, "a response outgrew MAX_RESPONSE_BYTES");
}

/// Appends bytes, for which there is room as well.
#[inline(never)]
fn append(out: &mut Message, bytes: &[u8]) {
    let fits = out.extend_from_slice(bytes).is_ok();
    debug_assert!(fits, "a response outgrew MAX_RESPONSE_BYTES");
}

/// Appends an item's head in its shortest form.
#[inline(never)]
fn head(out: &mut Message, major: u8, argument: u16) {
    let [high, low] = argument.to_be_bytes();
    if high != 0 {
        push(out, major | 25);
        push(out, high);
    } else if low < 24 {
        return push(out, major | low);
    } else {
        push(out, major | 24);
    }
    push(out, low);
}

/// Appends an integer in its shortest form.
fn signed(out: &mut Message, number: i16) {
    let sign = if number < 0 { NEGATIVE } else { UNSIGNED };
    let magnitude = if number < 0 { !number } else { number };
    head(out, sign, magnitude.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_response_fills_the_message_exactly() {
        let mut out = Message::new();
        let info = NetworkInfo {
            status: Status::Success,
            ssid: &[0x41; 32],
            bssid: &[0; 6],
            security: 3,
            hidden: false,
            rssi: -100,
            connected: true,
            priority: Some(u16::MAX),
            last: true,
        };
        network(&mut out, &info);
        assert_eq!(out.len(), MAX_RESPONSE_BYTES);
    }
}
