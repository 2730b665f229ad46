//! The kernel, as little of it as this crate needs.
//!
//! Through freertos-rust where that compiles. It needs `Arc`, which a processor without compare-and-swap has not (riscv32imc,
//! the ESP32-C3); there the kernel's functions are called as they are.

#[cfg(target_has_atomic = "ptr")]
mod binding;
#[cfg(target_has_atomic = "ptr")]
pub use binding::current_task;
#[cfg(target_has_atomic = "ptr")]
pub(crate) use binding::{
    BinarySemaphore, TaskLock, free, malloc, notify, sleep_a_tick, sleep_ms, spawn,
    wait_for_notification,
};

#[cfg(not(target_has_atomic = "ptr"))]
mod plain;
#[cfg(not(target_has_atomic = "ptr"))]
pub use plain::current_task;
#[cfg(not(target_has_atomic = "ptr"))]
pub(crate) use plain::{
    BinarySemaphore, TaskLock, free, malloc, notify, sleep_a_tick, sleep_ms, spawn,
    wait_for_notification,
};
