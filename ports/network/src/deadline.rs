//! Waiting until a moment, or without end.

use core::future::pending;

use embassy_time::{Instant, Timer};

/// Waits until `at`; for ever when there is no such moment. A timer for the end of time would do the
/// same, and keep a place among the sleepers after it was dropped.
pub(crate) async fn reached(at: Option<Instant>) {
    match at {
        Some(at) => Timer::at(at).await,
        None => pending().await,
    }
}
