//! What Espressif's radio software (`esp-radio`) asks of an operating system, on FreeRTOS V11.
//!
//! | trait of `esp-radio-rtos-driver` | here | on |
//! |---|---|---|
//! | `SchedulerImplementation` | [`Scheduler`] | tasks, thread-local storage |
//! | `SemaphoreImplementation` | [`Semaphore`] | counting semaphores, mutexes, recursive mutexes |
//! | `QueueImplementation` | [`Queue`] | queues |
//! | `TimerImplementation` | [`Timer`] | a table of [`TIMERS`] timers, one task, the board's clock and alarm |
//!
//! A board implements [`Board`], writes [`register!`]`(ItsBoard)` once, calls [`start`] in a task or before the scheduler
//! runs, and [`on_alarm`] from its alarm's interrupt. [`TickGrid`] tells its tick interrupt how many ticks are due.
//!
//! The radio's blobs call the functions "from an interrupt" also from tasks, and the others also with interrupts off.
//! So no function trusts its name: each asks [`Board::context`] where it really is. In an interrupt, with interrupts
//! off, or while the scheduler is suspended, nothing blocks: what would have to wait answers `false` at once.
//!
//! # The kernel's configuration
//! `configUSE_COUNTING_SEMAPHORES`, `configUSE_MUTEXES`, `configUSE_RECURSIVE_MUTEXES`, `INCLUDE_vTaskDelay`,
//! `INCLUDE_vTaskDelete`, `INCLUDE_vTaskPrioritySet`, `INCLUDE_uxTaskPriorityGet`, `INCLUDE_xTaskGetSchedulerState`,
//! `INCLUDE_vTaskSuspend` 1; `configNUM_THREAD_LOCAL_STORAGE_POINTERS` at least 2, the first two are this crate's;
//! `configSTACK_DEPTH_TYPE uint32_t`; 32-bit ticks. A port whose yield is carried out when interrupts are on again, and
//! whose critical sections restore what they found: `ports/riscv32` is one, the kernel's own RISC-V port is not.
#![cfg_attr(not(test), no_std)]

mod board;
mod kernel;
mod queue;
mod scheduler;
mod semaphore;
#[cfg(target_arch = "riscv32")]
pub mod software_switch;
mod ticks;
mod timer;
mod wait;

pub use board::{Board, Context, Fatal};
#[doc(hidden)]
pub use esp_radio_rtos_driver;
pub use queue::Queue;
pub use scheduler::Scheduler;
pub use semaphore::Semaphore;
pub use ticks::TickGrid;
pub use timer::{NO_ALARM, StartError, TIMERS, Timer, on_alarm, start};

/// Registers this crate for a [`Board`]: `port_radio_rtos::register!(ItsBoard);`, once in an image, at the top of a
/// module. It defines the functions `esp_rtos_*` that esp-radio links against.
#[macro_export]
macro_rules! register {
    ($board:ty) => {
        const _: () = {
            use ::core::ffi::c_void;
            $crate::esp_radio_rtos_driver::register_scheduler_implementation!(
                static SCHEDULER: $crate::Scheduler<$board> = $crate::Scheduler::new()
            );
            $crate::esp_radio_rtos_driver::register_semaphore_implementation!(
                $crate::Semaphore<$board>
            );
            $crate::esp_radio_rtos_driver::register_queue_implementation!($crate::Queue<$board>);
            $crate::esp_radio_rtos_driver::register_timer_implementation!($crate::Timer<$board>);
        };
    };
}
