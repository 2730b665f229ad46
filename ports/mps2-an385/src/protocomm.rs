//! The task "protocomm": answers Espressif's apps. Endpoints and C symbols are `port-ble`'s.

use port_ble::freertos::{PROTOCOMM_STACK, run_protocomm};
use port_executor::spawn_task;
use port_store::Records;

use crate::PRIORITY_PROTOCOMM;
use crate::faults::fatal;

/// Starts the task.
///
/// Context: before the scheduler runs.
pub(crate) fn start(records: &'static dyn Records) {
    let started = spawn_task(
        "protocomm",
        PROTOCOMM_STACK,
        PRIORITY_PROTOCOMM,
        move || {
            port_executor::run(|spawner| match run(records) {
                Ok(task) => spawner.spawn(task),
                Err(error) => fatal(format_args!("task protocomm: {error:?}")),
            });
        },
    );
    if let Err(error) = started {
        fatal(format_args!("task protocomm: {error:?}"));
    }
}

#[embassy_executor::task]
async fn run(records: &'static dyn Records) {
    match run_protocomm(records).await {}
}
