//! `PORT_Mqtt*` of `include/port_mqtt.h`. Context of all: a task.
#![allow(
    unsafe_code,
    unreachable_pub,
    reason = "the C edge: its callers are in C"
)]

use core::cell::Cell;
use core::ffi::{CStr, c_char, c_void};
use core::{ptr, slice};

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use port_network::Network;

use super::{CLIENT, SETTINGS, START};
use crate::client::Notice;
use crate::packet::Qos;
use crate::session::{PAYLOAD_MAX, PublishError, SubscribeError};

const OK: i32 = 0;
const FULL: i32 = -1;
const TOPIC: i32 = -2;
const TOO_LONG: i32 = -3;
const INVALID: i32 = -4;
const NO_SETTINGS: i32 = -5;
const STARTED: i32 = -6;

const OFFLINE: u32 = 0;

/// `PortMqttEvent_t`.
#[repr(C)]
pub struct Event {
    event: u32,
    network: u32,
    message: u32,
    topic: *const c_char,
    topic_length: usize,
    payload: *const c_void,
    payload_length: usize,
}

/// `PortMqttCallback_t`.
type Callback = unsafe extern "C" fn(*const Event);

static CALLBACK: Mutex<CriticalSectionRawMutex, Cell<Option<Callback>>> =
    Mutex::new(Cell::new(None));

impl Event {
    fn new(event: u32, network: Option<Network>) -> Self {
        Self {
            event,
            network: network.map_or(OFFLINE, |network| network as u32),
            message: 0,
            topic: ptr::null(),
            topic_length: 0,
            payload: ptr::null(),
            payload_length: 0,
        }
    }
}

fn tell(notice: &Notice<'_>) {
    let event = match *notice {
        Notice::Connected(network) => Event::new(1, Some(network)),
        Notice::Disconnected(network) => Event::new(2, Some(network)),
        Notice::Sent(message, network) => Event {
            message,
            ..Event::new(3, Some(network))
        },
        Notice::Acknowledged(message, network) => Event {
            message,
            ..Event::new(4, Some(network))
        },
        Notice::Subscribed(Some(_)) => Event::new(5, None),
        Notice::Subscribed(None) => Event::new(6, None),
        Notice::Message(message, network) => Event {
            topic: message.topic.as_ptr().cast(),
            topic_length: message.topic.len(),
            payload: message.payload.as_ptr().cast(),
            payload_length: message.payload.len(),
            ..Event::new(7, Some(network))
        },
    };
    if let Some(callback) = CALLBACK.lock(Cell::get) {
        // SAFETY: the application's function, which takes a valid event for the time of the call.
        unsafe { callback(&raw const event) };
    }
}

fn qos(qos: u8) -> Option<Qos> {
    match qos {
        0 => Some(Qos::AtMostOnce),
        1 => Some(Qos::AtLeastOnce),
        _ => None,
    }
}

/// Begins.
#[unsafe(no_mangle)]
pub extern "C" fn PORT_MqttStart(callback: Option<Callback>) -> i32 {
    if SETTINGS.try_get().is_none() {
        return NO_SETTINGS;
    }
    let Some(callback) = callback else {
        return INVALID;
    };
    let is_first = CALLBACK.lock(|cell| {
        let is_first = cell.get().is_none();
        if is_first {
            cell.set(Some(callback));
        }
        is_first
    });
    if !is_first {
        return STARTED;
    }
    START.signal(tell);
    OK
}

/// Takes a message.
///
/// # Safety
///
/// `topic` is null or ends with a NUL; `payload` is null or points to `length` readable bytes;
/// `message` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PORT_MqttPublish(
    topic: *const c_char,
    payload: *const c_void,
    length: usize,
    qos_number: u8,
    message: *mut u32,
) -> i32 {
    let Some(qos) = qos(qos_number).filter(|_| !topic.is_null()) else {
        return INVALID;
    };
    if length > PAYLOAD_MAX {
        return TOO_LONG;
    }
    let payload = match (payload.is_null(), length) {
        (_, 0) => &[],
        (true, _) => return INVALID,
        // SAFETY: the caller's promise; null was ruled out.
        (false, _) => unsafe { slice::from_raw_parts(payload.cast::<u8>(), length) },
    };
    // SAFETY: the caller's promise; null was ruled out.
    let topic = unsafe { CStr::from_ptr(topic) };
    let Ok(topic) = topic.to_str() else {
        return TOPIC;
    };
    let tell = |number| {
        if !message.is_null() {
            // SAFETY: the caller's promise; null was ruled out.
            unsafe { message.write(number) };
        }
    };
    match CLIENT.publish_and(topic, payload, qos, tell) {
        Ok(_) => OK,
        Err(PublishError::Full) => FULL,
        Err(PublishError::Topic) => TOPIC,
        Err(PublishError::TooLong) => TOO_LONG,
    }
}

/// Subscribes.
///
/// # Safety
///
/// `filter` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PORT_MqttSubscribe(filter: *const c_char, qos_number: u8) -> i32 {
    let Some(qos) = qos(qos_number).filter(|_| !filter.is_null()) else {
        return INVALID;
    };
    // SAFETY: the caller's promise; null was ruled out.
    let filter = unsafe { CStr::from_ptr(filter) };
    match filter.to_str().map(|filter| CLIENT.subscribe(filter, qos)) {
        Ok(Ok(())) => OK,
        Ok(Err(SubscribeError::Full)) => FULL,
        Ok(Err(SubscribeError::Filter)) | Err(_) => TOPIC,
    }
}

/// What carries the session.
#[unsafe(no_mangle)]
pub extern "C" fn PORT_MqttNetwork() -> u32 {
    CLIENT.network().map_or(OFFLINE, |network| network as u32)
}

/// How many messages wait.
#[unsafe(no_mangle)]
pub extern "C" fn PORT_MqttWaiting() -> usize {
    CLIENT.waiting()
}

/// The client identifier.
///
/// # Safety
///
/// `buffer` is null or points to `length` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PORT_MqttClientId(buffer: *mut c_char, length: usize) -> i32 {
    let Some(settings) = SETTINGS.try_get() else {
        return NO_SETTINGS;
    };
    if buffer.is_null() || length == 0 {
        return INVALID;
    }
    // SAFETY: the caller's promise; zeros make the bytes initialised.
    unsafe { buffer.write_bytes(0, length) };
    // SAFETY: as above, and initialised now; nobody else has the bytes during this call.
    let place = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), length) };
    let (text, _) = place.split_at_mut(length.saturating_sub(1));
    for (place, byte) in text.iter_mut().zip(settings.identity.client_id.as_bytes()) {
        *place = *byte;
    }
    OK
}
