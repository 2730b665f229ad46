//! One embassy executor a FreeRTOS task, woken by the task's notification.
#![allow(
    unsafe_code,
    reason = "the executor's two obligations: its pender and one poll at a time"
)]

use alloc::boxed::Box;

use embassy_executor::{Spawner, raw};

use crate::kernel;

/// Runs async tasks in the calling FreeRTOS task for ever. `init` spawns the first ones.
///
/// Uses the task's notification (index 0), so nothing else in this task may wait on it. The
/// executor's memory is taken from the kernel's heap and never given back.
///
/// Context: a FreeRTOS task, which must never be deleted.
pub fn run(init: impl FnOnce(Spawner)) -> ! {
    let executor: &'static raw::Executor =
        Box::leak(Box::new(raw::Executor::new(kernel::current_task())));
    init(executor.spawner());
    loop {
        // SAFETY: this loop is the only place that polls this executor, and it is never re-entered.
        unsafe { executor.poll() };
        kernel::wait_for_notification();
    }
}

/// Called by an executor that has work: wakes the FreeRTOS task it runs in.
#[unsafe(export_name = "__pender")]
fn pender(context: *mut ()) {
    // SAFETY: `context` is the handle `run` gave its executor, of a task that is never deleted.
    unsafe { kernel::notify(context) };
}
