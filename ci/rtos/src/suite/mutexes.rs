//! Mutexes, plain and recursive.
#![allow(unsafe_code, reason = "priorities are asked by task handle")]

use esp_radio_rtos_driver::semaphore::{SemaphoreHandle, SemaphoreKind};
use esp_radio_rtos_driver::{self as rtos, SchedulerImplementation, ThreadPtr};
use port_radio_rtos::Scheduler;
use portable_atomic::{AtomicPtr, AtomicU32, Ordering};

use crate::harness::{Outcome, PRIORITY, Test, check, leak, spawn, until};
use crate::world::{World, in_interrupt};

pub(super) const TESTS: &[Test] = &[
    ("mutex::excludes", excludes),
    ("mutex::is_not_taken_twice", not_twice),
    ("mutex::recursive_belongs_to_one_task", recursive),
    ("mutex::holder_inherits_priority", inherits),
    ("mutex::is_refused_in_an_interrupt", refused_in_interrupt),
    ("mutex::many_tasks_count_right", contention),
];

static SHARED: AtomicPtr<SemaphoreHandle> = AtomicPtr::new(core::ptr::null_mut());

fn mutex() -> &'static SemaphoreHandle {
    leak(SemaphoreHandle::new(SemaphoreKind::Mutex))
}

fn priority(task: ThreadPtr) -> u32 {
    // SAFETY: the tests' tasks are alive when they ask.
    unsafe { Scheduler::<World>::new().task_priority(task) }
}

/// Lets a task above this one try the mutex: 1 got it and gave it back, 2 did not.
fn tried_by_another(mutex: &'static SemaphoreHandle) -> u32 {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    SEEN.store(0, Ordering::SeqCst);
    spawn("other", PRIORITY.saturating_add(1), || {
        let got = mutex.try_take();
        if got {
            mutex.give();
        }
        SEEN.store(if got { 1 } else { 2 }, Ordering::SeqCst);
    });
    until(|| SEEN.load(Ordering::SeqCst) != 0);
    SEEN.load(Ordering::SeqCst)
}

fn excludes() -> Outcome {
    let mutex = mutex();
    check!(mutex.current_count() == 1);
    check!(mutex.take(None));
    check!(tried_by_another(mutex) == 2);
    check!(mutex.give());
    check!(tried_by_another(mutex) == 1);
    Ok(())
}

fn not_twice() -> Outcome {
    let mutex = mutex();
    check!(mutex.take(None));
    check!(!mutex.try_take());
    check!(!mutex.take(Some(3000)));
    check!(mutex.give());
    check!(!mutex.give());
    Ok(())
}

fn recursive() -> Outcome {
    let mutex = leak(SemaphoreHandle::new(SemaphoreKind::RecursiveMutex));
    for _ in 0..3 {
        check!(mutex.take(None));
    }
    check!(tried_by_another(mutex) == 2);
    check!(mutex.give() && mutex.give());
    check!(tried_by_another(mutex) == 2);
    check!(mutex.give());
    check!(tried_by_another(mutex) == 1);
    // Nobody holds it: there is nothing to give.
    check!(!mutex.give());
    Ok(())
}

fn inherits() -> Outcome {
    static DONE: AtomicU32 = AtomicU32::new(0);
    let mutex = mutex();
    let me = rtos::current_task();
    check!(priority(me) == PRIORITY);
    check!(mutex.take(None));
    let high = PRIORITY.saturating_add(5);
    spawn("waiter", high, || {
        if mutex.take(None) {
            mutex.give();
            DONE.store(1, Ordering::SeqCst);
        }
    });
    check!(priority(me) == high);
    check!(mutex.give());
    check!(priority(me) == PRIORITY);
    check!(DONE.load(Ordering::SeqCst) == 1);
    Ok(())
}

fn refused_in_interrupt() -> Outcome {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let mutex = mutex();
    SHARED.store(core::ptr::from_ref(mutex).cast_mut(), Ordering::SeqCst);
    in_interrupt(|| {
        // SAFETY: put there above; it lives for ever.
        let mutex = unsafe { &*SHARED.load(Ordering::SeqCst) };
        let refused = !mutex.try_take() && !mutex.take(None) && !mutex.try_give_from_isr(None);
        SEEN.store(if refused { 1 } else { 2 }, Ordering::SeqCst);
    });
    check!(SEEN.load(Ordering::SeqCst) == 1);
    check!(mutex.current_count() == 1);
    Ok(())
}

fn contention() -> Outcome {
    const TASKS: u32 = 6;
    const ROUNDS: u32 = 200;
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static DONE: AtomicU32 = AtomicU32::new(0);
    let mutex = leak(SemaphoreHandle::new(SemaphoreKind::Mutex));
    for _ in 0..TASKS {
        spawn("counter", 5, || {
            for round in 0..ROUNDS {
                if mutex.take(None) {
                    // Two steps, which only the mutex makes one.
                    let count = COUNT.load(Ordering::SeqCst);
                    if round & 15 == 0 {
                        rtos::yield_task();
                    }
                    COUNT.store(count.wrapping_add(1), Ordering::SeqCst);
                    mutex.give();
                }
            }
            DONE.fetch_add(1, Ordering::SeqCst);
        });
    }
    check!(until(|| DONE.load(Ordering::SeqCst) == TASKS));
    check!(COUNT.load(Ordering::SeqCst) == TASKS.wrapping_mul(ROUNDS));
    Ok(())
}
