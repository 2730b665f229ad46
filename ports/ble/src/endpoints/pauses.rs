//! How long a start of the endpoints that failed waits for its next try.

use embassy_time::Duration;

/// The first pause, and the longest. A try computes a verifier.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// The pauses behind tries that fail, each twice the one before, up to the longest.
pub(crate) struct Pauses(Duration);

impl Pauses {
    pub(crate) const fn new() -> Self {
        Self(FIRST)
    }

    pub(crate) fn next_one(&mut self) -> Duration {
        let pause = self.0;
        self.0 = pause.checked_mul(2).unwrap_or(LONGEST).min(LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let mut pauses = Pauses::new();
        let seconds = [(); 9].map(|()| pauses.next_one().as_secs());
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
