//! One embassy executor a FreeRTOS task, woken by the task's notification.
#![allow(
    unsafe_code,
    reason = "the executor's two obligations: its pender and one poll at a time"
)]

use alloc::boxed::Box;

use embassy_executor::{Spawner, raw};
use freertos_rust::{CurrentTask, Duration, InterruptContext, Task, TaskNotification};

use crate::inside_interrupt;

/// Runs async tasks in the calling FreeRTOS task for ever. `init` spawns the first ones.
///
/// Uses the task's notification (index 0), so nothing else in this task may wait on it. The
/// executor's memory is taken from the kernel's heap and never given back.
///
/// Context: a FreeRTOS task, which must never be deleted.
pub fn run(init: impl FnOnce(Spawner)) -> ! {
    let me = loop {
        // The kernel always knows its current task; the binding's type does not say so.
        if let Ok(task) = Task::current() {
            break task.raw_handle();
        }
    };
    let executor: &'static raw::Executor =
        Box::leak(Box::new(raw::Executor::new(me.cast_mut().cast())));
    init(executor.spawner());
    loop {
        // SAFETY: this loop is the only place that polls this executor, and it is never re-entered.
        unsafe { executor.poll() };
        CurrentTask::take_notification(true, Duration::infinite());
    }
}

/// Called by an executor that has work: wakes the FreeRTOS task it runs in.
#[unsafe(export_name = "__pender")]
fn pender(context: *mut ()) {
    // SAFETY: `context` is the handle `run` gave its executor, of a task that is never deleted.
    let task = unsafe { Task::from_raw_handle(context.cast_const().cast()) };
    if inside_interrupt() {
        let mut interrupt = InterruptContext::new();
        // Incrementing a notification cannot fail.
        let _ = task.notify_from_isr(&mut interrupt, TaskNotification::Increment);
    } else {
        task.notify(TaskNotification::Increment);
    }
}
