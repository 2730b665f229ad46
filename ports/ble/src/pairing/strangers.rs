//! What phones nobody knows may cost the owner: questions on the console, and time on the one link.
//!
//! Addresses are free to forge, so all strangers share one allowance. Known phones need none: they
//! encrypt with the key they have, and ask nobody.

use embassy_time::{Duration, Instant};

/// Pairings that may fail one after the other before the next has to wait.
const FREE_PAIRINGS: u8 = 3;

/// The first wait. It doubles with each further failure, up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(15);
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The same of handshakes with Espressif's endpoints: nobody mistypes a secret more often, and who tries many
/// is to be slow. Short, as it keeps the owner's phone waiting as well.
const FREE_HANDSHAKES: u8 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How long a link may stay without proof of who is there. Halved for each stranger that used it up,
/// down to the least: a phone that means to pair begins within a second or two.
const PATIENCE: Duration = Duration::from_secs(30);
const LEAST_PATIENCE: Duration = Duration::from_secs(4);

/// After so long without trouble, what was is forgotten.
const FORGIVEN_AFTER: Duration = Duration::from_secs(15 * 60);

/// Trouble of one kind: how often in a row, and when last.
#[derive(Clone, Copy)]
struct Trouble {
    count: u8,
    last: Instant,
}

impl Trouble {
    const NONE: Self = Self {
        count: 0,
        last: Instant::MIN,
    };

    fn count(self, now: Instant) -> u8 {
        if now.saturating_duration_since(self.last) < FORGIVEN_AFTER {
            self.count
        } else {
            0
        }
    }

    fn again(&mut self, now: Instant) {
        self.count = self.count(now).saturating_add(1);
        self.last = now;
    }

    /// Whether it is long enough ago: so many are free, then it is `first`, which doubles up to `longest`.
    fn is_over(self, now: Instant, free: u8, first: Duration, longest: Duration) -> bool {
        let Some(beyond) = self.count(now).checked_sub(free) else {
            return true;
        };
        let factor = 1_u32.checked_shl(beyond.into()).unwrap_or(u32::MAX);
        let wait = first.checked_mul(factor).unwrap_or(longest).min(longest);
        now.saturating_duration_since(self.last) >= wait
    }
}

/// The allowance.
pub(crate) struct Strangers {
    pairings: Trouble,
    loitering: Trouble,
    handshakes: Trouble,
}

impl Strangers {
    pub(crate) const fn new() -> Self {
        Self {
            pairings: Trouble::NONE,
            loitering: Trouble::NONE,
            handshakes: Trouble::NONE,
        }
    }

    /// Whether a pairing may begin now.
    pub(crate) fn may_pair(&self, now: Instant) -> bool {
        self.pairings
            .is_over(now, FREE_PAIRINGS, FIRST_WAIT, LONGEST_WAIT)
    }

    /// A pairing begins. Every one counts as failed until [`Self::trusted`].
    pub(crate) fn pairing_begins(&mut self, now: Instant) {
        self.pairings.again(now);
    }

    /// Whether a step of a handshake with the endpoints may be tried now.
    pub(crate) fn may_shake_hands(&self, now: Instant) -> bool {
        self.handshakes
            .is_over(now, FREE_HANDSHAKES, FIRST_PAUSE, LONGEST_PAUSE)
    }

    /// A step of a handshake was refused, for a wrong secret or nonsense, or computed for a phone that had left by then.
    pub(crate) fn handshake_failed(&mut self, now: Instant) {
        self.handshakes.again(now);
    }

    /// A phone has proved that it knows the secret.
    pub(crate) fn handshake_proved(&mut self) {
        self.handshakes = Trouble::NONE;
    }

    /// How long a link may stay without proof of who is there.
    pub(crate) fn patience(&self, now: Instant) -> Duration {
        let ticks = PATIENCE
            .as_ticks()
            .checked_shr(self.loitering.count(now).into())
            .unwrap_or(0);
        Duration::from_ticks(ticks).max(LEAST_PATIENCE)
    }

    /// A stranger has used its time up.
    pub(crate) fn loitered(&mut self, now: Instant) {
        self.loitering.again(now);
    }

    /// A phone that never proved who it is has left after so long. One that hangs up just before its time is
    /// over has kept the link all the same.
    pub(crate) fn left(&mut self, stay: Duration, now: Instant) {
        if stay >= LEAST_PATIENCE {
            self.loitered(now);
        }
    }

    /// The user has confirmed a phone: whoever made trouble before, it was probably this one.
    pub(crate) fn trusted(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;

    fn at(seconds: u64) -> Instant {
        // A device that has run for a while.
        Instant::from_secs(seconds.saturating_add(1_000))
    }

    /// Pairs whenever that is allowed; gives how often that was.
    fn flood(strangers: &mut Strangers, seconds: core::ops::Range<u64>) -> usize {
        seconds
            .filter(|&second| {
                let may = strangers.may_pair(at(second));
                if may {
                    strangers.pairing_begins(at(second));
                }
                may
            })
            .count()
    }

    #[test]
    fn three_pairings_may_fail_at_once_and_the_next_wait_longer_and_longer() {
        let mut strangers = Strangers::new();
        let begun: std::vec::Vec<u64> = (0..1_000)
            .filter(|&second| flood(&mut strangers, second..second + 1) == 1)
            .collect();
        assert_eq!(begun, [0, 1, 2, 17, 47, 107, 227, 467, 767]);
    }

    #[test]
    fn flood_of_a_day_asks_twelve_times_an_hour() {
        let mut strangers = Strangers::new();
        flood(&mut strangers, 0..3_600);
        assert_eq!(flood(&mut strangers, 3_600..24 * 3_600), 23 * 12);
    }

    #[test]
    fn first_pairing_after_power_on_is_not_held_up() {
        assert!(Strangers::new().may_pair(Instant::from_secs(0)));
    }

    #[test]
    fn a_phone_the_user_confirms_gives_the_allowance_back() {
        let mut strangers = Strangers::new();
        flood(&mut strangers, 0..100);
        strangers.loitered(at(100));
        strangers.trusted();
        assert_eq!(flood(&mut strangers, 100..103), 3);
        assert_eq!(strangers.patience(at(103)), PATIENCE);
    }

    #[test]
    fn quiet_is_forgiven() {
        let mut strangers = Strangers::new();
        flood(&mut strangers, 0..1_000);
        assert_eq!(flood(&mut strangers, 2_000..2_003), 3);
    }

    #[test]
    fn five_handshakes_may_fail_at_once_and_the_next_wait_longer_and_longer() {
        let mut strangers = Strangers::new();
        let tried: std::vec::Vec<u64> = (0..130)
            .filter(|&second| {
                let may = strangers.may_shake_hands(at(second));
                if may {
                    strangers.handshake_failed(at(second));
                }
                may
            })
            .collect();
        assert_eq!(tried, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 65, 95, 125]);
        strangers.handshake_proved();
        assert!(strangers.may_shake_hands(at(130)));
    }

    #[test]
    fn hanging_up_just_before_the_time_is_over_costs_as_much() {
        let mut strangers = Strangers::new();
        strangers.left(LEAST_PATIENCE - Duration::from_ticks(1), at(0));
        assert_eq!(strangers.patience(at(0)), PATIENCE);
        strangers.left(LEAST_PATIENCE, at(1));
        assert_eq!(strangers.patience(at(1)), PATIENCE / 2);
        strangers.left(PATIENCE, at(2));
        assert_eq!(strangers.patience(at(2)), PATIENCE / 4);
    }

    #[test]
    fn each_stranger_that_uses_its_time_up_leaves_less_to_the_next() {
        let mut strangers = Strangers::new();
        let patience: std::vec::Vec<u64> = (0..6)
            .map(|second| {
                let patience = strangers.patience(at(second)).as_millis();
                strangers.loitered(at(second));
                patience
            })
            .collect();
        assert_eq!(patience, [30_000, 15_000, 7_500, 4_000, 4_000, 4_000]);
        for second in 6..300 {
            strangers.loitered(at(second));
        }
        assert_eq!(strangers.patience(at(300)), LEAST_PATIENCE);
        assert_eq!(strangers.patience(at(1_200)), PATIENCE);
    }
}
