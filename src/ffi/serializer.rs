//! The table of message functions that `IotBleWifiProv_GetSerializer` gives to C.
//!
//! Context of all: any task, several at once. Requests are zeroed first, so that a failed call
//! leaves nothing to be acted on.

use core::mem::{MaybeUninit, size_of};
use core::slice;

use zeroize::Zeroize;

use super::abi;
use super::desk::{put as put_profile, wipe};
use super::wifi::{saved, scanned};
use crate::message::amazon::request::{self, Rejected};
use crate::message::amazon::response::{self, Message, NetworkInfo};
use crate::platform::Network;
use crate::profile::Profile;
use crate::service::{Kind, Request};
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

/// Reads a request and shows it to `write`, with the zeroed output.
///
/// # Safety
///
/// `message` is null or readable for `length` bytes; `out` is null or writable for `size` bytes,
/// and `write` takes it for what it is.
#[inline(never)]
unsafe fn deserialize(
    message: *const u8,
    length: usize,
    out: *mut u8,
    size: usize,
    write: unsafe fn(Request, &Profile, *mut u8) -> bool,
) -> bool {
    if out.is_null() {
        return false;
    }
    // SAFETY: the caller promises that it is writable.
    let zeros = unsafe { slice::from_raw_parts_mut(out, size) };
    zeros.iter_mut().for_each(Zeroize::zeroize);
    let mut place = MaybeUninit::<Profile>::uninit();
    wipe(&mut place);
    // SAFETY: all zeros is an empty profile.
    let mut profile = unsafe { place.assume_init() };
    // SAFETY: the caller promises that it is readable.
    let message = unsafe { bytes(message, length) };
    match request::decode(message, Some(&mut profile)) {
        // SAFETY: the caller promises that `write` fits.
        Ok(request) => unsafe { write(request, &profile, out) },
        Err(_) => false,
    }
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
    let message = unsafe { bytes(message, length) };
    let kind = match request::decode(message, None) {
        Ok(request) => Some(request.kind()),
        Err(Rejected::Refused(kind, _)) => Some(kind),
        Err(Rejected::Unrecognised) => None,
    };
    // C's numbers run on where the wire's skip the responses.
    let number = kind.map_or(abi::IotBleWiFiProvRequestInvalid, |kind| {
        (kind as abi::IotBleWiFiProvRequest_t >> 1).wrapping_add(1)
    });
    // SAFETY: checked above; C's contract: writable.
    unsafe { out.write(number) };
    kind.is_some()
}

unsafe extern "C" fn deserialize_list(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvListNetworksRequest_t,
) -> bool {
    // SAFETY: C's contract of the table; `put_list` takes what is given here.
    unsafe {
        deserialize(
            message,
            length,
            out.cast(),
            size_of::<abi::IotBleWifiProvListNetworksRequest_t>(),
            put_list,
        )
    }
}

/// # Safety
///
/// `out` is a zeroed list request.
unsafe fn put_list(request: Request, _profile: &Profile, out: *mut u8) -> bool {
    // SAFETY: the caller promises that it is one.
    let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvListNetworksRequest_t>() };
    let Request::List { max } = request else {
        return false;
    };
    out.scanSize = i16::from(max);
    true
}

unsafe extern "C" fn deserialize_add(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvAddNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table; `put_add` takes what is given here.
    unsafe {
        deserialize(
            message,
            length,
            out.cast(),
            size_of::<abi::IotBleWifiProvAddNetworkRequest_t>(),
            put_add,
        )
    }
}

/// # Safety
///
/// `out` is a zeroed add request.
unsafe fn put_add(request: Request, profile: &Profile, out: *mut u8) -> bool {
    // SAFETY: the caller promises that it is one.
    let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvAddNetworkRequest_t>() };
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
            put_profile(unsafe { &mut out.info.network }, profile);
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
    // SAFETY: C's contract of the table; `put_edit` takes what is given here.
    unsafe {
        deserialize(
            message,
            length,
            out.cast(),
            size_of::<abi::IotBleWifiProvEditNetworkRequest_t>(),
            put_edit,
        )
    }
}

/// # Safety
///
/// `out` is a zeroed edit request.
unsafe fn put_edit(request: Request, _profile: &Profile, out: *mut u8) -> bool {
    // SAFETY: the caller promises that it is one.
    let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvEditNetworkRequest_t>() };
    let Request::Edit { from, to } = request else {
        return false;
    };
    out.currentPriorityIndex = from;
    out.newPriorityIndex = to;
    true
}

unsafe extern "C" fn deserialize_delete(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvDeleteNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table; `put_delete` takes what is given here.
    unsafe {
        deserialize(
            message,
            length,
            out.cast(),
            size_of::<abi::IotBleWifiProvDeleteNetworkRequest_t>(),
            put_delete,
        )
    }
}

/// # Safety
///
/// `out` is a zeroed delete request.
unsafe fn put_delete(request: Request, _profile: &Profile, out: *mut u8) -> bool {
    // SAFETY: the caller promises that it is one.
    let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvDeleteNetworkRequest_t>() };
    let Request::Delete { priority } = request else {
        return false;
    };
    out.priorityIndex = priority;
    true
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
    let network = if info.isSavedNetwork() {
        // SAFETY: the flag says which member it is.
        let network = unsafe { info.info.pSavedNetwork };
        // SAFETY: the caller promises that it is readable.
        saved(unsafe { network.as_ref() }?)
    } else {
        // SAFETY: the flag says which member it is.
        let network = unsafe { info.info.pScannedNetwork };
        // SAFETY: the caller promises that it is readable.
        let found = unsafe { network.as_ref() }?;
        Network {
            rssi: found.cRSSI,
            ..scanned(found)
        }
    };
    let network = NetworkInfo {
        network,
        status,
        hidden: info.isHidden(),
        connected: info.isConnected(),
        priority: info.isSavedNetwork().then_some(info.index),
        last: info.isLast(),
    };
    response::network(&mut message, &network);
    Some(message)
}

/// Encodes a response into a buffer, if it fits; gives its length, or 0 when it cannot be encoded.
///
/// # Safety
///
/// As for [`encode`]; `buffer` is null or writable for `room` bytes.
#[inline(never)]
unsafe fn put(
    response: *const abi::IotBleWifiProvResponse_t,
    buffer: *mut u8,
    room: usize,
) -> usize {
    // SAFETY: the caller promises what `encode` asks for.
    let Some(message) = (unsafe { encode(response) }) else {
        return 0;
    };
    if !buffer.is_null() && message.len() <= room {
        // SAFETY: the caller promises that there is room; the message is ours.
        unsafe { buffer.copy_from_nonoverlapping(message.as_ptr(), message.len()) };
    }
    message.len()
}

unsafe extern "C" fn serialized_size(
    response: *const abi::IotBleWifiProvResponse_t,
    length: *mut usize,
) -> bool {
    // SAFETY: C's contract of the table; nothing is written to a null buffer.
    let needed = unsafe { put(response, core::ptr::null_mut(), 0) };
    // SAFETY: C's contract: null or writable.
    match unsafe { length.as_mut() } {
        Some(length) if needed != 0 => {
            *length = needed;
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
    let needed = unsafe { put(response, buffer, length) };
    needed != 0 && needed <= length && !buffer.is_null()
}
