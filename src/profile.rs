//! A network as a phone describes it and the store keeps it.

use crate::config::BSSID_BYTES;
use crate::status::Cause;

/// How an access point is protected. The numbers are those of the wire and of `WIFISecurity_t`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Security {
    /// No protection.
    #[default]
    Open = 0,
    /// WEP, with a key of 5 or 13 characters, or 10 or 26 hexadecimal digits.
    Wep = 1,
    /// WPA with a passphrase.
    Wpa = 2,
    /// WPA2 with a passphrase.
    Wpa2 = 3,
    /// WPA2 with a user's name and certificate. The protocol has no field for those.
    Wpa2Enterprise = 4,
    /// WPA3 with a passphrase.
    Wpa3 = 5,
}

impl Security {
    /// Reads the wire's number.
    #[must_use]
    pub const fn from_wire(number: i16) -> Option<Self> {
        Some(match number {
            0 => Self::Open,
            1 => Self::Wep,
            2 => Self::Wpa,
            3 => Self::Wpa2,
            4 => Self::Wpa2Enterprise,
            5 => Self::Wpa3,
            _ => return None,
        })
    }
}

/// Octets in a plain array as C has them: what lies behind the length is zeros.
pub struct Octets<'a> {
    /// Where they go, as many as there may be.
    pub array: &'a mut [u8],
    /// How many there are; [`u8::MAX`] when there were too many.
    pub length: &'a mut u8,
}

/// Where a decoder writes a new network down: the memory of whoever carries the request out, so
/// that a passphrase is in one place alone. That memory starts as zeros, and its owner wipes it.
pub trait Draft {
    /// The name, 0 to [`MAX_SSID_BYTES`](crate::config::MAX_SSID_BYTES) octets of any value.
    fn ssid(&mut self) -> Octets<'_>;
    /// The access point's address, zeros when the phone does not know it.
    fn bssid(&mut self) -> &mut [u8; BSSID_BYTES];
    /// The credential, at most [`MAX_PASSPHRASE_BYTES`](crate::config::MAX_PASSPHRASE_BYTES) octets.
    fn passphrase(&mut self) -> Octets<'_>;
    /// How it is protected.
    fn set_security(&mut self, security: Security);
}

/// The longest key WEP has: 26 hexadecimal digits.
pub const LONGEST_WEP_KEY: u8 = 26;

/// Refuses what no driver could join, before anything is tried or stored.
///
/// # Errors
///
/// [`Cause::NotSupported`] for WPA2-Enterprise, [`Cause::Failure`] for an empty name or a
/// credential of a length its security does not have.
pub const fn check(
    security: Security,
    ssid_length: u8,
    passphrase_length: u8,
) -> Result<(), Cause> {
    let sound = match security {
        Security::Open => true,
        Security::Wep => matches!(passphrase_length, 5 | 13 | 10 | LONGEST_WEP_KEY),
        Security::Wpa | Security::Wpa2 | Security::Wpa3 => passphrase_length >= 8,
        Security::Wpa2Enterprise => return Err(Cause::NotSupported),
    };
    if sound && ssid_length != 0 {
        Ok(())
    } else {
        Err(Cause::Failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wpa_passphrase_has_at_least_eight_bytes() {
        for security in [Security::Wpa, Security::Wpa2, Security::Wpa3] {
            assert_eq!(check(security, 4, 7), Err(Cause::Failure));
            assert_eq!(check(security, 4, 8), Ok(()));
        }
    }

    #[test]
    fn a_wep_key_has_one_of_four_lengths() {
        assert_eq!(check(Security::Wep, 4, 5), Ok(()));
        assert_eq!(check(Security::Wep, 4, 6), Err(Cause::Failure));
    }

    #[test]
    fn enterprise_is_not_supported_rather_than_downgraded() {
        assert_eq!(
            check(Security::Wpa2Enterprise, 4, 8),
            Err(Cause::NotSupported)
        );
    }

    #[test]
    fn an_empty_name_is_refused() {
        assert_eq!(check(Security::Open, 0, 0), Err(Cause::Failure));
    }
}
