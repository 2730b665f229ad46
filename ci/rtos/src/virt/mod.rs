//! QEMU's riscv32 virt machine.

mod board;
mod console;
mod interrupts;
mod machine;

pub(crate) use board::World;
pub(crate) use console::Console;
pub(crate) use interrupts::{
    in_interrupt, interrupts_are_off, nested_interrupts, start_device, stop_device,
};
pub(crate) use machine::exit;

#[global_allocator]
static HEAP: port_executor::KernelHeap = port_executor::KernelHeap;

/// Whose seconds they are.
pub(crate) const NAME: &str = "the machine's time";

/// How long the load lasts, in seconds.
pub(crate) const LOAD_SECONDS: u32 = 60;

/// How late a wait may end, in microseconds: a tick, and what the tasks in between take.
pub(crate) const LATE_US: u64 = 3000;

/// Whether interrupts can come into one another.
pub(crate) const NESTS: bool = true;

/// Whether two tasks of one priority get as much done.
pub(crate) const SHARES_EVENLY: bool = true;

/// Whether the port catches up on ticks it lost.
pub(crate) const CATCHES_UP: bool = true;
