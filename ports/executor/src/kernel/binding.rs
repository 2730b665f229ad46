//! On freertos-rust.
#![allow(
    unsafe_code,
    reason = "a task from its handle; the kernel's malloc and free"
)]

use freertos_rust::{
    CurrentTask, Duration, InterruptContext, Mutex, Semaphore, Task, TaskNotification,
    TaskPriority, freertos_rs_pvPortMalloc, freertos_rs_vPortFree,
};

use crate::inside_interrupt;

/// One waits, others give.
pub(crate) struct BinarySemaphore(Semaphore);

impl BinarySemaphore {
    pub(crate) fn new() -> Option<Self> {
        Semaphore::new_binary().ok().map(Self)
    }

    /// In any context.
    pub(crate) fn give(&self) {
        if inside_interrupt() {
            self.0.give_from_isr(&mut InterruptContext::new());
        } else {
            self.0.give();
        }
    }

    /// A time-out of the longest wait only means to look again.
    pub(crate) fn take(&self) {
        let _timed_out = self.0.take(Duration::infinite());
    }
}

/// A mutex with priority inheritance.
pub(crate) struct TaskLock(Mutex<()>);

impl TaskLock {
    pub(crate) fn new() -> Option<Self> {
        Mutex::new(()).ok().map(Self)
    }

    pub(crate) fn with<R>(&self, f: impl FnOnce() -> R) -> R {
        let _held = loop {
            if let Ok(held) = self.0.lock(Duration::infinite()) {
                break held;
            }
        };
        f()
    }
}

/// The running task's handle; null before the first task is made. To compare, or for a function of the kernel.
///
/// Context: any; in an interrupt it is the interrupted task.
#[must_use]
pub fn current_task() -> *mut () {
    Task::current().map_or(core::ptr::null_mut(), |task| {
        task.raw_handle().cast_mut().cast()
    })
}

/// Counts the task's notification 0 up, in any context.
///
/// # Safety
/// `task` is the handle of a task that is not deleted.
pub(crate) unsafe fn notify(task: *mut ()) {
    // SAFETY: the caller's promise.
    let task = unsafe { Task::from_raw_handle(task.cast_const().cast()) };
    if inside_interrupt() {
        let mut interrupt = InterruptContext::new();
        // Incrementing a notification cannot fail.
        let _ = task.notify_from_isr(&mut interrupt, TaskNotification::Increment);
    } else {
        task.notify(TaskNotification::Increment);
    }
}

/// Waits until the calling task's notification 0 is not 0, and makes it 0.
pub(crate) fn wait_for_notification() {
    CurrentTask::take_notification(true, Duration::infinite());
}

/// `false`: no memory.
pub(crate) fn spawn(
    name: &str,
    stack_words: u16,
    priority: u8,
    body: impl FnOnce() + Send + 'static,
) -> bool {
    Task::new()
        .name(name)
        .stack_size(stack_words)
        .priority(TaskPriority(priority))
        .start(|_| body())
        .is_ok()
}

pub(crate) fn sleep_a_tick() {
    CurrentTask::delay(Duration::eps());
}

pub(crate) fn sleep_ms(milliseconds: u32) {
    CurrentTask::delay(Duration::ms(milliseconds));
}

/// Null: no memory.
pub(crate) fn malloc(size: u32) -> *mut u8 {
    // SAFETY: pvPortMalloc takes any size and answers null when it has no room.
    let block = unsafe { freertos_rs_pvPortMalloc(size) };
    block.cast_mut().cast()
}

/// # Safety
/// `block` is what [`malloc`] gave, freed once.
pub(crate) unsafe fn free(block: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { freertos_rs_vPortFree(block.cast_const().cast()) };
}
