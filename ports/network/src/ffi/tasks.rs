//! The one manager of the device, its task, and who may switch networks.

use core::sync::atomic::{AtomicUsize, Ordering};

use cty::c_void;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::mutex::{Mutex, MutexGuard};
use port_executor::{block_on, current_task, spawn_task};

use super::abi;
use crate::CHOICE;
use crate::hub::Hub;
use crate::network::{Network, State};
use crate::subscriptions::Notification;

/// Words. A subscriber's callback runs on it, and may switch networks.
const STACK: u16 = 1024;

/// Below the radios, above what only computes.
pub(super) const PRIORITY: u8 = 2;

/// How a subscriber is called.
#[derive(Clone, Copy)]
pub(super) struct Callback {
    pub(super) function: unsafe extern "C" fn(u32, abi::AwsIotNetworkState_t, *mut c_void),
    pub(super) context: *mut c_void,
}

// SAFETY: the context is only ever handed back to C, which says that it may be, in the manager's task.
unsafe impl Send for Callback {}

pub(super) static HUB: Hub<Callback> = Hub::new(&CHOICE);

/// What is done once.
pub(super) struct Done {
    /// The manager's task runs.
    started: bool,
    /// `IotBle_Init` was called.
    pub(super) ble: bool,
}

/// Whoever starts tasks or switches networks has it: one at a time.
static SWITCH: Mutex<CriticalSectionRawMutex, Done> = Mutex::new(Done {
    started: false,
    ble: false,
});

/// The handle of the manager's task; 0 before it runs.
static MANAGER_TASK: AtomicUsize = AtomicUsize::new(0);

/// Waits for one's turn to switch networks.
pub(super) fn switch() -> MutexGuard<'static, CriticalSectionRawMutex, Done> {
    block_on(SWITCH.lock())
}

fn current() -> usize {
    current_task().addr()
}

/// Whether the caller is a subscriber's callback.
pub(super) fn in_callback() -> bool {
    let manager = MANAGER_TASK.load(Ordering::Relaxed);
    manager != 0 && manager == current()
}

/// Starts the manager's task; false when there is no memory for it.
pub(super) fn start() -> bool {
    let mut done = switch();
    if !done.started {
        done.started = spawn_task("net-manager", STACK, PRIORITY, || {
            MANAGER_TASK.store(current(), Ordering::Relaxed);
            block_on(HUB.run(tell))
        })
        .is_ok();
    }
    done.started
}

fn tell(notification: Notification<Callback>) {
    let Callback { function, context } = notification.callback;
    let network = match notification.network {
        Network::Wifi => abi::AWSIOT_NETWORK_TYPE_WIFI,
        Network::Ble => abi::AWSIOT_NETWORK_TYPE_BLE,
    };
    let state = match notification.state {
        State::Disabled => abi::eNetworkStateDisabled,
        State::Enabled => abi::eNetworkStateEnabled,
        State::Connected => abi::eNetworkStateConnected,
    };
    // SAFETY: C subscribed this function with this context, and keeps both until it has removed the
    // subscription and this call has returned.
    unsafe { function(network, state, context) };
}
