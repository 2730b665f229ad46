//! A stranger's time stands still while the device computes a step of its handshake.

use embassy_time::{Duration, Instant};

use crate::config::HANDSHAKE_STEPS;

/// What a phone had left when the device began to compute, and how often that may be.
#[derive(Default)]
pub(super) struct Standing {
    left: Option<Duration>,
    steps: u8,
}

impl Standing {
    /// Takes a deadline away while the device computes, and gives it back with as much time as there was.
    pub(super) fn follow(&mut self, computes: bool, deadline: &mut Option<Instant>, now: Instant) {
        if !computes {
            if let Some(left) = self.left.take() {
                // One that came meanwhile is another's: a comparison, say, has begun.
                *deadline = deadline.or_else(|| now.checked_add(left));
            }
            return;
        }
        if self.left.is_none() && self.steps < HANDSHAKE_STEPS {
            self.left = deadline
                .take()
                .map(|deadline| deadline.saturating_duration_since(now));
            self.steps = self.steps.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Instant {
        Instant::from_secs(seconds)
    }

    #[test]
    fn time_that_is_computed_is_not_the_phones() {
        let mut standing = Standing::default();
        let mut deadline = Some(at(4));
        standing.follow(true, &mut deadline, at(1));
        assert_eq!(deadline, None);
        standing.follow(true, &mut deadline, at(9));
        assert_eq!(deadline, None);
        standing.follow(false, &mut deadline, at(10));
        assert_eq!(deadline, Some(at(13)));
        standing.follow(false, &mut deadline, at(11));
        assert_eq!(deadline, Some(at(13)));
    }

    #[test]
    fn no_handshake_without_end() {
        let mut standing = Standing::default();
        let mut deadline = Some(at(4));
        for step in 0..u64::from(HANDSHAKE_STEPS) {
            standing.follow(true, &mut deadline, at(10 * step));
            standing.follow(false, &mut deadline, at(10 * step + 10));
        }
        let last = deadline;
        standing.follow(true, &mut deadline, at(1_000));
        assert_eq!(deadline, last);
    }

    #[test]
    fn deadline_of_a_comparison_counts() {
        let mut standing = Standing::default();
        let mut deadline = Some(at(4));
        standing.follow(true, &mut deadline, at(1));
        deadline = Some(at(30));
        standing.follow(false, &mut deadline, at(2));
        assert_eq!(deadline, Some(at(30)));
    }

    #[test]
    fn phone_without_a_deadline_gets_none() {
        let mut standing = Standing::default();
        let mut deadline = None;
        standing.follow(true, &mut deadline, at(1));
        standing.follow(false, &mut deadline, at(2));
        assert_eq!(deadline, None);
    }
}
