//! Tests of `ports/radio-rtos` on the real kernel, called as `esp-radio` calls it. Two worlds run the same tests:
//!
//! | world | kernel port | interrupts |
//! |---|---|---|
//! | [`virt`](self): QEMU's riscv32 virt machine | `ports/riscv32`, as on the ESP32-C3 | tick and alarm, two devices, nested |
//! | posix: a process on Linux, 32 bits | the kernel's POSIX port | the tick |
//!
//! `cargo xtask rtos` builds both, runs them and counts.
#![no_std]
#![cfg(any(
    all(target_arch = "riscv32", target_os = "none"),
    all(target_arch = "x86", target_os = "linux")
))]

extern crate alloc;

mod harness;
mod kernel;
mod suite;

#[cfg(target_os = "linux")]
#[path = "posix.rs"]
mod world;
#[cfg(target_os = "none")]
#[path = "virt/mod.rs"]
mod world;

port_radio_rtos::register!(world::World);
