//! Tests in virtual time: futures are polled over and over, and the clock moves on when all wait.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::sync::{Mutex, MutexGuard, PoisonError};

use embassy_time::{Duration, Instant, MockDriver};

/// The clock is one for all threads: a test holds this while it uses it.
pub(crate) fn clock() -> MutexGuard<'static, ()> {
    static CLOCK: Mutex<()> = Mutex::new(());
    CLOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Longer than anything takes.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Runs `work` to its end beside `background`, which has none. Also gives how long it took.
pub(crate) fn run<T, B>(
    work: impl Future<Output = T>,
    background: impl Future<Output = B>,
) -> (T, Duration) {
    let mut work = pin!(work);
    let mut background = pin!(background);
    let mut context = Context::from_waker(Waker::noop());
    let start = Instant::now();
    while start.elapsed() < FOR_EVER {
        // Several looks, as one future's progress may be another's.
        for _ in 0..8 {
            assert!(
                background.as_mut().poll(&mut context).is_pending(),
                "the background has ended"
            );
            if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
                return (output, start.elapsed());
            }
        }
        MockDriver::get().advance(Duration::from_millis(10));
    }
    panic!("it never ends");
}

/// Lets time pass for `background` alone.
pub(crate) fn pass<B>(time: Duration, background: impl Future<Output = B>) {
    run(embassy_time::Timer::after(time), background);
}
