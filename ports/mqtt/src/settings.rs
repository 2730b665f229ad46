//! What a device is provisioned with: which broker, who the device is, and what proves both.
//!
//! It lies in flash in a place of its own, written in production (or by a test), and is read at start:
//!
//! ```text
//! "MQTT"  version (1)  three bytes 0  length of the fields (u32)  their CRC-32 (u32)  fields
//! field:  tag (u8)  length (u16)  value
//! ```
//!
//! | tag | field | value |
//! |---|---|---|
//! | 1 | host | text: an IPv4 address or a host name |
//! | 2 | port | u16; without it 8883 (1883 without TLS) |
//! | 3 | name | text: the broker's name in its certificate; without it the host |
//! | 4 | client identifier | text, 1 to 64 bytes |
//! | 5 | keep-alive | u16, seconds, 2 or more; without it 60 |
//! | 6 | no TLS | empty: over WiFi everybody may read along |
//! | 7 | authority | the certificate (DER) of who vouches for the broker; needed unless 6 is there |
//! | 8 | certificate | the device's own (DER), on the curve P-256 |
//! | 9 | key | its private key: 32 bytes, most significant first |
//!
//! Numbers are little-endian. A tag that is not known is an error: it may be a condition.

use core::fmt;

use crc::{CRC_32_ISO_HDLC, Crc};
use heapless::String;
use zeroize::Zeroize as _;

use crate::session::Identity;
use crate::tls::PrivateKey;

const MAGIC: &[u8] = b"MQTT\x01\0\0\0";
const HEADER: usize = 16;
/// Longest settings, in bytes.
pub const SETTINGS_MAX: usize = 8 * 1024;
const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
const ERASED: u8 = 0xff;
const KEEP_ALIVE: u16 = 60;
/// Tag of the private key.
const KEY: u8 = 9;

/// How the connection over WiFi is protected.
pub enum Security<'a> {
    /// Not at all.
    Plain,
    /// By TLS 1.3.
    Tls {
        /// The broker's name in its certificate.
        name: &'a str,
        /// Who vouches for it, as a certificate in DER.
        authority: &'a [u8],
        /// Our own certificate in DER, and its key.
        own: Option<(&'a [u8], PrivateKey)>,
    },
}

/// What a device is provisioned with.
pub struct Settings<'a> {
    /// Where the broker is: an IPv4 address or a host name.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// Who we are to it.
    pub identity: Identity,
    /// How the connection over WiFi is protected.
    pub security: Security<'a>,
}

/// Why there are no settings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SettingsError {
    /// Flash is erased there.
    Absent,
    /// No settings, or of a later version.
    Format,
    /// They do not pass their check value.
    Corrupt,
    /// A field is not what it must be, by its tag.
    Field(u8),
    /// A field is missing, by its tag.
    Missing(u8),
    /// Both an authority and "no TLS".
    Contradiction,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("none are provisioned"),
            Self::Format => f.write_str("they are of no known format"),
            Self::Corrupt => f.write_str("they are corrupt"),
            Self::Field(tag) => write!(f, "field {tag} is not valid"),
            Self::Missing(tag) => write!(f, "field {tag} is missing"),
            Self::Contradiction => f.write_str("they have both an authority and no TLS"),
        }
    }
}

/// The fields, by tag.
#[derive(Default)]
struct Fields<'a>([Option<&'a [u8]>; 10]);

impl<'a> Fields<'a> {
    fn read(mut bytes: &'a [u8]) -> Result<Self, SettingsError> {
        let mut fields = Self::default();
        while let [tag, low, high, rest @ ..] = bytes {
            let length = u16::from_le_bytes([*low, *high]).into();
            let (value, rest) = rest
                .split_at_checked(length)
                .ok_or(SettingsError::Field(*tag))?;
            let place = fields
                .0
                .get_mut(usize::from(*tag))
                .ok_or(SettingsError::Field(*tag))?;
            if *tag == 0 || place.replace(value).is_some() {
                return Err(SettingsError::Field(*tag));
            }
            bytes = rest;
        }
        if bytes.is_empty() {
            Ok(fields)
        } else {
            Err(SettingsError::Format)
        }
    }

    fn bytes(&self, tag: u8) -> Option<&'a [u8]> {
        self.0.get(usize::from(tag)).copied().flatten()
    }

    fn text(&self, tag: u8) -> Result<Option<&'a str>, SettingsError> {
        let text = self.bytes(tag).map(core::str::from_utf8).transpose();
        match text {
            Ok(Some("")) | Err(_) => Err(SettingsError::Field(tag)),
            Ok(text) => Ok(text),
        }
    }

    fn number(&self, tag: u8) -> Result<Option<u16>, SettingsError> {
        match self.bytes(tag) {
            None => Ok(None),
            Some([low, high]) => Ok(Some(u16::from_le_bytes([*low, *high]))),
            Some(_) => Err(SettingsError::Field(tag)),
        }
    }

    fn security(
        &self,
        host: &'a str,
        key: Option<PrivateKey>,
    ) -> Result<Security<'a>, SettingsError> {
        match (self.bytes(6), self.bytes(7)) {
            (Some([]), None) => Ok(Security::Plain),
            (Some([]), Some(_)) => Err(SettingsError::Contradiction),
            (Some(_), _) => Err(SettingsError::Field(6)),
            (None, None) => Err(SettingsError::Missing(7)),
            (None, Some(authority)) => Ok(Security::Tls {
                name: self.text(3)?.unwrap_or(host),
                authority,
                own: match (self.bytes(8), key) {
                    (None, None) => None,
                    (Some(_), None) => return Err(SettingsError::Missing(KEY)),
                    (None, Some(_)) => return Err(SettingsError::Missing(8)),
                    (Some(certificate), Some(key)) => Some((certificate, key)),
                },
            }),
        }
    }

    fn settings(&self, key: Option<PrivateKey>) -> Result<Settings<'a>, SettingsError> {
        let host = self.text(1)?.ok_or(SettingsError::Missing(1))?;
        let security = self.security(host, key)?;
        let standard = if matches!(security, Security::Plain) {
            1883
        } else {
            8883
        };
        let client_id = self.text(4)?.ok_or(SettingsError::Missing(4))?;
        let keep_alive = self.number(5)?.unwrap_or(KEEP_ALIVE);
        if keep_alive < 2 {
            return Err(SettingsError::Field(5));
        }
        Ok(Settings {
            host,
            port: self.number(2)?.unwrap_or(standard),
            identity: Identity {
                client_id: String::try_from(client_id).map_err(|_| SettingsError::Field(4))?,
                keep_alive,
            },
            security,
        })
    }
}

/// Reads settings. The private key is wiped from `bytes`: it is in the settings alone then.
///
/// # Errors
///
/// See [`SettingsError`].
pub fn read(bytes: &mut [u8]) -> Result<Settings<'_>, SettingsError> {
    let length = whole(bytes)?;
    let fields = bytes
        .get_mut(HEADER..length)
        .ok_or(SettingsError::Corrupt)?;
    let key = take_key(fields)?;
    Fields::read(fields)?.settings(key)
}

/// Takes the private key out of the fields; zeros stay in its place.
fn take_key(mut bytes: &mut [u8]) -> Result<Option<PrivateKey>, SettingsError> {
    let mut key = None;
    while let [tag, low, high, rest @ ..] = bytes {
        let length = u16::from_le_bytes([*low, *high]).into();
        let (value, rest) = rest
            .split_at_mut_checked(length)
            .ok_or(SettingsError::Field(*tag))?;
        if *tag == KEY {
            let new = PrivateKey::new(value);
            value.zeroize();
            key = Some(new.ok_or(SettingsError::Field(KEY))?);
        }
        bytes = rest;
    }
    Ok(key)
}

/// The length of the settings in `bytes`, which are checked.
fn whole(bytes: &[u8]) -> Result<usize, SettingsError> {
    let (header, rest) = bytes
        .split_at_checked(HEADER)
        .ok_or(SettingsError::Format)?;
    if header.iter().all(|byte| *byte == ERASED) {
        return Err(SettingsError::Absent);
    }
    let Some([a, b, c, d, e, f, g, h]) = header.strip_prefix(MAGIC) else {
        return Err(SettingsError::Format);
    };
    let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d]))
        .map_err(|_| SettingsError::Corrupt)?;
    let fields = rest.get(..length).ok_or(SettingsError::Corrupt)?;
    if CRC.checksum(fields) != u32::from_le_bytes([*e, *f, *g, *h]) {
        return Err(SettingsError::Corrupt);
    }
    Ok(HEADER.saturating_add(length))
}
