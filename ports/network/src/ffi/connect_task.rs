//! `xWiFiConnectTaskInitialize`, `vWiFiConnectTaskDestroy`, and the task they are about.

use embassy_time::{Duration, with_timeout};
use port_executor::{block_on, spawn_task};
use wifi_provision::ffi::wifi_provision::{
    JoinOutcome, WIFI_PROVISION_GetNumNetworks, join_unless_connected,
};

use super::abi;
use super::tasks::{self, Done, HUB, PRIORITY};
use crate::joining::{Outcome, SavedNetworks, Started};

/// Words. The service reads a saved network on it, and the flash store is under that.
const STACK: u16 = 2048;

/// How long the end is waited for: the service's patience with a phone's request, and one try.
const END: Duration = Duration::from_secs(150);

/// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::xWiFiConnectTaskInitialize as unsafe extern "C" fn() -> _,
        xWiFiConnectTaskInitialize,
    ];
    let _ = [
        abi::vWiFiConnectTaskDestroy as unsafe extern "C" fn(),
        vWiFiConnectTaskDestroy,
    ];
};

/// The networks the provisioning service keeps.
struct OfTheService;

impl SavedNetworks for OfTheService {
    fn count(&self) -> u16 {
        WIFI_PROVISION_GetNumNetworks()
    }

    fn join(&self, index: u16) -> Outcome {
        match join_unless_connected(index) {
            JoinOutcome::Joined => Outcome::Joined,
            JoinOutcome::NotJoined => Outcome::NotJoined,
            JoinOutcome::AlreadyConnected => Outcome::AlreadyConnected,
        }
    }
}

/// Starts the task unless it runs; false without memory. The caller has its turn to switch networks.
pub(super) fn start(_: &Done) -> bool {
    match HUB.joining.start() {
        Started::Running => true,
        Started::Spawn => {
            let spawned = spawn_task("wifi-connect", STACK, PRIORITY, || {
                block_on(HUB.joining.run(|| HUB.view(), &OfTheService));
            });
            if spawned.is_err() {
                HUB.joining.withdraw();
            }
            spawned.is_ok()
        }
    }
}

/// Tells the task to end, and waits until it has.
pub(super) fn end() {
    HUB.joining.stop();
    if block_on(with_timeout(END, HUB.joining.ended())).is_err() {
        log::error!(target: "network", "joining has not ended for {} s; it will after this try", END.as_secs());
    }
}

/// Starts joining saved networks. Blocks only behind another task that switches networks.
#[unsafe(no_mangle)]
pub extern "C" fn xWiFiConnectTaskInitialize() -> abi::BaseType_t {
    let done = tasks::switch();
    abi::BaseType_t::from(start(&done))
}

/// Ends joining saved networks; waits for the try that is under way. Not inside an event handler of
/// `WIFI_RegisterEvent`: the try could not end meanwhile.
#[unsafe(no_mangle)]
pub extern "C" fn vWiFiConnectTaskDestroy() {
    end();
}
