//! The kernel edge: a lock, a wake-up and a task, on a dozen plain kernel functions.
//!
//! One event group serves as lock and as wake-up, in 36 bytes of heap where a mutex and a queue
//! take 376. Clearing a bit tells what it was before, in one step: who clears a set bit has it.
#![allow(unsafe_code, reason = "calls the kernel")]

mod handoff;
#[cfg(all(feature = "panic-handler", not(test)))]
mod panic;
mod signals;
mod task;

pub(crate) use handoff::{Handoff, Kept};
pub(crate) use signals::{Handle, NO_HANDLE, Signals, uninterrupted};
pub(crate) use task::{delete_self, spawn};
