//! Join a saved network. When that fails, the device returns to the network it was on.

use super::{Action, Completion, NONE, Service, Step as Of, Whose};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Joining the network of the priority in `at`.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Load,
    Join,
    /// The failure was answered; the network the device was on, still `active`, comes next.
    Answered,
    LoadFormer,
    Rejoin,
}

impl Service {
    pub(super) fn begin_join(&mut self) -> Action {
        self.load(self.at, Of::Join(Step::Load))
    }

    /// Answers a failed attempt; the phone must not wait for the way back. Then returns to the
    /// network the device was on, if there was one.
    pub(super) fn answer_and_return(&mut self, status: Status) -> Action {
        let answer = self.answer(Kind::Save, status);
        if self.active != NONE {
            self.step = Of::Join(Step::Answered);
        }
        answer
    }

    pub(super) fn joining(&mut self, step: Step, done: Completion) -> Action {
        match (step, done) {
            (Step::Load | Step::LoadFormer, Ok(_)) => {
                self.step = Of::Join(if matches!(step, Step::Load) {
                    Step::Join
                } else {
                    Step::Rejoin
                });
                Action::Join(Whose::Loaded)
            }
            // Nothing was tried: the device is where it was.
            (Step::Load, Err(status)) => self.answer(Kind::Save, status),
            (Step::Join, Ok(_)) => {
                self.active = self.at;
                self.answer(Kind::Save, Status::Success)
            }
            (Step::Join, Err(status)) => self.answer_and_return(status),
            (Step::Answered, _) => self.load(self.active, Of::Join(Step::LoadFormer)),
            (Step::Rejoin, Ok(_)) => Action::Finished,
            (Step::LoadFormer | Step::Rejoin, Err(_)) => {
                self.active = NONE;
                Action::Finished
            }
        }
    }
}
