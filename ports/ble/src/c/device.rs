//! `IotBle_*`: see `iot_ble.h`.

use cty::c_char;
use embassy_time::Duration;

use super::abi;
use super::events::EVENTS;
use crate::ble::{BLE, Forget};

/// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::IotBle_Init as unsafe extern "C" fn() -> _,
        IotBle_Init,
        abi::IotBle_On,
        IotBle_On,
        abi::IotBle_Off,
        IotBle_Off,
        abi::IotBle_RemoveAllBonds,
        IotBle_RemoveAllBonds,
    ];
    let _ = [
        abi::IotBle_OpenPairingWindow as unsafe extern "C" fn() -> _,
        IotBle_OpenPairingWindow,
    ];
    let _ = [
        abi::IotBle_SetPairingWindow as unsafe extern "C" fn(_) -> _,
        IotBle_SetPairingWindow,
    ];
    let _ = [
        abi::IotBle_SetBondedPhonesOnly as unsafe extern "C" fn(_) -> _,
        IotBle_SetBondedPhonesOnly,
    ];
    let _ = [
        abi::IotBle_SetDeviceName as unsafe extern "C" fn(_, _) -> _,
        IotBle_SetDeviceName,
    ];
    let _ = [
        abi::IotBle_RegisterEventCb as unsafe extern "C" fn(_, _) -> _,
        IotBle_RegisterEventCb,
        abi::IotBle_UnRegisterEventCb,
        IotBle_UnRegisterEventCb,
    ];
    let _ = [
        abi::IotBle_ConfirmNumericComparisonKeys as unsafe extern "C" fn(_, _) -> _,
        IotBle_ConfirmNumericComparisonKeys,
    ];
    let _ = [
        abi::IotBle_ConfirmNumericComparison as unsafe extern "C" fn(_, _, _) -> _,
        IotBle_ConfirmNumericComparison,
    ];
    let _ = [
        abi::IotBle_RemoveBond as unsafe extern "C" fn(_) -> _,
        IotBle_RemoveBond,
    ];
};

fn status(done: bool) -> abi::BTStatus_t {
    if done {
        abi::eBTStatusSuccess
    } else {
        abi::eBTStatusFail
    }
}

/// Connects the events to the callbacks that will be registered.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_Init() -> abi::BTStatus_t {
    BLE.observe(&EVENTS);
    abi::eBTStatusSuccess
}

/// Goes on the air.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_On() -> abi::BTStatus_t {
    BLE.on();
    abi::eBTStatusSuccess
}

/// Goes off the air.
///
/// Context: any task; blocks for 5 s at most. In a callback it does not wait, and says so with
/// `eBTStatusBusy`.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_Off() -> abi::BTStatus_t {
    if BLE.off() {
        abi::eBTStatusSuccess
    } else {
        abi::eBTStatusBusy
    }
}

/// Sets the device name.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// `name` is null or points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBle_SetDeviceName(
    name: *const c_char,
    length: usize,
) -> abi::BTStatus_t {
    if name.is_null() || length > crate::NAME_MAX {
        return abi::eBTStatusParamInvalid;
    }
    // SAFETY: the caller promises `length` readable bytes.
    let bytes = unsafe { core::slice::from_raw_parts(name.cast::<u8>(), length) };
    match core::str::from_utf8(bytes) {
        Ok(name) => status(BLE.set_name(name)),
        Err(_) => abi::eBTStatusParamInvalid,
    }
}

/// Registers a callback.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_RegisterEventCb(
    event: abi::IotBleEvents_t,
    callbacks: abi::IotBleEventsCallbacks_t,
) -> abi::BTStatus_t {
    EVENTS.change(event, callbacks, true)
}

/// Takes a callback back. One that is running runs to its end.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_UnRegisterEventCb(
    event: abi::IotBleEvents_t,
    callbacks: abi::IotBleEventsCallbacks_t,
) -> abi::BTStatus_t {
    EVENTS.change(event, callbacks, false)
}

/// Answers a numeric comparison.
///
/// Context: any task, and inside callbacks; does not block.
///
/// # Safety
///
/// `peer` is null or points to an address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBle_ConfirmNumericComparisonKeys(
    peer: *mut abi::BTBdaddr_t,
    accepted: bool,
) -> abi::BTStatus_t {
    // SAFETY: the caller promises an address or null.
    match unsafe { peer.as_ref() } {
        Some(peer) => status(BLE.answer(peer.ucAddress, None, accepted)),
        None => abi::eBTStatusParamInvalid,
    }
}

/// Answers a numeric comparison of one number.
///
/// Context: any task, and inside callbacks; does not block.
///
/// # Safety
///
/// `peer` is null or points to an address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBle_ConfirmNumericComparison(
    peer: *const abi::BTBdaddr_t,
    passkey: u32,
    accepted: bool,
) -> abi::BTStatus_t {
    // SAFETY: the caller promises an address or null.
    match unsafe { peer.as_ref() } {
        Some(peer) => status(BLE.answer(peer.ucAddress, Some(passkey), accepted)),
        None => abi::eBTStatusParamInvalid,
    }
}

/// Forgets a phone, soon.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// `peer` is null or points to an address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBle_RemoveBond(peer: *const abi::BTBdaddr_t) -> abi::BTStatus_t {
    // SAFETY: the caller promises an address or null.
    match unsafe { peer.as_ref() } {
        Some(peer) => {
            BLE.forget(Forget::One(peer.ucAddress));
            abi::eBTStatusSuccess
        }
        None => abi::eBTStatusParamInvalid,
    }
}

/// Forgets all phones.
///
/// Context: any task; blocks for 5 s at most, until the flash has it. In a callback it does not wait, and
/// says so with `eBTStatusBusy`.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_RemoveAllBonds() -> abi::BTStatus_t {
    if BLE.forget_now(Forget::All) {
        abi::eBTStatusSuccess
    } else {
        abi::eBTStatusBusy
    }
}

/// Sets for how long phones that nobody knows may pair.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_SetPairingWindow(seconds: u32) -> abi::BTStatus_t {
    BLE.set_pairing_window(match seconds {
        0 => None,
        seconds => Some(Duration::from_secs(seconds.into())),
    });
    abi::eBTStatusSuccess
}

/// Opens the pairing window anew.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_OpenPairingWindow() -> abi::BTStatus_t {
    status(BLE.open_pairing_window())
}

/// Sends phones without a bond away, or no longer.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBle_SetBondedPhonesOnly(only: bool) -> abi::BTStatus_t {
    BLE.set_bonded_only(only);
    abi::eBTStatusSuccess
}
