//! The table of message functions that `IotBleWifiProv_GetSerializer` gives to C.
//!
//! Context of all: any task, several at once. Requests are zeroed first, and once more when reading
//! one fails, so that a failed call leaves nothing to be acted on.

use core::mem::{offset_of, size_of};
use core::slice;

use zeroize::Zeroize;

use super::abi;
use super::desk::copy;
use super::outbox::LazyRoom;
use crate::message::amazon::request;
use crate::message::amazon::response::{self, NetworkInfo};
use crate::platform::{Describe, Network};
use crate::service::{Kind, Request};
use crate::status::Status;

/// With the feature `custom-serializer`, `default_serializer.c` gives it.
#[cfg_attr(
    feature = "custom-serializer",
    unsafe(export_name = "wifi_provision_serializer")
)]
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
#[repr(transparent)]
struct Table(abi::IotBleWifiProvSerializer_t);

// SAFETY: never written.
unsafe impl Sync for Table {}

/// The table. C's type is not const, but nobody writes to it: it may lie in flash.
#[cfg(not(feature = "custom-serializer"))]
pub(super) fn table() -> *mut abi::IotBleWifiProvSerializer_t {
    (&raw const TABLE.0).cast_mut()
}

/// Whether a table is this one.
#[cfg(feature = "custom-serializer")]
pub(super) fn is_own(table: *const abi::IotBleWifiProvSerializer_t) -> bool {
    core::ptr::eq(table, &raw const TABLE.0)
}

/// C's number of a kind of request. They run on where the wire's skip the responses.
pub(super) const fn number(kind: Kind) -> abi::IotBleWiFiProvRequest_t {
    (kind as abi::IotBleWiFiProvRequest_t >> 1).wrapping_add(1)
}

/// The kind of request C's number stands for.
pub(super) const fn kind(number: abi::IotBleWiFiProvRequest_t) -> Option<Kind> {
    Some(match number {
        abi::IotBleWiFiProvRequestListNetwork => Kind::List,
        abi::IotBleWiFiProvRequestAddNetwork => Kind::Save,
        abi::IotBleWiFiProvRequestEditNetwork => Kind::Edit,
        abi::IotBleWiFiProvRequestDeleteNetwork => Kind::Delete,
        _ => return None,
    })
}

/// Reads a request of C's; false when it cannot be recognised. A null message is empty.
///
/// # Safety
///
/// `message` is null or readable for `length` bytes.
#[inline(never)]
unsafe fn read(
    message: *const u8,
    length: usize,
    network: Option<&mut abi::WIFINetworkProfile_t>,
    request: &mut Request,
) -> bool {
    if message.is_null() || isize::try_from(length).is_err() {
        return false;
    }
    // SAFETY: the caller promises that it is readable.
    let message = unsafe { slice::from_raw_parts(message, length) };
    request::decode_into(message, network, request)
}

/// Fills C's memory with zeros so that the compiler cannot leave it out.
///
/// # Safety
///
/// `out` is writable for `size` bytes.
#[inline(never)]
pub(super) unsafe fn clear(out: *mut u8, size: usize) {
    // SAFETY: the caller promises that it is writable.
    let bytes = unsafe { slice::from_raw_parts_mut(out, size) };
    // One by one: a memset would be the only one in the archive.
    bytes.iter_mut().for_each(Zeroize::zeroize);
}

/// Reads a request of one kind into C's struct for that kind.
///
/// # Safety
///
/// `message` is null or readable for `length` bytes; `out` is null or writable for that struct.
#[inline(never)]
unsafe fn deserialize(message: *const u8, length: usize, out: *mut u8, kind: Kind) -> bool {
    if out.is_null() {
        return false;
    }
    // Not a match, which would become a table.
    let size = if kind == Kind::Save {
        size_of::<abi::IotBleWifiProvAddNetworkRequest_t>()
    } else if kind == Kind::Delete {
        size_of::<abi::IotBleWifiProvDeleteNetworkRequest_t>()
    } else {
        // Of a list as well, as asserted below.
        size_of::<abi::IotBleWifiProvEditNetworkRequest_t>()
    };
    // SAFETY: the caller promises that it is writable.
    unsafe { clear(out, size) };
    let network = if kind == Kind::Save {
        // SAFETY: cleared above.
        let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvAddNetworkRequest_t>() };
        // SAFETY: every byte of the union is valid for either member.
        Some(unsafe { &mut out.info.network })
    } else {
        None
    };
    // Nobody's kind: what is not recognised is no request of the kind wanted.
    let mut request = Request::EraseAll;
    // SAFETY: the caller promises that it is readable.
    let _ = unsafe { read(message, length, network, &mut request) };
    if let (Kind::Save, Request::Save { connect }) = (kind, request) {
        // SAFETY: cleared above, and then a network was written to it.
        let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvAddNetworkRequest_t>() };
        out.set_shouldConnect(connect);
        return true;
    }
    // What a message that is no new network says of one.
    // SAFETY: the caller promises that it is writable.
    unsafe { clear(out, size) };
    let (number, second) = match (kind, request) {
        (Kind::List, Request::List { max }) => (i16::from(max), 0),
        (Kind::Edit, Request::Edit { from, to }) => (from, to),
        (Kind::Save, Request::Join { priority }) | (Kind::Delete, Request::Delete { priority }) => {
            (priority, 0)
        }
        _ => return false,
    };
    let numbers = out.cast::<i16>();
    // SAFETY: every struct begins with a number, as asserted below, and may be written by it.
    unsafe { numbers.write(number) };
    if kind == Kind::Edit {
        // SAFETY: this one has a second, as asserted below.
        let place = unsafe { numbers.add(1) };
        // SAFETY: the caller promises that it is writable.
        unsafe { place.write(second) };
    }
    if kind == Kind::Save {
        // SAFETY: cleared above.
        let out = unsafe { &mut *out.cast::<abi::IotBleWifiProvAddNetworkRequest_t>() };
        out.set_isProvisioned(true);
        // A switch always connects, whatever the message says of it.
        out.set_shouldConnect(true);
    }
    true
}

// The structs of requests begin with their number, and that of an edit has a second.
const _: () = {
    assert!(offset_of!(abi::IotBleWifiProvAddNetworkRequest_t, info) == 0);
    assert!(offset_of!(abi::IotBleWifiProvListNetworksRequest_t, scanSize) == 0);
    assert!(offset_of!(abi::IotBleWifiProvDeleteNetworkRequest_t, priorityIndex) == 0);
    assert!(
        offset_of!(
            abi::IotBleWifiProvEditNetworkRequest_t,
            currentPriorityIndex
        ) == 0
    );
    assert!(offset_of!(abi::IotBleWifiProvEditNetworkRequest_t, newPriorityIndex) == 2);
    assert!(
        size_of::<abi::IotBleWifiProvListNetworksRequest_t>()
            == size_of::<abi::IotBleWifiProvEditNetworkRequest_t>()
    );
};

unsafe extern "C" fn get_request_type(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWiFiProvRequest_t,
) -> bool {
    if out.is_null() {
        return false;
    }
    let mut request = Request::EraseAll;
    // SAFETY: C's contract of the table: readable for its length.
    let is_known = unsafe { read(message, length, None, &mut request) };
    let number = if is_known {
        number(request.kind())
    } else {
        abi::IotBleWiFiProvRequestInvalid
    };
    // SAFETY: checked above; C's contract: writable.
    unsafe { out.write(number) };
    is_known
}

unsafe extern "C" fn deserialize_list(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvListNetworksRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe { deserialize(message, length, out.cast(), Kind::List) }
}

unsafe extern "C" fn deserialize_add(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvAddNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe { deserialize(message, length, out.cast(), Kind::Save) }
}

unsafe extern "C" fn deserialize_edit(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvEditNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe { deserialize(message, length, out.cast(), Kind::Edit) }
}

unsafe extern "C" fn deserialize_delete(
    message: *const u8,
    length: usize,
    out: *mut abi::IotBleWifiProvDeleteNetworkRequest_t,
) -> bool {
    // SAFETY: C's contract of the table.
    unsafe { deserialize(message, length, out.cast(), Kind::Delete) }
}

/// What a response of C's says of its network; `None` when it makes no sense.
///
/// # Safety
///
/// The network it points to is readable.
unsafe fn shown(
    response: &abi::IotBleWifiProvResponse_t,
    status: Status,
) -> Option<NetworkInfo<'_>> {
    let info = &response.networkInfo;
    let mut rssi = Network::SAVED_RSSI;
    let mut network = if info.isSavedNetwork() {
        // SAFETY: the flag says which member it is.
        let network = unsafe { info.info.pSavedNetwork };
        // SAFETY: the caller promises that it is readable.
        unsafe { network.as_ref() }?.describe()
    } else {
        // SAFETY: the flag says which member it is.
        let network = unsafe { info.info.pScannedNetwork };
        // SAFETY: the caller promises that it is readable.
        let found = unsafe { network.as_ref() }?;
        rssi = found.cRSSI;
        found.describe()
    };
    network.rssi = rssi;
    Some(NetworkInfo {
        network,
        status,
        hidden: info.isHidden(),
        connected: info.isConnected(),
        priority: info.isSavedNetwork().then_some(info.index),
        last: info.isLast(),
    })
}

/// Encodes a response into a buffer, if it fits; gives its length, or 0 when it cannot be encoded.
///
/// # Safety
///
/// `response` is null or readable, and so is the network it points to; `buffer` is null or writable
/// for `size` bytes.
#[inline(never)]
unsafe fn put(
    response: *const abi::IotBleWifiProvResponse_t,
    buffer: *mut u8,
    size: usize,
) -> usize {
    // SAFETY: the caller promises that it is readable.
    let Some(response) = (unsafe { response.as_ref() }) else {
        return 0;
    };
    let status = match response.status {
        abi::eWiFiSuccess => Status::Success,
        abi::eWiFiFailure => Status::Failure,
        abi::eWiFiTimeout => Status::Timeout,
        abi::eWiFiNotSupported => Status::NotSupported,
        _ => return 0,
    };
    let Some(kind) = kind(response.requestType) else {
        return 0;
    };
    let mut room = LazyRoom::new();
    let short;
    let message = if response.statusOnly() {
        short = response::status(kind, status);
        short.as_slice()
    } else {
        // SAFETY: the caller promises that the network is readable.
        let Some(info) = (unsafe { shown(response, status) }) else {
            return 0;
        };
        response::network(room.get(), &info)
    };
    if !buffer.is_null() && message.len() <= size {
        // SAFETY: the caller promises that there is room.
        let buffer = unsafe { slice::from_raw_parts_mut(buffer, message.len()) };
        let _ = copy(buffer, message);
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
