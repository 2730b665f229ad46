//! Tests in virtual time: the clock moves on only when they say so.

use core::task::{Context, Waker};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use embassy_time::{Duration, MockDriver};

/// The clock is one for all threads: a test holds this while it uses it.
pub(crate) fn clock() -> MutexGuard<'static, ()> {
    static CLOCK: Mutex<()> = Mutex::new(());
    CLOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets time go by, with nobody looking.
pub(crate) fn advance(time: Duration) {
    MockDriver::get().advance(time);
}

/// Polls a future that goes on for as long as it makes progress.
pub(crate) fn settle<T>(future: &mut Pin<&mut impl Future<Output = T>>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..8 {
        if let core::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
    }
    None
}

/// Lets time pass in steps of 100 ms; gives what the future came to.
pub(crate) fn pass<T>(future: &mut Pin<&mut impl Future<Output = T>>, time: Duration) -> Option<T> {
    for _ in 0..time.as_millis() / 100 {
        if let Some(output) = settle(future) {
            return Some(output);
        }
        advance(Duration::from_millis(100));
    }
    settle(future)
}
