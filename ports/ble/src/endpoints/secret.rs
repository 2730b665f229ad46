//! The device's own secret: made once, and kept for good, as it may be printed on the device.

use core::ffi::CStr;

use heapless::Vec;
use port_store::{RecordError, RecordId, Records};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The longest secret, bytes.
pub(crate) const SECRET_MAX: usize = 64;

/// Characters of a secret the device makes, and how many: 65 bits. None is taken for another.
const CHARACTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
const LENGTH: usize = 13;

/// How often another is made for one that does not suit. One in 256 does not.
const TRIES: u8 = 8;

/// A secret with a NUL behind it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret([u8; SECRET_MAX + 1]);

impl Secret {
    /// `None` for one that is too long or has a NUL in it.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > SECRET_MAX || bytes.contains(&0) {
            return None;
        }
        let mut secret = Self([0; SECRET_MAX + 1]);
        secret.0.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(secret)
    }

    /// As C takes it.
    pub(crate) fn text(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }

    /// Whether people can read and type it: text without control characters, each of which would take the QR code's text six.
    pub(crate) fn is_readable(&self) -> bool {
        let is_readable = |text: &str| !text.chars().any(char::is_control);
        self.text().to_str().is_ok_and(is_readable)
    }
}

/// Why there is no secret now. Nothing that is kept was touched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NoSecret {
    /// The store cannot be read: what is kept may be fine.
    Store(RecordError),
    /// The controller has given no random numbers yet.
    Random,
}

/// The secret that is kept; `None` when none is, or none that can ever be read.
///
/// # Errors
///
/// The store failed, which says nothing about what it keeps.
pub(crate) fn kept(records: &dyn Records) -> Result<Option<Secret>, NoSecret> {
    let mut room = [0; SECRET_MAX];
    let found = records.read(RecordId::Proof, &mut room);
    let secret = match found {
        // A secret that was forgotten left an empty record.
        Ok(None | Some(0)) => Ok(None),
        Ok(Some(length)) => Ok(room.get(..length).and_then(Secret::of)),
        Err(error @ (RecordError::Corrupt | RecordError::TooLarge)) => {
            log::error!(target: "ble", "the record of the device's secret is damaged: another is made: {error:?}");
            Ok(None)
        }
        Err(error @ (RecordError::Full | RecordError::Flash)) => Err(NoSecret::Store(error)),
    };
    room.zeroize();
    secret
}

/// Makes a secret and keeps it. It is tried with `suits` before, so that what is kept need never be replaced.
///
/// # Errors
///
/// `random` had nothing to give.
pub(crate) fn made(
    records: &dyn Records,
    random: impl Fn(&mut [u8]) -> bool,
    suits: impl Fn(&[u8]) -> bool,
) -> Result<Secret, NoSecret> {
    for _ in 0..TRIES {
        let mut octets = [0; LENGTH];
        if !random(&mut octets) {
            return Err(NoSecret::Random);
        }
        let mut text: Vec<u8, LENGTH> = octets.iter().map(|octet| character(*octet)).collect();
        octets.zeroize();
        let secret = Secret::of(&text).filter(|_| suits(&text));
        if let Some(secret) = secret {
            let written = records.write(RecordId::Proof, &text);
            text.zeroize();
            if let Err(error) = written {
                log::error!(target: "ble", "the device's secret was not kept and is another after a restart: {error:?}");
            }
            return Ok(secret);
        }
        text.zeroize();
    }
    // Random numbers would have suited.
    Err(NoSecret::Random)
}

fn character(octet: u8) -> u8 {
    let character = CHARACTERS.get(usize::from(octet % 32));
    character.copied().unwrap_or(b'a')
}

/// Forgets the secret that is kept.
///
/// # Errors
///
/// It is still there.
pub(crate) fn forget(records: &dyn Records) -> Result<(), RecordError> {
    records.write(RecordId::Proof, &[])
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
