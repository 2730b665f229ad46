//! Counting semaphores: counts, time-outs, and every context.

use esp_radio_rtos_driver::semaphore::{SemaphoreHandle, SemaphoreKind};
use esp_radio_rtos_driver::{self as rtos};
use portable_atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};

use crate::harness::{Outcome, PRIORITY, Test, check, leak, spawn, until};
use crate::world::{LATE_US, in_interrupt, interrupts_are_off};

pub(super) const TESTS: &[Test] = &[
    ("semaphore::counts_to_its_maximum", counts),
    ("semaphore::a_timeout_is_not_early", timeout),
    ("semaphore::a_deadline_is_kept", deadline),
    ("semaphore::a_past_deadline_does_not_wait", past_deadline),
    ("semaphore::a_waiting_task_is_woken", woken),
    ("semaphore::given_in_an_interrupt", given_in_interrupt),
    (
        "semaphore::never_waits_in_an_interrupt",
        never_waits_in_interrupt,
    ),
    (
        "semaphore::never_waits_with_interrupts_off",
        never_waits_masked,
    ),
    ("semaphore::given_with_interrupts_off", given_masked),
];

/// What an interrupt's function uses.
static SHARED: AtomicPtr<SemaphoreHandle> = AtomicPtr::new(core::ptr::null_mut());

fn counting(max: u32, initial: u32) -> SemaphoreHandle {
    SemaphoreHandle::new(SemaphoreKind::Counting { max, initial })
}

/// For the test's interrupts.
fn share(semaphore: &'static SemaphoreHandle) {
    SHARED.store(core::ptr::from_ref(semaphore).cast_mut(), Ordering::SeqCst);
}

#[allow(unsafe_code, reason = "a function of an interrupt captures nothing")]
fn shared() -> &'static SemaphoreHandle {
    // SAFETY: `share` put a reference there that lives for ever.
    unsafe { &*SHARED.load(Ordering::SeqCst) }
}

fn counts() -> Outcome {
    let semaphore = counting(3, 1);
    check!(semaphore.current_count() == 1);
    check!(semaphore.take(None));
    check!(!semaphore.try_take());
    for _ in 0..3 {
        check!(semaphore.give());
    }
    check!(!semaphore.give());
    check!(!semaphore.try_give_from_isr(None));
    check!(semaphore.current_count() == 3);
    check!(semaphore.try_take_from_isr(None));
    check!(semaphore.current_count() == 2);
    Ok(())
}

fn timeout() -> Outcome {
    let semaphore = counting(1, 0);
    for timeout in [0_u32, 1, 999, 1000, 1001, 5000, 20_000] {
        let begun = rtos::now();
        check!(!semaphore.take(Some(timeout)));
        let took = rtos::now().saturating_sub(begun);
        check!(took >= u64::from(timeout));
        check!(took <= u64::from(timeout).saturating_add(LATE_US));
    }
    Ok(())
}

fn deadline() -> Outcome {
    let semaphore = counting(1, 0);
    let at = rtos::now().saturating_add(7300);
    check!(!semaphore.take_with_deadline(Some(at)));
    let now = rtos::now();
    check!(now >= at && now <= at.saturating_add(LATE_US));
    check!(semaphore.give());
    check!(semaphore.take_with_deadline(Some(now.saturating_add(1_000_000))));
    check!(semaphore.give());
    check!(semaphore.take_with_deadline(None));
    Ok(())
}

fn past_deadline() -> Outcome {
    let semaphore = counting(1, 0);
    check!(!semaphore.take_with_deadline(Some(0)));
    check!(!semaphore.take_with_deadline(Some(rtos::now())));
    check!(semaphore.give());
    check!(semaphore.take_with_deadline(Some(0)));
    Ok(())
}

fn woken() -> Outcome {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let semaphore = leak(counting(10, 0));
    spawn("taker", PRIORITY.saturating_add(1), || {
        for _ in 0..5 {
            if semaphore.take(None) {
                TAKEN.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    for given in 1..=5 {
        check!(semaphore.give());
        // The taker is above this task: it has run already.
        check!(TAKEN.load(Ordering::SeqCst) == given);
    }
    Ok(())
}

fn given_in_interrupt() -> Outcome {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let semaphore = leak(counting(10, 0));
    share(semaphore);
    spawn("taker", PRIORITY.saturating_add(1), || {
        while semaphore.take(Some(5_000_000)) {
            if TAKEN.fetch_add(1, Ordering::SeqCst) == 19 {
                return;
            }
        }
    });
    for _ in 0..10 {
        // By both functions: the radios' software uses either in interrupts.
        in_interrupt(|| {
            shared().try_give_from_isr(None);
        });
        in_interrupt(|| {
            shared().give();
        });
    }
    check!(until(|| TAKEN.load(Ordering::SeqCst) == 20));
    Ok(())
}

fn never_waits_in_interrupt() -> Outcome {
    static RESULT: AtomicU32 = AtomicU32::new(0);
    let semaphore = leak(counting(2, 0));
    share(semaphore);
    in_interrupt(|| {
        let semaphore = shared();
        let refused = !semaphore.take(None)
            && !semaphore.take(Some(1_000_000))
            && !semaphore.try_take()
            && !semaphore.try_take_from_isr(None);
        let given = semaphore.give() && semaphore.give() && !semaphore.give();
        let taken = semaphore.take(None) && semaphore.try_take_from_isr(None);
        let empty = semaphore.current_count() == 0;
        RESULT.store(
            u32::from(refused && given && taken && empty).saturating_add(1),
            Ordering::SeqCst,
        );
    });
    check!(RESULT.load(Ordering::SeqCst) == 2);
    Ok(())
}

fn never_waits_masked() -> Outcome {
    let semaphore = counting(1, 0);
    let (took, still_off) = critical_section::with(|_| {
        let took = semaphore.take(None)
            || semaphore.take(Some(1_000_000))
            || semaphore.try_take()
            || semaphore.try_take_from_isr(None);
        (took, interrupts_are_off())
    });
    check!(!took);
    check!(still_off);
    check!(!interrupts_are_off());
    Ok(())
}

fn given_masked() -> Outcome {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    let semaphore = leak(counting(1, 0));
    spawn("taker", PRIORITY.saturating_add(1), || {
        TAKEN.store(semaphore.take(None), Ordering::SeqCst);
    });
    let (given, early, still_off) = critical_section::with(|_| {
        let given = semaphore.give();
        (given, TAKEN.load(Ordering::SeqCst), interrupts_are_off())
    });
    check!(given && still_off);
    // The switch waited for the section's end, and came then.
    check!(!early);
    check!(TAKEN.load(Ordering::SeqCst));
    check!(!interrupts_are_off());
    Ok(())
}
