//! `WIFI_PROVISION_JoinReason`: why the last `WIFI_ConnectAP` failed.

use core::sync::atomic::{AtomicU8, Ordering};

use wifi_provision::ffi::abi;
use wifi_provision::status::Reason;

use crate::failure::Failure;

static WHY: AtomicU8 = AtomicU8::new(Reason::Unspecified as u8);

/// Keeps it until it is asked for, or another comes.
pub(super) fn keep(failure: Failure) {
    let reason = match failure {
        Failure::AuthFailed | Failure::Invalid => Reason::Authentication,
        Failure::Busy | Failure::Off | Failure::Radio(_) => Reason::Unspecified,
        Failure::Lost(_) => Reason::Lost,
        Failure::NoAddress => Reason::NoAddress,
        Failure::NotFound => Reason::NotFound,
        Failure::NotSupported | Failure::SecurityMismatch => Reason::Security,
        Failure::Refused => Reason::Refused,
        Failure::Timeout => Reason::Timeout,
    };
    WHY.store(reason as u8, Ordering::Relaxed);
}

/// Gives it. Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_JoinReason() -> abi::WIFI_PROVISION_Reason_t {
    abi::WIFI_PROVISION_Reason_t::from(WHY.load(Ordering::Relaxed))
}
