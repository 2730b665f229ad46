//! How the endpoints are secured, and the device's own secret.

use core::ffi::CStr;

use heapless::Vec;
use port_store::{RecordId, Records};
use wifi_provision::ffi::abi as library;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::abi;
use crate::ble::BLE;

/// The longest secret, bytes.
const SECRET_MAX: usize = library::WIFI_PROVISION_PROTOCOMM_MAX_SECRET_BYTES as usize;

/// The user of security 2.
const USER: &CStr = c"wifiprov";

/// Characters of a secret the device makes, and how many: 65 bits. None is taken for another.
const CHARACTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
const LENGTH: usize = 13;

const _: () = assert!(abi::IOT_BLE_PROTOCOMM_USER.len() == USER.to_bytes_with_nul().len());

/// A secret with a NUL behind it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
struct Secret([u8; SECRET_MAX + 1]);

/// What `IotBleProtocomm_Start` was given.
#[derive(Clone)]
pub(super) struct Setting {
    security: u8,
    attempts: u8,
    pub(super) started: abi::IotBleProtocommStartedCb_t,
    /// None before the device's own is found or made.
    secret: Option<Secret>,
}

impl Setting {
    /// `None` when it cannot be right.
    ///
    /// # Safety
    ///
    /// The strings of `config` are null or NUL-terminated.
    pub(super) unsafe fn read(config: &abi::IotBleProtocommConfig_t) -> Option<Self> {
        if config.ucSecurity > 2 {
            return None;
        }
        let secret = if config.pcSecret.is_null() {
            None
        } else {
            // SAFETY: the caller's promise; null was ruled out.
            Some(Secret::of(
                unsafe { CStr::from_ptr(config.pcSecret) }.to_bytes(),
            )?)
        };
        Some(Self {
            security: config.ucSecurity,
            attempts: config.ucAttempts,
            started: config.pxStarted,
            secret,
        })
    }

    /// Whether the secret is the device's to make.
    pub(super) fn wants_own(&self) -> bool {
        self.secret.is_none() && self.security != 0
    }

    /// Whether a session proves that its phone knows the secret.
    pub(super) fn asks_for_secret(&self) -> bool {
        let is_empty = |secret: &Secret| secret.0.first() == Some(&0);
        self.security != 0 && !self.secret.as_ref().is_none_or(is_empty)
    }

    /// Takes the device's own secret as it is kept. False when there is none.
    pub(super) fn find_own(&mut self, records: &dyn Records) -> bool {
        let mut kept = [0; SECRET_MAX];
        let found = records.read(RecordId::Proof, &mut kept);
        self.secret = match found {
            Ok(Some(length)) => kept.get(..length).and_then(Secret::of),
            Ok(None) => None,
            Err(error) => {
                log::error!(target: "ble", "the device's secret cannot be read and is made anew: {error:?}");
                None
            }
        };
        kept.zeroize();
        self.secret.is_some()
    }

    /// Makes the device's own secret and keeps it. False without random numbers.
    pub(super) fn make_own(&mut self, records: &dyn Records) -> bool {
        let mut text = Vec::<u8, LENGTH>::new();
        let mut octets = [0; LENGTH];
        if !BLE.fill_random(&mut octets) {
            return false;
        }
        for octet in octets {
            let character = CHARACTERS.get(usize::from(octet % 32)).copied();
            // There is room for so many.
            let _ = text.push(character.unwrap_or(b'a'));
        }
        if let Err(error) = records.write(RecordId::Proof, &text) {
            log::error!(target: "ble", "the device's secret was not kept and is another after a restart: {error:?}");
        }
        self.secret = Secret::of(&text);
        octets.zeroize();
        text.zeroize();
        true
    }

    /// What the library is given; valid as long as this.
    pub(super) fn config(&self) -> library::WIFI_PROVISION_ProtocommConfig_t {
        library::WIFI_PROVISION_ProtocommConfig_t {
            xSecurity: match self.security {
                0 => library::eWiFiProvisionSecurityNone,
                1 => library::eWiFiProvisionSecurity1,
                _ => library::eWiFiProvisionSecurity2,
            },
            pcUser: USER.as_ptr(),
            pcSecret: match &self.secret {
                Some(secret) => secret.0.as_ptr().cast(),
                None => core::ptr::null(),
            },
            ucAttempts: self.attempts,
            xRandom: Some(random),
        }
    }
}

impl Secret {
    fn of(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self([0; SECRET_MAX + 1]);
        let room = secret.0.get_mut(..bytes.len())?;
        if bytes.len() > SECRET_MAX {
            return None;
        }
        room.copy_from_slice(bytes);
        Some(secret)
    }
}

/// The library's source of random numbers.
unsafe extern "C" fn random(out: *mut u8, length: usize) -> library::BaseType_t {
    // SAFETY: the library gives writable memory of that length.
    let out = unsafe { core::slice::from_raw_parts_mut(out, length) };
    library::BaseType_t::from(BLE.fill_random(out))
}
