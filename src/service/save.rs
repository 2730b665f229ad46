//! Save a new network: joined first if the phone wants it, and kept only if that works.

use super::{Action, Completion, Service, State, Whose};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Saving.
#[derive(Clone, Copy)]
pub(super) enum Saving {
    /// Joining the candidate.
    Join,
    /// Storing it, joined or not.
    Append { joined: bool },
    /// It was joined and could not be stored: the device has left it again.
    Leave(Status),
}

impl Service {
    pub(super) fn begin_append(&mut self) -> Action {
        self.append(false)
    }

    pub(super) fn begin_trial(&mut self) -> Action {
        self.state = State::Saving(Saving::Join);
        Action::Join(Whose::Candidate)
    }

    pub(super) fn saving(&mut self, saving: Saving, done: Completion) -> Action {
        match (saving, done) {
            (Saving::Join, Ok(_)) => self.append(true),
            (Saving::Join, Err(status)) => self.answer_and_return(status),
            (Saving::Append { joined }, Ok(_)) => {
                // The new network is priority 0; all others move down by one.
                self.count = self.count.saturating_add(1);
                self.active = if joined {
                    Some(0)
                } else {
                    self.active.map(|active| active.saturating_add(1))
                };
                self.answer(Kind::Save, Status::Success)
            }
            (Saving::Append { joined: false }, Err(status)) => self.answer(Kind::Save, status),
            // A device must not stay on a network it will not find again after a restart.
            (Saving::Append { joined: true }, Err(status)) => {
                self.state = State::Saving(Saving::Leave(status));
                Action::Leave
            }
            (Saving::Leave(status), _) => self.answer_and_return(status),
        }
    }

    fn append(&mut self, joined: bool) -> Action {
        self.state = State::Saving(Saving::Append { joined });
        Action::Append(Whose::Candidate)
    }
}
