//! The callbacks C registered, and calling them.

use core::cell::RefCell;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use heapless::Vec;

use super::abi;
use crate::ble::{Observer, PairingResult};
use crate::pairing::Question;

/// Callbacks of one event. Policy when full: the new one is refused.
const CALLBACKS: usize = 4;

/// The one connection.
const CONNECTION: u16 = 0;

type List<F> = Mutex<CriticalSectionRawMutex, RefCell<Vec<F, CALLBACKS>>>;
type Mtu = unsafe extern "C" fn(u16, u16);
type Connection = unsafe extern "C" fn(abi::BTStatus_t, u16, bool, *mut abi::BTBdaddr_t);
type Pairing = unsafe extern "C" fn(
    abi::BTStatus_t,
    *mut abi::BTBdaddr_t,
    abi::BTBondState_t,
    abi::BTSecurityLevel_t,
    abi::BTAuthFailureReason_t,
);
type Compare = unsafe extern "C" fn(*mut abi::BTBdaddr_t, u32);

/// All that is registered.
pub(super) struct Events {
    mtu: List<Mtu>,
    connection: List<Connection>,
    pairing: List<Pairing>,
    compare: List<Compare>,
}

pub(super) static EVENTS: Events = Events {
    mtu: Mutex::new(RefCell::new(Vec::new())),
    connection: Mutex::new(RefCell::new(Vec::new())),
    pairing: Mutex::new(RefCell::new(Vec::new())),
    compare: Mutex::new(RefCell::new(Vec::new())),
};

impl Events {
    /// Adds a callback, or removes it.
    pub(super) fn change(
        &self,
        event: abi::IotBleEvents_t,
        callbacks: abi::IotBleEventsCallbacks_t,
        add: bool,
    ) -> abi::BTStatus_t {
        match event {
            abi::eBLEMtuChanged => {
                // SAFETY: every member of the union is a pointer of one size, null or to a function;
                // the caller says with `event` which.
                change(&self.mtu, unsafe { callbacks.pMtuChangedCb }, add)
            }
            abi::eBLEConnection => {
                // SAFETY: as above.
                change(&self.connection, unsafe { callbacks.pConnectionCb }, add)
            }
            abi::eBLEPairingStateChanged => {
                // SAFETY: as above.
                let callback = unsafe { callbacks.pGAPPairingStateChangedCb };
                change(&self.pairing, callback, add)
            }
            abi::eBLENumericComparisonCallback => {
                // SAFETY: as above.
                let callback = unsafe { callbacks.pNumericComparisonCb };
                change(&self.compare, callback, add)
            }
            // It never comes.
            abi::eBLEConnParameterUpdateRequestCallback => abi::eBTStatusSuccess,
            _ => abi::eBTStatusParamInvalid,
        }
    }
}

fn change<F: Copy + PartialEq>(list: &List<F>, callback: Option<F>, add: bool) -> abi::BTStatus_t {
    let Some(callback) = callback else {
        return abi::eBTStatusParamInvalid;
    };
    list.lock(|list| {
        let mut list = list.borrow_mut();
        let before = list.len();
        list.retain(|known| *known != callback);
        let known = list.len() != before;
        if add {
            if list.push(callback).is_err() {
                return abi::eBTStatusNoMem;
            }
        } else if !known {
            return abi::eBTStatusFail;
        }
        abi::eBTStatusSuccess
    })
}

/// Calls each one, outside the lock.
fn each<F: Copy>(list: &List<F>, mut call: impl FnMut(F)) {
    let now = list.lock(|list| list.borrow().clone());
    now.into_iter().for_each(&mut call);
}

fn bd_addr(peer: [u8; 6]) -> abi::BTBdaddr_t {
    abi::BTBdaddr_t { ucAddress: peer }
}

impl Observer for Events {
    fn connection(&self, peer: [u8; 6], connected: bool) {
        each(&self.connection, |callback| {
            let mut peer = bd_addr(peer);
            // SAFETY: C registered this function for this event; the address is there for the call.
            unsafe { callback(abi::eBTStatusSuccess, CONNECTION, connected, &mut peer) };
        });
    }

    fn mtu(&self, mtu: u16) {
        each(&self.mtu, |callback| {
            // SAFETY: C registered this function for this event.
            unsafe { callback(CONNECTION, mtu) };
        });
    }

    fn compare(&self, question: Question) -> bool {
        let mut asked = false;
        each(&self.compare, |callback| {
            let mut peer = bd_addr(question.peer);
            // SAFETY: C registered this function for this event; the address is there for the call.
            unsafe { callback(&mut peer, question.passkey) };
            asked = true;
        });
        asked
    }

    fn pairing(&self, peer: [u8; 6], result: PairingResult) -> bool {
        let (status, bond, level, reason) = match result {
            PairingResult::Bonded => (
                abi::eBTStatusSuccess,
                abi::eBTbondStateBonded,
                abi::eBTSecLevelSecureConnect,
                abi::eBTauthSuccess,
            ),
            PairingResult::Paired => (
                abi::eBTStatusSuccess,
                abi::eBTbondStateNone,
                abi::eBTSecLevelSecureConnect,
                abi::eBTauthSuccess,
            ),
            PairingResult::Refused => failed(abi::eBTauthFailPeerUser),
            PairingResult::TimedOut => failed(abi::eBTauthFailSmpTimeout),
            PairingResult::Failed => failed(abi::eBTauthFailSmpFail),
        };
        let mut told = false;
        each(&self.pairing, |callback| {
            let mut peer = bd_addr(peer);
            // SAFETY: C registered this function for this event; the address is there for the call.
            unsafe { callback(status, &mut peer, bond, level, reason) };
            told = true;
        });
        told
    }
}

fn failed(
    reason: abi::BTAuthFailureReason_t,
) -> (
    abi::BTStatus_t,
    abi::BTBondState_t,
    abi::BTSecurityLevel_t,
    abi::BTAuthFailureReason_t,
) {
    (
        abi::eBTStatusFail,
        abi::eBTbondStateNone,
        abi::eBTSecLevelNoSecurity,
        reason,
    )
}
