//! Save a new network, or join a saved one. When joining fails, the device returns to the network it
//! was on.

use super::{NONE, Outcome, Run, Then, Whose};
use crate::config::MAX_SAVED_NETWORKS;
use crate::platform::{Answers, Wifi};
use crate::status::{Cause, Reason};

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    /// Joins a saved network.
    pub(super) fn join(&mut self, priority: usize) -> Outcome {
        self.find_active();
        if let Err(cause) = self.load(priority) {
            // Nothing was tried: the device is where it was.
            return (Err(cause), Then::Rest);
        }
        match self.wifi.join(Whose::Loaded) {
            Ok(()) => {
                *self.active = priority;
                self.tried(Whose::Loaded, None);
                (Ok(()), Then::Rest)
            }
            Err(cause) => self.not_joined(Whose::Loaded, cause),
        }
    }

    /// The phone hears why, if the driver says it, ahead of the status.
    pub(super) fn not_joined(&mut self, whose: Whose, cause: Cause) -> Outcome {
        if let Some(reason) = self.wifi.reason(cause) {
            self.answers.reason(reason);
            self.tried(whose, Some(reason));
        }
        (Err(cause), Then::Return)
    }

    /// Saves the candidate as priority 0: joined first if the phone wants it, and kept only if that
    /// works.
    pub(super) fn save(&mut self, connect: bool) -> Outcome {
        if self.count >= MAX_SAVED_NETWORKS {
            self.not_saved();
            return (Err(Cause::Failure), Then::Rest);
        }
        if connect {
            self.find_active();
            if let Err(cause) = self.wifi.join(Whose::Candidate) {
                return self.not_joined(Whose::Candidate, cause);
            }
        }
        match self.wifi.append(Whose::Candidate) {
            Ok(index) => {
                let is_new = index >= self.count;
                if is_new {
                    // It is priority 0; all others move down by one.
                    self.count = self.count.wrapping_add(1);
                    if *self.active != NONE {
                        *self.active = self.active.wrapping_add(1);
                    }
                }
                if connect {
                    *self.active = if is_new { 0 } else { self.storage(index) };
                }
                self.tried(Whose::Candidate, None);
                (Ok(()), Then::Rest)
            }
            // A device must not stay on a network it will not find again after a restart.
            Err(cause) if connect => {
                self.not_saved();
                self.leave();
                (Err(cause), Then::Return)
            }
            Err(cause) => {
                self.not_saved();
                (Err(cause), Then::Rest)
            }
        }
    }

    /// The phone hears that it was not the driver.
    pub(super) fn not_saved(&mut self) {
        self.answers.reason(Reason::NotSaved);
        self.tried(Whose::Candidate, Some(Reason::NotSaved));
    }
}
