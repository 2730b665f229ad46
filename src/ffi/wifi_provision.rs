//! `WIFI_PROVISION_*`: see `wifi_provision.h`. Context of all: any task.

use super::instance::{self, Init, STOP_TICKS, Session};
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

/// Makes the service ready; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Init() -> abi::BaseType_t {
    result(instance::init() == Init::Done)
}

/// Serves phones in a task of its own; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Start() -> abi::BaseType_t {
    let Some(session) = Session::begin() else {
        return result(false);
    };
    if !session.claim_loop() {
        return result(true);
    }
    result(session.open_channel() && instance::spawn(session))
}

/// Stops serving; waits for the request in progress, at most the timeout of the header.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Stop() -> abi::BaseType_t {
    result(Session::begin().is_some_and(|session| session.stop(Some(STOP_TICKS))))
}

/// Stops as [`WIFI_PROVISION_Stop`] does, and frees everything.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Delete() -> abi::BaseType_t {
    let Some(session) = Session::begin() else {
        return result(false);
    };
    if !session.stop(Some(STOP_TICKS)) {
        return result(false);
    }
    session.leave();
    result(true)
}

/// Counts the saved networks in the store; blocks as long as that does.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_GetNumNetworks() -> u16 {
    u16::from(wifi::count_saved())
}

/// Joins a saved network; blocks as long as the driver does.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_Connect(us_index: u16) -> abi::BaseType_t {
    let (Some(session), Ok(priority)) = (Session::begin(), i16::try_from(us_index)) else {
        return result(false);
    };
    result(session.run(Request::Join { priority }) == Status::Success)
}

/// Forgets all saved networks; blocks as long as the store and the driver do.
#[unsafe(no_mangle)]
pub extern "C" fn WIFI_PROVISION_EraseAllNetworks() -> abi::BaseType_t {
    let Some(session) = Session::begin() else {
        return result(false);
    };
    result(session.run(Request::EraseAll) == Status::Success)
}
