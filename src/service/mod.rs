//! What a request does. The service decides and keeps no profile: it is told completions and gives
//! out actions (see [`Action`]); it calls nobody, so every path of it runs in a plain test.
//!
//! A request runs as a little state machine of its own, one file an operation. Only which saved
//! network the device joined last outlives a request; whether it is still on it the WiFi driver is
//! asked, never remembered.

mod active;
mod delete;
mod edit;
mod erase;
mod join;
mod list;
mod save;

use core::mem;

use crate::config::MAX_SAVED_NETWORKS;
use crate::message::amazon::Kind;
use crate::status::Status;

/// A checked request. Priorities are still as asked for: how many networks are saved decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Request {
    /// List saved networks, then at most `max` scanned ones.
    List {
        /// 1 to `MAX_SCAN_NETWORKS`.
        max: u8,
    },
    /// Join a saved network.
    Join {
        /// Which, 0 the highest.
        priority: i16,
    },
    /// Save the candidate profile as priority 0.
    Save {
        /// Join it first, and save it only if that works.
        connect: bool,
    },
    /// Give a saved network another priority, the others keeping their order.
    Edit {
        /// Its priority now.
        from: i16,
        /// Its priority afterwards.
        to: i16,
    },
    /// Forget a saved network, and leave it if the device is on it.
    Delete {
        /// Which, 0 the highest.
        priority: i16,
    },
    /// Forget all saved networks, and leave if the device is on one.
    EraseAll,
}

/// Whose profile an action is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// The one that came with the request.
    Candidate,
    /// The one loaded last.
    Loaded,
}

/// What the service wants done. Each is answered by one [`Completion`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Action {
    /// The request is done; no completion follows.
    Finished,
    /// Count the saved networks. Completes with the number.
    Count,
    /// Load the profile at a storage index.
    Load(u8),
    /// Ask the driver whether the device is on any network. Completes with 0 or 1.
    IsOnline,
    /// Ask the driver whether the device is on the loaded network. Completes with 0 or 1.
    IsOnLoaded,
    /// Scan for at most so many networks. Completes with the number found.
    Scan(u8),
    /// Send the loaded profile as a saved network.
    ShowSaved {
        /// Its priority.
        priority: u8,
        /// Whether the device is on it.
        connected: bool,
    },
    /// Send a scanned network. Completes with 1, or 0 when its name is hidden and it was left out.
    ShowScanned(u8),
    /// The group of networks shown is complete.
    EndGroup,
    /// Answer the request with a status.
    Answer(Kind, Status),
    /// Join a network; completes when the device has an address there.
    Join(Whose),
    /// Leave the network the device is on.
    Leave,
    /// Append a profile to the store.
    Append(Whose),
    /// Remove the profile at a storage index; higher ones move down.
    Remove(u8),
    /// Move a profile from one storage index to another, in one atomic write.
    Move(u8, u8),
}

/// What an action came to: a number or 0, or why not.
pub type Completion = Result<u8, Status>;

/// Where a request stands.
#[derive(Clone, Copy)]
enum State {
    Idle,
    /// Waiting for the number of saved networks.
    Counting(Request),
    /// Finding out which saved network the device is on.
    Finding(active::Finding),
    Listing(list::Listing),
    Joining(join::Joining),
    Saving(save::Saving),
    Editing(edit::Editing),
    Deleting(delete::Deleting),
    Erasing(erase::Erasing),
    /// One last action, then the request is done.
    Last,
}

/// The provisioning service. Holds no profile and no secret.
pub struct Service {
    state: State,
    /// Priority of the saved network joined last, as long as nothing speaks against it.
    active: Option<u8>,
    /// How many networks are saved, as of the request in progress.
    count: u8,
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

impl Service {
    /// A service that knows of no network.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Idle,
            active: None,
            count: 0,
        }
    }

    /// Begins a request; gives the first action. A request still in progress is abandoned.
    pub fn begin(&mut self, request: Request) -> Action {
        self.state = State::Counting(request);
        Action::Count
    }

    /// Goes on with what the last action came to; gives the next one. After [`Action::Finished`]
    /// further calls are harmless and give it again.
    pub fn advance(&mut self, done: Completion) -> Action {
        match mem::replace(&mut self.state, State::Last) {
            State::Idle | State::Last => {
                self.state = State::Idle;
                Action::Finished
            }
            State::Counting(request) => {
                self.count = done.unwrap_or(0);
                self.counted(request)
            }
            State::Finding(finding) => self.finding(finding, done),
            State::Listing(listing) => self.listing(listing, done),
            State::Joining(joining) => self.joining(joining, done),
            State::Saving(saving) => self.saving(saving, done),
            State::Editing(editing) => self.editing(editing, done),
            State::Deleting(deleting) => self.deleting(deleting, done),
            State::Erasing(erasing) => self.erasing(erasing, done),
        }
    }

    /// The number of saved networks is known: refuse, begin, or first find the active one.
    fn counted(&mut self, request: Request) -> Action {
        match request {
            Request::Edit { from, to } => self.begin_edit(from, to),
            Request::Save { .. } if usize::from(self.count) >= MAX_SAVED_NETWORKS => {
                self.answer(Kind::Save, Status::Failure)
            }
            Request::Save { connect: false } => self.begin_append(),
            Request::Join { priority } if self.priority(priority).is_none() => {
                self.answer(Kind::Save, Status::Failure)
            }
            Request::Delete { priority } if self.priority(priority).is_none() => {
                self.answer(Kind::Delete, Status::Failure)
            }
            Request::List { .. }
            | Request::Join { .. }
            | Request::Save { .. }
            | Request::Delete { .. }
            | Request::EraseAll => self.begin_finding(request),
        }
    }

    /// The active network is known, or that there is none.
    fn found(&mut self, request: Request) -> Action {
        match request {
            Request::List { max } => self.begin_list(max),
            Request::Join { priority } => match self.priority(priority) {
                Some(priority) => self.begin_join(priority),
                None => self.answer(Kind::Save, Status::Failure),
            },
            Request::Save { .. } => self.begin_trial(),
            Request::Delete { priority } => match self.priority(priority) {
                Some(priority) => self.begin_delete(priority),
                None => self.answer(Kind::Delete, Status::Failure),
            },
            Request::EraseAll => self.begin_erase(),
            Request::Edit { from, to } => self.begin_edit(from, to),
        }
    }

    /// Checks a priority against the number of saved networks.
    fn priority(&self, asked: i16) -> Option<u8> {
        u8::try_from(asked)
            .ok()
            .filter(|&priority| priority < self.count)
    }

    /// Where the network of a priority lies in the store, which keeps networks in order of arrival.
    const fn storage(&self, priority: u8) -> u8 {
        self.count.saturating_sub(1).saturating_sub(priority)
    }

    /// Answers, and is done with the request.
    fn answer(&mut self, kind: Kind, status: Status) -> Action {
        self.state = State::Last;
        Action::Answer(kind, status)
    }
}

#[cfg(test)]
mod tests;
