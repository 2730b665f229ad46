//! Async tasks and time on FreeRTOS.
//!
//! | what | how |
//! |---|---|
//! | a FreeRTOS task that runs async tasks | [`spawn_task`], and [`run`] in it |
//! | a FreeRTOS task that waits for one future | [`block_on`] |
//! | `embassy-time` | one tick is one millisecond; the board calls [`on_tick`] from its tick hook |
//! | Rust's heap | [`KernelHeap`] |
//! | a lock that a task sleeps at | [`TaskMutex`] |
//!
//! Wakers work from tasks, interrupts and critical sections alike.
#![no_std]

extern crate alloc;

mod block_on;
mod context;
mod executor;
mod heap;
mod kernel;
mod mutex;
mod task;
mod time;

pub use block_on::block_on;
pub use context::inside_interrupt;
pub use embassy_executor::Spawner;
pub use executor::run;
pub use heap::KernelHeap;
pub use kernel::current_task;
pub use mutex::TaskMutex;
pub use task::{SpawnTaskError, sleep_ms, spawn_task};
pub use time::on_tick;
