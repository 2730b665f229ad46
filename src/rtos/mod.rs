//! The kernel edge: locks, wake-ups and a task, on a dozen plain kernel functions.
//!
//! One event group serves as all locks and wake-ups, in 32 bytes of heap where a mutex and a queue
//! take 376. Clearing a bit tells what it was before, in one step: who clears a set bit has it. It
//! is created once and never deleted, so that no call can come too late for it.
#![allow(unsafe_code, reason = "calls the kernel")]

#[cfg(feature = "custom-serializer")]
mod block;
mod handoff;
#[cfg(all(feature = "espressif", feature = "panic-handler", not(test)))]
mod heap;
#[cfg(all(feature = "panic-handler", not(test)))]
mod panic;
mod signals;
mod task;

#[cfg(feature = "custom-serializer")]
pub(crate) use block::Block;
pub(crate) use handoff::Handoff;
pub(crate) use signals::{Object, Signals, uninterrupted};
pub(crate) use task::{delete_self, sleep, spawn};
