//! Delete one saved network, or all. If the device is on it, it leaves, once the phone has its answer.

use super::{NONE, Outcome, Run, Then};
use crate::platform::{Answers, Wifi};

impl<W: Wifi, A: Answers> Run<'_, W, A> {
    pub(super) fn delete(&mut self, priority: usize) -> Outcome {
        self.find_active();
        if let Err(cause) = self.wifi.remove(self.storage(priority)) {
            return (Err(cause), Then::Rest);
        }
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

    pub(super) fn erase_all(&mut self) -> Outcome {
        self.find_active();
        let mut outcome = Ok(());
        // From the last of the store on, so that none has to move. One that cannot be removed does
        // not protect the others.
        for index in (0..self.count).rev() {
            if let Err(cause) = self.wifi.remove(index) {
                outcome = Err(cause);
            }
        }
        let then = if *self.active == NONE {
            Then::Rest
        } else {
            Then::Leave
        };
        *self.active = NONE;
        (outcome, then)
    }
}
