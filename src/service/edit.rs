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

use super::{Action, Completion, Service, State, Whose};
use crate::config::MAX_SAVED_NETWORKS;
use crate::message::amazon::Kind;
use crate::status::Status;

/// How often an append is tried while the network is in no other place than memory.
const APPEND_TRIES: u8 = 3;

/// Editing.
#[derive(Clone, Copy)]
pub(super) struct Editing {
    from: u8,
    to: u8,
    /// How many networks were appended again already.
    done: u8,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    /// The platform's own move.
    Move,
    Load,
    /// Appending while the old place still holds it.
    Append,
    /// Removing the old place of what was appended.
    RemoveOld,
    /// The old place could not be removed: taking the copy away again.
    RemoveCopy(Status),
    /// Removing from a full store, with the network in memory.
    RemoveFirst,
    /// Appending what was removed; so many tries are left.
    AppendLast(u8),
}

impl Service {
    pub(super) fn begin_edit(&mut self, from: i16, to: i16) -> Action {
        match (self.priority(from), self.priority(to)) {
            (Some(from), Some(to)) if from == to => self.answer(Kind::Edit, Status::Success),
            (Some(from), Some(to)) => {
                let editing = Editing {
                    from,
                    to,
                    done: 0,
                    step: Step::Move,
                };
                self.edit(
                    editing,
                    Step::Move,
                    Action::Move(self.storage(from), self.storage(to)),
                )
            }
            _ => self.answer(Kind::Edit, Status::Failure),
        }
    }

    pub(super) fn editing(&mut self, editing: Editing, done: Completion) -> Action {
        let old = self.storage(editing.next_priority());
        match (editing.step, done) {
            (Step::Move, Ok(_)) => self.edited(editing),
            (Step::Move, Err(Status::NotSupported)) => {
                self.edit(editing, Step::Load, Action::Load(old))
            }
            (Step::Move, Err(status)) => self.answer(Kind::Edit, status),
            (Step::Load, Ok(_)) => {
                if usize::from(self.count) < MAX_SAVED_NETWORKS {
                    self.edit(editing, Step::Append, Action::Append(Whose::Loaded))
                } else {
                    self.edit(editing, Step::RemoveFirst, Action::Remove(old))
                }
            }
            (Step::Append, Ok(_)) => self.edit(editing, Step::RemoveOld, Action::Remove(old)),
            (Step::RemoveOld, Ok(_)) | (Step::AppendLast(_), Ok(_)) => self.edit_on(editing),
            (Step::RemoveOld, Err(status)) => self.edit(
                editing,
                Step::RemoveCopy(status),
                Action::Remove(self.count),
            ),
            (Step::RemoveFirst, Ok(_)) => self.edit(
                editing,
                Step::AppendLast(APPEND_TRIES),
                Action::Append(Whose::Loaded),
            ),
            (Step::AppendLast(tries), Err(status)) => match tries.checked_sub(1) {
                Some(0) | None => self.edit_failed(status),
                Some(tries) => self.edit(
                    editing,
                    Step::AppendLast(tries),
                    Action::Append(Whose::Loaded),
                ),
            },
            (Step::RemoveCopy(status), _)
            | (Step::Load | Step::Append | Step::RemoveFirst, Err(status)) => {
                self.edit_failed(status)
            }
        }
    }

    fn edit(&mut self, mut editing: Editing, step: Step, action: Action) -> Action {
        editing.step = step;
        self.state = State::Editing(editing);
        action
    }

    /// One network has its new place; takes the next, if there is one.
    fn edit_on(&mut self, mut editing: Editing) -> Action {
        editing.done = editing.done.saturating_add(1);
        if editing.done >= editing.total() {
            return self.edited(editing);
        }
        self.edit(
            editing,
            Step::Load,
            Action::Load(self.storage(editing.next_priority())),
        )
    }

    fn edited(&mut self, editing: Editing) -> Action {
        self.active = self.active.map(|active| editing.moved(active));
        self.answer(Kind::Edit, Status::Success)
    }

    /// The order may be neither the old nor the new one; which network is active has to be asked.
    fn edit_failed(&mut self, status: Status) -> Action {
        self.active = None;
        self.answer(Kind::Edit, status)
    }
}

impl Editing {
    const fn is_up(self) -> bool {
        self.from > self.to
    }

    /// How many networks are appended again.
    const fn total(self) -> u8 {
        if self.is_up() {
            self.to.saturating_add(1)
        } else {
            self.to
        }
    }

    /// The priority, in the store as it is now, of the network to be appended again next.
    ///
    /// What was appended already lies above, so everything else has moved down by as many as were
    /// appended from below it.
    const fn next_priority(self) -> u8 {
        if self.is_up() {
            // First the network itself; then always what has come to lie at `to`.
            if self.done == 0 { self.from } else { self.to }
        } else if self.done < self.to.saturating_sub(self.from) {
            // Those below it, the lowest first: each append moves the next one to the same place.
            self.to
        } else {
            // Those that were above it lie at the same place, above the network that stays: it has
            // come to lie at `to`, so they are right above it.
            self.to.saturating_sub(1)
        }
    }

    /// Where a priority has gone.
    const fn moved(self, priority: u8) -> u8 {
        if priority == self.from {
            self.to
        } else if self.from < priority && priority <= self.to {
            priority.saturating_sub(1)
        } else if self.to <= priority && priority < self.from {
            priority.saturating_add(1)
        } else {
            priority
        }
    }
}
