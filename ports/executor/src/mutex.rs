//! A lock that a task sleeps at, for `embassy_sync::blocking_mutex::Mutex`.
#![allow(
    unsafe_code,
    reason = "RawMutex is an unsafe trait: the kernel's mutex keeps its promise"
)]

use embassy_sync::blocking_mutex::raw::RawMutex;
use embassy_sync::once_lock::OnceLock;

use crate::kernel::{self, TaskLock};

/// A FreeRTOS mutex, made at its first use. While one task holds it the others sleep, and the
/// holder inherits their priority. Not to be locked again by its holder.
///
/// Context: tasks only.
pub struct TaskMutex {
    mutex: OnceLock<TaskLock>,
}

impl TaskMutex {
    /// An open lock.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            mutex: OnceLock::new(),
        }
    }

    fn get(&self) -> &TaskLock {
        loop {
            if let Some(mutex) = self.mutex.try_get() {
                return mutex;
            }
            match TaskLock::new() {
                // Of two tasks that come first at once, the later one's mutex is dropped here.
                Some(mutex) => drop(self.mutex.init(mutex)),
                None => kernel::sleep_a_tick(),
            }
        }
    }
}

impl Default for TaskMutex {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: `f` runs while the kernel's mutex is held, which one task at a time can.
unsafe impl RawMutex for TaskMutex {
    const INIT: Self = Self::new();

    fn lock<R>(&self, f: impl FnOnce() -> R) -> R {
        self.get().with(f)
    }
}
