//! Delete a saved network. If the device is on it, it leaves, once the phone has its answer.

use super::{Action, Completion, NONE, Service, Step as Of};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Deleting the network of the priority in `at`.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Remove,
    /// It was the active one, and the answer is out.
    Leave,
}

impl Service {
    pub(super) fn begin_delete(&mut self) -> Action {
        self.step = Of::Delete(Step::Remove);
        Action::Remove(self.storage(self.at))
    }

    pub(super) fn deleting(&mut self, step: Step, done: Completion) -> Action {
        match (step, done) {
            (Step::Remove, Ok(_)) => {
                let answer = self.answer(Kind::Delete, Status::Success);
                if self.active == self.at {
                    self.active = NONE;
                    self.step = Of::Delete(Step::Leave);
                } else if self.active != NONE && self.active > self.at {
                    self.active = self.active.wrapping_sub(1);
                }
                answer
            }
            (Step::Remove, Err(status)) => self.answer(Kind::Delete, status),
            (Step::Leave, _) => Action::Leave,
        }
    }
}
