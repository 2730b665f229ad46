//! What this protocol asks of the WiFi driver besides, and where a new network is written down.

use core::mem::MaybeUninit;

use crate::ffi::abi;
use crate::ffi::desk::Desk;
use crate::protocomm::serve;
use crate::status::{Cause, Reason};

impl serve::Desk for Desk {
    type Profile = abi::WIFINetworkProfile_t;

    fn candidate(&mut self) -> &mut abi::WIFINetworkProfile_t {
        self.wipe();
        self.profiles_mut().candidate.profile_mut()
    }
}

/// Why the driver could not join. What it does not say, its return code may.
pub(in crate::ffi) fn reason(cause: Cause) -> Reason {
    // SAFETY: called from a task, right after joining has failed.
    let reason = unsafe { abi::WIFI_PROVISION_JoinReason() };
    match (reason, cause) {
        (abi::eWiFiProvisionReasonAuthentication, _) => Reason::Authentication,
        (abi::eWiFiProvisionReasonNotFound, _) => Reason::NotFound,
        (abi::eWiFiProvisionReasonNoAddress, _) => Reason::NoAddress,
        (abi::eWiFiProvisionReasonSecurity, _) => Reason::Security,
        (abi::eWiFiProvisionReasonRefused, _) => Reason::Refused,
        (abi::eWiFiProvisionReasonTimeout, _) => Reason::Timeout,
        (abi::eWiFiProvisionReasonLost, _) => Reason::Lost,
        (_, Cause::NotSupported) => Reason::Security,
        (_, Cause::Timeout) => Reason::Timeout,
        (_, Cause::Failure) => Reason::Unspecified,
    }
}

/// A scanned network that hides its name. An entry nobody filled has no address either.
pub(in crate::ffi) fn hidden(desk: &Desk, index: usize) -> Option<&abi::WIFIScanResult_t> {
    let found = desk.scan_results().get(index)?;
    (found.ucSSIDLength == 0 && found.ucBSSID != [0; 6]).then_some(found)
}

/// The channel of a scanned network.
pub(in crate::ffi) fn channel(desk: &Desk, index: usize) -> u8 {
    let found = desk.scan_results().get(index);
    found.map_or(0, |found| found.ucChannel)
}

/// The device's address; `None` when the platform does not say, or it is another than IPv4.
pub(in crate::ffi) fn address() -> Option<[u8; 4]> {
    let mut info = MaybeUninit::<abi::WIFIIPConfiguration_t>::zeroed();
    // SAFETY: writable; called from a task.
    if unsafe { abi::WIFI_GetIPInfo(info.as_mut_ptr()) } != abi::eWiFiSuccess {
        return None;
    }
    // SAFETY: integers alone, initialised as zeros.
    let address = unsafe { info.assume_init() }.xIPAddress;
    if address.xType != abi::eWiFiIPAddressTypeV4 {
        return None;
    }
    let [number, ..] = address.ulAddress;
    Some(number.to_ne_bytes())
}
