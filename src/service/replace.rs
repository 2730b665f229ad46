//! Save a new network in the place of those of its name: with its security, and, where it is protected, with less. For a
//! protocol whose phones see no list, and so could not take away the entry with the old passphrase.
//!
//! | store | first | then |
//! |---|---|---|
//! | that can replace | the new one takes the place of an old one, in one atomic write | other old ones are removed |
//! | with a free place | the new one is appended | the old ones are removed: one of them is in flash at every instant |
//! | full | one of the old is removed | the new one is appended; if that fails, the old one again. Then other old ones are removed |

use super::{NONE, Outcome, Run, Then, Whose};
use crate::config::MAX_SAVED_NETWORKS;
use crate::platform::{Answers, Describe, Wifi};
use crate::profile::Security;
use crate::status::Cause;

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    /// Saves the candidate as priority 0, once it is joined. Until then nothing is touched.
    pub(super) fn replace(&mut self) -> Outcome {
        let Some(twin) = self.twin(0) else {
            return self.save(true);
        };
        self.find_active();
        if let Err(cause) = self.wifi.join(Whose::Candidate) {
            return self.not_joined(Whose::Candidate, cause);
        }
        let saved = match self.wifi.replace(self.storage(twin)) {
            Ok(()) => {
                *self.active = 0;
                Ok(())
            }
            Err(Cause::NotSupported) if self.count < MAX_SAVED_NETWORKS => self.append_candidate(),
            Err(Cause::NotSupported) => self.exchange(twin),
            // The list is the old one, and a store that refuses may refuse to add as well: nothing is removed.
            Err(cause) => Err(cause),
        };
        if let Err(cause) = saved {
            self.not_saved();
            self.leave();
            return (Err(cause), Then::Return);
        }
        if *self.active == 0 {
            self.remove_twins();
        }
        self.tried(Whose::Candidate, None);
        (Ok(()), Then::Rest)
    }

    /// The next saved network that the candidate stands in the place of, from a priority on.
    fn twin(&mut self, from: usize) -> Option<usize> {
        (from..self.count).find(|&priority| {
            self.load(priority).is_ok() && {
                let (new, old) = (self.wifi.kept().describe(), self.wifi.loaded().describe());
                new.ssid == old.ssid && gives_way(old.security, new.security)
            }
        })
    }

    /// In a store that cannot replace and has a free place.
    fn append_candidate(&mut self) -> Result<(), Cause> {
        let index = self.wifi.append(Whose::Candidate)?;
        if index < self.count {
            // The store wrote it over the old one.
            *self.active = self.storage(index);
            return Ok(());
        }
        self.count = self.count.wrapping_add(1);
        *self.active = 0;
        Ok(())
    }

    /// Removes what the candidate, which is saved as priority 0, stands in the place of.
    fn remove_twins(&mut self) {
        let mut from = 1;
        while let Some(twin) = self.twin(from) {
            from = if self.wifi.remove(self.storage(twin)).is_ok() {
                self.count = self.count.wrapping_sub(1);
                twin
            } else {
                // It stays behind the new one, and the next time is another to remove it.
                twin.wrapping_add(1)
            };
        }
    }

    /// In a full store that cannot replace: the old one's place is the new one's.
    fn exchange(&mut self, twin: usize) -> Result<(), Cause> {
        self.load(twin)?;
        self.wifi.remove(self.storage(twin))?;
        self.count = self.count.wrapping_sub(1);
        let was_active = *self.active;
        *self.active = match was_active {
            NONE => NONE,
            active if active == twin => NONE,
            active if active > twin => active.wrapping_sub(1),
            active => active,
        };
        match self.append_by_all_means(Whose::Candidate) {
            Ok(()) => {
                self.count = self.count.wrapping_add(1);
                *self.active = 0;
                Ok(())
            }
            Err(cause) => {
                if self.append_by_all_means(Whose::Loaded).is_ok() {
                    self.count = self.count.wrapping_add(1);
                    *self.active = match *self.active {
                        NONE if was_active == twin => 0,
                        NONE => NONE,
                        active => active.wrapping_add(1),
                    };
                }
                Err(cause)
            }
        }
    }
}

/// Whether an entry gives way to a new one of its name. An open one would let whoever offers that name in the place of a
/// network that is protected by now.
const fn gives_way(old: u8, new: u8) -> bool {
    const PROTECTED: u8 = Security::Wpa2 as u8;
    old == new || (old < PROTECTED && new >= PROTECTED)
}
