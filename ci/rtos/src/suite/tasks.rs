//! Tasks: what they are given, their end, their priorities, their semaphores.
#![allow(
    unsafe_code,
    reason = "parameters travel as pointers; semaphores are the kernel's"
)]

use core::ffi::c_void;
use core::ptr;

use esp_radio_rtos_driver::semaphore::SemaphoreHandle;
use esp_radio_rtos_driver::{self as rtos, SchedulerImplementation};
use port_radio_rtos::Scheduler;
use portable_atomic::{AtomicU32, AtomicUsize, Ordering};

use crate::harness::{
    Outcome, PRIORITY, Test, check, delete, heap_settled, spawn, spawn_plain, until,
};
use crate::kernel::heap_free;
use crate::world::{LATE_US, SHARES_EVENLY, World};

pub(super) const TESTS: &[Test] = &[
    ("task::gets_its_parameter_and_ends", parameter),
    (
        "task::thousands_that_end_leave_nothing_behind",
        thousands_that_end,
    ),
    (
        "task::thousands_deleted_leave_nothing_behind",
        thousands_deleted,
    ),
    (
        "task::deleted_while_it_waits_at_its_semaphore",
        deleted_waiting,
    ),
    ("task::has_a_semaphore_of_its_own", own_semaphore),
    ("task::a_higher_priority_runs_at_once", preempts),
    ("task::equal_priorities_take_turns", turns),
    ("task::priority_is_changed_and_cut", priorities),
    ("task::sleeps_at_least_that_long", sleeps),
];

static COUNT: AtomicU32 = AtomicU32::new(0);

extern "C" fn count(_: *mut c_void) {
    COUNT.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn wait(_: *mut c_void) {
    COUNT.fetch_add(1, Ordering::SeqCst);
    let semaphore = rtos::current_task_thread_semaphore();
    // SAFETY: the task's own, alive as long as the task.
    unsafe { SemaphoreHandle::ref_from_ptr(&semaphore) }.take(None);
}

/// Waits until the idle task has given back what ended tasks had.
fn heap_is(before: usize) -> bool {
    until(|| heap_free() == before)
}

fn parameter() -> Outcome {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    extern "C" fn see(parameter: *mut c_void) {
        SEEN.store(parameter.addr(), Ordering::SeqCst);
    }
    let before = heap_settled();
    // SAFETY: the parameter is a number.
    unsafe {
        rtos::task_create(
            "a name that is too long for the kernel",
            see,
            ptr::without_provenance_mut(0x1234),
            PRIORITY.saturating_add(1),
            Some(0),
            3000,
        )
    };
    check!(SEEN.load(Ordering::SeqCst) == 0x1234);
    check!(heap_is(before));
    Ok(())
}

fn thousands_that_end() -> Outcome {
    COUNT.store(0, Ordering::SeqCst);
    let before = heap_settled();
    for round in 1..=200_u32 {
        for _ in 0..10 {
            spawn_plain("short", PRIORITY.saturating_add(1), count);
        }
        check!(COUNT.load(Ordering::SeqCst) == round.wrapping_mul(10));
        check!(heap_is(before));
    }
    Ok(())
}

fn thousands_deleted() -> Outcome {
    COUNT.store(0, Ordering::SeqCst);
    let before = heap_settled();
    for _ in 0..1000 {
        // Below this task: deleted before it began.
        delete(spawn_plain("never", PRIORITY.saturating_sub(1), count));
    }
    check!(COUNT.load(Ordering::SeqCst) == 0);
    check!(heap_is(before));
    Ok(())
}

fn deleted_waiting() -> Outcome {
    COUNT.store(0, Ordering::SeqCst);
    let before = heap_settled();
    for _ in 0..1000 {
        // Above this task: it made its semaphore and waits.
        delete(spawn_plain("waiter", PRIORITY.saturating_add(1), wait));
    }
    check!(COUNT.load(Ordering::SeqCst) == 1000);
    check!(heap_is(before));
    Ok(())
}

fn own_semaphore() -> Outcome {
    static OTHER: AtomicUsize = AtomicUsize::new(0);
    let mine = rtos::current_task_thread_semaphore();
    check!(rtos::current_task_thread_semaphore() == mine);
    // SAFETY: this task's, alive.
    let semaphore = unsafe { SemaphoreHandle::ref_from_ptr(&mine) };
    check!(!semaphore.try_take());
    check!(semaphore.give() && !semaphore.give());
    check!(semaphore.take(None));
    spawn("other", PRIORITY.saturating_add(1), || {
        let other = rtos::current_task_thread_semaphore();
        OTHER.store(other.addr().get(), Ordering::SeqCst);
    });
    check!(OTHER.load(Ordering::SeqCst) != 0);
    check!(OTHER.load(Ordering::SeqCst) != mine.addr().get());
    Ok(())
}

fn preempts() -> Outcome {
    COUNT.store(0, Ordering::SeqCst);
    spawn("above", PRIORITY.saturating_add(1), || {
        count(ptr::null_mut())
    });
    check!(COUNT.load(Ordering::SeqCst) == 1);
    spawn("below", PRIORITY.saturating_sub(1), || {
        count(ptr::null_mut())
    });
    check!(COUNT.load(Ordering::SeqCst) == 1);
    check!(until(|| COUNT.load(Ordering::SeqCst) == 2));
    Ok(())
}

fn turns() -> Outcome {
    COUNT.store(0, Ordering::SeqCst);
    spawn("equal", PRIORITY, || count(ptr::null_mut()));
    // It has its turn by a yield, or at the next tick. On a busy host a tick may end a turn before it is used.
    let turns = if SHARES_EVENLY { 3 } else { 3000 };
    for _ in 0..turns {
        if COUNT.load(Ordering::SeqCst) == 0 {
            rtos::yield_task();
        }
    }
    check!(COUNT.load(Ordering::SeqCst) == 1);
    spawn("equal", PRIORITY, || count(ptr::null_mut()));
    let end = rtos::now().saturating_add(LATE_US.saturating_mul(4));
    while COUNT.load(Ordering::SeqCst) == 1 && rtos::now() < end {
        core::hint::spin_loop();
    }
    check!(COUNT.load(Ordering::SeqCst) == 2);
    Ok(())
}

fn priorities() -> Outcome {
    let scheduler = Scheduler::<World>::new();
    let me = rtos::current_task();
    check!(rtos::max_task_priority() == 24);
    // SAFETY: this task.
    unsafe { scheduler.set_task_priority(me, 1000) };
    // SAFETY: this task.
    check!(unsafe { scheduler.task_priority(me) } == 24);
    // SAFETY: this task.
    unsafe { scheduler.set_task_priority(me, PRIORITY) };
    // SAFETY: this task.
    check!(unsafe { scheduler.task_priority(me) } == PRIORITY);
    check!(rtos::initialized());
    Ok(())
}

fn sleeps() -> Outcome {
    for us in [1_u32, 999, 1000, 1001, 12_345] {
        let begun = rtos::now();
        rtos::usleep(us);
        let took = rtos::now().saturating_sub(begun);
        check!(took >= u64::from(us) && took <= u64::from(us).saturating_add(LATE_US));
    }
    let at = rtos::now().saturating_add(4321);
    rtos::usleep_until(at);
    check!(rtos::now() >= at);
    // A time that is past does not sleep.
    rtos::usleep_until(0);
    // Where a task may not sleep, the time passes nevertheless.
    let begun = rtos::now();
    critical_section::with(|_| rtos::usleep(3000));
    check!(rtos::now().saturating_sub(begun) >= 3000);
    Ok(())
}
