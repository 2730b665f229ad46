//! C strings, and the security a configuration asks for.

use core::ffi::CStr;

use rand_core::RngCore;

use super::random::Project;
use crate::ffi::abi;
use crate::protocomm::{SALT_BYTES, Security, User, Verifier};
use crate::secret::Secret;

/// A C string; `None` for null and for what is not UTF-8.
///
/// # Safety
///
/// `text` is null or NUL-terminated, for as long as the result lives.
pub(super) unsafe fn text<'a>(text: *const cty::c_char) -> Option<&'a str> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller's promise; null was ruled out.
    unsafe { CStr::from_ptr(text.cast()) }.to_str().ok()
}

/// The security a configuration asks for; `None` when it cannot be had.
///
/// # Safety
///
/// The configuration's strings are null or NUL-terminated.
#[inline(never)]
pub(super) unsafe fn security(
    config: &abi::WIFI_PROVISION_ProtocommConfig_t,
    random: &mut Project,
) -> Option<Security> {
    // SAFETY: the caller's promise.
    let secret = unsafe { text(config.pcSecret) };
    match config.xSecurity {
        abi::eWiFiProvisionSecurityNone => Some(Security::Plain),
        abi::eWiFiProvisionSecurity1 => {
            // What is there and cannot be read is not nothing.
            if secret.is_none() && !config.pcSecret.is_null() {
                return None;
            }
            Secret::copy_of(secret.unwrap_or("").as_bytes()).map(Security::One)
        }
        abi::eWiFiProvisionSecurity2 => {
            // SAFETY: the caller's promise.
            let user = unsafe { text(config.pcUser) }?;
            let user = User::from_slice(user.as_bytes()).ok()?;
            let password = secret.filter(|password| !password.is_empty())?;
            if user.is_empty() {
                return None;
            }
            let mut salt = [0; SALT_BYTES];
            random.try_fill_bytes(&mut salt).ok()?;
            Verifier::of_password(user, password.as_bytes(), salt).map(Security::Two)
        }
        _ => None,
    }
}
