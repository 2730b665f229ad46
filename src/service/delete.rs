//! Delete a saved network. If the device is on it, it leaves, once the phone has its answer.

use super::{Action, Completion, Service, State};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Deleting.
#[derive(Clone, Copy)]
pub(super) enum Deleting {
    /// Removing the network of a priority.
    Remove(u8),
    /// It was the active one, and the answer is out.
    Leave,
}

impl Service {
    pub(super) fn begin_delete(&mut self, priority: u8) -> Action {
        self.state = State::Deleting(Deleting::Remove(priority));
        Action::Remove(self.storage(priority))
    }

    pub(super) fn deleting(&mut self, deleting: Deleting, done: Completion) -> Action {
        match (deleting, done) {
            (Deleting::Remove(priority), Ok(_)) => {
                let answer = self.answer(Kind::Delete, Status::Success);
                match self.active {
                    Some(active) if active == priority => {
                        self.active = None;
                        self.state = State::Deleting(Deleting::Leave);
                    }
                    Some(active) if active > priority => {
                        self.active = Some(active.saturating_sub(1))
                    }
                    Some(_) | None => {}
                }
                answer
            }
            (Deleting::Remove(_), Err(status)) => self.answer(Kind::Delete, status),
            (Deleting::Leave, _) => Action::Leave,
        }
    }
}
