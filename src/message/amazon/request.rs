//! Phone to device: a message becomes a checked request, once, in one pass.

use super::Kind;
use super::reader::{Malformed, Reader};
use crate::config::MAX_SCAN_NETWORKS;
use crate::profile::{Profile, Security};
use crate::service::Request;
use crate::status::Status;

/// A message that asks for nothing we can do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rejected {
    /// Its kind could not be recognised: nobody could tell what an answer would be to.
    Unrecognised,
    /// Of a known kind, but not well-formed, incomplete, or not possible. To be answered.
    Refused(Kind, Status),
}

/// The keys we know, as bits of [`Fields::seen`] and [`Fields::sound`].
mod key {
    pub(super) const TYPE: u16 = 1;
    pub(super) const MAX_NETWORKS: u16 = 1 << 1;
    pub(super) const SCAN_TIME: u16 = 1 << 2;
    pub(super) const INDEX: u16 = 1 << 3;
    pub(super) const NEW_INDEX: u16 = 1 << 4;
    pub(super) const SECURITY: u16 = 1 << 5;
    pub(super) const SSID: u16 = 1 << 6;
    pub(super) const BSSID: u16 = 1 << 7;
    pub(super) const PASSPHRASE: u16 = 1 << 8;
    pub(super) const CONNECT: u16 = 1 << 9;
    /// What a new network needs.
    pub(super) const NETWORK: u16 = SECURITY | SSID | BSSID | PASSPHRASE;
}

/// The index that stands for "not saved yet".
const NEW: i16 = -1;

/// What was read so far.
struct Fields {
    /// Keys that occurred.
    seen: u16,
    /// Keys whose value has the right type and length.
    sound: u16,
    kind: Option<Kind>,
    index: i16,
    new_index: i16,
    max_networks: i16,
    connect: bool,
}

/// Reads a request. The strings of a message go into `profile`, which must be empty; they mean
/// something after [`Request::Save`] alone and are to be wiped otherwise.
///
/// # Errors
///
/// See [`Rejected`].
pub fn decode(message: &[u8], profile: &mut Profile) -> Result<Request, Rejected> {
    let mut fields = Fields {
        seen: 0,
        sound: 0,
        kind: None,
        index: 0,
        new_index: 0,
        max_networks: 0,
        connect: true,
    };
    let read = fields.read(message, profile);
    let kind = fields.kind.ok_or(Rejected::Unrecognised)?;
    let refused = Rejected::Refused(kind, Status::Failure);
    match read {
        Ok(()) => fields.request(kind).ok_or(refused),
        Err(Malformed) => Err(refused),
    }
}

/// Finds out what a message asks for, and nothing else. `None` for a type that is no request.
///
/// # Errors
///
/// [`Malformed`] when no type can be found.
pub fn kind(message: &[u8]) -> Result<Option<Kind>, Malformed> {
    let mut reader = Reader::new(message);
    let mut left = reader.map()?;
    while more(&mut reader, &mut left) {
        if reader.key()? == b'w' {
            return reader.integer()?.map(Kind::from_wire).ok_or(Malformed);
        }
        reader.skip()?;
    }
    Err(Malformed)
}

/// Whether a map has another pair.
fn more(reader: &mut Reader<'_>, left: &mut Option<u32>) -> bool {
    match left {
        Some(0) => false,
        Some(count) => {
            *count = count.wrapping_sub(1);
            true
        }
        None => !reader.take_break(),
    }
}

impl Fields {
    /// Reads the whole message. A key that occurs twice makes it malformed: taking the first, as
    /// the C service did, would let two readers see two different requests.
    fn read(&mut self, message: &[u8], profile: &mut Profile) -> Result<(), Malformed> {
        let mut reader = Reader::new(message);
        let mut left = reader.map()?;
        while more(&mut reader, &mut left) {
            let letter = reader.key()?;
            let key = match letter {
                b'w' => key::TYPE,
                b'h' => key::MAX_NETWORKS,
                b't' => key::SCAN_TIME,
                b'g' => key::INDEX,
                b'j' => key::NEW_INDEX,
                b'q' => key::SECURITY,
                b'r' => key::SSID,
                b'b' => key::BSSID,
                b'm' => key::PASSPHRASE,
                b'y' => key::CONNECT,
                _ => {
                    reader.skip()?;
                    continue;
                }
            };
            if self.seen & key != 0 {
                return Err(Malformed);
            }
            self.seen |= key;
            if self.value(key, &mut reader, profile)? {
                self.sound |= key;
            }
        }
        if reader.is_at_end() {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// Reads one value; gives whether it is of the right type and length.
    fn value(
        &mut self,
        key: u16,
        reader: &mut Reader<'_>,
        profile: &mut Profile,
    ) -> Result<bool, Malformed> {
        match key {
            key::SSID => return reader.text(&mut profile.ssid),
            key::PASSPHRASE => return reader.text(profile.passphrase.buffer()),
            key::BSSID => return reader.bytes(&mut profile.bssid),
            key::CONNECT => {
                let connect = reader.boolean()?;
                self.connect = connect.unwrap_or_default();
                return Ok(connect.is_some());
            }
            _ => {}
        }
        let Some(number) = reader.integer()? else {
            return Ok(false);
        };
        match key {
            key::TYPE => self.kind = Kind::from_wire(number),
            key::INDEX => self.index = number,
            key::NEW_INDEX => self.new_index = number,
            key::MAX_NETWORKS => self.max_networks = number,
            key::SECURITY => match Security::from_wire(number) {
                Some(security) => profile.security = security,
                None => return Ok(false),
            },
            // The scan time: required, and ignored as the C service ignored it.
            _ => {}
        }
        Ok(true)
    }

    const fn has(&self, keys: u16) -> bool {
        self.sound & keys == keys
    }

    /// Puts the request together, if all it needs is there.
    fn request(&self, kind: Kind) -> Option<Request> {
        match kind {
            Kind::List if self.has(key::MAX_NETWORKS | key::SCAN_TIME) => {
                let asked = usize::try_from(self.max_networks).unwrap_or(0);
                let max = if asked == 0 || asked > MAX_SCAN_NETWORKS {
                    MAX_SCAN_NETWORKS
                } else {
                    asked
                };
                Some(Request::List {
                    max: u8::try_from(max).ok()?,
                })
            }
            Kind::Save if self.has(key::INDEX) && (self.seen & !self.sound & key::CONNECT) == 0 => {
                if self.index != NEW {
                    // What else the message says of the network is not looked at.
                    Some(Request::Join {
                        priority: self.index,
                    })
                } else if self.has(key::NETWORK) {
                    Some(Request::Save {
                        connect: self.connect,
                    })
                } else {
                    None
                }
            }
            Kind::Edit if self.has(key::INDEX | key::NEW_INDEX) => Some(Request::Edit {
                from: self.index,
                to: self.new_index,
            }),
            Kind::Delete if self.has(key::INDEX) => Some(Request::Delete {
                priority: self.index,
            }),
            Kind::List | Kind::Save | Kind::Edit | Kind::Delete => None,
        }
    }
}
