//! `WIFI_*`: the connection. Context of all: a task other than the net task, with the scheduler running.

use core::mem::MaybeUninit;
use core::slice;

use port_executor::block_on;
use wifi_provision::ffi::abi;

use super::{convert, events};
use crate::CALLS;
use crate::calls::Call;

/// How long a caller waits, once it has its turn: what the call's steps may take, and some leeway,
/// as an expired wait is for a net task that does not run at all.
mod patience {
    use embassy_time::Duration;

    use crate::station::limits::{LEAVE, LONGEST, ON, SCAN, SETTLE};

    const LEEWAY: u64 = Duration::from_secs(2).as_ticks();

    pub(super) const SWITCH_ON: Duration = Duration::from_ticks(ON.as_ticks() + LEEWAY);
    pub(super) const SWITCH_OFF: Duration =
        Duration::from_ticks(2 * LEAVE.as_ticks() + SETTLE.as_ticks() + LEEWAY);
    pub(super) const CONNECT: Duration = Duration::from_ticks(LONGEST.as_ticks() + LEEWAY);
    pub(super) const DISCONNECT: Duration =
        Duration::from_ticks(LEAVE.as_ticks() + SETTLE.as_ticks() + LEEWAY);
    pub(super) const LOOK_AROUND: Duration = Duration::from_ticks(SCAN.as_ticks() + LEEWAY);
}

/// Switches WiFi on. Blocks for 5 s at most once it has its turn.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_On() -> abi::WIFIReturnCode_t {
    convert::return_code(block_on(CALLS.ask(Call::On, patience::SWITCH_ON)))
}

/// Switches WiFi off, leaving the network first.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_Off() -> abi::WIFIReturnCode_t {
    convert::return_code(block_on(CALLS.ask(Call::Off, patience::SWITCH_OFF)))
}

/// Joins a network and waits for an address: at most 10 s each, and a few to leave the former one.
///
/// # Safety
///
/// `params` is null or points to an initialised value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_ConnectAP(
    params: *const abi::WIFINetworkParams_t,
) -> abi::WIFIReturnCode_t {
    // SAFETY: the caller's promise; the reference ends with this call.
    let Some(params) = (unsafe { params.as_ref() }) else {
        return abi::eWiFiFailure;
    };
    let joined = CALLS.join(|join| convert::fill_join(join, params), patience::CONNECT);
    let outcome = block_on(joined);
    #[cfg(feature = "espressif")]
    if let Err(failure) = outcome {
        super::reason::keep(failure);
    }
    convert::return_code(outcome)
}

/// Leaves the network. Success also when none was joined.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_Disconnect() -> abi::WIFIReturnCode_t {
    convert::return_code(block_on(CALLS.ask(Call::Leave, patience::DISCONNECT)))
}

/// Whether a network is joined and gave an address. Does not block.
///
/// # Safety
///
/// `params` is null or points to an initialised value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_IsConnected(
    params: *const abi::WIFINetworkParams_t,
) -> abi::BaseType_t {
    // SAFETY: the caller's promise; the reference ends with this call.
    let wanted = match unsafe { params.as_ref() } {
        None => None,
        Some(params) => match params.ucSSID.get(..usize::from(params.ucSSIDLength)) {
            Some(ssid) => Some(ssid),
            None => return 0,
        },
    };
    abi::BaseType_t::from(CALLS.look(|status| status.is_connected_to(wanted)))
}

/// Scans for at most 10 s. Named networks come first, strongest first, hidden ones last.
///
/// # Safety
///
/// `buffer` is null or points to `count` writable values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_Scan(
    buffer: *mut abi::WIFIScanResult_t,
    count: u8,
) -> abi::WIFIReturnCode_t {
    if buffer.is_null() {
        return abi::eWiFiFailure;
    }
    let room = buffer.cast::<MaybeUninit<abi::WIFIScanResult_t>>();
    // SAFETY: the caller's promise; what is there need not be initialised.
    let room = unsafe { slice::from_raw_parts_mut(room, usize::from(count)) };
    for place in room {
        place.write(convert::no_scan_result());
    }
    // SAFETY: the caller's promise; all of it was initialised above.
    let places = unsafe { slice::from_raw_parts_mut(buffer, usize::from(count)) };
    let scanned = CALLS.scan(
        |found| {
            for (place, found) in places.iter_mut().zip(found.as_slice()) {
                *place = convert::scan_result(found);
            }
        },
        patience::LOOK_AROUND,
    );
    convert::return_code(block_on(scanned))
}

/// The address, mask, gateway and name servers; fails when not connected. Does not block.
///
/// # Safety
///
/// `info` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_GetIPInfo(
    info: *mut abi::WIFIIPConfiguration_t,
) -> abi::WIFIReturnCode_t {
    let Some(address) = CALLS.look(|status| status.address) else {
        return abi::eWiFiFailure;
    };
    if info.is_null() {
        return abi::eWiFiFailure;
    }
    let [dns1, dns2] = address.dns;
    let known = abi::WIFIIPConfiguration_t {
        xIPAddress: convert::ip_address(Some(address.address)),
        xNetMask: convert::ip_address(Some(address.mask())),
        xGateway: convert::ip_address(address.gateway),
        xDns1: convert::ip_address(dns1),
        xDns2: convert::ip_address(dns2),
    };
    // SAFETY: the caller's promise; null was ruled out.
    unsafe { info.write(known) };
    abi::eWiFiSuccess
}

/// Names who is told of one kind of event, in the net task; null: nobody. Supported are Connected,
/// Disconnected, ConnectionFailed, IPReady and ScanDone.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_RegisterEvent(
    kind: abi::WIFIEventType_t,
    handler: abi::WIFIEventHandler_t,
) -> abi::WIFIReturnCode_t {
    if events::register(kind, handler) {
        abi::eWiFiSuccess
    } else {
        abi::eWiFiNotSupported
    }
}
