//! Erase all saved networks, and leave if the device is on one of them.

use super::{Action, Completion, Service, State};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Erasing.
#[derive(Clone, Copy)]
pub(super) enum Erasing {
    /// Removing the last network of the store, so that none has to move.
    Remove { failed: Option<Status> },
    /// All that could be removed is gone.
    Answered,
}

impl Service {
    pub(super) fn begin_erase(&mut self) -> Action {
        self.erase_next(None)
    }

    pub(super) fn erasing(&mut self, erasing: Erasing, done: Completion) -> Action {
        match (erasing, done) {
            // One that cannot be removed does not protect the others.
            (Erasing::Remove { failed }, done) => self.erase_next(done.err().or(failed)),
            (Erasing::Answered, _) if self.active.take().is_some() => Action::Leave,
            (Erasing::Answered, _) => Action::Finished,
        }
    }

    fn erase_next(&mut self, failed: Option<Status>) -> Action {
        match self.count.checked_sub(1) {
            Some(last) => {
                self.count = last;
                self.state = State::Erasing(Erasing::Remove { failed });
                Action::Remove(last)
            }
            None => {
                self.state = State::Erasing(Erasing::Answered);
                Action::Answer(Kind::Delete, failed.unwrap_or(Status::Success))
            }
        }
    }
}
