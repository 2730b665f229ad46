//! Events for C handlers.

use core::cell::Cell;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use wifi_provision::ffi::abi;

use super::convert;
use crate::calls::{Event, LeftBecause};
use crate::failure::Failure;
use crate::radio::LossReason;

const KINDS: usize = abi::eWiFiEventMax as usize;

static HANDLERS: Mutex<CriticalSectionRawMutex, Cell<[abi::WIFIEventHandler_t; KINDS]>> =
    Mutex::new(Cell::new([None; KINDS]));

/// Sets the handler of one kind; false for a kind that never happens here.
pub(super) fn register(kind: abi::WIFIEventType_t, handler: abi::WIFIEventHandler_t) -> bool {
    let happens = matches!(
        kind,
        abi::eWiFiEventConnected
            | abi::eWiFiEventDisconnected
            | abi::eWiFiEventConnectionFailed
            | abi::eWiFiEventIPReady
            | abi::eWiFiEventScanDone
    );
    happens
        && HANDLERS.lock(|handlers| {
            let mut all = handlers.get();
            let Some(place) = usize::try_from(kind)
                .ok()
                .and_then(|kind| all.get_mut(kind))
            else {
                return false;
            };
            *place = handler;
            handlers.set(all);
            true
        })
}

/// Tells the C handler of an event. Context: the net task.
pub(super) fn dispatch(event: &Event) {
    let mut info = reason(abi::eWiFiReasonUnspecified);
    let kind = match event {
        Event::Joined => abi::eWiFiEventConnected,
        Event::Left(because) => {
            info = reason(left_reason(*because));
            abi::eWiFiEventDisconnected
        }
        Event::JoinFailed(failure) => {
            info = reason(failure_reason(*failure));
            abi::eWiFiEventConnectionFailed
        }
        Event::AddressReady(address) => {
            let ready = abi::WIFIEventInfoIPReady_t {
                xIPAddress: convert::ip_address(Some(address.address)),
            };
            info = abi::WIFIEvent_t__bindgen_ty_1 { xIPReady: ready };
            abi::eWiFiEventIPReady
        }
        Event::ScanDone => abi::eWiFiEventScanDone,
    };
    let index = usize::try_from(kind).unwrap_or(KINDS);
    if let Some(handler) = HANDLERS.lock(|handlers| handlers.get().get(index).copied().flatten()) {
        let mut event = abi::WIFIEvent_t {
            xEventType: kind,
            xInfo: info,
        };
        // SAFETY: whoever registered the handler promised that it takes an event that lives as long as the call.
        unsafe { handler(&raw mut event) };
    }
}

/// An event's reason. All other bytes of the event are zero, not what the stack held.
fn reason(number: abi::WIFIReason_t) -> abi::WIFIEvent_t__bindgen_ty_1 {
    let mut info = abi::WIFIEvent_t__bindgen_ty_1 {
        xIPReady: abi::WIFIEventInfoIPReady_t {
            xIPAddress: convert::ip_address(None),
        },
    };
    info.xDisconnected = abi::WIFIEventInfoDisconnected_t { xReason: number };
    info
}

fn left_reason(because: LeftBecause) -> abi::WIFIReason_t {
    match because {
        LeftBecause::Asked => abi::eWiFiReasonAuthLeaveBSS,
        LeftBecause::AddressExpired => abi::eWiFiReasonDHCPExpired,
        LeftBecause::Lost(LossReason::BeaconsLost) => abi::eWiFiReasonBeaconTimeout,
        LeftBecause::Lost(LossReason::Deauthenticated) => abi::eWiFiReasonAuthExpired,
        LeftBecause::Lost(LossReason::RadioRestarted) => abi::eWiFiReasonLinkFailed,
        LeftBecause::Lost(LossReason::Unspecified) => abi::eWiFiReasonUnspecified,
    }
}

fn failure_reason(failure: Failure) -> abi::WIFIReason_t {
    match failure {
        Failure::AuthFailed => abi::eWiFiReasonAuthFailed,
        Failure::Lost(_) | Failure::Radio(_) => abi::eWiFiReasonLinkFailed,
        Failure::NoAddress => abi::eWiFiReasonDHCPFailed,
        Failure::NotFound => abi::eWiFiReasonAPNotFound,
        Failure::NotSupported | Failure::SecurityMismatch => abi::eWiFiReasonAKMPInvalid,
        Failure::Refused => abi::eWiFiReasonAssocFailed,
        Failure::Timeout => abi::eWiFiReasonAssocExpired,
        Failure::Busy | Failure::Invalid | Failure::Off => abi::eWiFiReasonUnspecified,
    }
}
