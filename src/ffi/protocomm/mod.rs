//! `WIFI_PROVISION_Protocomm*`: see `wifi_provision_protocomm.h`. Context of all: any task.
//!
//! | file | what |
//! |---|---|
//! | `room` | the one set of endpoints: who may touch it when |
//! | `applications` | the application's own endpoints |
//! | `random` | the project's random numbers |
//! | `strings` | C strings, and the configuration out of them |
//! | `desk` | what this protocol asks of the WiFi driver besides |

mod applications;
mod desk;
mod random;
mod room;
mod strings;

use core::ptr;

use super::abi;
use super::instance::Ready;
use crate::protocomm::payload::Payload;
use crate::protocomm::{Answer, BUILT_IN, Connection, MAX_MESSAGE_BYTES, Refused};
pub(super) use desk::{address, channel, hidden, reason};
pub(super) use room::{done, next_job, service_gone};
use strings::Asked;

// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::WIFI_PROVISION_ProtocommStart as unsafe extern "C" fn(_) -> _,
        WIFI_PROVISION_ProtocommStart,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommStop as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_ProtocommStop,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommRegister as unsafe extern "C" fn(_, _, _) -> _,
        WIFI_PROVISION_ProtocommRegister,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommEndpoint as unsafe extern "C" fn(_, _, _) -> _,
        WIFI_PROVISION_ProtocommEndpoint,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommHandle as unsafe extern "C" fn(_, _, _, _, _, _, _) -> _,
        WIFI_PROVISION_ProtocommHandle,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommPending as unsafe extern "C" fn(_, _, _, _) -> _,
        WIFI_PROVISION_ProtocommPending,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommDisconnected as unsafe extern "C" fn(_),
        WIFI_PROVISION_ProtocommDisconnected,
    ];
    let _ = [
        abi::WIFI_PROVISION_ProtocommPayload as unsafe extern "C" fn(_, _, _, _, _) -> _,
        WIFI_PROVISION_ProtocommPayload,
    ];
    assert!(abi::WIFI_PROVISION_PROTOCOMM_MAX_BYTES as usize == MAX_MESSAGE_BYTES);
};

fn result(good: bool) -> abi::BaseType_t {
    abi::BaseType_t::from(good)
}

/// Whether the service is there, between `WIFI_PROVISION_Init` and `_Delete`: before, nothing can be started. For carriers
/// in Rust; does not block.
#[must_use]
pub fn service_is_there() -> bool {
    Ready::find().is_some()
}

/// Begins to answer requests; computes for as long as a third of a handshake with security 2.
///
/// # Safety
///
/// `config` is null or points to an initialised value, whose strings are null or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_PROVISION_ProtocommStart(
    config: *const abi::WIFI_PROVISION_ProtocommConfig_t,
) -> abi::BaseType_t {
    let Some(service) = Ready::find() else {
        return result(false);
    };
    // SAFETY: the caller's promise; the reference ends with this call.
    let Some(config) = (unsafe { config.as_ref() }) else {
        return result(false);
    };
    let Some(mut random) = random::Project::of(config) else {
        return result(false);
    };
    // SAFETY: the caller's promise about the strings.
    let Some(security) = (unsafe { strings::security(config, &mut random) }) else {
        return result(false);
    };
    result(room::open(service, security, config.ucAttempts, random))
}

/// Ends all sessions and wipes all secrets.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_ProtocommStop() -> abi::BaseType_t {
    result(room::close())
}

/// Makes an endpoint of the application known.
///
/// # Safety
///
/// `name` is null or NUL-terminated; `handler` and `context` are as its type says, for ever.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_PROVISION_ProtocommRegister(
    name: *const cty::c_char,
    handler: abi::WIFI_PROVISION_Endpoint_t,
    context: *mut cty::c_void,
) -> abi::BaseType_t {
    // SAFETY: the caller's promise.
    let name = unsafe { strings::text(name) };
    let (Some(service), Some(name), Some(handler)) = (Ready::find(), name, handler) else {
        return result(false);
    };
    result(room::register(service, name, handler, context))
}

/// Lists the endpoints.
///
/// # Safety
///
/// `name` and `id` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_PROVISION_ProtocommEndpoint(
    index: usize,
    name: *mut *const cty::c_char,
    id: *mut u16,
) -> abi::BaseType_t {
    let Some((text, number)) = room::endpoint(index) else {
        return result(false);
    };
    if !name.is_null() {
        // SAFETY: the caller's promise; null was ruled out.
        unsafe { name.write(text) };
    }
    if !id.is_null() {
        // SAFETY: the caller's promise; null was ruled out.
        unsafe { id.write(number) };
    }
    result(true)
}

/// Answers one whole request; does not wait for the radio or the store.
///
/// # Safety
///
/// `endpoint` is null or NUL-terminated; `request` is readable for `request_length` bytes, `out` writable for
/// `capacity`, and `length` writable, each of them or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_PROVISION_ProtocommHandle(
    connection: u32,
    endpoint: *const cty::c_char,
    request: *const u8,
    request_length: usize,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> abi::WIFI_PROVISION_Answer_t {
    if request_length > MAX_MESSAGE_BYTES || (request.is_null() && request_length != 0) {
        return abi::eWiFiProvisionRefused;
    }
    // SAFETY: the caller's promise.
    let Some(endpoint) = (unsafe { strings::text(endpoint) }) else {
        return abi::eWiFiProvisionRefused;
    };
    let request = if request_length == 0 {
        &[]
    } else {
        // SAFETY: the caller's promise; null was ruled out.
        unsafe { core::slice::from_raw_parts(request, request_length) }
    };
    // The answer may be written where the request is, so it is made elsewhere.
    let mut answer = [0; MAX_MESSAGE_BYTES];
    let room = answer
        .get_mut(..capacity.min(MAX_MESSAGE_BYTES))
        .unwrap_or(&mut []);
    let answered = room::handle(Connection(connection), endpoint, request, room);
    // SAFETY: the caller's promise.
    unsafe { give(answered, &answer, out, length) }
}

/// The answer that was pending; does not wait for it.
///
/// # Safety
///
/// `out` is writable for `capacity` bytes, and `length` writable, each of them or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_PROVISION_ProtocommPending(
    connection: u32,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> abi::WIFI_PROVISION_Answer_t {
    let mut answer = [0; MAX_MESSAGE_BYTES];
    let room = answer
        .get_mut(..capacity.min(MAX_MESSAGE_BYTES))
        .unwrap_or(&mut []);
    let answered = room::pending(Connection(connection), room);
    // SAFETY: the caller's promise.
    unsafe { give(answered, &answer, out, length) }
}

/// Writes an answer where the caller wants it.
///
/// # Safety
///
/// `out` is null or writable for as much as the answer's length, and `length` null or writable.
unsafe fn give(
    answered: Result<Answer, Refused>,
    answer: &[u8],
    out: *mut u8,
    length: *mut usize,
) -> abi::WIFI_PROVISION_Answer_t {
    let ready = match answered {
        Ok(Answer::Ready(ready)) => ready,
        Ok(Answer::Pending) => return abi::eWiFiProvisionPending,
        Err(Refused) => return abi::eWiFiProvisionRefused,
    };
    let Some(answer) = answer.get(..ready) else {
        return abi::eWiFiProvisionRefused;
    };
    if out.is_null() || length.is_null() {
        return abi::eWiFiProvisionRefused;
    }
    // SAFETY: the caller's promise; null was ruled out, and the answer is in an array of our own.
    unsafe { ptr::copy_nonoverlapping(answer.as_ptr(), out, answer.len()) };
    // SAFETY: the caller's promise; null was ruled out.
    unsafe { length.write(answer.len()) };
    abi::eWiFiProvisionAnswered
}

/// A connection has ended.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_ProtocommDisconnected(connection: u32) {
    room::disconnected(Connection(connection));
}

/// Writes the QR code's text.
///
/// # Safety
///
/// `config` is null or points to an initialised value, whose strings are null or NUL-terminated, as are `name` and
/// `transport`; `out` is null or writable for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WIFI_PROVISION_ProtocommPayload(
    config: *const abi::WIFI_PROVISION_ProtocommConfig_t,
    name: *const cty::c_char,
    transport: *const cty::c_char,
    out: *mut cty::c_char,
    capacity: usize,
) -> usize {
    // SAFETY: the caller's promise; the reference ends with this call.
    let config = unsafe { config.as_ref() };
    // SAFETY: the caller's promise.
    let name = unsafe { strings::text(name) };
    // SAFETY: the caller's promise.
    let transport = unsafe { strings::text(transport) };
    let (Some(config), Some(name), Some(transport)) = (config, name, transport) else {
        return 0;
    };
    if out.is_null() || capacity == 0 || isize::try_from(capacity).is_err() {
        return 0;
    }
    // SAFETY: the caller's promise.
    let Some(asked) = (unsafe { strings::asked(config) }) else {
        return 0;
    };
    let (security, user, secret) = match asked {
        Asked::Nothing => (0, None, None),
        Asked::Secret(secret) => (1, None, Some(secret).filter(|secret| !secret.is_empty())),
        Asked::User { name, password } => (2, Some(name), Some(password)),
    };
    let payload = Payload {
        name,
        security,
        user,
        secret,
        transport,
    };
    // SAFETY: the caller's promise; null and an impossible length were ruled out.
    let out = unsafe { core::slice::from_raw_parts_mut(out.cast::<u8>(), capacity) };
    let Some((end, text)) = out.split_last_mut() else {
        return 0;
    };
    *end = 0;
    match payload.write(text) {
        Ok(length) => {
            if let Some(behind) = text.get_mut(length) {
                *behind = 0;
            }
            length
        }
        Err(_) => {
            // Half a secret is one as well.
            zeroize::Zeroize::zeroize(text);
            0
        }
    }
}

/// The built-in endpoints' names as C has them, in the order of [`BUILT_IN`].
const NAMES: [&core::ffi::CStr; BUILT_IN.len()] = [
    c"prov-ctrl",
    c"prov-scan",
    c"prov-session",
    c"prov-config",
    c"proto-ver",
];
