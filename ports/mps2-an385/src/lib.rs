//! The board: QEMU's mps2-an385, a Cortex-M3 with a FreeRTOS kernel.
//!
//! | device | use |
//! |---|---|
//! | UART0 | the console: log, commands, the question of numeric comparison |
//! | UART1 | HCI (H4) to the BLE controller |
//! | UART2 | the WiFi radio's modem |
//! | Ethernet | frames of the network the radio joined |
//! | PSRAM, backed by a file | NOR flash |
//! | FPGAIO | a 25 MHz counter |
//! | semihosting | stands in for a clock that knows the date, and for a source of random numbers |
//!
//! [`start`] has the order in which things begin.
#![cfg_attr(target_os = "none", no_std)]
#![cfg(target_os = "none")]

// The critical section of the image is this crate's, and the service is linked for its C symbols.
use cortex_m as _;
use wifi_provision as _;

mod ble;
pub mod clock;
pub mod console;
pub mod ethernet;
pub mod exit;
mod faults;
pub mod flash;
mod hooks;
mod host;
mod mqtt;
mod net;
#[cfg(feature = "espressif")]
mod protocomm;
pub mod start;
pub mod uart;
mod vectors;

/// The log of every crate in the image.
static LOGGER: port_board::logger::Logger =
    port_board::logger::Logger::new(console::print_line, module_path!());

#[global_allocator]
static HEAP: port_executor::KernelHeap = port_executor::KernelHeap;

// Priorities of the board's tasks. The kernel's timer task has 6; an application's are below these.
const PRIORITY_BLE: u8 = 5;
const PRIORITY_NET: u8 = 4;
const PRIORITY_MQTT: u8 = 3;
/// Below everything that has a deadline: handshakes compute.
#[cfg(feature = "espressif")]
const PRIORITY_PROTOCOMM: u8 = 1;
