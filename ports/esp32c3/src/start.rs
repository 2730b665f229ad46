//! The order in which the board begins. `main` calls `BOARD_Init` before the scheduler runs.
#![allow(
    unsafe_code,
    reason = "C calls the start by name, and goes by a register it has not set"
)]

use esp_hal::clock::CpuClock;
use port_board::{links, store};
use port_executor::TaskMutex;
use port_store::{FlashStore, Records};
use portable_atomic::AtomicU32;
use static_cell::StaticCell;

use crate::clock::Chip;
use crate::console::Devices;
use crate::faults::fatal;
use crate::flash::{self, Flash};
use crate::{
    LOGGER, PRIORITY_RADIO_TIMERS, ble, button, clock, console, heap, net, protocomm, watch,
};

/// The partition of saved networks and bonds, see `partitions.csv`.
const STORE: &str = "store";

/// Bytes: the longest of the functions the radios' software gives its timers, and interrupts.
const TIMERS_STACK: usize = 4096;

/// Where the C library keeps `errno`, its only thread-local variable; `cargo xtask image` fails when there is more.
static THREAD_LOCAL: [AtomicU32; 4] = [const { AtomicU32::new(0) }; 4];

/// C: `BOARD_Init`, see `board.h`.
#[unsafe(no_mangle)]
extern "C" fn BOARD_Init() {
    start();
}

/// Starts everything; the radios set up in their own tasks, once the scheduler runs.
///
/// Context: `main`, before the scheduler runs.
fn start() {
    share_errno();
    let devices = esp_hal::init(esp_hal::Config::default().with_cpu_clock(CpuClock::_160MHz));
    heap::start();
    clock::start(devices.SYSTIMER);
    console::start(Devices {
        uart: devices.UART0,
        rx: devices.GPIO20,
        tx: devices.GPIO21,
        usb: devices.USB_DEVICE,
    });
    // SAFETY: `main` is alone: no task runs yet, and no interrupt that logs.
    unsafe { LOGGER.start() };
    log::info!("esp32c3, wifi-provision {}", env!("CARGO_PKG_VERSION"));
    watch::start();
    if let Err(error) = port_radio_rtos::start::<Chip>(PRIORITY_RADIO_TIMERS, TIMERS_STACK) {
        fatal(format_args!("the radios' timers: {error:?}"));
    }
    let chip = match flash::Chip::new(devices.FLASH) {
        Ok(chip) => chip,
        Err(error) => fatal(format_args!("flash cannot be written: {error:?}")),
    };
    let records = records(chip);
    ble::start(records);
    net::start(records);
    if !links::start() {
        fatal(format_args!(
            "nobody would tell the network manager of WiFi"
        ));
    }
    protocomm::start(records);
    button::start(devices.GPIO9);
}

/// Points the thread pointer, which a switch leaves alone, at one place for all tasks.
fn share_errno() {
    // SAFETY: nothing else in the image goes by `tp`, and the place stays for ever.
    unsafe {
        core::arch::asm!("mv tp, {place}", place = in(reg) THREAD_LOCAL.as_ptr(), options(nostack));
    }
}

/// Opens the store and says what was in it.
fn records(chip: flash::Chip) -> &'static dyn Records {
    static STORE_CELL: StaticCell<FlashStore<Flash, TaskMutex>> = StaticCell::new();
    let flash = match chip.partition(STORE) {
        Ok(Some(flash)) => flash,
        Ok(None) => fatal(format_args!(
            "the partition table has no `{STORE}`; flash it anew with `cargo xtask flash`"
        )),
        Err(error) => fatal(format_args!("flash cannot be read: {error:?}")),
    };
    let whole = 0..flash.size();
    match FlashStore::open(flash, whole) {
        Ok((store, found)) => {
            store::say(&found);
            STORE_CELL.init(store)
        }
        Err(error) => fatal(format_args!("flash cannot be opened: {error:?}")),
    }
}
