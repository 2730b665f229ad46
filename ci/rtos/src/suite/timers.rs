//! Timers.
#![allow(unsafe_code, reason = "timers call C functions")]

use core::ffi::c_void;
use core::ptr;

use esp_radio_rtos_driver::semaphore::{SemaphoreHandle, SemaphoreKind};
use esp_radio_rtos_driver::timer::{TimerHandle, TimerPtr};
use esp_radio_rtos_driver::{self as rtos};
use port_radio_rtos::TIMERS;
use portable_atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

use crate::harness::{Outcome, Test, check, heap_settled, until};
use crate::kernel::heap_free;
use crate::world::{LATE_US, in_interrupt};

pub(super) const TESTS: &[Test] = &[
    ("timer::one_shot_fires_once_and_not_early", one_shot),
    ("timer::periodic_keeps_its_times", periodic),
    ("timer::armed_again_is_moved", moved),
    ("timer::disarmed_does_not_fire", disarmed),
    ("timer::arms_itself_again", rearmed_inside),
    ("timer::deletes_itself", deleted_inside),
    ("timer::several_fire_in_order", in_order),
    ("timer::in_an_interrupt_and_with_interrupts_off", contexts),
    ("timer::thousands_leave_nothing_behind", thousands),
];

static FIRED: AtomicU32 = AtomicU32::new(0);
static AT: AtomicU64 = AtomicU64::new(0);
static HANDLE: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

unsafe extern "C" fn note(_: *mut c_void) {
    AT.store(rtos::now(), Ordering::SeqCst);
    FIRED.fetch_add(1, Ordering::SeqCst);
}

fn timer(function: unsafe extern "C" fn(*mut c_void)) -> TimerHandle {
    FIRED.store(0, Ordering::SeqCst);
    // SAFETY: the functions take no data.
    unsafe { TimerHandle::new(function, ptr::null_mut()) }
}

fn fired() -> u32 {
    FIRED.load(Ordering::SeqCst)
}

/// The timer whose function reaches for it; `None` when there is none.
fn with_shared(f: impl FnOnce(&TimerHandle)) {
    if let Some(pointer) = TimerPtr::new(HANDLE.load(Ordering::SeqCst)) {
        // SAFETY: the test that put it there has not deleted it.
        f(unsafe { TimerHandle::ref_from_ptr(&pointer) });
    }
}

/// Waits so many microseconds.
fn pass(time: u64) {
    let end = rtos::now().saturating_add(time);
    while rtos::now() < end {
        rtos::usleep(1000);
    }
}

fn one_shot() -> Outcome {
    let timer = timer(note);
    check!(!timer.is_active());
    for delay in [0_u64, 300, 1500, 20_000] {
        FIRED.store(0, Ordering::SeqCst);
        let begun = rtos::now();
        timer.arm(delay, false);
        check!(until(|| fired() == 1));
        let took = AT.load(Ordering::SeqCst).saturating_sub(begun);
        check!(took >= delay && took <= delay.saturating_add(LATE_US));
        check!(!timer.is_active());
        rtos::usleep(5000);
        check!(fired() == 1);
    }
    Ok(())
}

fn periodic() -> Outcome {
    let timer = timer(note);
    let begun = rtos::now();
    timer.arm(2000, true);
    check!(timer.is_active());
    check!(until(|| fired() >= 50));
    check!(rtos::now().saturating_sub(begun) >= 100_000);
    check!(timer.is_active());
    timer.disarm();
    let stopped = fired();
    check!(!timer.is_active());
    rtos::usleep(10_000);
    check!(fired() == stopped);
    check!(rtos::now().saturating_sub(begun) <= LATE_US.saturating_mul(50).saturating_add(150_000));
    Ok(())
}

fn moved() -> Outcome {
    let timer = timer(note);
    let begun = rtos::now();
    timer.arm(1_000_000_000, false);
    timer.arm(10_000, false);
    check!(until(|| fired() == 1));
    check!(AT.load(Ordering::SeqCst).saturating_sub(begun) >= 10_000);
    // And later.
    FIRED.store(0, Ordering::SeqCst);
    timer.arm(LATE_US, false);
    timer.arm(u64::MAX, false);
    pass(LATE_US.saturating_mul(2));
    check!(fired() == 0 && timer.is_active());
    Ok(())
}

fn disarmed() -> Outcome {
    let timer = timer(note);
    timer.arm(LATE_US, false);
    timer.disarm();
    pass(LATE_US.saturating_mul(2));
    check!(fired() == 0 && !timer.is_active());
    Ok(())
}

fn rearmed_inside() -> Outcome {
    unsafe extern "C" fn again(_: *mut c_void) {
        if FIRED.fetch_add(1, Ordering::SeqCst) < 9 {
            with_shared(|timer| timer.arm(700, false));
        }
    }
    let pointer = timer(again).leak();
    HANDLE.store(pointer.as_ptr(), Ordering::SeqCst);
    with_shared(|timer| timer.arm(700, false));
    check!(until(|| fired() == 10));
    rtos::usleep(5000);
    check!(fired() == 10);
    // SAFETY: it is armed no more, and this is its last use.
    drop(unsafe { TimerHandle::from_ptr(pointer) });
    Ok(())
}

fn deleted_inside() -> Outcome {
    unsafe extern "C" fn end(_: *mut c_void) {
        if let Some(pointer) = TimerPtr::new(HANDLE.load(Ordering::SeqCst)) {
            // SAFETY: its owner has given it up to this function.
            drop(unsafe { TimerHandle::from_ptr(pointer) });
        }
        FIRED.fetch_add(1, Ordering::SeqCst);
    }
    // More often than there are places: each place must come back.
    for _ in 0..TIMERS.saturating_mul(2) {
        let handle = timer(end);
        let pointer = handle.leak();
        HANDLE.store(pointer.as_ptr(), Ordering::SeqCst);
        with_shared(|timer| timer.arm(100, true));
        check!(until(|| fired() == 1));
    }
    rtos::usleep(5000);
    check!(fired() == 1);
    Ok(())
}

fn in_order() -> Outcome {
    static ORDER: AtomicU32 = AtomicU32::new(0);
    unsafe extern "C" fn append(data: *mut c_void) {
        let digit = u32::try_from(data.addr()).unwrap_or(0);
        let order = ORDER.load(Ordering::SeqCst);
        ORDER.store(order.wrapping_mul(10).wrapping_add(digit), Ordering::SeqCst);
    }
    let timers: [TimerHandle; 4] = core::array::from_fn(|index| {
        let digit = ptr::without_provenance_mut(index.saturating_add(1));
        // SAFETY: the function takes a number.
        unsafe { TimerHandle::new(append, digit) }
    });
    let [one, two, three, four] = &timers;
    // Each from its own moment, and between two of them the host may be elsewhere.
    critical_section::with(|_| {
        three.arm(LATE_US.saturating_mul(3), false);
        one.arm(LATE_US, false);
        four.arm(LATE_US.saturating_mul(4), false);
        two.arm(LATE_US.saturating_mul(2), false);
    });
    check!(until(|| ORDER.load(Ordering::SeqCst) == 1234));
    Ok(())
}

fn contexts() -> Outcome {
    let pointer = timer(note).leak();
    HANDLE.store(pointer.as_ptr(), Ordering::SeqCst);
    in_interrupt(|| with_shared(|timer| timer.arm(1000, false)));
    check!(until(|| fired() == 1));
    critical_section::with(|_| with_shared(|timer| timer.arm(1000, false)));
    check!(until(|| fired() == 2));
    in_interrupt(|| {
        with_shared(|timer| {
            timer.arm(1000, false);
            timer.disarm();
        });
    });
    rtos::usleep(5000);
    check!(fired() == 2);
    in_interrupt(|| {
        if let Some(pointer) = TimerPtr::new(HANDLE.load(Ordering::SeqCst)) {
            // SAFETY: this is its last use.
            drop(unsafe { TimerHandle::from_ptr(pointer) });
        }
    });
    Ok(())
}

fn thousands() -> Outcome {
    // A kernel object between, so that the heap is used at all.
    let before = heap_settled();
    for _ in 0..5000 {
        let timer = timer(note);
        timer.arm(1_000_000, false);
        let semaphore = SemaphoreHandle::new(SemaphoreKind::Mutex);
        drop(semaphore);
        drop(timer);
    }
    check!(heap_free() == before);
    check!(fired() == 0);
    Ok(())
}
