//! The table of message functions that `IotBleWifiProv_GetSerializer` gives to C.
//!
//! Context of all: any task, several at once. Requests are zeroed first, so that a failed call
//! leaves nothing to be acted on.

use core::slice;

use super::abi;
use super::desk::{put, used};
use super::wifi::security;
use crate::message::amazon::response::{self, Message, NetworkInfo, SAVED_RSSI};
use crate::message::amazon::{Kind, request};
use crate::profile::Profile;
use crate::service::Request;
use crate::status::Status;

static TABLE: Table = Table(abi::IotBleWifiProvSerializer_t {
    getRequestType: Some(get_request_type),
    deserializeListNetworkRequest: Some(deserialize_list),
    deserializeAddNetworkRequest: Some(deserialize_add),
    deserializeEditNetworkRequest: Some(deserialize_edit),
    deserializeDeleteNetworkRequest: Some(deserialize_delete),
    getSerializedSizeForResponse: Some(serialized_size),
    serializeResponse: Some(serialize),
});

/// The table is functions alone.
struct Table(abi::IotBleWifiProvSerializer_t);

// SAFETY: never written.
unsafe impl Sync for Table {}

/// The table. C's type is not const, but nobody writes to it: it may lie in flash.
pub(super) fn table() -> *mut abi::IotBleWifiProvSerializer_t {
    (&raw const TABLE.0).cast_mut()
}

/// A message from C; a null one is empty.
///
/// # Safety
///
/// `message` is null or readable for `length` bytes while the slice is in use.
unsafe fn bytes<'a>(message: *const u8, length: usize) -> &'a [u8] {
    if message.is_null() || isize::try_from(length).is_err() {
        return &[];
    }
    // SAFETY: the caller promises that it is readable.
    unsafe { slice::from_raw_parts(message, length) }
}

/// Reads a request and shows it to `write` together with the zeroed output.
///
/// # Safety
///
/// `message` is null or readable for `length` bytes; `out` is null or writable; all zeros is a `T`.
unsafe fn deserialize<T>(
    message: *const u8,
    length: usize,
    out: *mut T,
    write: impl FnOnce(Request, &Profile, &mut T) -> bool,
) -> bool {
    if out.is_null() {
        return false;
    }
    // SAFETY: the caller promises that it is writable.
    unsafe { out.write_bytes(0, 1) };
    let mut profile = Profile::new();
    // SAFETY: the caller promises that it is readable.
    let message = unsafe { bytes(message, length) };
    // SAFETY: zeroed above, which is a value.
    request::decode(message, &mut profile)
        .is_ok_and(|request| write(request, &profile, unsafe { &mut *out }))
}

unsafe extern "C" fn get_request_type(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWiFiProvRequest_t,
) -> bool {
    if out.is_null() {
        return false;
    }
    // SAFETY: C's contract of the table: readable for its length.
    let kind = request::kind(unsafe { bytes(message, length) });
    let number = match kind {
        Ok(Some(Kind::List)) => abi::IotBleWiFiProvRequestListNetwork,
        Ok(Some(Kind::Save)) => abi::IotBleWiFiProvRequestAddNetwork,
        Ok(Some(Kind::Edit)) => abi::IotBleWiFiProvRequestEditNetwork,
        Ok(Some(Kind::Delete)) => abi::IotBleWiFiProvRequestDeleteNetwork,
        Ok(None) | Err(_) => abi::IotBleWiFiProvRequestInvalid,
    };
    // SAFETY: checked above; C's contract: writable.
    unsafe { out.write(number) };
    kind.is_ok()
}

unsafe extern "C" fn deserialize_list(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvListNetworksRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe {
        deserialize(message, length, out, |request, _, out| {
            if let Request::List { max } = request {
                out.scanSize = i16::from(max);
            }
            matches!(request, Request::List { .. })
        })
    }
}

unsafe extern "C" fn deserialize_add(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvAddNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe { deserialize(message, length, out, put_add) }
}

fn put_add(
    request: Request,
    profile: &Profile,
    out: &mut abi::IotBleWifiProvAddNetworkRequest_t,
) -> bool {
    match request {
        // A switch always connects, whatever the message says of it.
        Request::Join { priority } => {
            out.info.index = priority;
            out.set_isProvisioned(true);
            out.set_shouldConnect(true);
            true
        }
        Request::Save { connect } => {
            // SAFETY: every byte of the union is valid for either member.
            put(unsafe { &mut out.info.network }, profile);
            out.set_shouldConnect(connect);
            true
        }
        Request::List { .. }
        | Request::Edit { .. }
        | Request::Delete { .. }
        | Request::EraseAll => false,
    }
}

unsafe extern "C" fn deserialize_edit(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvEditNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe {
        deserialize(message, length, out, |request, _, out| {
            if let Request::Edit { from, to } = request {
                out.currentPriorityIndex = from;
                out.newPriorityIndex = to;
            }
            matches!(request, Request::Edit { .. })
        })
    }
}

unsafe extern "C" fn deserialize_delete(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvDeleteNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe {
        deserialize(message, length, out, |request, _, out| {
            if let Request::Delete { priority } = request {
                out.priorityIndex = priority;
            }
            matches!(request, Request::Delete { .. })
        })
    }
}

/// Writes a response of C's into a message.
///
/// # Safety
///
/// `response` is null or readable, and so is the network it points to.
unsafe fn encode(response: *const abi::IotBleWifiProvResponse_t) -> Option<Message> {
    // SAFETY: the caller promises that it is readable.
    let response = unsafe { response.as_ref() }?;
    let kind = match response.requestType {
        abi::IotBleWiFiProvRequestListNetwork => Kind::List,
        abi::IotBleWiFiProvRequestAddNetwork => Kind::Save,
        abi::IotBleWiFiProvRequestEditNetwork => Kind::Edit,
        abi::IotBleWiFiProvRequestDeleteNetwork => Kind::Delete,
        _ => return None,
    };
    let status = match response.status {
        abi::eWiFiSuccess => Status::Success,
        abi::eWiFiFailure => Status::Failure,
        abi::eWiFiTimeout => Status::Timeout,
        abi::eWiFiNotSupported => Status::NotSupported,
        _ => return None,
    };
    let mut message = Message::new();
    if response.statusOnly() {
        message
            .extend_from_slice(&response::status(kind, status))
            .ok()?;
        return Some(message);
    }
    let info = &response.networkInfo;
    let (ssid, bssid, number, rssi) = if info.isSavedNetwork() {
        // SAFETY: the flag says which member it is.
        let network = unsafe { info.info.pSavedNetwork };
        // SAFETY: the caller promises that it is readable.
        let network = unsafe { network.as_ref() }?;
        (
            used(&network.ucSSID, network.ucSSIDLength),
            &network.ucBSSID,
            network.xSecurity,
            SAVED_RSSI,
        )
    } else {
        // SAFETY: the flag says which member it is.
        let network = unsafe { info.info.pScannedNetwork };
        // SAFETY: the caller promises that it is readable.
        let network = unsafe { network.as_ref() }?;
        (
            used(&network.ucSSID, network.ucSSIDLength),
            &network.ucBSSID,
            network.xSecurity,
            network.cRSSI,
        )
    };
    let network = NetworkInfo {
        status,
        ssid,
        bssid,
        security: security(number),
        hidden: info.isHidden(),
        rssi,
        connected: info.isConnected(),
        priority: info.isSavedNetwork().then_some(info.index),
        last: info.isLast(),
    };
    response::network(&mut message, &network);
    Some(message)
}

unsafe extern "C" fn serialized_size(
    response: *const abi::IotBleWifiProvResponse_t,
    length: *mut usize,
) -> bool {
    // SAFETY: C's contract of the table.
    match unsafe { encode(response) } {
        Some(message) if !length.is_null() => {
            // SAFETY: checked above; C's contract: writable.
            unsafe { length.write(message.len()) };
            true
        }
        Some(_) | None => false,
    }
}

unsafe extern "C" fn serialize(
    response: *const abi::IotBleWifiProvResponse_t,
    buffer: *mut u8,
    length: usize,
) -> bool {
    // SAFETY: C's contract of the table.
    match unsafe { encode(response) } {
        Some(message) if !buffer.is_null() && message.len() <= length => {
            // SAFETY: C's contract: writable for its length, which is enough; the message is ours.
            unsafe { buffer.copy_from_nonoverlapping(message.as_ptr(), message.len()) };
            true
        }
        Some(_) | None => false,
    }
}
