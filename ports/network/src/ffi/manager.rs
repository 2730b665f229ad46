//! `AwsIotNetworkManager_*`: see `aws_iot_network_manager.h`. Context of all: any task.

use core::ptr;

use cty::c_void;
use embassy_time::{Duration, with_timeout};
use port_executor::block_on;

use super::parameters::{self, Parameters};
use super::tasks::{self, Callback, HUB};
use super::{abi, radios};
use crate::CHOICE;
use crate::network::{Networks, State};
use crate::subscriptions::{SUBSCRIPTIONS, Subscription};

/// How long the removal of a subscription waits for its callback.
const CALLBACK: Duration = Duration::from_secs(5);

/// Exported functions have exactly the types the header declares, and the limits are its own.
const _: () = {
    assert!(abi::AWSIOT_NETWORK_MAX_SUBSCRIPTIONS as usize == SUBSCRIPTIONS);
    assert!(abi::AWSIOT_NETWORK_TYPE_WIFI | abi::AWSIOT_NETWORK_TYPE_BLE == Networks::ALL.mask());
    let _ = [
        abi::AwsIotNetworkManager_Init as unsafe extern "C" fn() -> _,
        AwsIotNetworkManager_Init,
    ];
    let _ = [
        abi::AwsIotNetworkManager_SubscribeForStateChange as unsafe extern "C" fn(_, _, _, _) -> _,
        AwsIotNetworkManager_SubscribeForStateChange,
    ];
    let _ = [
        abi::AwsIotNetworkManager_RemoveSubscription as unsafe extern "C" fn(_) -> _,
        AwsIotNetworkManager_RemoveSubscription,
    ];
    let _ = [
        abi::AwsIotNetworkManager_EnableNetwork as unsafe extern "C" fn(_) -> _,
        AwsIotNetworkManager_EnableNetwork,
        abi::AwsIotNetworkManager_DisableNetwork,
        AwsIotNetworkManager_DisableNetwork,
    ];
    let _ = [
        abi::AwsIotNetworkManager_GetConfiguredNetworks as unsafe extern "C" fn() -> _,
        AwsIotNetworkManager_GetConfiguredNetworks,
        abi::AwsIotNetworkManager_GetEnabledNetworks,
        AwsIotNetworkManager_GetEnabledNetworks,
        abi::AwsIotNetworkManager_GetConnectedNetworks,
        AwsIotNetworkManager_GetConnectedNetworks,
        abi::AwsIotNetworkManager_GetPreferredNetwork,
        AwsIotNetworkManager_GetPreferredNetwork,
    ];
    let _ = [
        abi::AwsIotNetworkManager_SetParameters as unsafe extern "C" fn(_, _, _, _) -> _,
        AwsIotNetworkManager_SetParameters,
    ];
    let _ = [
        abi::AwsIotNetworkManager_GetNetworkInterface as unsafe extern "C" fn(_) -> _,
        AwsIotNetworkManager_GetNetworkInterface,
    ];
    let _ = [
        abi::AwsIotNetworkManager_GetCredentials as unsafe extern "C" fn(_) -> _,
        AwsIotNetworkManager_GetCredentials,
        abi::AwsIotNetworkManager_GetConnectionParams,
        AwsIotNetworkManager_GetConnectionParams,
    ];
};

fn result(good: bool) -> abi::BaseType_t {
    abi::BaseType_t::from(good)
}

/// Starts the manager's task. Blocks only behind another task that switches networks.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_Init() -> abi::BaseType_t {
    result(tasks::start())
}

/// Adds a subscription; does not block.
///
/// # Safety
///
/// `callback` may be called with `context`, in the manager's task, until the subscription is removed.
/// `handle` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AwsIotNetworkManager_SubscribeForStateChange(
    networks: u32,
    callback: abi::AwsIotNetworkStateChangeCb_t,
    context: *mut c_void,
    handle: *mut abi::IotNetworkManagerSubscription_t,
) -> abi::BaseType_t {
    let Some(function) = callback else {
        return result(false);
    };
    let tell = |subscription: Subscription| {
        if !handle.is_null() {
            // A number in the clothes of a pointer: nothing is ever read through it.
            let number = subscription.to_number() as usize;
            // SAFETY: the caller's promise; null was ruled out.
            unsafe { handle.write(ptr::without_provenance_mut(number)) };
        }
    };
    match HUB.subscribe_and(
        Networks::from_mask(networks),
        Callback { function, context },
        tell,
    ) {
        Ok(_) => result(true),
        Err(error) => {
            log::warn!(target: "network", "a subscription was refused: {error:?}");
            result(false)
        }
    }
}

/// Removes a subscription; waits for a callback of it that runs in another task, 5 s at most.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_RemoveSubscription(
    handle: abi::IotNetworkManagerSubscription_t,
) -> abi::BaseType_t {
    let Ok(number) = u32::try_from(handle.addr()) else {
        return result(false);
    };
    let subscription = Subscription::from_number(number);
    if !HUB.unsubscribe(subscription) {
        return result(false);
    }
    if tasks::in_callback() {
        return result(true);
    }
    let returned = block_on(with_timeout(CALLBACK, HUB.returned(subscription)));
    if returned.is_err() {
        log::error!(target: "network", "a callback has not returned for 5 s");
    }
    result(returned.is_ok())
}

/// Switches networks on. Blocks as long as the radios do.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_EnableNetwork(networks: u32) -> u32 {
    radios::enable(Networks::from_mask(networks)).mask()
}

/// Switches networks off. Blocks as long as the radios do, and until joining has ended.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_DisableNetwork(networks: u32) -> u32 {
    radios::disable(Networks::from_mask(networks)).mask()
}

/// All networks there are.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetConfiguredNetworks() -> u32 {
    Networks::ALL.mask()
}

/// Those that are on and not connected.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetEnabledNetworks() -> u32 {
    HUB.networks_at(State::Enabled).mask()
}

/// Those that are connected.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetConnectedNetworks() -> u32 {
    HUB.networks_at(State::Connected).mask()
}

/// The one that should carry data, or none.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetPreferredNetwork() -> u32 {
    let best = CHOICE.best().into_iter();
    best.fold(Networks::NONE, Networks::with).mask()
}

/// Keeps an application's pointers for one network.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_SetParameters(
    network: u32,
    interface: *const abi::IotNetworkInterface_t,
    credentials: *mut c_void,
    connection: *mut c_void,
) -> abi::BaseType_t {
    let kept = Parameters {
        interface,
        credentials,
        connection,
    };
    result(parameters::set(network, kept))
}

/// The interface that was kept, or null.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetNetworkInterface(
    network: u32,
) -> *const abi::IotNetworkInterface_t {
    parameters::get(network).interface
}

/// The credentials that were kept, or null.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetCredentials(network: u32) -> *mut c_void {
    parameters::get(network).credentials
}

/// The connection parameters that were kept, or null.
#[unsafe(no_mangle)]
pub extern "C" fn AwsIotNetworkManager_GetConnectionParams(network: u32) -> *mut c_void {
    parameters::get(network).connection
}
