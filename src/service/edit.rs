//! Give a saved network another priority.
//!
//! A platform that can moves it in one atomic write. Otherwise the order is made with what every
//! platform has: append at the top, remove anywhere. What has to end up above the first network
//! that changes place is appended again, lowest first:
//!
//! | move | appended again, in this order |
//! |---|---|
//! | up, `from` > `to` | the network itself, then those of priority `to`-1 … 0 |
//! | down, `from` < `to` | those that were `to` … `from`+1, then `from`-1 … 0; the network itself stays |
//!
//! Each is appended before its old place is removed, so that it is in the store at every instant.
//! Only a full store has to remove first; then a failed append is tried again.

use super::{NONE, Outcome, Run, Then, Whose};
use crate::config::MAX_SAVED_NETWORKS;
use crate::platform::{Answers, Wifi};
use crate::status::Cause;

/// How often an append is tried while the network is in no other place than memory.
const APPEND_TRIES: u8 = 3;

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    pub(super) fn edit(&mut self, from: usize, to: usize) -> Outcome {
        if from == to {
            return (Ok(()), Then::Rest);
        }
        let moved = match self.wifi.relocate(self.storage(from), self.storage(to)) {
            Err(Cause::NotSupported) => self.append_again(from, to),
            moved => moved,
        };
        let active = *self.active;
        *self.active = if moved.is_err() {
            // The order may be neither the old nor the new one.
            NONE
        } else if active == from {
            to
        } else if from < active && active <= to {
            active.wrapping_sub(1)
        } else if to <= active && active < from {
            active.wrapping_add(1)
        } else {
            active
        };
        (moved, Then::Rest)
    }

    /// Makes the order by appending again what has to end up above.
    ///
    /// What was appended lies above everything else, so the rest moves down by as many as were
    /// appended from below it: the next one always comes to lie at the same place.
    fn append_again(&mut self, from: usize, to: usize) -> Result<(), Cause> {
        if from > to {
            // The network itself, then what was above its new place.
            self.append_from(from, 1)?;
            self.append_from(to, to)
        } else {
            // Those it passes, then those that were above it: it has come to lie at its new place.
            self.append_from(to, to.wrapping_sub(from))?;
            self.append_from(to.wrapping_sub(1), from)
        }
    }

    /// Appends again, `times` over, what lies at a priority.
    fn append_from(&mut self, priority: usize, times: usize) -> Result<(), Cause> {
        let place = self.storage(priority);
        for _ in 0..times {
            self.wifi.load(place)?;
            if self.count >= MAX_SAVED_NETWORKS {
                self.wifi.remove(place)?;
                self.append_by_all_means(Whose::Loaded)?;
                continue;
            }
            if self.wifi.append(Whose::Loaded)? < self.count {
                // The store wrote it over its old place: removing that would remove the network.
                return Err(Cause::NotSupported);
            }
            if let Err(cause) = self.wifi.remove(place) {
                // Then the copy goes; if that fails too, the network is there twice, but there.
                let _ = self.wifi.remove(self.count);
                return Err(cause);
            }
        }
        Ok(())
    }

    pub(super) fn append_by_all_means(&mut self, whose: Whose) -> Result<(), Cause> {
        let mut appended = Ok(());
        for _ in 0..APPEND_TRIES {
            appended = self.wifi.append(whose).map(|_| ());
            if appended.is_ok() {
                break;
            }
        }
        appended
    }
}
