//! When phones nobody knows may pair: always, for a time, or never. The owner decides; without a word
//! of theirs it is always, as with the upstream middleware.

use embassy_time::{Duration, Instant};

/// A time in which strangers may pair.
#[derive(Clone, Copy)]
struct Window {
    length: Duration,
    opened: Instant,
}

/// Why a pairing may not begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// Too many failed; it may be tried again later.
    TooMany,
    /// The owner lets nobody in at this time.
    Closed,
}

/// What the owner has decided.
pub(crate) struct Admission {
    window: Option<Window>,
    bonded_only: bool,
}

impl Admission {
    pub(crate) const fn new() -> Self {
        Self {
            window: None,
            bonded_only: false,
        }
    }

    /// Strangers may pair for so long from now, and again after each [`Self::open`]; always with `None`.
    pub(crate) fn set_window(&mut self, length: Option<Duration>, now: Instant) {
        self.window = length.map(|length| Window {
            length,
            opened: now,
        });
    }

    /// Opens the window anew. False when none is set.
    pub(crate) fn open(&mut self, now: Instant) -> bool {
        match &mut self.window {
            Some(window) => {
                window.opened = now;
                true
            }
            None => false,
        }
    }

    /// Whether only phones with a bond are served.
    pub(crate) fn set_bonded_only(&mut self, only: bool) {
        self.bonded_only = only;
    }

    pub(crate) fn bonded_only(&self) -> bool {
        self.bonded_only
    }

    /// Whether a stranger may pair.
    pub(crate) fn is_open(&self, now: Instant) -> bool {
        !self.bonded_only
            && self
                .window
                .is_none_or(|window| now.saturating_duration_since(window.opened) < window.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(seconds: u64) -> Instant {
        Instant::from_secs(seconds)
    }

    #[test]
    fn anybody_may_pair_until_the_owner_says_otherwise() {
        let mut admission = Admission::new();
        assert!(admission.is_open(at(0)) && admission.is_open(Instant::MAX));
        assert!(!admission.open(at(0)));
        admission.set_window(Some(MINUTE), at(0));
        admission.set_window(None, at(0));
        assert!(admission.is_open(at(61)));
    }

    #[test]
    fn a_window_closes_in_time_and_opens_again() {
        let mut admission = Admission::new();
        admission.set_window(Some(MINUTE), at(10));
        assert!(admission.is_open(at(69)));
        assert!(!admission.is_open(at(70)));
        assert!(admission.open(at(1_000)));
        assert!(admission.is_open(at(1_059)));
        assert!(!admission.is_open(at(1_060)));
    }

    #[test]
    fn where_only_bonded_phones_are_served_no_window_helps() {
        let mut admission = Admission::new();
        admission.set_window(Some(MINUTE), at(0));
        admission.set_bonded_only(true);
        assert!(!admission.is_open(at(1)));
        admission.set_bonded_only(false);
        assert!(admission.is_open(at(1)));
    }
}
