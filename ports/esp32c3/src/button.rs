//! The BOOT button (GPIO 9) and the task that looks at it.
//!
//! | held | what |
//! |---|---|
//! | 2 s | the provisioning window opens: BLE goes on the air, and phones may pair |
//! | 10 s | back to the factory: saved networks and bonds are erased, and the device restarts |
//!
//! What the button will do is said on the console while it is held; it is done when the button is let go, but the reset at
//! once. Held while the chip starts, the same button makes its ROM wait for a new firmware: that is not ours.
#![allow(
    unsafe_code,
    reason = "the service and the network manager are called by their C symbols"
)]

use esp_hal::gpio::{Input, InputConfig, Pull};
use esp_hal::peripherals::GPIO9;
use port_ble::{BLE, Forget};
use port_executor::{sleep_ms, spawn_task};

use crate::faults::fatal;
use crate::{PRIORITY_LOWEST, exit};

/// Words: erasing networks takes 3 KB, interrupts 2 KB.
const STACK: u16 = 1536;
/// Between two looks; a contact bounces for less.
const LOOK_MS: u32 = 50;
/// Looks in 2 s, and in 10 s.
const LONG: u32 = 40;
const LONGER: u32 = 200;
/// How long the bonds' erasure, which is the BLE task's, is given before the restart.
const SETTLE_MS: u32 = 3000;

/// Starts the task.
///
/// Context: `main`, before the scheduler runs.
pub(crate) fn start(pin: GPIO9<'static>) {
    let button = Input::new(pin, InputConfig::default().with_pull(Pull::Up));
    let started = spawn_task("button", STACK, PRIORITY_LOWEST, move || {
        loop {
            let held = held(&button);
            if held >= LONGER {
                back_to_factory();
            } else if held >= LONG {
                open_window();
            }
        }
    });
    if let Err(error) = started {
        fatal(format_args!("task button: {error:?}"));
    }
}

/// Waits until the button is let go, or was held for the longest time there is; how many looks it was held.
fn held(button: &Input<'_>) -> u32 {
    let mut looks: u32 = 0;
    loop {
        sleep_ms(LOOK_MS);
        if button.is_high() {
            if looks > 0 {
                return looks;
            }
            continue;
        }
        looks = looks.saturating_add(1);
        match looks {
            LONG => log::info!(
                "button: let go and phones may pair; hold on to erase networks and phones"
            ),
            LONGER => return looks,
            _ => {}
        }
    }
}

/// `AWSIOT_NETWORK_TYPE_BLE`
const NETWORK_BLE: u32 = 2;

/// Puts BLE on the air if it is not (the network manager does it, so that it knows), and lets phones
/// pair for as long as the application set the window (`IotBle_SetPairingWindow`).
fn open_window() {
    unsafe extern "C" {
        /// `aws_iot_network_manager.h`, all of them.
        fn AwsIotNetworkManager_EnableNetwork(networks: u32) -> u32;
        fn AwsIotNetworkManager_GetEnabledNetworks() -> u32;
        fn AwsIotNetworkManager_GetConnectedNetworks() -> u32;
    }
    // SAFETY: any task may call it.
    let enabled = unsafe { AwsIotNetworkManager_GetEnabledNetworks() };
    // SAFETY: as above.
    let connected = unsafe { AwsIotNetworkManager_GetConnectedNetworks() };
    if (enabled | connected) & NETWORK_BLE == 0 {
        // SAFETY: as above.
        let on = unsafe { AwsIotNetworkManager_EnableNetwork(NETWORK_BLE) };
        if on & NETWORK_BLE == 0 {
            log::error!("button: Bluetooth cannot be switched on");
            return;
        }
    }
    if BLE.open_pairing_window() {
        log::info!("button: phones find this device, and may pair for a while");
    } else {
        log::info!("button: phones find this device, and may pair at any time");
    }
}

fn back_to_factory() {
    unsafe extern "C" {
        /// `wifi_provision.h`, both.
        fn WIFI_PROVISION_Stop() -> i32;
        fn WIFI_PROVISION_EraseAllNetworks() -> i32;
    }
    log::info!("button: erasing networks and phones");
    // A request that waits would be carried out behind the erasure, and a phone that is connected would send another.
    // One in progress ends before the networks go.
    // SAFETY: any task may call it.
    let _ = unsafe { WIFI_PROVISION_Stop() };
    BLE.forget(Forget::All);
    // SAFETY: any task may call it.
    let erased = unsafe { WIFI_PROVISION_EraseAllNetworks() };
    if erased == 0 {
        log::error!("button: networks could not be erased; some may still be there");
    }
    sleep_ms(SETTLE_MS);
    log::info!("restarting");
    exit::reset()
}
