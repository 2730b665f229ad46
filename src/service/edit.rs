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

use super::{Action, Completion, NONE, Service, Step as Of, Whose};
use crate::config::MAX_SAVED_NETWORKS;
use crate::message::amazon::Kind;
use crate::status::Status;

/// How often an append is tried while the network is in no other place than memory.
const APPEND_TRIES: u8 = 3;

/// Moving the network of the priority in `at` to the one in `to`; `done` were appended again.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// The platform's own move.
    Move,
    Load,
    /// Appending while the old place still holds it.
    Append,
    /// Removing the old place of what was appended.
    RemoveOld,
    /// The old place could not be removed: taking the copy away again.
    RemoveCopy,
    /// Removing from a full store, with the network in memory.
    RemoveFirst,
    /// Appending what was removed; so many tries are left.
    AppendLast(u8),
}

impl Service {
    pub(super) fn begin_edit(&mut self) -> Action {
        if self.at == self.to {
            return self.answer(Kind::Edit, Status::Success);
        }
        self.done = 0;
        self.step = Of::Edit(Step::Move);
        Action::Move(self.storage(self.at), self.storage(self.to))
    }

    pub(super) fn editing(&mut self, step: Step, done: Completion) -> Action {
        let (next, action) = match (step, done) {
            (Step::Move, Ok(_)) => return self.edited(),
            (Step::Move, Err(Status::NotSupported)) => return self.load_next(),
            (Step::Move, Err(status)) => return self.answer(Kind::Edit, status),
            (Step::Load, Ok(_)) if usize::from(self.count) < MAX_SAVED_NETWORKS => {
                (Step::Append, Action::Append(Whose::Loaded))
            }
            (Step::Load, Ok(_)) => (Step::RemoveFirst, Action::Remove(self.next_storage())),
            (Step::Append, Ok(_)) => (Step::RemoveOld, Action::Remove(self.next_storage())),
            (Step::RemoveOld | Step::AppendLast(_), Ok(_)) => {
                self.done = self.done.wrapping_add(1);
                return if self.done < self.total() {
                    self.load_next()
                } else {
                    self.edited()
                };
            }
            (Step::RemoveOld, Err(status)) => {
                self.failure = status;
                (Step::RemoveCopy, Action::Remove(self.count))
            }
            (Step::RemoveFirst, Ok(_)) => (
                Step::AppendLast(APPEND_TRIES),
                Action::Append(Whose::Loaded),
            ),
            (Step::AppendLast(tries @ 2..), Err(_)) => (
                Step::AppendLast(tries.wrapping_sub(1)),
                Action::Append(Whose::Loaded),
            ),
            // The order may be neither the old nor the new one, so nothing is known of the active one.
            (Step::RemoveCopy, _) => return self.edit_failed(self.failure),
            (Step::Load | Step::Append | Step::RemoveFirst | Step::AppendLast(_), Err(status)) => {
                return self.edit_failed(status);
            }
        };
        self.step = Of::Edit(next);
        action
    }

    fn edit_failed(&mut self, status: Status) -> Action {
        self.active = NONE;
        self.answer(Kind::Edit, status)
    }

    fn edited(&mut self) -> Action {
        if self.active == self.at {
            self.active = self.to;
        } else if self.at < self.active && self.active <= self.to {
            self.active = self.active.wrapping_sub(1);
        } else if self.to <= self.active && self.active < self.at {
            self.active = self.active.wrapping_add(1);
        }
        self.answer(Kind::Edit, Status::Success)
    }

    fn load_next(&mut self) -> Action {
        self.step = Of::Edit(Step::Load);
        Action::Load(self.next_storage())
    }

    /// How many networks are appended again.
    const fn total(&self) -> u8 {
        if self.at > self.to {
            self.to.wrapping_add(1)
        } else {
            self.to
        }
    }

    /// Where the network lies that is appended again next.
    ///
    /// What was appended already lies above everything else, so the rest has moved down by as many
    /// as were appended from below it: the next one always comes to lie at the same place.
    const fn next_storage(&self) -> u8 {
        self.storage(if self.at > self.to {
            // Up: first the network itself, then what was above its new place.
            if self.done == 0 { self.at } else { self.to }
        } else if self.done < self.to.wrapping_sub(self.at) {
            // Down: first those it passes.
            self.to
        } else {
            // Then those that were above it; it has itself come to lie at its new place below them.
            self.to.wrapping_sub(1)
        })
    }
}
