//! Delete one saved network, or all. If the device is on it, it leaves, once the phone has its answer.

use super::{NONE, Outcome, Run, Then};
use crate::config::MAX_SAVED_NETWORKS;
use crate::platform::{Answers, Wifi};
use crate::status::Cause;

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    pub(super) fn delete(&mut self, priority: usize) -> Outcome {
        self.find_active();
        if let Err(cause) = self.wifi.remove(self.storage(priority)) {
            return (Err(cause), Then::Rest);
        }
        self.count = self.count.wrapping_sub(1);
        let active = *self.active;
        if active == priority {
            *self.active = NONE;
            return (Ok(()), Then::Leave);
        }
        if active != NONE && active > priority {
            *self.active = active.wrapping_sub(1);
        }
        (Ok(()), Then::Rest)
    }

    #[inline(never)]
    pub(super) fn erase_all(&mut self) -> Outcome {
        self.find_active();
        // All there can be, from the last of the store on, so that none has to move: also what could
        // not be read, and whatever a failure leaves is no reason to leave the others.
        for index in (0..MAX_SAVED_NETWORKS).rev() {
            let _ = self.wifi.remove(index);
        }
        // Only a store that has none left is erased.
        let outcome = match self.wifi.count() {
            Ok(0) => Ok(()),
            Ok(_) => Err(Cause::Failure),
            Err(cause) => Err(cause),
        };
        self.count = 0;
        let then = if *self.active == NONE {
            Then::Rest
        } else {
            Then::Leave
        };
        *self.active = NONE;
        self.forget_last_try();
        (outcome, then)
    }
}
