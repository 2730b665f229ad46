//! Erase all saved networks, and leave if the device is on one of them.

use super::{Action, Completion, NONE, Service, Step};
use crate::message::amazon::Kind;
use crate::status::Status;

impl Service {
    pub(super) fn begin_erase(&mut self) -> Action {
        self.failure = Status::Success;
        self.erase_next()
    }

    /// Goes on after one network. One that cannot be removed does not protect the others.
    pub(super) fn erasing(&mut self, done: Completion) -> Action {
        if let Err(status) = done {
            self.failure = status;
        }
        self.erase_next()
    }

    /// All that could be removed is gone.
    pub(super) fn erased(&mut self) -> Action {
        if self.active == NONE {
            return Action::Finished;
        }
        self.active = NONE;
        Action::Leave
    }

    /// Removes the last network of the store, so that none has to move.
    fn erase_next(&mut self) -> Action {
        if let Some(last) = self.count.checked_sub(1) {
            self.count = last;
            self.step = Step::Erase;
            Action::Remove(last)
        } else {
            let answer = self.answer(Kind::Delete, self.failure);
            self.step = Step::Erased;
            answer
        }
    }
}
