//! List: every saved network in order of priority, then what a scan finds.

use super::{Action, Completion, Request, Service, Step as Of};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Listing. The entry shown is in `at`.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Loading a saved network.
    Load,
    /// Showing it.
    Show,
    /// The saved ones are shown.
    Saved,
    Scan,
    /// Showing a scanned network; so many were shown before as `to` tells, of `done`.
    Scanned,
}

impl Service {
    pub(super) fn begin_list(&mut self) -> Action {
        self.at = 0;
        self.list_saved()
    }

    pub(super) fn listing(&mut self, step: Step, done: Completion) -> Action {
        match (step, done) {
            (Step::Load, Ok(_)) => {
                self.step = Of::List(Step::Show);
                Action::ShowSaved {
                    priority: self.at,
                    connected: self.at == self.active,
                }
            }
            // A profile that cannot be read is left out.
            (Step::Load, Err(_)) | (Step::Show, Ok(_)) => {
                self.at = self.at.wrapping_add(1);
                self.list_saved()
            }
            (Step::Saved, Ok(_)) => {
                self.step = Of::List(Step::Scan);
                let max = if let Request::List { max } = self.request {
                    max
                } else {
                    0
                };
                Action::Scan(max)
            }
            (Step::Scan, Ok(found)) => {
                self.at = 0;
                self.to = 0;
                self.done = found;
                self.list_scanned()
            }
            (Step::Scan, Err(status)) => self.answer(Kind::List, status),
            (Step::Scanned, Ok(shown)) => {
                self.at = self.at.wrapping_add(1);
                self.to = self.to.wrapping_add(shown);
                self.list_scanned()
            }
            // The phone is gone or reads no more: the rest would be lost as well.
            (Step::Show | Step::Saved | Step::Scanned, Err(_)) => Action::Finished,
        }
    }

    fn list_saved(&mut self) -> Action {
        if self.at < self.count {
            return self.load(self.at, Of::List(Step::Load));
        }
        self.step = Of::List(Step::Saved);
        Action::EndGroup
    }

    fn list_scanned(&mut self) -> Action {
        if self.at < self.done {
            self.step = Of::List(Step::Scanned);
            Action::ShowScanned(self.at)
        } else if self.to == 0 {
            self.answer(Kind::List, Status::Success)
        } else {
            Action::EndGroup
        }
    }
}
