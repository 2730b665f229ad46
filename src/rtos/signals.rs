//! An event group as a set of locks and wake-ups, and short sections no other task interrupts.

use core::ptr;

use crate::ffi::abi;

/// The kernel's handle of an event group; null before there is one.
pub(crate) type Handle = abi::EventGroupHandle_t;

/// Bits of an event group that exists.
#[derive(Clone, Copy)]
pub(crate) struct Signals(Handle);

impl Signals {
    /// Nobody carries out a request.
    pub(crate) const FREE: u32 = 1;
    /// No callback is taking a message in.
    pub(crate) const RECEIVER: u32 = 1 << 1;
    /// A request waits.
    pub(crate) const WORK: u32 = 1 << 2;
    /// The loop is to end.
    pub(crate) const STOP: u32 = 1 << 3;
    /// The loop has ended.
    pub(crate) const STOPPED: u32 = 1 << 4;

    /// Creates an event group with the two locks free; null when memory is short.
    pub(crate) fn create() -> Handle {
        // SAFETY: may be called from any task, and before the scheduler starts.
        let handle = unsafe { abi::xEventGroupCreate() };
        if !handle.is_null() {
            Self(handle).set(Self::FREE | Self::RECEIVER);
        }
        handle
    }

    /// Deletes an event group nobody will use again. Null is nothing to delete.
    ///
    /// # Safety
    ///
    /// `handle` comes from [`Self::create`], and nobody uses it any more.
    pub(crate) unsafe fn delete(handle: Handle) {
        if !handle.is_null() {
            // SAFETY: the caller promises that it exists and is not in use.
            unsafe { abi::vEventGroupDelete(handle) };
        }
    }

    /// Takes a handle for use.
    ///
    /// # Safety
    ///
    /// `handle` comes from [`Self::create`] and is not deleted while the value is in use.
    pub(crate) const unsafe fn new(handle: Handle) -> Self {
        Self(handle)
    }

    /// Sets bits and wakes who waits for them.
    pub(crate) fn set(self, bits: u32) {
        // SAFETY: `new` was promised a handle that exists.
        let _ = unsafe { abi::xEventGroupSetBits(self.0, bits) };
    }

    /// Clears bits; gives what was set before.
    pub(crate) fn clear(self, bits: u32) -> u32 {
        // SAFETY: `new` was promised a handle that exists.
        unsafe { abi::xEventGroupClearBits(self.0, bits) }
    }

    /// Waits until one of the bits is set; gives what is set then. `None` waits for ever.
    pub(crate) fn wait(self, bits: u32, ticks: Option<u32>) -> u32 {
        // SAFETY: `new` was promised a handle that exists; the caller is a task.
        unsafe { abi::xEventGroupWaitBits(self.0, bits, 0, 0, ticks.unwrap_or(u32::MAX)) }
    }

    /// Takes a lock if it is free. To be given back with [`Self::set`].
    pub(crate) fn try_lock(self, lock: u32) -> bool {
        self.clear(lock) & lock != 0
    }

    /// Takes a lock, waiting for it. To be given back with [`Self::set`].
    pub(crate) fn lock(self, lock: u32) {
        while !self.try_lock(lock) {
            let _ = self.wait(lock, None);
        }
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

/// No event group.
pub(crate) const NO_HANDLE: Handle = ptr::null_mut();
