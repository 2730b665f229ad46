//! `WIFI_Network*`: the saved networks. Context of all: any task; blocks for a flash write.

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::with_timeout;
use port_executor::block_on;
use port_store::Records;
use wifi_provision::ffi::abi;

use super::convert;
use crate::calls::TURN;
use crate::saved::{Saved, SavedError};

static SAVED: Mutex<CriticalSectionRawMutex, Saved> = Mutex::new(Saved::new());

/// Names the store; before any other use, so the lock is free.
pub(super) fn open(records: &'static dyn Records) {
    match SAVED.try_lock() {
        Ok(mut saved) => saved.open(records),
        Err(_) => {
            log::error!(target: "wifi", "the store was named while the saved networks were in use")
        }
    }
}

/// Does something with the list once it is ours.
fn with_saved(work: impl FnOnce(&mut Saved) -> Result<(), SavedError>) -> abi::WIFIReturnCode_t {
    block_on(async {
        match with_timeout(TURN, SAVED.lock()).await {
            Ok(mut saved) => convert::saved_code(work(&mut saved)),
            Err(_) => abi::eWiFiTimeout,
        }
    })
}

/// Appends a network and gives its index.
///
/// # Safety
///
/// `profile` is null or points to an initialised value; `index` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_NetworkAdd(
    profile: *const abi::WIFINetworkProfile_t,
    index: *mut u16,
) -> abi::WIFIReturnCode_t {
    // SAFETY: the caller's promise; the reference ends with this call.
    let Some((network, credential)) = unsafe { profile.as_ref() }.and_then(convert::saved_network)
    else {
        return abi::eWiFiFailure;
    };
    with_saved(|saved| {
        let added =
            u16::try_from(saved.add_with(network, credential)?).map_err(|_| SavedError::Full)?;
        if !index.is_null() {
            // SAFETY: the caller's promise; null was ruled out.
            unsafe { index.write(added) };
        }
        Ok(())
    })
}

/// Reads a network; fails at or past the number of saved ones.
///
/// # Safety
///
/// `profile` is null or points to an initialised, writable value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_NetworkGet(
    profile: *mut abi::WIFINetworkProfile_t,
    index: u16,
) -> abi::WIFIReturnCode_t {
    // SAFETY: the caller's promise; nobody else has the value during this call.
    let Some(profile) = (unsafe { profile.as_mut() }) else {
        return abi::eWiFiFailure;
    };
    with_saved(|saved| {
        convert::fill_profile(profile, saved.get(usize::from(index))?);
        Ok(())
    })
}

/// Removes a network; fails at or past the number of saved ones.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_NetworkDelete(index: u16) -> abi::WIFIReturnCode_t {
    with_saved(|saved| saved.delete(usize::from(index)))
}

/// Puts a network in the place of another, as the last one, in one atomic write.
///
/// # Safety
///
/// `profile` is null or points to an initialised value.
#[cfg(feature = "espressif")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_NetworkReplace(
    index: u16,
    profile: *const abi::WIFINetworkProfile_t,
) -> abi::WIFIReturnCode_t {
    // SAFETY: the caller's promise; the reference ends with this call.
    let Some((network, credential)) = unsafe { profile.as_ref() }.and_then(convert::saved_network)
    else {
        return abi::eWiFiFailure;
    };
    with_saved(|saved| saved.replace_with(usize::from(index), network, credential))
}

/// Moves a network in one atomic write.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_NetworkMove(from: u16, to: u16) -> abi::WIFIReturnCode_t {
    with_saved(|saved| saved.shift(usize::from(from), usize::from(to)))
}
