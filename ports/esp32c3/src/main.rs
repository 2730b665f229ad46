//! The board: an ESP32-C3, field firmware with the chip's own radios. FreeRTOS schedules everything, the radios' software
//! too (`port-radio-rtos`). Everything above HCI, the WiFi driver and flash is what the virtual board runs in QEMU.
//!
//! | device | use |
//! |---|---|
//! | UART0, USB-Serial-JTAG | the console: log, commands, the question of numeric comparison; both show all, both are read |
//! | Bluetooth LE | the chip's controller, over HCI in memory |
//! | WiFi | the chip's station |
//! | flash, partition `store` | saved networks and bonds |
//! | GPIO 9, the BOOT button | see [`button`] |
//! | system timer | the kernel's tick and the radios' timers |
//! | watchdog of timer group 0 | restarts a device that stands still, see [`watch`] |
//!
//! [`start`] has the order in which things begin. `main` is in C (`demos/main.c`).
#![no_std]
#![no_main]

// The service is linked for its C symbols.
use wifi_provision as _;

mod ble;
mod button;
mod clock;
mod console;
mod exit;
mod faults;
mod flash;
mod heap;
mod hooks;
mod net;
mod partition;
mod protocomm;
mod radio;
mod reason;
mod reasons;
mod ssid;
mod start;
mod watch;

// What the bootloader reads before it starts the application.
esp_bootloader_esp_idf::esp_app_desc!();

/// The log of every crate in the image.
static LOGGER: port_board::logger::Logger =
    port_board::logger::Logger::new(console::print_line, module_path!());

// Priorities of the board's tasks. The radios' tasks have 22 and 23; the kernel's timer task has 6; an application's
// are below these.
const PRIORITY_RADIO_TIMERS: u32 = 24;
const PRIORITY_BLE: u8 = 5;
const PRIORITY_NET: u8 = 4;
/// Handshakes of Espressif's apps compute on it for seconds.
const PRIORITY_LOWEST: u8 = 1;
