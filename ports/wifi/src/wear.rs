//! How often the saved networks may change. A phone that is allowed to change them could do so without
//! end, and wear the flash out: a board with 16 pages that bear 100,000 erasures is through after some
//! 7,000,000 changes, which is four days at 20 changes a second and over two years within this limit.

use embassy_time::{Duration, Instant};

/// Changes that may come in a row, more than people make in a day.
const ALLOWED: u16 = 1000;

/// How long until one more may come.
const PAUSE: Duration = Duration::from_secs(10);

/// The changes that may still come. Full after a restart, which no message over BLE may cause.
pub(crate) struct Allowance {
    left: u16,
    /// When the last one was given back.
    since: Instant,
}

impl Allowance {
    pub(crate) const fn new() -> Self {
        Self {
            left: ALLOWED,
            since: Instant::MIN,
        }
    }

    /// Takes one; false when there is none.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.since);
        let back = passed.as_ticks().checked_div(PAUSE.as_ticks()).unwrap_or(0);
        let left = u64::from(self.left).saturating_add(back);
        self.left = u16::try_from(left).unwrap_or(ALLOWED).min(ALLOWED);
        // What of a pause has passed counts on, unless the allowance is full.
        self.since = if self.left == ALLOWED {
            now
        } else {
            let counted = PAUSE.as_ticks().saturating_mul(back);
            Instant::from_ticks(self.since.as_ticks().saturating_add(counted))
        };
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::from_secs(seconds)
    }

    #[test]
    fn a_thousand_in_a_row_and_then_one_in_ten_seconds() {
        let mut allowance = Allowance::new();
        let taken = (0..2000).filter(|_| allowance.take(at(7))).count();
        assert_eq!(taken, 1000);
        assert!(!allowance.take(at(16)));
        assert!(allowance.take(at(17)));
        assert!(!allowance.take(at(26)));
        assert!(allowance.take(at(27)));
    }

    #[test]
    fn asking_too_often_holds_nothing_up() {
        let mut allowance = Allowance::new();
        let taken = (0..=100_000_u64)
            .filter(|step| allowance.take(Instant::from_millis(step * 100)))
            .count();
        assert_eq!(taken, 1000 + 1000);
    }

    #[test]
    fn a_quiet_day_gives_a_thousand_and_no_more() {
        let mut allowance = Allowance::new();
        while allowance.take(at(0)) {}
        assert_eq!(
            (0..5000).filter(|_| allowance.take(at(1_000_000))).count(),
            1000
        );
    }
}
