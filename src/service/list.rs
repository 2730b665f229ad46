//! List: every saved network in order of priority, then what a scan finds.
//!
//! Each is shown when the next one has come, for the last one is told to be that, and which is the
//! last only shows when no other comes.

use super::{Outcome, Run, Then};
use crate::platform::{Answers, Gone, Wifi};
use crate::status::Cause;

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    pub(super) fn list(&mut self, max: usize) -> Outcome {
        self.show_last_try();
        self.find_active();
        // A phone that is gone or reads no more would lose the rest as well.
        if let Err(Gone) = self.list_saved() {
            return (Err(Cause::Failure), Then::Answered);
        }
        if let Err(cause) = self.wifi.scan(max) {
            return (Err(cause), Then::Rest);
        }
        match self.list_scanned(max) {
            Ok(false) => (Ok(()), Then::Rest),
            Ok(true) => (Ok(()), Then::Answered),
            Err(Gone) => (Err(Cause::Failure), Then::Answered),
        }
    }

    fn list_saved(&mut self) -> Result<(), Gone> {
        let mut kept = None;
        for priority in 0..self.count {
            // A profile that cannot be read is left out.
            if self.load(priority).is_ok() {
                self.show_kept(kept.replace(priority), false)?;
                self.wifi.keep_loaded();
            }
        }
        self.show_kept(kept, true)
    }

    #[inline(never)]
    fn show_kept(&mut self, priority: Option<usize>, is_last: bool) -> Result<(), Gone> {
        priority.map_or(Ok(()), |priority| {
            let is_active = priority == *self.active;
            self.answers
                .saved(self.wifi.kept(), priority, is_active, is_last)
        })
    }

    /// Gives whether any of the entries has a name and was shown.
    fn list_scanned(&mut self, max: usize) -> Result<bool, Gone> {
        let mut kept = None;
        for index in 0..max {
            if let Some(next) = self.wifi.scanned(index)
                && let Some(network) = kept.replace(next)
            {
                self.answers.scanned(network, false)?;
            }
        }
        kept.map_or(Ok(false), |network| {
            self.answers.scanned(network, true).map(|()| true)
        })
    }
}
