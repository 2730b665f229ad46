//! How long to wait before the next try.

use embassy_time::Duration;

/// After the first failure.
const FIRST: Duration = Duration::from_secs(1);
/// At most.
const LONGEST: Duration = Duration::from_secs(60);

/// Doubles from [`FIRST`] to [`LONGEST`].
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) const fn new() -> Self {
        Self(FIRST)
    }

    /// All is well again.
    pub(super) fn reset(&mut self) {
        self.0 = FIRST;
    }

    /// The time to wait now; the next will be longer.
    pub(super) fn next(&mut self) -> Duration {
        let now = self.0;
        self.0 = now.checked_mul(2).unwrap_or(LONGEST).min(LONGEST);
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_to_a_minute_and_begins_anew() {
        let mut backoff = Backoff::new();
        let seconds: [u64; 8] = core::array::from_fn(|_| backoff.next().as_secs());
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        backoff.reset();
        assert_eq!(backoff.next(), FIRST);
    }
}
