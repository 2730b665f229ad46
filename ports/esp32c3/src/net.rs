//! The task "net": the chip's WiFi, the IP stack.

use esp_hal::rng::Rng;
use esp_radio::wifi::Interface;
use port_executor::{Spawner, spawn_task};
use port_store::Records;
use port_wifi::Resources;
use port_wifi::gate::{Gate, Gated};
use port_wifi::tcp::Sockets;
use static_cell::ConstStaticCell;

use crate::PRIORITY_NET;
use crate::faults::fatal;
use crate::radio::Station;
use crate::watch;

/// Words. The futures live in static memory; this is for the calls between them, the driver's start, and interrupts.
const STACK: u16 = 4096;

static GATE: Gate = Gate::new();

/// Starts the task.
///
/// Context: before the scheduler runs.
pub(crate) fn start(records: &'static dyn Records) {
    port_wifi::init(records);
    let started = spawn_task("net", STACK, PRIORITY_NET, || {
        port_executor::run(|spawner| match (run(spawner), watch::net_lives()) {
            (Ok(task), Ok(sign)) => {
                spawner.spawn(task);
                spawner.spawn(sign);
            }
            (Err(error), _) | (_, Err(error)) => fatal(format_args!("task net: {error:?}")),
        });
    });
    if let Err(error) = started {
        fatal(format_args!("task net: {error:?}"));
    }
}

#[embassy_executor::task]
async fn run(spawner: Spawner) {
    static RESOURCES: ConstStaticCell<Resources> = ConstStaticCell::new(Resources::new());
    let Some(interface) = Interface::try_station() else {
        fatal(format_args!("the station's frames were taken twice"));
    };
    let mut station = Station::new(&GATE, interface.mac_address());
    // On from the start: only then are the chip's random numbers random, and TCP's seed is one.
    if let Err(error) = station.switch_on() {
        fatal(format_args!("WiFi cannot be switched on: {error:?}"));
    }
    let random = Rng::new();
    let seed = (u64::from(random.random()) << 32) | u64::from(random.random());
    let frames = Gated::new(interface, &GATE);
    let spawn = |sockets| match serve(sockets) {
        Ok(task) => spawner.spawn(task),
        Err(error) => fatal(format_args!("task net: {error:?}")),
    };
    port_wifi::run(station, frames, seed, RESOURCES.take(), spawn).await
}

#[embassy_executor::task]
async fn serve(sockets: Sockets) {
    sockets.serve().await
}
