//! List: every saved network in order of priority, then what a scan finds.

use super::{Action, Completion, Service, State};
use crate::message::amazon::Kind;
use crate::status::Status;

/// Listing.
#[derive(Clone, Copy)]
pub(super) struct Listing {
    max: u8,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    /// Loading the saved network of a priority.
    Load(u8),
    /// Showing it.
    Show(u8),
    /// The saved ones are shown.
    Saved,
    Scan,
    /// Showing the scanned network of an index, after so many, of so many.
    Scanned {
        index: u8,
        shown: u8,
        of: u8,
    },
}

impl Service {
    pub(super) fn begin_list(&mut self, max: u8) -> Action {
        self.list_saved(
            Listing {
                max,
                step: Step::Load(0),
            },
            0,
        )
    }

    pub(super) fn listing(&mut self, listing: Listing, done: Completion) -> Action {
        match (listing.step, done) {
            (Step::Load(priority), Ok(_)) => {
                let connected = self.active == Some(priority);
                self.list(
                    listing,
                    Step::Show(priority),
                    Action::ShowSaved {
                        priority,
                        connected,
                    },
                )
            }
            // A profile that cannot be read is left out.
            (Step::Load(priority), Err(_)) | (Step::Show(priority), Ok(_)) => {
                self.list_saved(listing, priority.saturating_add(1))
            }
            (Step::Saved, Ok(_)) => self.list(listing, Step::Scan, Action::Scan(listing.max)),
            (Step::Scan, Ok(found)) => self.list_scanned(listing, 0, 0, found.min(listing.max)),
            (Step::Scan, Err(status)) => self.answer(Kind::List, status),
            (Step::Scanned { index, shown, of }, Ok(more)) => self.list_scanned(
                listing,
                index.saturating_add(1),
                shown.saturating_add(more),
                of,
            ),
            // The phone is gone or reads no more: the rest would be lost as well.
            (Step::Show(_) | Step::Saved | Step::Scanned { .. }, Err(_)) => Action::Finished,
        }
    }

    fn list(&mut self, mut listing: Listing, step: Step, action: Action) -> Action {
        listing.step = step;
        self.state = State::Listing(listing);
        action
    }

    fn list_saved(&mut self, listing: Listing, priority: u8) -> Action {
        if priority < self.count {
            self.list(
                listing,
                Step::Load(priority),
                Action::Load(self.storage(priority)),
            )
        } else {
            self.list(listing, Step::Saved, Action::EndGroup)
        }
    }

    fn list_scanned(&mut self, listing: Listing, index: u8, shown: u8, of: u8) -> Action {
        if index < of {
            self.list(
                listing,
                Step::Scanned { index, shown, of },
                Action::ShowScanned(index),
            )
        } else if shown == 0 {
            self.answer(Kind::List, Status::Success)
        } else {
            self.state = State::Last;
            Action::EndGroup
        }
    }
}
