//! C strings, and the security a configuration asks for.

use core::ffi::CStr;

use rand_core::RngCore;

use super::random::Project;
use crate::ffi::abi;
use crate::protocomm::{MAX_SECRET_BYTES, MAX_USER_BYTES, SALT_BYTES, Security, User, Verifier};
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

/// How a phone shows that it may provision the device, as a configuration says it.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    Nothing,
    /// Security 1's, which may be empty.
    Secret(&'a str),
    /// Security 2's, neither of them empty.
    User {
        name: &'a str,
        password: &'a str,
    },
}

/// What a configuration asks a phone for; `None` when it cannot be right.
///
/// # Safety
///
/// The configuration's strings are null or NUL-terminated, for as long as the result lives.
pub(super) unsafe fn asked<'a>(
    config: &abi::WIFI_PROVISION_ProtocommConfig_t,
) -> Option<Asked<'a>> {
    match config.xSecurity {
        abi::eWiFiProvisionSecurityNone => Some(Asked::Nothing),
        abi::eWiFiProvisionSecurity1 if config.pcSecret.is_null() => Some(Asked::Secret("")),
        abi::eWiFiProvisionSecurity1 => {
            // What is there and cannot be read is not nothing.
            // SAFETY: the caller's promise.
            let secret = unsafe { text(config.pcSecret) }?;
            (secret.len() <= MAX_SECRET_BYTES).then_some(Asked::Secret(secret))
        }
        abi::eWiFiProvisionSecurity2 => {
            // SAFETY: the caller's promise.
            let name = unsafe { text(config.pcUser) }?;
            // SAFETY: the caller's promise.
            let password = unsafe { text(config.pcSecret) }?;
            let is_right = !name.is_empty() && name.len() <= MAX_USER_BYTES && !password.is_empty();
            is_right.then_some(Asked::User { name, password })
        }
        _ => None,
    }
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
    match unsafe { asked(config) }? {
        Asked::Nothing => Some(Security::Plain),
        Asked::Secret(secret) => Secret::copy_of(secret.as_bytes()).map(Security::One),
        Asked::User { name, password } => {
            let user = User::from_slice(name.as_bytes()).ok()?;
            let mut salt = [0; SALT_BYTES];
            random.try_fill_bytes(&mut salt).ok()?;
            Verifier::of_password(user, password.as_bytes(), salt).map(Security::Two)
        }
    }
}
