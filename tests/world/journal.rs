//! What happened, in order, whoever did it.

use core::cell::RefCell;

use heapless::Vec;

/// Something the device did that the outside can see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Event {
    /// A message went to the phone.
    Sent,
    /// The driver was told to join a network, and did or did not.
    Joined(bool),
    /// The driver was told to leave.
    Left,
    /// The store was changed.
    Stored,
}

/// The longest request, an edit of eight networks that are listed, makes fewer events.
const EVENTS: usize = 64;

/// Events of one request, as seen from both ends of the service.
#[derive(Default)]
pub(crate) struct Journal(RefCell<Vec<Event, EVENTS>>);

impl Journal {
    pub(crate) fn write(&self, event: Event) {
        let fits = self.0.borrow_mut().push(event).is_ok();
        assert!(fits, "more events than a request can make");
    }

    /// Tells what happened and begins a new page.
    pub(crate) fn take(&self) -> Vec<Event, EVENTS> {
        self.0.take()
    }
}
