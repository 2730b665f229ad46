//! List: every saved network in order of priority, then what a scan finds.

use super::{Outcome, Run, Then};
use crate::platform::{Answers, Gone, Wifi};
use crate::status::Status;

impl<W: Wifi, A: Answers> Run<'_, W, A> {
    pub(super) fn list(&mut self, max: usize) -> Outcome {
        self.find_active();
        // A phone that is gone or reads no more would lose the rest as well.
        if let Err(Gone) = self.list_saved() {
            return (Status::Failure, Then::Answered);
        }
        let found = match self.wifi.scan(max) {
            Ok(found) => found,
            Err(status) => return (status, Then::Rest),
        };
        match self.list_scanned(found) {
            Ok(0) => (Status::Success, Then::Rest),
            Ok(_) => (Status::Success, Then::Answered),
            Err(Gone) => (Status::Failure, Then::Answered),
        }
    }

    fn list_saved(&mut self) -> Result<(), Gone> {
        for priority in 0..self.count {
            // A profile that cannot be read is left out.
            if self.load(priority).is_ok() {
                self.answers
                    .saved(&self.wifi.loaded(), priority, priority == *self.active)?;
            }
        }
        self.answers.end_group()
    }

    /// Gives how many of the entries have a name and were shown.
    fn list_scanned(&mut self, found: usize) -> Result<usize, Gone> {
        let mut shown = 0;
        for index in 0..found {
            if let Some(network) = self.wifi.scanned(index) {
                self.answers.scanned(&network)?;
                shown = 1;
            }
        }
        self.answers.end_group()?;
        Ok(shown)
    }
}
