//! What a network is called and how it is protected.

use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest network name, in bytes.
pub const SSID_MAX: usize = 32;
/// Longest passphrase or key, in bytes.
pub const CREDENTIAL_MAX: usize = 63;

/// The name of a network: 0 to 32 bytes, of any value. Empty stands for a hidden name.
#[derive(Clone, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Ssid(heapless::Vec<u8, SSID_MAX>);

impl Ssid {
    /// The empty name.
    #[must_use]
    pub const fn hidden() -> Self {
        Self(heapless::Vec::new())
    }

    /// Takes the bytes; `None` when there are more than [`SSID_MAX`].
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        heapless::Vec::from_slice(bytes).ok().map(Self)
    }

    /// The bytes, without a terminator.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the name is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// UTF-8 as it is; control characters and other bytes escaped, so that a name cannot forge a line of log.
impl fmt::Display for Ssid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character.is_control() {
                    write!(f, "{}", character.escape_default())?;
                } else {
                    write!(f, "{character}")?;
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Ssid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// How an access point is protected. The numbers are those of `WIFISecurity_t`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Security {
    /// Not at all.
    #[default]
    Open = 0,
    /// By a WEP key.
    Wep = 1,
    /// WPA with a passphrase.
    Wpa = 2,
    /// WPA2 with a passphrase.
    Wpa2 = 3,
    /// WPA2 with an account.
    Wpa2Enterprise = 4,
    /// WPA3 with a passphrase.
    Wpa3 = 5,
    /// In a way the contract has no number for.
    Other = 6,
}

impl Security {
    /// Reads the number of `WIFISecurity_t`.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Open,
            1 => Self::Wep,
            2 => Self::Wpa,
            3 => Self::Wpa2,
            4 => Self::Wpa2Enterprise,
            5 => Self::Wpa3,
            6 => Self::Other,
            _ => return None,
        })
    }

    /// The number of `WIFISecurity_t`.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Wep => "WEP",
            Self::Wpa => "WPA",
            Self::Wpa2 => "WPA2",
            Self::Wpa2Enterprise => "WPA2 enterprise",
            Self::Wpa3 => "WPA3",
            Self::Other => "unknown security",
        })
    }
}

/// A passphrase or key: wiped when dropped, and without any way to print it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(test, derive(PartialEq))]
pub struct Credential {
    bytes: [u8; CREDENTIAL_MAX],
    length: u8,
}

impl Credential {
    /// No credential.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            bytes: [0; CREDENTIAL_MAX],
            length: 0,
        }
    }

    /// Takes the bytes; `None` when there are more than [`CREDENTIAL_MAX`].
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut credential = Self::none();
        credential.set(bytes).then_some(credential)
    }

    /// Replaces the content in place, wiping the former; false, and then empty, when there are too many bytes.
    pub fn set(&mut self, bytes: &[u8]) -> bool {
        self.zeroize();
        let Ok(length) = u8::try_from(bytes.len()) else {
            return false;
        };
        let Some(place) = self.bytes.get_mut(..bytes.len()) else {
            return false;
        };
        place.copy_from_slice(bytes);
        self.length = length;
        true
    }

    /// The bytes, without a terminator.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }
}

impl Default for Credential {
    fn default() -> Self {
        Self::none()
    }
}

/// Whether a credential can be right for this security at all: refusing it here spares the user a
/// failed attempt that looks like a wrong passphrase.
#[must_use]
pub fn credential_fits(security: Security, credential: &[u8]) -> bool {
    let hexadecimal = || credential.iter().all(u8::is_ascii_hexdigit);
    match security {
        Security::Open => credential.is_empty(),
        Security::Wep => {
            matches!(credential.len(), 5 | 13)
                || (matches!(credential.len(), 10 | 26) && hexadecimal())
        }
        Security::Wpa | Security::Wpa2 => (8..=CREDENTIAL_MAX).contains(&credential.len()),
        // SAE takes a password of any length.
        Security::Wpa3 => !credential.is_empty(),
        Security::Wpa2Enterprise | Security::Other => false,
    }
}

impl Serialize for Credential {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

impl<'de> Deserialize<'de> for Credential {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Credential;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {CREDENTIAL_MAX} bytes")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Credential, E> {
                Credential::new(bytes).ok_or_else(|| E::invalid_length(bytes.len(), &self))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
