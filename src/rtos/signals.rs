//! An event group as a set of locks and wake-ups, and short sections no other task interrupts.

use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::ffi::abi;

/// What a handle of an event group points to; the kernel's own.
pub(crate) type Object = abi::EventGroupDef_t;

/// Bits of an event group that exists.
#[derive(Clone, Copy)]
pub(crate) struct Signals(NonNull<Object>);

impl Signals {
    /// Ticks to wait without end.
    pub(crate) const FOREVER: u32 = u32::MAX;

    /// Nobody carries out a request.
    pub(crate) const FREE: u32 = 1;
    /// No callback is taking a message in.
    pub(crate) const RECEIVER: u32 = 1 << 1;
    /// Nobody serves.
    pub(crate) const LOOP: u32 = 1 << 2;
    /// The service is not initialised.
    pub(crate) const ABSENT: u32 = 1 << 3;
    /// A request waits.
    pub(crate) const WORK: u32 = 1 << 4;
    /// The loop is to end.
    pub(crate) const STOP: u32 = 1 << 5;
    /// The loop has ended.
    pub(crate) const STOPPED: u32 = 1 << 6;
    /// The loop that was taken runs.
    pub(crate) const SERVING: u32 = 1 << 7;
    /// Nobody works with the endpoints of Espressif's protocol. Event groups have 24 bits where ticks have 32.
    #[cfg(feature = "espressif")]
    pub(crate) const PROTOCOMM: u32 = 1 << 8;

    /// The event group behind `place`; created there, its locks free, if there is none yet. `None`
    /// when memory is short.
    pub(crate) fn create(place: &AtomicPtr<Object>) -> Option<Self> {
        if let Some(signals) = Self::find(place) {
            return Some(signals);
        }
        // SAFETY: may be called from any task, and before the scheduler starts.
        let created = Self(NonNull::new(unsafe { abi::xEventGroupCreate() })?);
        created.set(Self::FREE | Self::RECEIVER | Self::LOOP | Self::ABSENT);
        #[cfg(feature = "espressif")]
        created.set(Self::PROTOCOMM);
        let is_first = uninterrupted(|| {
            let is_first = Self::find(place).is_none();
            if is_first {
                place.store(created.0.as_ptr(), Ordering::Relaxed);
            }
            is_first
        });
        if !is_first {
            // SAFETY: created above, and known to nobody.
            unsafe { abi::vEventGroupDelete(created.0.as_ptr()) };
        }
        Self::find(place)
    }

    /// The event group behind `place`, which is never deleted. What lies behind the pointer is the
    /// kernel's, whose critical sections put it in order.
    pub(crate) fn find(place: &AtomicPtr<Object>) -> Option<Self> {
        NonNull::new(place.load(Ordering::Relaxed)).map(Self)
    }

    /// Sets bits and wakes who waits for them.
    pub(crate) fn set(self, bits: u32) {
        // SAFETY: only `create` makes one, and it is never deleted.
        let _ = unsafe { abi::xEventGroupSetBits(self.0.as_ptr(), bits) };
    }

    /// Gives what is set.
    pub(crate) fn bits(self) -> u32 {
        self.clear(0)
    }

    /// Clears bits; gives what was set before.
    pub(crate) fn clear(self, bits: u32) -> u32 {
        // SAFETY: only `create` makes one, and it is never deleted.
        unsafe { abi::xEventGroupClearBits(self.0.as_ptr(), bits) }
    }

    /// Waits until one of the bits is set, at most so many ticks; gives what is set then.
    pub(crate) fn wait(self, bits: u32, ticks: u32) -> u32 {
        // SAFETY: only `create` makes one, and it is never deleted; the caller is a task.
        unsafe { abi::xEventGroupWaitBits(self.0.as_ptr(), bits, 0, 0, ticks) }
    }

    /// Takes a lock if it is free. To be given back with [`Self::set`].
    pub(crate) fn try_lock(self, lock: u32) -> bool {
        self.clear(lock) & lock != 0
    }

    /// Takes a lock, waiting for it at most so many ticks each time somebody else was quicker; false
    /// when that was in vain. To be given back with [`Self::set`].
    pub(crate) fn lock(self, lock: u32, ticks: u32) -> bool {
        while !self.try_lock(lock) {
            if self.wait(lock, ticks) & lock == 0 {
                return false;
            }
        }
        true
    }
}

/// Runs a few instructions that no other task may come between.
pub(crate) fn uninterrupted<T>(section: impl FnOnce() -> T) -> T {
    // SAFETY: resumed below; the sections given call nothing that could block.
    unsafe { abi::vTaskSuspendAll() };
    let result = section();
    // SAFETY: suspended above.
    let _ = unsafe { abi::xTaskResumeAll() };
    result
}
