//! The task "net": radio modem, Ethernet, IP stack.

use embassy_time::{Duration, with_timeout};
use port_ble::BLE;
use port_executor::spawn_task;
use port_store::Records;
use port_wifi::Resources;
use port_wifi::gate::{Gate, Gated};
use port_wifi::modem::Modem;
use static_cell::ConstStaticCell;

use crate::ethernet::Ethernet;
use crate::faults::fatal;
use crate::uart::RADIO;
use crate::{PRIORITY_NET, clock};

/// Words. The futures live in static memory; this is for the calls between them.
const STACK: u16 = 4096;

/// How long the start of the network waits for a random number.
const RANDOM_WITHIN: Duration = Duration::from_secs(3);

static GATE: Gate = Gate::new();

/// Starts the task.
///
/// Context: before the scheduler runs.
pub(crate) fn start(records: &'static dyn Records) {
    port_wifi::init(records);
    let started = spawn_task("net", STACK, PRIORITY_NET, || {
        port_executor::run(|spawner| match run() {
            Ok(task) => spawner.spawn(task),
            Err(error) => fatal(format_args!("task net: {error:?}")),
        });
    });
    if let Err(error) = started {
        fatal(format_args!("task net: {error:?}"));
    }
}

/// Takes the devices itself: as arguments they would cross the task's stack on their way.
#[embassy_executor::task]
async fn run() {
    static RESOURCES: ConstStaticCell<Resources> = ConstStaticCell::new(Resources::new());
    let Some((receive, transmit)) = RADIO.take() else {
        fatal(format_args!("the radio's line was taken twice"));
    };
    let ethernet = match Ethernet::take() {
        Ok(ethernet) => ethernet,
        Err(error) => fatal(format_args!("Ethernet does not work: {error:?}")),
    };
    let radio = Modem::new(receive, transmit, &GATE, ethernet.address());
    let frames = Gated::new(ethernet, &GATE);
    port_wifi::run(radio, frames, seed().await, RESOURCES.take()).await
}

/// A random number. The board has no source of them, but the BLE controller has; without one, the moment
/// of the start is all there is, which somebody who knows the firmware can guess.
async fn seed() -> u64 {
    let moment = u64::from(clock::counter()).rotate_left(32) ^ u64::from(clock::counter());
    match with_timeout(RANDOM_WITHIN, BLE.random()).await {
        Ok(random) => random ^ moment,
        Err(_) => {
            log::warn!(target: "net", "no random number from the BLE controller: TCP's numbers can be guessed");
            moment
        }
    }
}
