//! The task "protocomm": answers Espressif's apps. Endpoints and C symbols are `port-ble`'s.

use port_ble::freertos::run_protocomm;
use port_executor::spawn_task;
use port_store::Records;

use crate::PRIORITY_LOWEST;
use crate::faults::fatal;

/// Words. A handshake of security 2 takes 14 KB, by the frames of the functions in the image; interrupts 2 KB. The application's
/// callback, which may draw the QR code, runs when no handshake does.
const STACK: u16 = 4608;

/// Starts the task. It is there for ever, but the endpoints only from `IotBleProtocomm_Start` to `IotBleProtocomm_Stop`.
///
/// Context: before the scheduler runs.
pub(crate) fn start(records: &'static dyn Records) {
    let started = spawn_task("protocomm", STACK, PRIORITY_LOWEST, move || {
        port_executor::run(|spawner| match run(records) {
            Ok(task) => spawner.spawn(task),
            Err(error) => fatal(format_args!("task protocomm: {error:?}")),
        });
    });
    if let Err(error) = started {
        fatal(format_args!("task protocomm: {error:?}"));
    }
}

#[embassy_executor::task]
async fn run(records: &'static dyn Records) {
    match run_protocomm(records).await {}
}
