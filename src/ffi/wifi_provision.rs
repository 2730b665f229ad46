//! `WIFI_PROVISION_*`: see `wifi_provision.h`. Context of all: any task.

use super::instance::{self, Init, Ready};
use super::{abi, wifi};
use crate::service::Request;
use crate::status::Status;

// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::WIFI_PROVISION_Init as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_Init,
    ];
    let _ = [
        abi::WIFI_PROVISION_Start as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_Start,
    ];
    let _ = [
        abi::WIFI_PROVISION_Stop as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_Stop,
    ];
    let _ = [
        abi::WIFI_PROVISION_Delete as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_Delete,
    ];
    let _ = [
        abi::WIFI_PROVISION_GetNumNetworks as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_GetNumNetworks,
    ];
    let _ = [
        abi::WIFI_PROVISION_Connect as unsafe extern "C" fn(_) -> _,
        WIFI_PROVISION_Connect,
    ];
    let _ = [
        abi::WIFI_PROVISION_EraseAllNetworks as unsafe extern "C" fn() -> _,
        WIFI_PROVISION_EraseAllNetworks,
    ];
};

fn result(good: bool) -> abi::BaseType_t {
    abi::BaseType_t::from(good)
}

/// Makes the service ready. Blocks as long as the store does, and for a request in progress at most the
/// timeout of the header.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Init() -> abi::BaseType_t {
    result(instance::init() == Init::Done)
}

/// Serves phones in a task of its own. Waits for a loop that is about to end, at most the timeout of
/// the header.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Start() -> abi::BaseType_t {
    result(Ready::find().is_some_and(Ready::start))
}

/// Stops serving; waits for the request in progress, at most the timeout of the header.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Stop() -> abi::BaseType_t {
    result(Ready::find().is_some_and(Ready::stop_and_wait))
}

/// Stops as [`WIFI_PROVISION_Stop`] does, and ends everything.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Delete() -> abi::BaseType_t {
    result(Ready::find().is_some_and(|service| {
        let is_gone = service.stop_and_wait() && service.leave_if_idle();
        if is_gone {
            service.clear_away();
        }
        is_gone
    }))
}

/// Counts the saved networks in the store; blocks as long as that does.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_GetNumNetworks() -> u16 {
    wifi::count_saved() as u16
}

/// Joins a saved network; blocks as long as the driver does.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Connect(us_index: u16) -> abi::BaseType_t {
    let priority = i16::try_from(us_index).unwrap_or(i16::MAX);
    result(instance::run(&Request::Join { priority }))
}

/// What [`join_unless_connected`] came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JoinOutcome {
    /// The network is joined.
    Joined,
    /// It is not.
    NotJoined,
    /// WiFi is connected, through another request: nothing was done.
    AlreadyConnected,
}

/// [`WIFI_PROVISION_Connect`] for whoever joins networks without being asked: whether WiFi is
/// connected is looked at when no other request is in progress, so that a phone's choice is not
/// undone by a call that only had to wait for it.
pub fn join_unless_connected(index: u16) -> JoinOutcome {
    let priority = i16::try_from(index).unwrap_or(i16::MAX);
    // SAFETY: null asks for any network.
    let is_connected = || unsafe { abi::WIFI_IsConnected(core::ptr::null()) } != 0;
    match instance::run_unless(is_connected, &Request::Join { priority }) {
        Some(Status::Success) => JoinOutcome::Joined,
        Some(_) => JoinOutcome::NotJoined,
        None if is_connected() => JoinOutcome::AlreadyConnected,
        None => JoinOutcome::NotJoined,
    }
}

/// Forgets all saved networks; blocks as long as the store and the driver do.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_EraseAllNetworks() -> abi::BaseType_t {
    result(instance::run(&Request::EraseAll))
}
