//! Log lines, to `WIFI_PROVISION_Log`. Texts are constants: nothing a phone sent can be in one. With the feature `defmt`
//! the same steps go there; a request and what it came to by the service itself.

use core::ffi::CStr;

#[cfg(feature = "log")]
use super::abi;
use crate::service::Request;
use crate::status::Status;

#[cfg_attr(
    not(feature = "log"),
    allow(unused_variables, reason = "nothing is logged")
)]
fn line(text: &'static CStr) {
    #[cfg(feature = "log")]
    // SAFETY: NUL-terminated, and lives for ever.
    unsafe {
        abi::WIFI_PROVISION_Log(text.as_ptr().cast());
    }
}

/// One text, to both.
macro_rules! say {
    ($text:literal) => {{
        #[cfg(feature = "defmt")]
        defmt::info!($text);
        const TEXT: &CStr = match CStr::from_bytes_with_nul(concat!($text, "\0").as_bytes()) {
            Ok(text) => text,
            Err(_) => c"",
        };
        line(TEXT);
    }};
}

pub(super) fn serving() {
    say!("provisioning: serving phones");
}

pub(super) fn stopped() {
    say!("provisioning: stopped");
}

pub(super) fn full() {
    say!("provisioning: too many requests at once, refused one");
}

pub(super) fn overrun() {
    say!("provisioning: too many requests at once, dropped one");
}

pub(super) fn dropped() {
    say!("provisioning: dropped a message that is no request");
}

#[cfg(feature = "custom-serializer")]
pub(super) fn unwritten() {
    say!("provisioning: the application's serializer cannot write an answer");
}

pub(super) fn request(request: Request) {
    line(match request {
        Request::List { .. } => c"provisioning: list networks",
        Request::Join { .. } => c"provisioning: switch to a saved network",
        Request::Save { connect: true } => c"provisioning: join a new network, then save it",
        Request::Save { connect: false } => c"provisioning: save a new network",
        #[cfg(feature = "espressif")]
        Request::Replace => c"provisioning: join a network, then save it anew",
        Request::Edit { .. } => c"provisioning: change the order of saved networks",
        Request::Delete { .. } => c"provisioning: delete a saved network",
        Request::EraseAll => c"provisioning: erase all saved networks",
        Request::Refuse { .. } => c"provisioning: refuse what cannot be done",
    });
}

pub(super) fn outcome(status: Status) {
    line(match status {
        Status::Success => c"provisioning: done",
        Status::Failure => c"provisioning: failed",
        Status::Timeout => c"provisioning: timed out",
        Status::NotSupported => c"provisioning: not supported",
    });
}
