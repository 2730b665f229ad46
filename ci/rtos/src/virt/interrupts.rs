//! The machine's interrupts: the comparator's, which lets the devices' come between, and the devices'. The switch stays
//! off while any of them runs.
#![allow(
    unsafe_code,
    reason = "interrupt enables are the processor's; handlers are called by name"
)]

use core::cell::Cell;

use critical_section::Mutex;
use portable_atomic::{AtomicU32, Ordering};
use riscv::register::{mie, mstatus};

use super::board;
use super::machine::{
    CLOCK_ALARM, CLOCK_CLEAR, CLOCK_CLEAR_ALARM, CLOCK_ENABLE, CLOCK_TIME, PLIC_CLAIM, PLIC_ENABLE,
    PLIC_THRESHOLD, SOURCE_CLOCK, SOURCE_UART, plic_priority, uart_write,
};
use crate::harness;

/// Causes, as `start.S` passes them.
const TIMER: u32 = 7;

const UART_INTERRUPT_ENABLE: usize = 1;
const UART_WHEN_EMPTY: u8 = 2;

/// How many handlers are under way. Also read by `portchip.h`.
#[unsafe(export_name = "uxVirtInterruptDepth")]
static DEPTH: AtomicU32 = AtomicU32::new(0);

/// How many interrupts came into another.
static NESTED: AtomicU32 = AtomicU32::new(0);

/// Shared by tasks and handlers.
type Slot<T> = Mutex<Cell<Option<T>>>;

/// What the next interrupt of the UART runs.
static ONCE: Slot<fn()> = Mutex::new(Cell::new(None));

/// What the clock's alarm runs, and every how many nanoseconds.
static DEVICE: Slot<(fn(), u32)> = Mutex::new(Cell::new(None));

/// Lets the devices' interrupts through to the processor, whose own switch is still off.
pub(super) fn start() {
    for source in [SOURCE_UART, SOURCE_CLOCK] {
        plic_priority(source).write(1);
    }
    PLIC_ENABLE.write((1 << SOURCE_UART) | (1 << SOURCE_CLOCK));
    PLIC_THRESHOLD.write(0);
}

/// Called by the scheduler's start.
#[unsafe(no_mangle)]
extern "C" fn vPortSetupTimerInterrupt() {
    board::start_ticks();
    // SAFETY: all three have handlers in `start.S`.
    unsafe { mie::set_mtimer() };
    // SAFETY: as above.
    unsafe { mie::set_mext() };
    // SAFETY: as above.
    unsafe { mie::set_msoft() };
}

#[unsafe(no_mangle)]
extern "C" fn vVirtInterrupt(cause: u32) {
    // Interrupts are off here; the others' changes are undone when they are back.
    let depth = DEPTH.load(Ordering::Relaxed);
    if depth > 0 {
        NESTED.store(
            NESTED.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
    }
    DEPTH.store(depth.wrapping_add(1), Ordering::Relaxed);
    // SAFETY: a switch in a handler would leave it half done.
    unsafe { mie::clear_msoft() };
    if cause == TIMER {
        // SAFETY: it must not come into itself.
        unsafe { mie::clear_mtimer() };
        // SAFETY: a device's may come between now: they share the stack in order.
        unsafe { mstatus::set_mie() };
        board::on_time();
        // SAFETY: for the rest of the handler.
        unsafe { mstatus::clear_mie() };
        // SAFETY: as before it.
        unsafe { mie::set_mtimer() };
    } else {
        on_device();
    }
    let depth = DEPTH.load(Ordering::Relaxed).wrapping_sub(1);
    DEPTH.store(depth, Ordering::Relaxed);
    if depth == 0 {
        // SAFETY: back in a task.
        unsafe { mie::set_msoft() };
    }
}

#[unsafe(no_mangle)]
extern "C" fn vVirtFault(cause: u32, pc: u32, value: u32) -> ! {
    harness::die(format_args!(
        "fault {cause:#x} at {pc:#010x}, value {value:#010x}"
    ))
}

fn on_device() {
    let source = PLIC_CLAIM.read();
    match source {
        SOURCE_UART => {
            uart_write(UART_INTERRUPT_ENABLE, 0);
            if let Some(run) = critical_section::with(|cs| ONCE.borrow(cs).take()) {
                run();
            }
        }
        SOURCE_CLOCK => {
            CLOCK_CLEAR.write(1);
            if let Some((run, period)) = critical_section::with(|cs| DEVICE.borrow(cs).get()) {
                run();
                set_clock_alarm(period.wrapping_add(jitter()));
            }
        }
        _ => {}
    }
    if source != 0 {
        PLIC_CLAIM.write(source);
    }
}

/// Up to 0.26 ms: without it the device keeps step with the tick, and never comes into its handler.
fn jitter() -> u32 {
    static STATE: AtomicU32 = AtomicU32::new(1);
    // A linear congruential generator (Numerical Recipes), of which the upper bits are used.
    let next = STATE
        .load(Ordering::Relaxed)
        .wrapping_mul(1_664_525)
        .wrapping_add(1_013_904_223);
    STATE.store(next, Ordering::Relaxed);
    next >> 14
}

fn set_clock_alarm(after: u32) {
    // Reading the low half keeps the high one.
    let [low, high] = CLOCK_TIME;
    let now = u64::from(low.read()) | (u64::from(high.read()) << 32);
    let at = now.saturating_add(u64::from(after));
    let [low, high] = CLOCK_ALARM;
    high.write((at >> 32) as u32);
    low.write(at as u32);
}

/// Runs this in a device's interrupt, and comes back when it has.
pub(crate) fn in_interrupt(run: fn()) {
    critical_section::with(|cs| ONCE.borrow(cs).set(Some(run)));
    uart_write(UART_INTERRUPT_ENABLE, UART_WHEN_EMPTY);
    while critical_section::with(|cs| {
        let waiting = ONCE.borrow(cs).take();
        ONCE.borrow(cs).set(waiting);
        waiting.is_some()
    }) {}
}

/// From now on runs this in the other device's interrupt, every so many microseconds and a bit.
pub(crate) fn start_device(run: fn(), period_us: u32) {
    let period = period_us.saturating_mul(1000);
    critical_section::with(|cs| DEVICE.borrow(cs).set(Some((run, period))));
    CLOCK_ENABLE.write(1);
    set_clock_alarm(period);
}

/// The device is silent when this returns.
pub(crate) fn stop_device() {
    critical_section::with(|cs| {
        DEVICE.borrow(cs).set(None);
        CLOCK_CLEAR_ALARM.write(1);
        CLOCK_ENABLE.write(0);
    });
}

/// How many interrupts came while another's handler ran.
pub(crate) fn nested_interrupts() -> u32 {
    NESTED.load(Ordering::Relaxed)
}

/// Whether the processor takes no interrupt now.
pub(crate) fn interrupts_are_off() -> bool {
    !mstatus::read().mie()
}
