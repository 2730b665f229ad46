//! A process on Linux, 32 bits, with the kernel's POSIX port: a task is a thread, the tick a signal, and the only interrupt.
#![allow(
    unsafe_code,
    reason = "the C library, the POSIX port, and C names they call"
)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::fmt;

use critical_section::{Mutex, RawRestoreState};
use port_radio_rtos::{Board, Context, Fatal, NO_ALARM, on_alarm};
use portable_atomic::{AtomicBool, AtomicU32, Ordering};

use crate::{harness, kernel};

/// Whose seconds they are.
pub(crate) const NAME: &str = "the host's time";

/// How long the load lasts, in seconds.
pub(crate) const LOAD_SECONDS: u32 = 60;

/// How late a wait may end, in microseconds: the host has other work.
pub(crate) const LATE_US: u64 = 1_000_000;

/// Whether the port catches up on ticks it lost: the POSIX port does not.
pub(crate) const CATCHES_UP: bool = false;

/// Whether interrupts can come into one another.
pub(crate) const NESTS: bool = false;

/// Whether two tasks of one priority get as much done: a tick is one of the wall's here, and the host does other work in some.
pub(crate) const SHARES_EVENLY: bool = false;

unsafe extern "C" {
    fn vPortEnterCritical();
    fn vPortExitCritical();
    fn vPortYield();
}

/// How deep in critical sections, and whether a switch waits for their end.
static DEPTH: AtomicU32 = AtomicU32::new(0);
static SWITCH: AtomicBool = AtomicBool::new(false);
/// Whether the tick's handler runs.
static IN_TICK: AtomicBool = AtomicBool::new(false);

struct Sections;
critical_section::set_impl!(Sections);

// SAFETY: the port's critical section blocks the tick's signal, and with it every switch; it nests. A switch asked for
// inside is made at the end.
unsafe impl critical_section::Impl for Sections {
    unsafe fn acquire() -> RawRestoreState {
        // SAFETY: left by `release`.
        unsafe { vPortEnterCritical() };
        DEPTH.store(
            DEPTH.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Relaxed,
        );
    }

    unsafe fn release((): RawRestoreState) {
        let depth = DEPTH.load(Ordering::Relaxed).wrapping_sub(1);
        DEPTH.store(depth, Ordering::Relaxed);
        let switch =
            depth == 0 && !IN_TICK.load(Ordering::Relaxed) && SWITCH.swap(false, Ordering::Relaxed);
        // SAFETY: entered by `acquire`.
        unsafe { vPortExitCritical() };
        if switch {
            // SAFETY: a task, in no critical section.
            unsafe { vPortYield() };
        }
    }
}

/// What the next interrupt runs, or each.
type Slot = Mutex<Cell<Option<fn()>>>;

static ALARM: Mutex<Cell<u64>> = Mutex::new(Cell::new(NO_ALARM));
static ONCE: Slot = Mutex::new(Cell::new(None));
static DEVICE: Slot = Mutex::new(Cell::new(None));

pub(crate) struct World;

impl Board for World {
    const MAX_PRIORITY: u32 = 24;
    const TICK_US: u32 = 1000;
    const INTERRUPT_STACK: usize = 0;

    fn context() -> Context {
        if IN_TICK.load(Ordering::Relaxed) {
            Context::Interrupt
        } else if DEPTH.load(Ordering::Relaxed) > 0 {
            Context::Masked
        } else {
            Context::Task
        }
    }

    fn request_switch() {
        match Self::context() {
            // SAFETY: a task, in no critical section.
            Context::Task => unsafe { vPortYield() },
            Context::Masked => SWITCH.store(true, Ordering::Relaxed),
            // The kernel has noted it, and the tick's handler looks.
            Context::Interrupt => {}
        }
    }

    fn now() -> u64 {
        let mut time = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: the clock exists; `time` is written.
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
        let seconds = u64::from(time.tv_sec.cast_unsigned());
        let nanoseconds = u64::from(time.tv_nsec.cast_unsigned());
        seconds
            .saturating_mul(1_000_000)
            .saturating_add(nanoseconds.checked_div(1000).unwrap_or(0))
    }

    fn set_alarm(at: u64) {
        critical_section::with(|cs| ALARM.borrow(cs).set(at));
    }

    fn fatal(reason: Fatal) -> ! {
        harness::die(format_args!("the RTOS layer gave up: {reason:?}"))
    }
}

/// Every tick, in its signal's handler: all interrupts there are.
#[unsafe(no_mangle)]
extern "C" fn vApplicationTickHook() {
    IN_TICK.store(true, Ordering::Relaxed);
    let (alarm, once, device) = critical_section::with(|cs| {
        let alarm = ALARM.borrow(cs).get() <= World::now();
        if alarm {
            ALARM.borrow(cs).set(NO_ALARM);
        }
        (alarm, ONCE.borrow(cs).get(), DEVICE.borrow(cs).get())
    });
    if alarm {
        on_alarm::<World>();
    }
    if let Some(run) = device {
        run();
    }
    if let Some(run) = once {
        run();
        critical_section::with(|cs| ONCE.borrow(cs).set(None));
    }
    IN_TICK.store(false, Ordering::Relaxed);
}

/// Runs this in an interrupt, and comes back when it has.
pub(crate) fn in_interrupt(run: fn()) {
    critical_section::with(|cs| ONCE.borrow(cs).set(Some(run)));
    while critical_section::with(|cs| ONCE.borrow(cs).get().is_some()) {}
}

/// How many interrupts came while another's handler ran.
pub(crate) fn nested_interrupts() -> u32 {
    0
}

/// From now on runs this in an interrupt, at every tick.
pub(crate) fn start_device(run: fn(), _period_us: u32) {
    critical_section::with(|cs| DEVICE.borrow(cs).set(Some(run)));
}

/// The device is silent when this returns.
pub(crate) fn stop_device() {
    critical_section::with(|cs| DEVICE.borrow(cs).set(None));
}

/// Whether the tick's signal is blocked.
pub(crate) fn interrupts_are_off() -> bool {
    // SAFETY: all bits 0 is a set.
    let mut set: libc::sigset_t = unsafe { core::mem::zeroed() };
    // SAFETY: only asks; `set` is written.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, core::ptr::null(), &raw mut set) };
    // SAFETY: a set, and a signal there is.
    unsafe { libc::sigismember(&raw const set, libc::SIGALRM) == 1 }
}

pub(crate) struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            // SAFETY: so many bytes of `rest` are there.
            let written = unsafe { libc::write(1, rest.as_ptr().cast(), rest.len()) };
            // A tick that comes between says to try again.
            if let Ok(written) = usize::try_from(written) {
                rest = rest.get(written..).unwrap_or_default();
            }
        }
        Ok(())
    }
}

/// Ends the process.
pub(crate) fn exit(code: i32) -> ! {
    // SAFETY: nothing is to be cleaned up.
    unsafe { libc::_exit(code) }
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    kernel::start();
    1
}

/// The kernel's heap, as in a firmware.
struct Heap;

#[global_allocator]
static HEAP: Heap = Heap;

unsafe extern "C" {
    fn pvPortMalloc(size: usize) -> *mut u8;
    fn vPortFree(block: *mut u8);
}

// SAFETY: the kernel's heap is for every task and aligns to 8, above which nothing here asks.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > 8 {
            return core::ptr::null_mut();
        }
        // SAFETY: any size; null when there is no room.
        unsafe { pvPortMalloc(layout.size()) }
    }

    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: `alloc` gave it.
        unsafe { vPortFree(block) }
    }
}
