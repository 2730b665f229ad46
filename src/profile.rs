//! A network as a phone describes it and the store keeps it.

use zeroize::Zeroize;

use crate::config::{BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SSID_BYTES};
use crate::status::Status;

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

/// At most `N` octets, in a plain array as C has them: what lies behind the length is zeros.
pub struct Octets<const N: usize> {
    bytes: [u8; N],
    length: u8,
}

impl<const N: usize> Octets<N> {
    /// No octets.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N <= 255) };
        Self {
            bytes: [0; N],
            length: 0,
        }
    }

    /// The octets.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or(&self.bytes)
    }

    /// How many there are.
    #[must_use]
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// The whole array.
    #[must_use]
    pub const fn array(&self) -> &[u8; N] {
        &self.bytes
    }

    /// The whole array, for a decoder to fill from the front, and how much of it is filled.
    pub(crate) const fn parts_mut(&mut self) -> (&mut [u8; N], &mut u8) {
        (&mut self.bytes, &mut self.length)
    }
}

impl<const N: usize> Default for Octets<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Zeroize for Octets<N> {
    fn zeroize(&mut self) {
        // What was never given a length has no octets.
        if self.length != 0 {
            // One by one: a memset would be the only one in the archive.
            self.bytes.iter_mut().for_each(Zeroize::zeroize);
            self.length = 0;
        }
    }
}

/// A passphrase or key. Has no `Debug`, cannot be copied by accident, and is wiped when dropped.
#[derive(Default)]
pub struct Passphrase(Octets<MAX_PASSPHRASE_BYTES>);

impl Passphrase {
    /// The octets, for the driver and the store alone.
    #[must_use]
    pub const fn expose(&self) -> &Octets<MAX_PASSPHRASE_BYTES> {
        &self.0
    }

    /// What a decoder fills.
    pub(crate) const fn octets_mut(&mut self) -> &mut Octets<MAX_PASSPHRASE_BYTES> {
        &mut self.0
    }
}

impl Drop for Passphrase {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// One network with its credential.
#[derive(Default)]
pub struct Profile {
    /// The name, 0 to 32 octets of any value.
    pub ssid: Octets<MAX_SSID_BYTES>,
    /// The access point's address, zeros when the phone does not know it.
    pub bssid: [u8; BSSID_BYTES],
    /// How it is protected.
    pub security: Security,
    /// The credential.
    pub passphrase: Passphrase,
}

impl Profile {
    /// An empty profile.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ssid: Octets::new(),
            bssid: [0; BSSID_BYTES],
            security: Security::Open,
            passphrase: Passphrase(Octets::new()),
        }
    }

    /// Refuses what no driver could join, before anything is tried or stored.
    ///
    /// # Errors
    ///
    /// [`Status::NotSupported`] for WPA2-Enterprise, [`Status::Failure`] for an empty name or a
    /// credential of a length its security does not have.
    pub const fn check(&self) -> Result<(), Status> {
        let length = self.passphrase.0.length;
        let sound = match self.security {
            Security::Open => true,
            Security::Wep => matches!(length, 5 | 13 | 10 | 26),
            Security::Wpa | Security::Wpa2 | Security::Wpa3 => length >= 8,
            Security::Wpa2Enterprise => return Err(Status::NotSupported),
        };
        if sound && self.ssid.length != 0 {
            Ok(())
        } else {
            Err(Status::Failure)
        }
    }

    /// Empties the profile and wipes the credential.
    pub fn wipe(&mut self) {
        self.ssid.length = 0;
        self.passphrase.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill<const N: usize>(octets: &mut Octets<N>, bytes: &[u8]) {
        let (array, length) = octets.parts_mut();
        array[..bytes.len()].copy_from_slice(bytes);
        *length = u8::try_from(bytes.len()).unwrap();
    }

    fn profile(security: Security, passphrase: &[u8]) -> Profile {
        let mut profile = Profile {
            security,
            ..Profile::default()
        };
        fill(&mut profile.ssid, b"Home");
        fill(&mut profile.passphrase.0, passphrase);
        profile
    }

    #[test]
    fn a_wpa_passphrase_has_at_least_eight_bytes() {
        for security in [Security::Wpa, Security::Wpa2, Security::Wpa3] {
            assert_eq!(profile(security, b"1234567").check(), Err(Status::Failure));
            assert_eq!(profile(security, b"12345678").check(), Ok(()));
        }
    }

    #[test]
    fn a_wep_key_has_one_of_four_lengths() {
        assert_eq!(profile(Security::Wep, b"12345").check(), Ok(()));
        assert_eq!(
            profile(Security::Wep, b"123456").check(),
            Err(Status::Failure)
        );
    }

    #[test]
    fn enterprise_is_not_supported_rather_than_downgraded() {
        assert_eq!(
            profile(Security::Wpa2Enterprise, b"12345678").check(),
            Err(Status::NotSupported)
        );
    }

    #[test]
    fn an_empty_name_is_refused() {
        assert_eq!(Profile::default().check(), Err(Status::Failure));
    }

    #[test]
    fn wiping_leaves_nothing_behind_a_shorter_secret() {
        let mut profile = profile(Security::Wpa2, b"a long passphrase");
        *profile.passphrase.0.parts_mut().1 = 2;
        profile.wipe();
        assert!(
            profile
                .passphrase
                .expose()
                .array()
                .iter()
                .all(|&byte| byte == 0)
        );
    }
}
