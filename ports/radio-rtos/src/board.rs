//! What a board brings.

/// Where the processor is. It decides which kernel function is the right one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Context {
    /// A task, interrupts on.
    Task,
    /// A task with interrupts off, or before the scheduler runs: nothing may block, and a switch waits until they are on.
    Masked,
    /// An interrupt handler.
    Interrupt,
}

/// What cannot be answered: the driver's interface has no way to say it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fatal {
    /// The kernel's heap has no room for a semaphore, a mutex or a queue.
    NoMemory,
    /// The kernel's heap has no room for a task of this many bytes of stack.
    NoMemoryForTask(usize),
    /// All [`TIMERS`](crate::TIMERS) timers exist already.
    NoTimer,
    /// A task was to be made or deleted in an interrupt or with interrupts off.
    NotInATask,
}

/// A board with a radio: its kernel's figures, its interrupts, its clock.
///
/// The clock and the alarm are one: what [`now`](Self::now) counts is what the alarm goes by.
pub trait Board: Sized + Send + Sync + 'static {
    /// `configMAX_PRIORITIES` less one.
    const MAX_PRIORITY: u32;
    /// One tick in microseconds: 1,000,000 / `configTICK_RATE_HZ`.
    const TICK_US: u32;
    /// What interrupts need of the stack of the task they interrupt, in bytes; added to each task's stack. 0 where
    /// interrupts have a stack of their own.
    const INTERRUPT_STACK: usize;

    /// Where the caller is.
    ///
    /// Context: any.
    fn context() -> Context;

    /// Asks for a switch to the task that should run: at the end of the interrupt, or when interrupts are on again.
    /// Returns at once when it is not to happen now.
    ///
    /// Context: any.
    fn request_switch();

    /// Microseconds since power-on, counted also while interrupts are off. 64 bits: it never wraps.
    ///
    /// Context: any.
    fn now() -> u64;

    /// Sets the alarm, in place of what it was set to: its interrupt calls [`on_alarm`](crate::on_alarm) when
    /// [`now`](Self::now) has reached `at`, at once when it has already. [`NO_ALARM`](crate::NO_ALARM) switches it off.
    ///
    /// Context: any, with interrupts off.
    fn set_alarm(at: u64);

    /// Tells what happened and restarts. Never returns.
    ///
    /// Context: any.
    fn fatal(reason: Fatal) -> !;
}
