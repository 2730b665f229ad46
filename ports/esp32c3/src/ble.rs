//! The task "ble": the BLE host over the chip's own controller. Host, pairing and C symbols are `port-ble`'s.
#![allow(unsafe_code, reason = "the device is taken in the task that owns it")]

use esp_hal::peripherals::BT;
use esp_radio::ble::Config as ControllerConfig;
use esp_radio::ble::controller::BleConnector;
use port_ble::Config;
use port_ble::freertos::FreeRtosTasks;
use port_executor::spawn_task;
use port_store::Records;

use crate::PRIORITY_BLE;
use crate::faults::fatal;
use crate::heap;
use crate::radio::SETTING_UP;
use crate::watch;

/// Words. Comparing numbers on the curve P-256 takes 15 KB, all in all; interrupts 2 KB.
const STACK: u16 = 6144;

/// Who the device is. It has no certificate, so its identity reads `Unknown`. The controller has an address of its own.
const CONFIG: Config = Config {
    name: "ESP32-C3",
    version: "4.0.0",
    broker: "",
    platform: "Esp32C3",
    device_id: "",
    tx_power: 9,
    address: None,
};

/// Starts the task.
///
/// Context: before the scheduler runs.
pub(crate) fn start(records: &'static dyn Records) {
    let started = spawn_task("ble", STACK, PRIORITY_BLE, move || {
        // Here, before a radio asks for memory.
        heap::take_stack_of_main();
        port_executor::run(|spawner| match (run(records), watch::ble_lives()) {
            (Ok(task), Ok(sign)) => {
                spawner.spawn(task);
                spawner.spawn(sign);
            }
            (Err(error), _) | (_, Err(error)) => fatal(format_args!("task ble: {error:?}")),
        });
    });
    if let Err(error) = started {
        fatal(format_args!("task ble: {error:?}"));
    }
}

#[embassy_executor::task]
async fn run(records: &'static dyn Records) {
    let controller = SETTING_UP.lock(|()| {
        // SAFETY: this task is started once, and nothing else takes the device.
        let device = unsafe { BT::steal() };
        BleConnector::new(device, ControllerConfig::default())
    });
    let controller = match controller {
        Ok(controller) => controller,
        Err(error) => fatal(format_args!(
            "the BLE controller cannot be set up: {error:?}"
        )),
    };
    port_ble::run(&controller, CONFIG, records, &FreeRtosTasks).await
}
