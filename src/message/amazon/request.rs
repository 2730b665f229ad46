//! Phone to device: a message becomes a checked request, once, in one pass.

use super::reader::{BYTES, Reader, TEXT};
use crate::config::BSSID_BYTES;
use crate::profile::{self, Draft, Security};
use crate::service::Request;
use crate::status::Cause;

/// The keys we know. Those with an integer come first: their numbers are kept at the same places.
#[derive(Clone, Copy, Eq, PartialEq)]
#[repr(u8)]
enum Key {
    Type,
    Index,
    MaxNetworks,
    ScanTime,
    NewIndex,
    Security,
    Ssid,
    Bssid,
    Passphrase,
    Connect,
}

impl Key {
    /// How many have an integer.
    const INTEGERS: usize = 6;

    /// Those of the letters `b` to `y`.
    const BY_LETTER: [Option<Self>; 24] = [
        Some(Self::Bssid), // b
        None,
        None,
        None,
        None,
        Some(Self::Index),       // g
        Some(Self::MaxNetworks), // h
        None,
        Some(Self::NewIndex), // j
        None,
        None,
        Some(Self::Passphrase), // m
        None,
        None,
        None,
        Some(Self::Security), // q
        Some(Self::Ssid),     // r
        None,
        Some(Self::ScanTime), // t
        None,
        None,
        Some(Self::Type), // w
        None,
        Some(Self::Connect), // y
    ];

    fn of(letter: u8) -> Option<Self> {
        let place = usize::from(letter.wrapping_sub(b'b'));
        Self::BY_LETTER.get(place).copied().flatten()
    }

    /// As a set of keys.
    const fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// In a set of keys: the message is damaged, whatever its keys.
const DAMAGE: u32 = 1 << 15;

/// The index that stands for "not saved yet".
const NEW: i16 = -1;

/// What was read so far.
struct Fields {
    /// Keys that occurred.
    seen: u32,
    /// Keys without a value of the right type and length, and [`DAMAGE`].
    missing: u32,
    numbers: [i16; Key::INTEGERS],
    connect: bool,
}

/// Reads a request; `None` when its kind cannot be recognised: nobody could tell what an answer
/// would be to. What cannot be done comes as [`Request::Refuse`].
///
/// The strings of a message go into `draft`, which must be empty; they mean something after
/// [`Request::Save`] alone and are to be wiped otherwise. Without a draft a new network is refused,
/// and every other request is read as ever. A network no driver could join is refused here.
pub fn decode<D: Draft>(message: &[u8], draft: Option<&mut D>) -> Option<Request> {
    let mut request = Request::EraseAll;
    decode_into(message, draft, &mut request).then_some(request)
}

/// As [`decode`], into a place that is there already; false when the kind cannot be recognised.
#[inline(never)]
pub(crate) fn decode_into<D: Draft>(
    message: &[u8],
    mut draft: Option<&mut D>,
    to: &mut Request,
) -> bool {
    let mut fields = Fields {
        seen: 0,
        missing: !DAMAGE,
        numbers: [0; Key::INTEGERS],
        connect: true,
    };
    fields.read(message, draft.as_deref_mut());
    let index = fields.number(Key::Index);
    // A message without a type has type 0, which is none. A response carries the next number.
    let (needed, request) = match fields.number(Key::Type) {
        1 => (
            Key::MaxNetworks.bit() | Key::ScanTime.bit(),
            Request::list(fields.number(Key::MaxNetworks)),
        ),
        3 if index == NEW => (
            Key::Index.bit()
                | Key::Security.bit()
                | Key::Ssid.bit()
                | Key::Bssid.bit()
                | Key::Passphrase.bit(),
            Request::Save {
                connect: fields.connect,
            },
        ),
        // What else the message says of the network is not looked at.
        3 => (Key::Index.bit(), Request::Join { priority: index }),
        5 => (
            Key::Index.bit() | Key::NewIndex.bit(),
            Request::Edit {
                from: index,
                to: fields.number(Key::NewIndex),
            },
        ),
        7 => (Key::Index.bit(), Request::Delete { priority: index }),
        _ => return false,
    };
    *to = request;
    let sound = if fields.missing & (needed | DAMAGE) != 0 {
        Err(Cause::Failure)
    } else if let Request::Save { .. } = request {
        fields.network(draft)
    } else {
        Ok(())
    };
    if let Err(cause) = sound {
        to.refuse(cause);
    }
    true
}

impl Fields {
    /// Reads the whole message. One that is not well-formed is damaged, and so is one with a key that
    /// occurs twice: taking the first, as the C service did, would let two readers see two requests.
    /// A connect flag that is no boolean is damage as well, although it may be missing.
    fn read<D: Draft>(&mut self, message: &[u8], mut draft: Option<&mut D>) {
        let mut reader = Reader::new(message);
        // What is wrong does not end the reading: the type may come last, and be owed an answer.
        reader.map();
        while let Some(letter) = reader.key() {
            reader.head();
            let key = match Key::of(letter) {
                Some(key) if self.seen & key.bit() == 0 => key,
                known => {
                    if known.is_some() {
                        self.missing |= DAMAGE;
                    }
                    reader.rest();
                    continue;
                }
            };
            self.seen |= key.bit();
            if self.value(key, &mut reader, draft.as_deref_mut()) {
                self.missing &= !key.bit();
            } else if key == Key::Connect {
                self.missing |= DAMAGE;
            }
        }
        if !reader.is_complete() {
            self.missing |= DAMAGE;
        }
    }

    /// Reads one value; gives whether it is of the right type and length.
    fn value<D: Draft>(
        &mut self,
        key: Key,
        reader: &mut Reader<'_>,
        draft: Option<&mut D>,
    ) -> bool {
        if let Some(place) = self.numbers.get_mut(key as usize) {
            if let Some(number) = reader.integer() {
                *place = number;
                return true;
            }
        } else if key == Key::Connect {
            if let Some(connect) = reader.boolean() {
                self.connect = connect;
                return true;
            }
        } else if let Some(draft) = draft {
            if key == Key::Bssid {
                if reader.major() == BYTES {
                    return reader.string(draft.bssid()) == BSSID_BYTES;
                }
            } else if reader.major() == TEXT {
                let field = if key == Key::Ssid {
                    draft.ssid()
                } else {
                    draft.passphrase()
                };
                let length = reader.string(field.array);
                let fits = length <= field.array.len();
                // Also when it was too long: what fits is in the field and is to be wiped.
                *field.length = if fits { length as u8 } else { u8::MAX };
                return fits;
            }
        }
        reader.rest();
        false
    }

    fn number(&self, key: Key) -> i16 {
        self.numbers.get(key as usize).copied().unwrap_or(0)
    }

    /// Completes and checks a new network.
    fn network<D: Draft>(&self, draft: Option<&mut D>) -> Result<(), Cause> {
        let security = Security::from_wire(self.number(Key::Security)).ok_or(Cause::Failure)?;
        let draft = draft.ok_or(Cause::Failure)?;
        draft.set_security(security);
        profile::check(security, *draft.ssid().length, *draft.passphrase().length)
    }
}
