//! The table of timers: plain logic, no clock, no kernel.

use core::num::NonZeroUsize;
use core::ptr::NonNull;

/// Bits of a pointer that name the place; those above count its timers.
const PLACE_BITS: u32 = 8;

/// Names a timer: its place and which of the place's timers it is. One that was deleted names nothing any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Id {
    place: u8,
    /// Never 0.
    generation: u16,
}

impl Id {
    /// As the opaque pointer of the driver's interface. It points nowhere.
    pub(super) fn into_pointer(self) -> NonNull<()> {
        let bits = (usize::from(self.generation) << PLACE_BITS) | usize::from(self.place);
        // The generation is never 0, so neither are the bits.
        NonNull::without_provenance(NonZeroUsize::new(bits).unwrap_or(NonZeroUsize::MAX))
    }

    pub(super) fn from_pointer(pointer: NonNull<()>) -> Self {
        let bits = pointer.addr().get();
        Self {
            place: u8::try_from(bits & 0xFF).unwrap_or(u8::MAX),
            generation: u16::try_from(bits >> PLACE_BITS).unwrap_or(0),
        }
    }
}

#[derive(Clone, Copy)]
struct Slot<C> {
    generation: u16,
    /// What it calls; `None` while the place is free.
    callback: Option<C>,
    due: Option<u64>,
    period: Option<u64>,
    running: bool,
    deleted: bool,
}

/// Up to `N` timers, at most 256, each with a `C` to call.
pub(super) struct Table<C, const N: usize> {
    slots: [Slot<C>; N],
}

impl<C: Copy, const N: usize> Table<C, N> {
    pub(super) const fn new() -> Self {
        Self {
            slots: [Slot {
                generation: 0,
                callback: None,
                due: None,
                period: None,
                running: false,
                deleted: false,
            }; N],
        }
    }

    /// `None`: every place is taken.
    pub(super) fn create(&mut self, callback: C) -> Option<Id> {
        let (place, slot) = self
            .slots
            .iter_mut()
            .enumerate()
            .find(|(_, slot)| slot.callback.is_none())?;
        let place = u8::try_from(place).ok()?;
        *slot = Slot {
            generation: slot.generation.checked_add(1).unwrap_or(1),
            callback: Some(callback),
            due: None,
            period: None,
            running: false,
            deleted: false,
        };
        Some(Id {
            place,
            generation: slot.generation,
        })
    }

    fn get(&mut self, id: Id) -> Option<&mut Slot<C>> {
        self.slots
            .get_mut(usize::from(id.place))
            .filter(|slot| slot.generation == id.generation && slot.callback.is_some())
    }

    /// Arms it, in place of how it was armed. Whether the alarm must now go off at `due`: no other is due before.
    pub(super) fn arm(&mut self, id: Id, due: u64, period: Option<u64>) -> bool {
        let Some(slot) = self.get(id).filter(|slot| !slot.deleted) else {
            return false;
        };
        slot.due = Some(due);
        slot.period = period;
        self.next_due() == Some(due)
    }

    pub(super) fn disarm(&mut self, id: Id) {
        if let Some(slot) = self.get(id) {
            slot.due = None;
            slot.period = None;
        }
    }

    pub(super) fn is_active(&mut self, id: Id) -> bool {
        self.get(id).is_some_and(|slot| slot.due.is_some())
    }

    /// Its place is free at once, or when its function has returned.
    pub(super) fn delete(&mut self, id: Id) {
        self.disarm(id);
        if let Some(slot) = self.get(id) {
            slot.deleted = true;
            if !slot.running {
                slot.callback = None;
            }
        }
    }

    /// When the earliest is due.
    pub(super) fn next_due(&self) -> Option<u64> {
        self.slots.iter().filter_map(|slot| slot.due).min()
    }

    /// The earliest that is due at `now`. A one-shot timer is disarmed by it, a periodic one is due again at the first of
    /// its times after `now`. To be told to [`finish`](Self::finish) when its function has returned.
    pub(super) fn take_due(&mut self, now: u64) -> Option<(Id, C)> {
        let (place, slot) = self
            .slots
            .iter_mut()
            .enumerate()
            .filter(|(_, slot)| slot.due.is_some_and(|due| due <= now))
            .min_by_key(|(_, slot)| slot.due)?;
        let due = slot.due.take()?;
        slot.due = slot.period.and_then(|period| {
            let missed = now.saturating_sub(due).checked_div(period)?;
            due.checked_add(period.checked_mul(missed.checked_add(1)?)?)
        });
        slot.running = true;
        let id = Id {
            place: u8::try_from(place).ok()?,
            generation: slot.generation,
        };
        Some((id, slot.callback?))
    }

    /// Its function has returned.
    pub(super) fn finish(&mut self, id: Id) {
        if let Some(slot) = self.get(id) {
            slot.running = false;
            if slot.deleted {
                slot.callback = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Id, Table};

    type Four = Table<char, 4>;

    fn due(table: &mut Four, now: u64) -> Option<char> {
        let (id, name) = table.take_due(now)?;
        table.finish(id);
        Some(name)
    }

    #[test]
    fn the_earliest_comes_first_and_a_one_shot_once() {
        let mut table = Four::new();
        let a = table.create('a').unwrap();
        let b = table.create('b').unwrap();
        assert!(table.arm(a, 200, None));
        assert!(table.arm(b, 100, None));
        assert_eq!(due(&mut table, 99), None);
        assert_eq!(due(&mut table, 300), Some('b'));
        assert_eq!(due(&mut table, 300), Some('a'));
        assert_eq!(due(&mut table, 900), None);
        assert!(!table.is_active(a));
    }

    #[test]
    fn only_the_earliest_moves_the_alarm() {
        let mut table = Four::new();
        let a = table.create('a').unwrap();
        let b = table.create('b').unwrap();
        assert!(table.arm(a, 100, None));
        assert!(!table.arm(b, 101, None));
        assert_eq!(table.next_due(), Some(100));
        table.disarm(a);
        assert_eq!(table.next_due(), Some(101));
    }

    #[test]
    fn a_periodic_timer_keeps_its_times_and_calls_once_for_missed_ones() {
        let mut table = Four::new();
        let a = table.create('a').unwrap();
        table.arm(a, 100, Some(100));
        assert_eq!(due(&mut table, 130), Some('a'));
        assert_eq!(table.next_due(), Some(200));
        assert_eq!(due(&mut table, 555), Some('a'));
        assert_eq!(due(&mut table, 555), None);
        assert_eq!(table.next_due(), Some(600));
    }

    #[test]
    fn armed_again_in_its_own_function() {
        let mut table = Four::new();
        let a = table.create('a').unwrap();
        table.arm(a, 100, None);
        let (id, _) = table.take_due(100).unwrap();
        table.arm(a, 150, None);
        table.finish(id);
        assert!(table.is_active(a));
        assert_eq!(due(&mut table, 150), Some('a'));
    }

    #[test]
    fn a_place_is_free_only_when_the_function_has_returned() {
        let mut table = Table::<char, 1>::new();
        let a = table.create('a').unwrap();
        table.arm(a, 100, Some(100));
        let (id, _) = table.take_due(100).unwrap();
        table.delete(a);
        assert_eq!(table.create('b'), None);
        assert!(!table.arm(a, 1, None));
        table.finish(id);
        let b = table.create('b').unwrap();
        assert_ne!(a, b);
        assert_eq!(table.next_due(), None);
    }

    #[test]
    fn a_deleted_timer_names_nothing() {
        let mut table = Four::new();
        let a = table.create('a').unwrap();
        table.delete(a);
        let b = table.create('b').unwrap();
        assert!(!table.arm(a, 10, None));
        table.delete(a);
        assert!(table.arm(b, 10, None));
        assert!(table.is_active(b));
    }

    #[test]
    fn places_are_never_lost() {
        let mut table = Four::new();
        for _ in 0..200_000 {
            let id = table.create('a').unwrap();
            assert_ne!(id.generation, 0);
            assert_eq!(Id::from_pointer(id.into_pointer()), id);
            table.delete(id);
        }
    }

    #[test]
    fn a_full_table_says_so() {
        let mut table = Four::new();
        for _ in 0..4 {
            assert!(table.create('a').is_some());
        }
        assert_eq!(table.create('a'), None);
    }

    #[test]
    fn times_beyond_the_clock_are_never() {
        let mut table = Four::new();
        let a = table.create('a').unwrap();
        table.arm(a, u64::MAX, Some(u64::MAX));
        assert_eq!(due(&mut table, u64::MAX - 1), None);
        assert_eq!(due(&mut table, u64::MAX), Some('a'));
        assert!(!table.is_active(a));
    }
}
