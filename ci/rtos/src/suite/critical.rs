//! Critical sections, the kernel's and Rust's, in one another; and ticks that fall into them.

use esp_radio_rtos_driver::semaphore::{SemaphoreHandle, SemaphoreKind};
use esp_radio_rtos_driver::{self as rtos};
use portable_atomic::{AtomicU32, Ordering};

use crate::harness::{Outcome, PRIORITY, Test, check, leak, spawn};
use crate::kernel::ticks;
use crate::world::{CATCHES_UP, in_interrupt, interrupts_are_off};

pub(super) const TESTS: &[Test] = &[
    ("critical::nested_sections_end_with_the_outermost", nested),
    ("critical::kernel_calls_leave_interrupts_off", kernel_calls),
    ("critical::no_task_runs_inside", no_switch),
    ("critical::no_interrupt_comes_inside", no_interrupt),
    ("critical::lost_ticks_are_caught_up", lost_ticks),
];

fn spin(us: u64) {
    let end = rtos::now().saturating_add(us);
    while rtos::now() < end {
        core::hint::spin_loop();
    }
}

fn nested() -> Outcome {
    check!(!interrupts_are_off());
    let inside = critical_section::with(|_| {
        let first = interrupts_are_off();
        let second = critical_section::with(|_| interrupts_are_off());
        first && second && interrupts_are_off()
    });
    check!(inside);
    check!(!interrupts_are_off());
    Ok(())
}

fn kernel_calls() -> Outcome {
    let mutex = SemaphoreHandle::new(SemaphoreKind::Mutex);
    let recursive = SemaphoreHandle::new(SemaphoreKind::RecursiveMutex);
    let counting = SemaphoreHandle::new(SemaphoreKind::Counting { max: 5, initial: 0 });
    let mut switched_on: u32 = 0;
    for _ in 0..1000 {
        critical_section::with(|_| {
            let mut look =
                || switched_on = switched_on.wrapping_add(u32::from(!interrupts_are_off()));
            counting.give();
            look();
            counting.take(None);
            look();
            mutex.take(None);
            look();
            mutex.give();
            look();
            recursive.take(None);
            look();
            recursive.give();
            look();
            rtos::yield_task();
            look();
        });
    }
    check!(switched_on == 0);
    check!(counting.current_count() == 0 && mutex.current_count() == 1);
    Ok(())
}

fn no_switch() -> Outcome {
    static RAN: AtomicU32 = AtomicU32::new(0);
    let semaphore = leak(SemaphoreHandle::new(SemaphoreKind::Counting {
        max: 1,
        initial: 0,
    }));
    spawn("above", PRIORITY.saturating_add(1), || {
        RAN.store(u32::from(semaphore.take(None)), Ordering::SeqCst);
    });
    let inside = critical_section::with(|_| {
        semaphore.give();
        rtos::yield_task();
        rtos::yield_task_from_isr();
        spin(5000);
        RAN.load(Ordering::SeqCst)
    });
    check!(inside == 0);
    check!(RAN.load(Ordering::SeqCst) == 1);
    Ok(())
}

fn no_interrupt() -> Outcome {
    let before = ticks();
    let inside = critical_section::with(|_| {
        spin(20_000);
        ticks()
    });
    check!(inside == before);
    // Interrupts do come again.
    in_interrupt(|| ());
    Ok(())
}

fn lost_ticks() -> Outcome {
    let begun = rtos::now();
    let before = ticks();
    for _ in 0..5 {
        // As long as erasing a flash sector.
        critical_section::with(|_| spin(45_000));
        spin(100);
    }
    let counted = u64::from(ticks().wrapping_sub(before));
    let passed = rtos::now().saturating_sub(begun).div_ceil(1000);
    check!(counted <= passed);
    // The POSIX port has its own tick, which loses some.
    check!(!CATCHES_UP || counted.saturating_add(2) >= passed);
    Ok(())
}
