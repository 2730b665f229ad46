//! The device part of the vector table, and which interrupts are on.
#![allow(
    unsafe_code,
    reason = "the vector table and the interrupt controller are the hardware's edge"
)]

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;

use crate::{ethernet, uart};

/// Interrupts of this board that are used.
#[derive(Clone, Copy)]
#[repr(u16)]
pub(crate) enum Interrupt {
    Uart0Rx = 0,
    Uart0Tx = 1,
    Uart1Rx = 2,
    Uart1Tx = 3,
    Uart2Rx = 4,
    Uart2Tx = 5,
    Ethernet = 13,
}

// SAFETY: the numbers are those of the board's interrupt lines.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self as u16
    }
}

/// A level at which the kernel may be called (`configMAX_SYSCALL_INTERRUPT_PRIORITY` is 5 << 5).
const PRIORITY: u8 = 6 << 5;

/// How many interrupts the board has.
const COUNT: usize = 32;

type Handler = unsafe extern "C" fn();

unsafe extern "C" {
    /// The runtime's, for interrupts nobody asked for; see `faults`.
    fn DefaultHandler();
}

extern "C" fn uart0() {
    uart::CONSOLE.on_interrupt();
}

extern "C" fn uart1() {
    uart::HCI.on_interrupt();
}

extern "C" fn uart2() {
    uart::RADIO.on_interrupt();
}

extern "C" fn ethernet() {
    ethernet::on_interrupt();
}

const fn table() -> [Handler; COUNT] {
    let mut table: [Handler; COUNT] = [DefaultHandler; COUNT];
    let [t0, t1, t2, t3, t4, t5, _, _, _, _, _, _, _, t13, ..] = &mut table;
    (*t0, *t1, *t2, *t3, *t4, *t5) = (uart0, uart0, uart1, uart1, uart2, uart2);
    *t13 = ethernet;
    table
}

/// The device entries of the vector table, where the linker script looks for them.
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
static __INTERRUPTS: [Handler; COUNT] = table();

/// Lets an interrupt through, at a level at which its handler may call the kernel.
pub(crate) fn enable(interrupt: Interrupt) {
    // SAFETY: only the priority and the enable bit of this interrupt are written, once, at start.
    let mut nvic = unsafe { cortex_m::Peripherals::steal() }.NVIC;
    // SAFETY: the level is below the kernel's, so no critical section of its is broken.
    unsafe { nvic.set_priority(interrupt, PRIORITY) };
    // SAFETY: the handler is in the table above.
    unsafe { NVIC::unmask(interrupt) };
}
