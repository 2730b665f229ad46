//! The kernel's plain functions, as far as a transport needs them.

use core::ptr::NonNull;

use wifi_provision::ffi::abi;

/// The only bit of the event group: something waits for the client.
const ARRIVED: u32 = 1;

/// The milliseconds `EDGE_TURN_TICKS` stands for.
const TURN_MS: u64 = 120_000;

/// Wakes the task that waits for bytes.
#[derive(Clone, Copy)]
pub(super) struct Bell(NonNull<abi::EventGroupDef_t>);

impl Bell {
    /// `None` when memory is short.
    pub(super) fn create() -> Option<Self> {
        // SAFETY: may be called from any task, and before the scheduler starts.
        NonNull::new(unsafe { abi::xEventGroupCreate() }).map(Self)
    }

    pub(super) fn ring(self) {
        // SAFETY: the group is there until `delete`; the caller is a task.
        let _ = unsafe { abi::xEventGroupSetBits(self.0.as_ptr(), ARRIVED) };
    }

    /// Sleeps until it rings, or so many ticks are over.
    pub(super) fn wait(self, ticks: u32) {
        // SAFETY: as above; all, or one bit, is the same here.
        let _ = unsafe { abi::xEventGroupWaitBits(self.0.as_ptr(), ARRIVED, 1, 0, ticks) };
    }

    /// Gives its memory back; no copy of it is used any more.
    pub(super) fn delete(self) {
        // SAFETY: created here, and given up by its only owner.
        unsafe { abi::vEventGroupDelete(self.0.as_ptr()) };
    }
}

/// Ticks since the scheduler started.
pub(super) fn now() -> u32 {
    // SAFETY: may be called from any task.
    unsafe { abi::xTaskGetTickCount() }
}

/// At least one tick.
pub(super) fn ticks(milliseconds: u32) -> u32 {
    let turn = abi::EDGE_TURN_TICKS as u64;
    let ticks = u64::from(milliseconds).saturating_mul(turn) / TURN_MS;
    u32::try_from(ticks).unwrap_or(u32::MAX - 1).max(1)
}

/// Runs a few instructions that no other task may come between.
pub(super) fn uninterrupted<T>(section: impl FnOnce() -> T) -> T {
    // SAFETY: resumed below; the sections given call nothing that could block.
    unsafe { abi::vTaskSuspendAll() };
    let result = section();
    // SAFETY: suspended above.
    let _ = unsafe { abi::xTaskResumeAll() };
    result
}
