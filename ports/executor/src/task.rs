//! FreeRTOS tasks from Rust.

use freertos_rust::{CurrentTask, Duration, Task, TaskPriority};

/// Why a task was not started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SpawnTaskError {
    /// The kernel's heap has no room for the task and its stack.
    OutOfMemory,
}

/// Starts a FreeRTOS task with a stack of `stack_words` words (of 4 bytes on 32-bit processors).
/// The task is deleted when `body` returns.
///
/// Context: a task, or before the scheduler starts.
///
/// # Errors
///
/// See [`SpawnTaskError`].
pub fn spawn_task(
    name: &str,
    stack_words: u16,
    priority: u8,
    body: impl FnOnce() + Send + 'static,
) -> Result<(), SpawnTaskError> {
    Task::new()
        .name(name)
        .stack_size(stack_words)
        .priority(TaskPriority(priority))
        .start(|_| body())
        .map(drop)
        .map_err(|_| SpawnTaskError::OutOfMemory)
}

/// Lets the calling task sleep for at least `milliseconds`.
///
/// Context: a task, with the scheduler running.
pub fn sleep_ms(milliseconds: u32) {
    CurrentTask::delay(Duration::ms(milliseconds));
}
