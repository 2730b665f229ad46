//! `WIFI_*`: the connection. Context of all: a task other than the net task, with the scheduler running.

use core::slice;

use port_executor::block_on;
use wifi_provision::ffi::abi;

use super::{convert, events};
use crate::CALLS;
use crate::calls::Call;
use crate::station::limits;

/// What a call may take in all: its steps and what may be in progress when it is asked.
const LEEWAY: embassy_time::Duration = embassy_time::Duration::from_secs(2);

/// Switches WiFi on. Blocks for 5 s at most once it has its turn.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_On() -> abi::WIFIReturnCode_t {
    convert::return_code(block_on(CALLS.ask(Call::On, limits::ON + LEEWAY)))
}

/// Switches WiFi off, leaving the network first.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_Off() -> abi::WIFIReturnCode_t {
    convert::return_code(block_on(
        CALLS.ask(Call::Off, limits::LEAVE * 2 + limits::SETTLE + LEEWAY),
    ))
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
    let joined = CALLS.join(
        |join| convert::fill_join(join, params),
        limits::LONGEST + LEEWAY,
    );
    convert::return_code(block_on(joined))
}

/// Leaves the network. Success also when none was joined.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_Disconnect() -> abi::WIFIReturnCode_t {
    convert::return_code(block_on(
        CALLS.ask(Call::Leave, limits::LEAVE + limits::SETTLE + LEEWAY),
    ))
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
    for place in 0..usize::from(count) {
        // SAFETY: `place` is below `count`, so this is one of the caller's values; it need not be initialised.
        unsafe { buffer.add(place).write(convert::no_scan_result()) };
    }
    // SAFETY: the caller's promise; all of it was initialised above.
    let places = unsafe { slice::from_raw_parts_mut(buffer, usize::from(count)) };
    let scanned = CALLS.scan(
        |found| {
            for (place, found) in places.iter_mut().zip(found.as_slice()) {
                *place = convert::scan_result(found);
            }
        },
        limits::SCAN + LEEWAY,
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
