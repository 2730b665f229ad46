//! FreeRTOS tasks from Rust.

use crate::kernel;

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
    if kernel::spawn(name, stack_words, priority, body) {
        Ok(())
    } else {
        Err(SpawnTaskError::OutOfMemory)
    }
}

/// Lets the calling task sleep for at least `milliseconds`.
///
/// Context: a task, with the scheduler running.
pub fn sleep_ms(milliseconds: u32) {
    kernel::sleep_ms(milliseconds);
}
