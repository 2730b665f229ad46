//! Phone to device: a message becomes a checked request, once, in one pass.

use super::kind_of;
use super::reader::{BYTES, Reader, TEXT};
use crate::config::{BSSID_BYTES, MAX_SCAN_NETWORKS};
use crate::profile::{Profile, Security};
use crate::service::{Kind, Request};
use crate::status::Status;

/// A message that asks for nothing we can do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rejected {
    /// Its kind could not be recognised: nobody could tell what an answer would be to.
    Unrecognised,
    /// Of a known kind, but not well-formed, incomplete, or not possible. To be answered.
    Refused(Kind, Status),
}

/// The keys we know. Those with an integer come first: their numbers are kept at the same places.
const LETTERS: &[u8; 10] = b"wghtjqrbmy";

/// Places in [`LETTERS`].
mod key {
    pub(super) const TYPE: usize = 0;
    pub(super) const INDEX: usize = 1;
    pub(super) const MAX_NETWORKS: usize = 2;
    pub(super) const SCAN_TIME: usize = 3;
    pub(super) const NEW_INDEX: usize = 4;
    pub(super) const SECURITY: usize = 5;
    /// How many have an integer.
    pub(super) const INTEGERS: usize = 6;
    pub(super) const SSID: usize = 6;
    pub(super) const BSSID: usize = 7;
    pub(super) const PASSPHRASE: usize = 8;
    pub(super) const CONNECT: usize = 9;

    /// A set of keys, as bits.
    pub(super) const fn set(keys: &[usize]) -> u16 {
        match keys {
            [key, rest @ ..] => 1 << *key | set(rest),
            [] => 0,
        }
    }
}

/// The index that stands for "not saved yet".
const NEW: i16 = -1;

/// What was read so far.
struct Fields {
    /// Keys that occurred.
    seen: u16,
    /// Keys whose value has the right type and length.
    sound: u16,
    numbers: [i16; key::INTEGERS],
    connect: bool,
}

/// Reads a request. The strings of a message go into `profile`, which must be empty; they mean
/// something after [`Request::Save`] alone and are to be wiped otherwise. Without a profile a new
/// network is refused, and every other request is read as ever. A network no driver could join is
/// refused here.
///
/// # Errors
///
/// See [`Rejected`].
#[inline(never)]
pub fn decode(message: &[u8], mut profile: Option<&mut Profile>) -> Result<Request, Rejected> {
    let mut fields = Fields {
        seen: 0,
        sound: 0,
        numbers: [0; key::INTEGERS],
        connect: true,
    };
    let is_read = fields.read(message, profile.as_deref_mut());
    // A message without a type has type 0, which is none.
    let kind = kind_of(fields.number(key::TYPE)).ok_or(Rejected::Unrecognised)?;
    let refused = |status| Rejected::Refused(kind, status);
    let mut profile = profile;
    let request = if is_read {
        fields.request(kind, profile.as_deref_mut())
    } else {
        None
    };
    let request = request.ok_or(refused(Status::Failure))?;
    if let (Request::Save { .. }, Some(profile)) = (request, profile) {
        profile.check().map_err(refused)?;
    }
    Ok(request)
}

impl Fields {
    /// Reads the whole message; gives whether it is well-formed. A key that occurs twice makes it
    /// not so: taking the first, as the C service did, would let two readers see two requests. A
    /// connect flag that is no boolean spoils the request as well, although it may be missing.
    fn read(&mut self, message: &[u8], mut profile: Option<&mut Profile>) -> bool {
        let mut reader = Reader::new(message);
        let mut left = reader.map();
        while reader.has_pair(&mut left) {
            let letter = reader.key();
            let Some(key) = LETTERS.iter().position(|&known| known == letter) else {
                reader.skip();
                continue;
            };
            let bit = 1 << (key & 15);
            if self.seen & bit != 0 {
                return false;
            }
            self.seen |= bit;
            if self.value(key, &mut reader, profile.as_deref_mut()) {
                self.sound |= bit;
            } else if key == key::CONNECT {
                return false;
            }
        }
        reader.is_complete()
    }

    /// Reads one value; gives whether it is of the right type and length.
    fn value(
        &mut self,
        key: usize,
        reader: &mut Reader<'_>,
        profile: Option<&mut Profile>,
    ) -> bool {
        if let Some(place) = self.numbers.get_mut(key) {
            let number = reader.integer();
            *place = number.unwrap_or(0);
            return number.is_some();
        }
        if key == key::CONNECT {
            let connect = reader.boolean();
            self.connect = connect.unwrap_or_default();
            return connect.is_some();
        }
        let Some(profile) = profile else {
            reader.skip();
            return false;
        };
        let (major, field, length): (_, &mut [u8], _) = match key {
            key::BSSID => (BYTES, &mut profile.bssid, None),
            key::SSID => {
                let (array, length) = profile.ssid.parts_mut();
                (TEXT, array, Some(length))
            }
            _ => {
                let (array, length) = profile.passphrase.octets_mut().parts_mut();
                (TEXT, array, Some(length))
            }
        };
        let read = reader.string(major, field);
        match length {
            // Also when it was too long: what fits is in the field and is to be wiped.
            Some(length) => *length = read.unwrap_or(u8::MAX),
            None => return read == Some(BSSID_BYTES as u8),
        }
        read.is_some()
    }

    fn number(&self, key: usize) -> i16 {
        self.numbers.get(key).copied().unwrap_or(0)
    }

    /// Puts the request together, if all it needs is there.
    fn request(&self, kind: Kind, profile: Option<&mut Profile>) -> Option<Request> {
        let index = self.number(key::INDEX);
        let needed = match kind {
            Kind::List => const { key::set(&[key::MAX_NETWORKS, key::SCAN_TIME]) },
            Kind::Save if index == NEW => {
                const {
                    key::set(&[
                        key::INDEX,
                        key::SECURITY,
                        key::SSID,
                        key::BSSID,
                        key::PASSPHRASE,
                    ])
                }
            }
            Kind::Edit => const { key::set(&[key::INDEX, key::NEW_INDEX]) },
            Kind::Save | Kind::Delete => const { key::set(&[key::INDEX]) },
        };
        if self.sound & needed != needed {
            return None;
        }
        Some(match kind {
            Kind::List => {
                let asked = self.number(key::MAX_NETWORKS);
                let max = MAX_SCAN_NETWORKS as i16;
                Request::List {
                    max: if asked > 0 && asked < max { asked } else { max } as u8,
                }
            }
            Kind::Save if index == NEW => {
                profile?.security = Security::from_wire(self.number(key::SECURITY))?;
                Request::Save {
                    connect: self.connect,
                }
            }
            // What else the message says of the network is not looked at.
            Kind::Save => Request::Join { priority: index },
            Kind::Edit => Request::Edit {
                from: index,
                to: self.number(key::NEW_INDEX),
            },
            Kind::Delete => Request::Delete { priority: index },
        })
    }
}
