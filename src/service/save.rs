//! Save a new network: joined first if the phone wants it, and kept only if that works.

use super::{Action, Completion, NONE, Service, Step as Of, Whose};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Saving.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Joining the candidate.
    Join,
    /// Storing it without joining.
    Append,
    /// Storing it, joined.
    AppendJoined,
    /// It was joined and could not be stored: the device leaves it again.
    Leave,
}

impl Service {
    pub(super) fn begin_trial(&mut self) -> Action {
        self.step = Of::Save(Step::Join);
        Action::Join(Whose::Candidate)
    }

    pub(super) fn append(&mut self) -> Action {
        self.step = Of::Save(Step::Append);
        Action::Append(Whose::Candidate)
    }

    pub(super) fn saving(&mut self, step: Step, done: Completion) -> Action {
        match (step, done) {
            (Step::Join, Ok(_)) => {
                self.step = Of::Save(Step::AppendJoined);
                Action::Append(Whose::Candidate)
            }
            (Step::Join, Err(status)) => self.answer_and_return(status),
            // The new network is priority 0; all others move down by one.
            (Step::AppendJoined, Ok(_)) => {
                self.active = 0;
                self.answer(Kind::Save, Status::Success)
            }
            (Step::Append, Ok(_)) => {
                if self.active != NONE {
                    self.active = self.active.wrapping_add(1);
                }
                self.answer(Kind::Save, Status::Success)
            }
            (Step::Append, Err(status)) => self.answer(Kind::Save, status),
            // A device must not stay on a network it will not find again after a restart.
            (Step::AppendJoined, Err(status)) => {
                self.failure = status;
                self.step = Of::Save(Step::Leave);
                Action::Leave
            }
            (Step::Leave, _) => self.answer_and_return(self.failure),
        }
    }
}
