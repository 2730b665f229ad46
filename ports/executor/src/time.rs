//! `embassy-time` on the kernel's tick.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time_driver::Driver;
use embassy_time_queue_utils::Queue;

struct Clock {
    /// Ticks since the scheduler started. The kernel's own count has only 32 bits.
    now: u64,
    /// When the first sleeper is due.
    due: u64,
    sleepers: Queue,
}

struct TickDriver {
    clock: Mutex<RefCell<Clock>>,
}

embassy_time_driver::time_driver_impl!(static DRIVER: TickDriver = TickDriver {
    clock: Mutex::new(RefCell::new(Clock { now: 0, due: u64::MAX, sleepers: Queue::new() })),
});

impl Driver for TickDriver {
    fn now(&self) -> u64 {
        critical_section::with(|cs| self.clock.borrow_ref(cs).now)
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|cs| {
            let clock = &mut *self.clock.borrow_ref_mut(cs);
            if clock.sleepers.schedule_wake(at, waker) {
                clock.due = clock.sleepers.next_expiration(clock.now);
            }
        });
    }
}

/// Counts one tick and wakes who is due. The board calls it from `vApplicationTickHook`
/// (`configUSE_TICK_HOOK` 1), once a millisecond (`configTICK_RATE_HZ` 1000).
///
/// Context: the tick interrupt.
pub fn on_tick() {
    critical_section::with(|cs| {
        let clock = &mut *DRIVER.clock.borrow_ref_mut(cs);
        clock.now = clock.now.saturating_add(1);
        if clock.now >= clock.due {
            clock.due = clock.sleepers.next_expiration(clock.now);
        }
    });
}
