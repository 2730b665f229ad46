//! Places where one task leaves a value and another takes it, without a lock between them.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, Ordering};

/// A first-in first-out row of `N` places, filled and emptied in place.
///
/// Two counters run on for ever: how many values were left, and how many taken. Only the giver
/// writes the first and only the taker the second, so plain loads and stores do, which every core
/// has.
pub(crate) struct Handoff<T, const N: usize> {
    places: [UnsafeCell<T>; N],
    left: AtomicU8,
    taken: AtomicU8,
}

// SAFETY: a place belongs to the giver while it is empty and to the taker while it is full; the
// counters tell which, and `give` and `take` are each promised to run once at a time.
unsafe impl<T: Send, const N: usize> Sync for Handoff<T, N> {}

/// What a giver says of the place it was shown.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Kept {
    /// The value is left for the taker.
    Yes,
    /// The place stays empty.
    No,
}

impl<T, const N: usize> Handoff<T, N> {
    /// `N` empty places.
    pub(crate) const fn new(places: [UnsafeCell<T>; N]) -> Self {
        const { assert!(N.is_power_of_two() && N <= 128, "the counters wrap at 256") };
        Self {
            places,
            left: AtomicU8::new(0),
            taken: AtomicU8::new(0),
        }
    }

    fn place(&self, counter: u8) -> Option<&UnsafeCell<T>> {
        self.places
            .get(usize::from(counter) & const { N.wrapping_sub(1) })
    }

    /// How many values wait to be taken.
    pub(crate) fn waiting(&self) -> usize {
        usize::from(
            self.left
                .load(Ordering::Relaxed)
                .wrapping_sub(self.taken.load(Ordering::Acquire)),
        )
    }

    /// Shows the next empty place to `fill`; gives `None` when all are full.
    ///
    /// # Safety
    ///
    /// No other call of `give` is in progress.
    pub(crate) unsafe fn give(&self, fill: impl FnOnce(&mut T) -> Kept) -> Option<Kept> {
        if self.waiting() >= N {
            return None;
        }
        let left = self.left.load(Ordering::Relaxed);
        let place = self.place(left)?;
        // SAFETY: the place is empty, so the taker does not touch it; there is one giver.
        let kept = fill(unsafe { &mut *place.get() });
        if kept == Kept::Yes {
            self.left.store(left.wrapping_add(1), Ordering::Release);
        }
        Some(kept)
    }

    /// Shows the oldest full place to `empty`; gives `None` when there is none.
    ///
    /// # Safety
    ///
    /// No other call of `take` is in progress.
    pub(crate) unsafe fn take<R>(&self, empty: impl FnOnce(&mut T) -> R) -> Option<R> {
        let taken = self.taken.load(Ordering::Relaxed);
        if taken == self.left.load(Ordering::Acquire) {
            return None;
        }
        let place = self.place(taken)?;
        // SAFETY: the place is full, so the giver does not touch it; there is one taker.
        let result = empty(unsafe { &mut *place.get() });
        self.taken.store(taken.wrapping_add(1), Ordering::Release);
        Some(result)
    }
}
