//! The task "ble": the BLE host over HCI. Host, pairing and C symbols are `port-ble`'s.

use bt_hci_serial::SerialTransport;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use port_ble::Config;
use port_ble::freertos::FreeRtosTasks;
use port_executor::spawn_task;
use port_store::Records;

use crate::PRIORITY_BLE;
use crate::faults::fatal;
use crate::uart::HCI;

/// Words. Comparing numbers on the curve P-256 takes 15 KB, all in all.
const STACK: u16 = 6144;

/// Who the device is. It has no certificate, so its identity reads `Unknown`.
const CONFIG: Config = Config {
    name: "MPS2-AN385",
    version: "4.0.0",
    broker: "",
    platform: "QemuMps2An385",
    device_id: "",
    tx_power: 0,
    address: None,
};

/// Starts the task.
///
/// Context: before the scheduler runs.
pub(crate) fn start(records: &'static dyn Records) {
    let started = spawn_task("ble", STACK, PRIORITY_BLE, move || {
        port_executor::run(|spawner| match run(records) {
            Ok(task) => spawner.spawn(task),
            Err(error) => fatal(format_args!("task ble: {error:?}")),
        });
    });
    if let Err(error) = started {
        fatal(format_args!("task ble: {error:?}"));
    }
}

#[embassy_executor::task]
async fn run(records: &'static dyn Records) {
    let Some((receive, transmit)) = HCI.take() else {
        fatal(format_args!("the controller's line was taken twice"));
    };
    let transport = SerialTransport::<NoopRawMutex, _, _>::new(receive, transmit);
    port_ble::run(&transport, CONFIG, records, &FreeRtosTasks).await
}
