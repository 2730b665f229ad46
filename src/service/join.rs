//! Join a saved network. When that fails, the device returns to the network it was on.

use super::{Action, Completion, Service, State, Whose};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Joining.
#[derive(Clone, Copy)]
pub(super) enum Joining {
    /// Loading the network of a priority.
    Load(u8),
    /// Joining it.
    Join(u8),
    /// The failure was answered; the network the device was on comes next.
    Answered(u8),
    /// Loading the network the device was on.
    LoadFormer,
    /// Joining it again.
    Rejoin,
}

impl Service {
    pub(super) fn begin_join(&mut self, priority: u8) -> Action {
        self.join(
            Joining::Load(priority),
            Action::Load(self.storage(priority)),
        )
    }

    /// Answers a failed attempt; the phone must not wait for the way back. Then returns to the
    /// network the device was on, if there was one.
    pub(super) fn answer_and_return(&mut self, status: Status) -> Action {
        let answer = self.answer(Kind::Save, status);
        if let Some(former) = self.active {
            self.state = State::Joining(Joining::Answered(former));
        }
        answer
    }

    pub(super) fn joining(&mut self, joining: Joining, done: Completion) -> Action {
        match (joining, done) {
            (Joining::Load(priority), Ok(_)) => {
                self.join(Joining::Join(priority), Action::Join(Whose::Loaded))
            }
            // Nothing was tried: the device is where it was.
            (Joining::Load(_), Err(status)) => self.answer(Kind::Save, status),
            (Joining::Join(priority), Ok(_)) => {
                self.active = Some(priority);
                self.answer(Kind::Save, Status::Success)
            }
            (Joining::Join(_), Err(status)) => self.answer_and_return(status),
            (Joining::Answered(former), _) => {
                self.join(Joining::LoadFormer, Action::Load(self.storage(former)))
            }
            (Joining::LoadFormer, Ok(_)) => self.join(Joining::Rejoin, Action::Join(Whose::Loaded)),
            (Joining::Rejoin, Ok(_)) => Action::Finished,
            (Joining::LoadFormer | Joining::Rejoin, Err(_)) => {
                self.active = None;
                Action::Finished
            }
        }
    }

    fn join(&mut self, joining: Joining, action: Action) -> Action {
        self.state = State::Joining(joining);
        action
    }
}
