//! The order in which the board begins. `main` calls `BOARD_Init` before the scheduler runs.
#![allow(
    unsafe_code,
    reason = "C calls the start by name, and the log is set up by who knows to be alone"
)]

use core::ops::Range;

use port_board::{links, store};
use port_executor::TaskMutex;
use port_store::{FlashStore, Records};
use static_cell::StaticCell;

use crate::faults::fatal;
use crate::flash::Flash;
#[cfg(feature = "espressif")]
use crate::protocomm;
use crate::{LOGGER, ble, console, mqtt, net, uart};

/// Where in flash the records are, in bytes.
const STORE: Range<u32> = 0..64 * 1024;

/// C: `BOARD_Init`, see `board.h`.
#[unsafe(no_mangle)]
extern "C" fn BOARD_Init() {
    start();
}

/// Starts the console, flash and the tasks that serve the radios.
///
/// Context: `main`, before the scheduler runs.
fn start() {
    let Some((input, _)) = uart::CONSOLE.take() else {
        fatal(format_args!("the board was started twice"));
    };
    console::set_input(input);
    // SAFETY: `main` is alone: no task runs yet, and no interrupt that logs.
    unsafe { LOGGER.start() };
    log::info!("mps2-an385, wifi-provision {}", env!("CARGO_PKG_VERSION"));
    if let Err(error) = freertos_rust::shim_sanity_check() {
        fatal(format_args!(
            "the kernel and its binding disagree on type {}",
            error.id
        ));
    }
    let Some(mut flash) = Flash::take() else {
        fatal(format_args!("flash was taken twice"))
    };
    mqtt::start(&mut flash);
    let records = records(flash);
    ble::start(records);
    net::start(records);
    if !links::start() {
        fatal(format_args!(
            "nobody would tell the network manager of WiFi"
        ));
    }
    #[cfg(feature = "espressif")]
    protocomm::start(records);
}

/// Opens the store and says what was in it.
fn records(flash: Flash) -> &'static dyn Records {
    static STORE_CELL: StaticCell<FlashStore<Flash, TaskMutex>> = StaticCell::new();
    match FlashStore::open(flash, STORE) {
        Ok((store, found)) => {
            store::say(&found);
            STORE_CELL.init(store)
        }
        Err(error) => fatal(format_args!("flash cannot be opened: {error:?}")),
    }
}
