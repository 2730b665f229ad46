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
#[repr(u8)]
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

impl Request {
    /// What a phone calls such a request. Erasing everything, which none can, counts as deleting.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::List { .. } => Kind::List,
            Self::Join { .. } | Self::Save { .. } => Kind::Save,
            Self::Edit { .. } => Kind::Edit,
            Self::Delete { .. } | Self::EraseAll => Kind::Delete,
        }
    }
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

/// Where a request stands. What a step is about lies in the service's registers, so that a step
/// fits one of the processor's.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Step {
    /// Nothing is left to do.
    Idle,
    /// Waiting for the number of saved networks.
    Count,
    Find(active::Step),
    List(list::Step),
    Join(join::Step),
    Save(save::Step),
    Edit(edit::Step),
    Delete(delete::Step),
    Erase,
    /// Erased, and answered.
    Erased,
}

/// Stands for "no saved network". Larger than any priority.
const NONE: u8 = u8::MAX;

/// The provisioning service. Holds no profile and no secret.
pub struct Service {
    step: Step,
    request: Request,
    /// Priority of the saved network joined last, as long as nothing speaks against it, or [`NONE`].
    active: u8,
    /// How many networks are saved, as of the request in progress.
    count: u8,
    /// The priority the request is about, or the entry it is at.
    at: u8,
    /// The priority a network moves to, or how many entries were shown.
    to: u8,
    /// How many networks have their new place, or how many entries there are.
    done: u8,
    /// A failure to be answered later.
    failure: Status,
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

impl Service {
    /// A service that has done nothing. All zeros, so that a static one takes no room in flash.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            step: Step::Idle,
            request: Request::List { max: 0 },
            // The driver is asked before this is believed.
            active: 0,
            count: 0,
            at: 0,
            to: 0,
            done: 0,
            failure: Status::Success,
        }
    }

    /// Begins a request; gives the first action. A request still in progress is abandoned.
    pub fn begin(&mut self, request: Request) -> Action {
        self.request = request;
        self.step = Step::Count;
        Action::Count
    }

    /// Goes on with what the last action came to; gives the next one. After [`Action::Finished`]
    /// further calls are harmless and give it again.
    pub fn advance(&mut self, done: Completion) -> Action {
        match mem::replace(&mut self.step, Step::Idle) {
            Step::Idle => Action::Finished,
            Step::Count => {
                self.count = done.unwrap_or(0);
                self.counted()
            }
            Step::Find(step) => self.finding(step, done),
            Step::List(step) => self.listing(step, done),
            Step::Join(step) => self.joining(step, done),
            Step::Save(step) => self.saving(step, done),
            Step::Edit(step) => self.editing(step, done),
            Step::Delete(step) => self.deleting(step, done),
            Step::Erase => self.erasing(done),
            Step::Erased => self.erased(),
        }
    }

    /// The number of saved networks is known: refuse, begin, or first find the active one.
    fn counted(&mut self) -> Action {
        let (kind, asked) = match self.request {
            Request::List { .. } | Request::EraseAll => return self.begin_finding(),
            Request::Save { connect } => {
                if usize::from(self.count) >= MAX_SAVED_NETWORKS {
                    return self.answer(Kind::Save, Status::Failure);
                }
                return if connect {
                    self.begin_finding()
                } else {
                    self.append()
                };
            }
            Request::Edit { from, to } => {
                self.to = u8::try_from(to).unwrap_or(NONE);
                (Kind::Edit, if self.to < self.count { from } else { -1 })
            }
            Request::Join { priority } => (Kind::Save, priority),
            Request::Delete { priority } => (Kind::Delete, priority),
        };
        self.at = u8::try_from(asked).unwrap_or(NONE);
        if self.at >= self.count {
            self.answer(kind, Status::Failure)
        } else if kind == Kind::Edit {
            self.begin_edit()
        } else {
            self.begin_finding()
        }
    }

    /// Whether one of the saved networks is the active one is known.
    fn found(&mut self) -> Action {
        match self.request {
            Request::List { .. } => self.begin_list(),
            Request::Join { .. } => self.begin_join(),
            Request::Save { .. } => self.begin_trial(),
            Request::Delete { .. } => self.begin_delete(),
            // An edit does not ask.
            Request::EraseAll | Request::Edit { .. } => self.begin_erase(),
        }
    }

    /// Where the network of a priority lies in the store, which keeps networks in order of arrival.
    const fn storage(&self, priority: u8) -> u8 {
        self.count.wrapping_sub(1).wrapping_sub(priority)
    }

    /// Loads the network of a priority, and goes on with `step`.
    fn load(&mut self, priority: u8, step: Step) -> Action {
        self.step = step;
        Action::Load(self.storage(priority))
    }

    /// Answers; the request is done, unless a step is set afterwards.
    fn answer(&mut self, kind: Kind, status: Status) -> Action {
        self.step = Step::Idle;
        Action::Answer(kind, status)
    }
}

#[cfg(test)]
mod tests;
