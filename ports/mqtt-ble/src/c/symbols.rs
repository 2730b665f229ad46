//! `IotBleMqttTransport*`: see `iot_ble_mqtt_transport.h`.

use core::ffi::CStr;
use core::ptr::{self, NonNull};

use cty::{c_char, c_void};
use wifi_provision::ffi::abi as platform;

use super::abi;
use super::transport::{NotSent, Transport};
use crate::accept::{AcceptError, Accepted};

type Context = abi::NetworkContext_t;

/// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::IotBleMqttTransportInit as unsafe extern "C" fn(_, _, _) -> _,
        IotBleMqttTransportInit,
    ];
    let _ = [
        abi::IotBleMqttTransportCleanup as unsafe extern "C" fn(_),
        IotBleMqttTransportCleanup,
    ];
    let _ = [
        abi::IotBleMqttTransportSetEndpoint as unsafe extern "C" fn(_, _) -> _,
        IotBleMqttTransportSetEndpoint,
    ];
    let _ = [
        abi::IotBleMqttTransportAcceptData as unsafe extern "C" fn(_) -> _,
        IotBleMqttTransportAcceptData,
    ];
    let _ = [
        abi::IotBleMqttTransportSend as unsafe extern "C" fn(_, _, _) -> _,
        IotBleMqttTransportSend,
    ];
    let _ = [
        abi::IotBleMqttTransportReceive as unsafe extern "C" fn(_, _, _) -> _,
        IotBleMqttTransportReceive,
    ];
    let _ = [
        abi::IotBleMqttTransportSetReceiveTimeout as unsafe extern "C" fn(_, _),
        IotBleMqttTransportSetReceiveTimeout,
    ];
};

/// A transport in its application's memory; null pointers and zeros before Init.
type Place = Option<Transport>;

// It lies in `BleTransportParams_t::uxState`, whose zeros must mean that there is none: the place is
// guarded by the first word.
const STATE_WORDS: usize = size_of::<abi::BleTransportParams_t>() / size_of::<usize>() - 1;
const _: () = assert!(size_of::<Place>() <= (STATE_WORDS - 1) * size_of::<usize>());
const _: () = assert!(align_of::<Place>() <= align_of::<usize>());

/// What the first word is while there is a transport.
const PRESENT: usize = 0x4d51_5454;

/// The parameters a context names.
///
/// # Safety
///
/// `context` is null or points to a context whose first member is null or points to parameters.
unsafe fn params(context: *const Context) -> Option<NonNull<abi::BleTransportParams_t>> {
    if context.is_null() {
        return None;
    }
    // SAFETY: the caller promises that the context begins with this pointer.
    NonNull::new(unsafe { context.cast::<*mut abi::BleTransportParams_t>().read() })
}

/// Where the transport's mark and the transport itself lie.
fn places(params: NonNull<abi::BleTransportParams_t>) -> (*mut usize, *mut Transport) {
    // SAFETY: `uxState` lies inside the parameters.
    let state = unsafe { &raw mut (*params.as_ptr()).uxState };
    let mark = state.cast::<usize>();
    (mark, mark.wrapping_add(1).cast())
}

/// The transport of a context, and its parameters.
///
/// # Safety
///
/// As for [`params`]; and the parameters were zero before Init.
unsafe fn transport<'a>(
    context: *const Context,
) -> Option<(&'a Transport, NonNull<abi::BleTransportParams_t>)> {
    // SAFETY: the caller's promise.
    let params = unsafe { params(context) }?;
    let (mark, place) = places(params);
    // SAFETY: the mark lies inside the parameters, which were zero before Init.
    if unsafe { mark.read() } != PRESENT {
        return None;
    }
    // SAFETY: Init wrote a transport there before it set the mark; only Cleanup takes it away, while
    // nobody is inside.
    Some((unsafe { &*place }, params))
}

/// The channel the application set.
fn channel(
    params: NonNull<abi::BleTransportParams_t>,
) -> *mut platform::IotBleDataTransferChannel_t {
    // SAFETY: the parameters are there; the application does not change them in a call.
    unsafe { (*params.as_ptr()).pChannel.cast() }
}

/// Begins a connection.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// `buffer` is null or points to `size` bytes that are the transport's until Cleanup; `context` is null
/// or points to one whose parameters were zero before the first Init.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportInit(
    buffer: *mut c_void,
    size: usize,
    context: *mut Context,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(params) = (unsafe { params(context) }) else {
        return false;
    };
    let (mark, place) = places(params);
    let least = abi::IOT_BLE_MQTT_TRANSPORT_BUFFER_LEAST as usize;
    if size < least || isize::try_from(size).is_err() {
        return false;
    }
    let Some(buffer) = NonNull::new(buffer.cast::<u8>()) else {
        return false;
    };
    // SAFETY: inside the parameters, which are the caller's.
    if unsafe { mark.read() } == PRESENT {
        return false;
    }
    let (message, room) = split(size);
    // SAFETY: the first part of the buffer, and so inside it.
    let rest = unsafe { buffer.add(message) };
    // SAFETY: the caller gives `size` bytes.
    unsafe { buffer.write_bytes(0, size) };
    let Some(made) = Transport::new(
        NonNull::slice_from_raw_parts(buffer, message),
        NonNull::slice_from_raw_parts(rest, room),
        abi::IOT_BLE_MQTT_TRANSPORT_RECEIVE_MS,
    ) else {
        return false;
    };
    // SAFETY: inside the parameters, where nothing is that must be dropped.
    unsafe { place.write(made) };
    // SAFETY: inside the parameters.
    unsafe { mark.write(PRESENT) };
    true
}

/// The bytes for the message being sent, and for what waits to be received.
const fn split(size: usize) -> (usize, usize) {
    let message = (size / 7).saturating_mul(3);
    (message, size.saturating_sub(message))
}

// The buffer the header calls full is as good as what a client in Rust has.
const _: () = {
    let (message, room) = split(abi::IOT_BLE_MQTT_TRANSPORT_BUFFER_FULL as usize);
    assert!(message == crate::MESSAGE_MAX && room == crate::QUEUE_BYTES);
};

/// Ends a transport.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// As for [`IotBleMqttTransportInit`]; no task is inside another function with this context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportCleanup(context: *const Context) {
    // SAFETY: the caller's promise.
    let Some((transport, params)) = (unsafe { transport(context) }) else {
        return;
    };
    let bell = transport.bell();
    let (mark, _) = places(params);
    // SAFETY: inside the parameters; nobody is inside the transport, which has nothing to drop.
    unsafe { mark.write(0) };
    bell.delete();
}

/// Sets the broker's host name.
///
/// Context: the task that sends; does not block.
///
/// # Safety
///
/// As for [`IotBleMqttTransportInit`]; `endpoint` is null or a C string that stays until Cleanup.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportSetEndpoint(
    context: *mut Context,
    endpoint: *const c_char,
) -> bool {
    // SAFETY: the caller's promise.
    let Some((transport, _)) = (unsafe { transport(context) }) else {
        return false;
    };
    if endpoint.is_null() {
        return false;
    }
    // SAFETY: the caller promises a C string that stays.
    let Ok(endpoint) = unsafe { CStr::from_ptr(endpoint.cast()) }.to_str() else {
        return false;
    };
    // SAFETY: the caller is the task that sends.
    unsafe { transport.set_endpoint(endpoint) };
    true
}

/// Takes in the message the channel has.
///
/// Context: the channel's `DATA_RECEIVED` event; does not block.
///
/// # Safety
///
/// As for [`IotBleMqttTransportInit`]; the channel is open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportAcceptData(
    context: *const Context,
) -> abi::MQTTBLEStatus_t {
    // SAFETY: the caller's promise.
    let Some((transport, params)) = (unsafe { transport(context) }) else {
        return abi::MQTTBLEBadParameter;
    };
    let channel = channel(params);
    let mut bytes: *const u8 = ptr::null();
    let mut length = 0_usize;
    if channel.is_null() {
        return abi::MQTTBLEBadParameter;
    }
    // SAFETY: both are writable; the channel is the application's, and open.
    unsafe { platform::IotBleDataTransfer_PeekReceiveBuffer(channel, &mut bytes, &mut length) };
    if bytes.is_null() || length == 0 {
        return abi::MQTTBLEBadParameter;
    }
    // SAFETY: the channel shows a message that stays while its event is handled, and we are in it.
    let message = unsafe { core::slice::from_raw_parts(bytes, length) };
    let accepted = transport.accept(message);
    // Whatever it was: what stays in the channel would be the beginning of the next.
    // SAFETY: the channel is open; a null buffer discards.
    let _ = unsafe { platform::IotBleDataTransfer_Receive(channel, ptr::null_mut(), length) };
    match accepted {
        Ok(Accepted::Queued | Accepted::Ignored(_)) => abi::MQTTBLESuccess,
        Ok(Accepted::Refusal | Accepted::Ended) => abi::MQTTBLEServerRefused,
        Err(AcceptError::Message(_)) => abi::MQTTBLEBadResponse,
        Err(AcceptError::Full | AcceptError::Overrun | AcceptError::TooLong) => {
            abi::MQTTBLENoMemory
        }
    }
}

/// Sends packets.
///
/// Context: one task; blocks as `IotBleDataTransfer_Send` does.
///
/// # Safety
///
/// As for [`IotBleMqttTransportInit`]; `buffer` is null or points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportSend(
    context: *mut Context,
    buffer: *const c_void,
    length: usize,
) -> i32 {
    // SAFETY: the caller's promise.
    let Some((transport, params)) = (unsafe { transport(context) }) else {
        return -1;
    };
    let Ok(count) = i32::try_from(length) else {
        return -1;
    };
    let channel = channel(params);
    if buffer.is_null() || channel.is_null() {
        return -1;
    }
    // SAFETY: the caller promises that `length` bytes are readable.
    let bytes = unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), length) };
    let to_channel = |message: &[u8]| {
        // SAFETY: the application's channel; the message is `len` readable bytes.
        let sent =
            unsafe { platform::IotBleDataTransfer_Send(channel, message.as_ptr(), message.len()) };
        sent == message.len()
    };
    // SAFETY: the caller is the one task that sends.
    match unsafe { transport.send(bytes, to_channel) } {
        Ok(()) => count,
        // coreMQTT would send the bytes again at 0.
        Err(NotSent) => -1,
    }
}

/// Takes bytes that wait, or waits for them.
///
/// Context: one task; blocks for the time set.
///
/// # Safety
///
/// As for [`IotBleMqttTransportInit`]; `buffer` is null or points to `length` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportReceive(
    context: *mut Context,
    buffer: *mut c_void,
    length: usize,
) -> i32 {
    // SAFETY: the caller's promise.
    let Some((transport, _)) = (unsafe { transport(context) }) else {
        return -1;
    };
    if buffer.is_null() || i32::try_from(length).is_err() {
        return -1;
    }
    // SAFETY: the caller promises that `length` bytes are writable. Zeroed first, since C may leave
    // them uninitialised.
    unsafe { buffer.cast::<u8>().write_bytes(0, length) };
    // SAFETY: as above.
    let bytes = unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u8>(), length) };
    match transport.receive(bytes) {
        Some(taken) => i32::try_from(taken).unwrap_or(i32::MAX),
        None => -1,
    }
}

/// Sets how long Receive waits.
///
/// Context: the task that receives; does not block.
///
/// # Safety
///
/// As for [`IotBleMqttTransportInit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleMqttTransportSetReceiveTimeout(
    context: *mut Context,
    milliseconds: u32,
) {
    // SAFETY: the caller's promise.
    if let Some((transport, _)) = unsafe { transport(context) } {
        transport.set_timeout(milliseconds);
    }
}
