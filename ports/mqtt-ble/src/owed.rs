//! Ids of messages that were too long for the channel. The client never hears of them, so the stream acknowledges them:
//! the broker would keep a place for each for ever.

use core::num::NonZeroU16;

use crate::limits::OWED_MAX;

/// The ids, oldest first.
pub(crate) struct Owed {
    ids: [Option<NonZeroU16>; OWED_MAX],
}

impl Owed {
    pub(crate) const fn new() -> Self {
        Self {
            ids: [None; OWED_MAX],
        }
    }

    /// The oldest.
    pub(crate) const fn first(&self) -> Option<NonZeroU16> {
        let [first, ..] = self.ids;
        first
    }

    /// Appends one. False when there is no room.
    pub(crate) fn push(&mut self, id: NonZeroU16) -> bool {
        let place = self.ids.iter_mut().find(|place| place.is_none());
        place.map(|place| *place = Some(id)).is_some()
    }

    /// The oldest is on its way, if it is still this one.
    pub(crate) fn done(&mut self, id: NonZeroU16) {
        if self.first() == Some(id) {
            self.ids.rotate_left(1);
            let [.., last] = &mut self.ids;
            *last = None;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, reason = "sums of a test")]

    use super::*;

    #[test]
    fn they_go_in_the_order_they_came_and_only_so_many_wait() {
        let id = |number: usize| NonZeroU16::new(u16::try_from(number).unwrap()).unwrap();
        let mut owed = Owed::new();
        for number in 1..=OWED_MAX {
            assert!(owed.push(id(number)));
        }
        assert!(!owed.push(id(OWED_MAX + 1)));
        for number in 1..=OWED_MAX {
            assert_eq!(owed.first(), Some(id(number)));
            // Of another stream.
            owed.done(id(OWED_MAX + 1));
            owed.done(id(number));
        }
        assert_eq!(owed.first(), None);
    }
}
