//! Places where one task leaves a value and another takes it, without a lock between them.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, Ordering};

/// A first-in first-out row of `N` places, filled and emptied in place.
///
/// Two counters run on for ever: how many values were left, and how many taken. Only the giver
/// writes the first and only the taker the second, so plain loads and stores do, which every core
/// has.
#[repr(C)]
pub(crate) struct Handoff<T, const N: usize> {
    left: AtomicU8,
    taken: AtomicU8,
    places: [UnsafeCell<T>; N],
}

// SAFETY: a place belongs to the giver while it is empty and to the taker while it is full; the
// counters tell which, and giving and taking are each promised to be done by one task at a time.
unsafe impl<T: Send, const N: usize> Sync for Handoff<T, N> {}

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

    /// The next empty place, for the giver to fill; `None` when all are full.
    ///
    /// # Safety
    ///
    /// One task at a time gives, and has no other reference from this function.
    #[allow(clippy::mut_from_ref, reason = "the counters tell whose the place is")]
    pub(crate) unsafe fn empty(&self) -> Option<&mut T> {
        if self.waiting() >= N {
            return None;
        }
        let place = self.place(self.left.load(Ordering::Relaxed))?;
        // SAFETY: the place is empty, so the taker does not touch it; there is one giver.
        Some(unsafe { &mut *place.get() })
    }

    /// Leaves the empty place, filled, for the taker.
    ///
    /// # Safety
    ///
    /// [`Self::empty`] gave it, and the reference is used no more.
    pub(crate) unsafe fn leave(&self) {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.wrapping_add(1), Ordering::Release);
    }

    /// The oldest full place, for the taker to empty; `None` when there is none.
    ///
    /// # Safety
    ///
    /// One task at a time takes, and has no other reference from this function.
    #[allow(clippy::mut_from_ref, reason = "the counters tell whose the place is")]
    pub(crate) unsafe fn full(&self) -> Option<&mut T> {
        let taken = self.taken.load(Ordering::Relaxed);
        if taken == self.left.load(Ordering::Acquire) {
            return None;
        }
        let place = self.place(taken)?;
        // SAFETY: the place is full, so the giver does not touch it; there is one taker.
        Some(unsafe { &mut *place.get() })
    }

    /// Frees the full place, emptied, for the giver.
    ///
    /// # Safety
    ///
    /// [`Self::full`] gave it, and the reference is used no more.
    pub(crate) unsafe fn free(&self) {
        let taken = self.taken.load(Ordering::Relaxed);
        self.taken.store(taken.wrapping_add(1), Ordering::Release);
    }
}
