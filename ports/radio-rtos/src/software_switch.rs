//! What the FreeRTOS port `ports/riscv32` says and takes, for [`Board`](crate::Board)s that use it.
#![allow(unsafe_code, reason = "the port's C functions")]

use crate::board::Context;

unsafe extern "C" {
    fn uxPortContext() -> u32;
    fn vPortRequestSwitch();
    fn vPortCountTicks(ticks: u32);
}

/// Where the caller is; for [`Board::context`](crate::Board::context).
///
/// Context: any.
#[must_use]
pub fn context() -> Context {
    // SAFETY: reads a status register and the chip's interrupt level.
    match unsafe { uxPortContext() } {
        0 => Context::Task,
        1 => Context::Masked,
        _ => Context::Interrupt,
    }
}

/// Asks for a switch; for [`Board::request_switch`](crate::Board::request_switch).
///
/// Context: any.
pub fn request_switch() {
    // SAFETY: writes the software interrupt's register.
    unsafe { vPortRequestSwitch() }
}

/// Counts so many ticks of the kernel and asks for a switch when one is due.
///
/// Context: the tick interrupt.
pub fn count_ticks(ticks: u32) {
    // SAFETY: masks interrupts around each tick; made for the tick interrupt.
    unsafe { vPortCountTicks(ticks) }
}
