//! How the endpoints are secured, and the device's own secret.

use core::ffi::CStr;

use port_store::Records;
use wifi_provision::ffi::abi as library;
use wifi_provision::protocomm::Verifier;

use super::abi;
use crate::ble::BLE;
use crate::endpoints::secret::{self, NoSecret, SECRET_MAX, Secret};

/// The user of security 2.
const USER: &CStr = c"wifiprov";

const _: () = {
    assert!(abi::IOT_BLE_PROTOCOMM_USER.len() == USER.to_bytes_with_nul().len());
    assert!(SECRET_MAX == library::WIFI_PROVISION_PROTOCOMM_MAX_SECRET_BYTES as usize);
    // Nobody is let in by a number that was forgotten.
    assert!(abi::IOT_BLE_PROTOCOMM_OPEN != 0);
};

/// How a phone shows that it may provision the device.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Security {
    Open,
    One,
    Two,
}

/// What `IotBleProtocomm_Start` was given.
#[derive(Clone)]
pub(super) struct Setting {
    security: Security,
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
        let security = match u32::from(config.ucSecurity) {
            abi::IOT_BLE_PROTOCOMM_OPEN => Security::Open,
            1 => Security::One,
            2 => Security::Two,
            _ => return None,
        };
        let secret = if config.pcSecret.is_null() {
            None
        } else {
            // SAFETY: the caller's promise; null was ruled out.
            Some(Secret::of(
                unsafe { CStr::from_ptr(config.pcSecret) }.to_bytes(),
            )?)
        };
        if !secret
            .as_ref()
            .is_none_or(|secret| may_be(security, secret))
        {
            return None;
        }
        Some(Self {
            security,
            attempts: config.ucAttempts,
            started: config.pxStarted,
            secret,
        })
    }

    /// Whether the secret is the device's to make.
    pub(super) fn wants_own(&self) -> bool {
        self.secret.is_none() && self.security != Security::Open
    }

    /// Whether a session proves that its phone knows the secret.
    pub(super) fn asks_for_secret(&self) -> bool {
        let is_empty = |secret: &Secret| secret.text().is_empty();
        self.security != Security::Open && !self.secret.as_ref().is_none_or(is_empty)
    }

    /// Takes the device's own secret, and makes it where there is none. Gives whether it is new.
    ///
    /// # Errors
    ///
    /// There is none now. What is kept is as it was.
    pub(super) fn take_own(&mut self, records: &dyn Records) -> Result<bool, NoSecret> {
        let kept = secret::kept(records)?;
        let is_new = kept.is_none();
        self.secret = match kept {
            Some(kept) => {
                if self.security == Security::Two && !suits(kept.text()) {
                    log::error!(target: "ble", "some of Espressif's clients compute the kept secret differently, so security 2 does not take it: IotBleProtocomm_ForgetSecret makes room for another");
                }
                Some(kept)
            }
            None => Some(secret::made(
                records,
                |out| BLE.fill_random(out),
                // Whichever security it is for: the same label holds for both.
                |text| Verifier::suits(USER.to_bytes(), text),
            )?),
        };
        Ok(is_new)
    }

    /// What the library is given; valid as long as this.
    pub(super) fn config(&self) -> library::WIFI_PROVISION_ProtocommConfig_t {
        library::WIFI_PROVISION_ProtocommConfig_t {
            xSecurity: match self.security {
                Security::Open => library::eWiFiProvisionSecurityNone,
                Security::One => library::eWiFiProvisionSecurity1,
                Security::Two => library::eWiFiProvisionSecurity2,
            },
            pcUser: USER.as_ptr(),
            pcSecret: match &self.secret {
                Some(secret) => secret.text().as_ptr(),
                None => core::ptr::null(),
            },
            ucAttempts: self.attempts,
            xRandom: Some(random),
        }
    }
}

/// Whether all clients compute the same of this secret.
fn suits(secret: &CStr) -> bool {
    Verifier::suits(USER.to_bytes(), secret.to_bytes())
}

/// Whether the library takes this secret, and the QR code's text has room for it. The library would say no as well, but when
/// nobody hears it any more.
fn may_be(security: Security, secret: &Secret) -> bool {
    match security {
        Security::Open => true,
        Security::One => secret.is_readable(),
        Security::Two => {
            let text = secret.text();
            secret.is_readable() && !text.is_empty() && suits(text)
        }
    }
}

/// The library's source of random numbers.
unsafe extern "C" fn random(out: *mut u8, length: usize) -> library::BaseType_t {
    // SAFETY: the library gives writable memory of that length.
    let out = unsafe { core::slice::from_raw_parts_mut(out, length) };
    library::BaseType_t::from(BLE.fill_random(out))
}
