//! List: every saved network in order of priority, then what a scan finds.

use super::{Outcome, Run, Then};
use crate::platform::{Answers, Gone, Wifi};
use crate::status::Cause;

impl<W: Wifi, A: Answers> Run<'_, W, A> {
    pub(super) fn list(&mut self, max: usize) -> Outcome {
        self.find_active();
        // A phone that is gone or reads no more would lose the rest as well.
        if let Err(Gone) = self.list_saved() {
            return (Err(Cause::Failure), Then::Answered);
        }
        if let Err(cause) = self.wifi.scan(max) {
            return (Err(cause), Then::Rest);
        }
        match self.list_scanned(max) {
            Ok(0) => (Ok(()), Then::Rest),
            Ok(_) => (Ok(()), Then::Answered),
            Err(Gone) => (Err(Cause::Failure), Then::Answered),
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
    fn list_scanned(&mut self, max: usize) -> Result<usize, Gone> {
        let mut shown = 0;
        for index in 0..max {
            if let Some(network) = self.wifi.scanned(index) {
                self.answers.scanned(&network)?;
                shown = 1;
            }
        }
        self.answers.end_group()?;
        Ok(shown)
    }
}
