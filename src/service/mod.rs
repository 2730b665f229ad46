//! What a request does.
//!
//! The service decides and keeps no profile. It reaches the world through [`Wifi`] and [`Answers`]
//! alone: no C, no kernel, no clock, no protocol. Every call of the platform contract blocks, so an
//! operation is written as what it is, one step after the other; one file an operation.
//!
//! Which saved network the device joined last is what outlives a request; with the feature `espressif` also
//! what the last try of a phone came to. Whether the device is still on a network, the WiFi driver is asked.

mod delete;
mod edit;
mod last_try;
mod list;
#[cfg(feature = "espressif")]
mod replace;
mod save;
mod scan;

use crate::config::MAX_SCAN_NETWORKS;
use crate::platform::{Answers, Describe, Wifi};
use crate::status::{Cause, Status};
#[cfg(feature = "espressif")]
pub use last_try::LastTry;

/// A checked request. Priorities are still as asked for: how many networks are saved decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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
    /// Join the candidate profile, and save it as priority 0 in the place of those of its name and security. Only
    /// with the feature `espressif`.
    #[cfg(feature = "espressif")]
    Replace,
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
    /// Do nothing but answer: what was asked cannot be done.
    Refuse {
        /// What the answer is to.
        kind: Kind,
        /// Why: not success.
        status: Status,
    },
}

/// What an answer is to. The numbers are those of the Amazon protocol's requests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Kind {
    /// List saved networks, then scanned ones.
    List = 1,
    /// Save a new network, or join a saved one.
    Save = 3,
    /// Give a saved network another priority.
    Edit = 5,
    /// Forget a saved network.
    Delete = 7,
}

impl Request {
    /// A list of as many scanned networks as are asked for, within what there can be.
    #[must_use]
    #[inline(always)]
    pub const fn list(asked: i16) -> Self {
        Self::List {
            max: match asked {
                asked @ 1.. if asked < MAX_SCAN_NETWORKS as i16 => asked as u8,
                _ => MAX_SCAN_NETWORKS as u8,
            },
        }
    }

    /// Makes it one that is answered with that alone.
    #[inline(never)]
    pub(crate) fn refuse(&mut self, cause: Cause) {
        *self = Self::Refuse {
            kind: self.kind(),
            status: cause.into(),
        };
    }

    /// What an answer to this is to. Erasing everything, which no phone can, counts as deleting.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match *self {
            Self::List { .. } => Kind::List,
            Self::Join { .. } | Self::Save { .. } => Kind::Save,
            #[cfg(feature = "espressif")]
            Self::Replace => Kind::Save,
            Self::Edit { .. } => Kind::Edit,
            Self::Delete { .. } | Self::EraseAll => Kind::Delete,
            Self::Refuse { kind, .. } => kind,
        }
    }
}

/// Whose profile is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// The one that came with the request.
    Candidate,
    /// The one loaded last.
    Loaded,
}

/// Stands for "no saved network". Larger than any priority.
const NONE: usize = usize::MAX;

/// The provisioning service. Holds no profile and no secret.
pub struct Service {
    /// Priority of the saved network joined last, or [`NONE`]; the driver is asked before this is
    /// believed.
    active: usize,
    /// How many networks were saved when the last request ended.
    known: usize,
    #[cfg(feature = "espressif")]
    last_try: LastTry,
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
            active: 0,
            known: 0,
            #[cfg(feature = "espressif")]
            last_try: LastTry::NONE,
        }
    }

    /// Carries out a request; gives the status it was answered with. Blocks as long as the platform
    /// does.
    pub fn carry_out<W: Wifi>(
        &mut self,
        request: &Request,
        wifi: &mut W,
        answers: &mut impl Answers<W::Saved, W::Found>,
    ) -> Status {
        #[cfg(feature = "defmt")]
        defmt::info!("provisioning: {}", request);
        let mut run = Run {
            active: &mut self.active,
            count: self.known,
            #[cfg(feature = "espressif")]
            last_try: &mut self.last_try,
            wifi,
            answers,
        };
        let (outcome, then) = run.carry_out(request);
        self.known = run.count;
        let status = Status::from(outcome);
        if then != Then::Answered {
            run.answers.status(request.kind(), status);
        }
        // The phone has its answer: now comes what may end the link, or take long.
        match then {
            Then::Leave => run.leave(),
            Then::Return => run.return_to_active(),
            Then::Answered | Then::Rest => {}
        }
        #[cfg(feature = "defmt")]
        defmt::info!("provisioning: {}", status);
        status
    }
}

impl Service {
    /// Takes away what a power cut in the middle of an edit leaves: the network appended last may
    /// still be at its old place as well. Two networks that say the same to the last byte are one.
    pub fn repair(&mut self, wifi: &mut impl Wifi) {
        let Some(last) = wifi.count().ok().and_then(|count| count.checked_sub(1)) else {
            return;
        };
        // A store that gives nothing gives the same for all.
        if wifi.load(last).is_err() || wifi.loaded().describe().ssid.is_empty() {
            return;
        }
        wifi.keep_loaded();
        for index in 0..last {
            wifi.empty_loaded();
            if wifi.load(index).is_ok() && wifi.is_loaded_kept() {
                // If it cannot be removed now, the next start tries again.
                let _ = wifi.remove(index);
                return;
            }
        }
    }
}

/// What is left to do once the phone has its answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Then {
    /// Nothing.
    Rest,
    /// Nothing, not even answer: that is done.
    Answered,
    /// Leave the network the device is on.
    Leave,
    /// Return to the network the device was on.
    Return,
}

/// What a request came to.
type Outcome = (Result<(), Cause>, Then);

/// A request being carried out.
struct Run<'a, W, A> {
    active: &'a mut usize,
    /// How many networks are saved.
    count: usize,
    #[cfg(feature = "espressif")]
    last_try: &'a mut LastTry,
    wifi: &'a mut W,
    answers: &'a mut A,
}

impl<W: Wifi, A: Answers<W::Saved, W::Found>> Run<'_, W, A> {
    #[inline(always)]
    fn carry_out(&mut self, request: &Request) -> Outcome {
        // The store is not asked for what needs no store.
        if let Request::Refuse { status, .. } = *request {
            return (status.into(), Then::Rest);
        }
        if let Err(cause) = self.recount() {
            return (Err(cause), Then::Rest);
        }
        match *request {
            Request::List { max } => self.list(usize::from(max)),
            Request::Join { priority } => self.with(priority, Run::join),
            Request::Save { connect } => self.save(connect),
            #[cfg(feature = "espressif")]
            Request::Replace => self.replace(),
            Request::Edit { from, to } => {
                self.with(from, |run, from| run.with(to, |run, to| run.edit(from, to)))
            }
            Request::Delete { priority } => self.with(priority, Run::delete),
            Request::EraseAll => self.erase_all(),
            Request::Refuse { status, .. } => (status.into(), Then::Rest),
        }
    }

    /// Counts the saved networks. Fewer than were known may be a read that failed for a moment, and
    /// would make every priority mean another network: it has to be said twice.
    fn recount(&mut self) -> Result<(), Cause> {
        let mut count = self.wifi.count()?;
        if count < self.count {
            count = self.wifi.count()?;
        }
        self.count = count;
        Ok(())
    }

    /// Goes on with a priority, if there is a network of that priority.
    fn with(&mut self, asked: i16, operation: impl FnOnce(&mut Self, usize) -> Outcome) -> Outcome {
        // A negative one becomes larger than any count.
        let priority = usize::from(asked.cast_unsigned());
        if priority < self.count {
            operation(self, priority)
        } else {
            (Err(Cause::Failure), Then::Rest)
        }
    }

    /// Loads the network of a priority. The store keeps networks in order of arrival.
    fn load(&mut self, priority: usize) -> Result<(), Cause> {
        self.wifi.load(self.storage(priority))
    }

    /// Where the network of a priority lies in the store.
    const fn storage(&self, priority: usize) -> usize {
        self.count.wrapping_sub(1).wrapping_sub(priority)
    }

    /// Finds out which saved network the device is on. The driver knows: it is asked for the one
    /// joined last first, then for every other.
    fn find_active(&mut self) {
        let mut priority = *self.active;
        let mut next = 0;
        *self.active = NONE;
        if !self.wifi.is_online() {
            return;
        }
        loop {
            if priority < self.count && self.load(priority).is_ok() && self.wifi.is_on_loaded() {
                *self.active = priority;
                return;
            }
            if next >= self.count {
                return;
            }
            priority = next;
            next = next.wrapping_add(1);
        }
    }

    /// Joins a saved network again after an attempt to join another has failed.
    fn return_to_active(&mut self) {
        let priority = *self.active;
        if priority == NONE {
            return;
        }
        let is_back = self.load(priority).is_ok()
            // A driver that refused without trying has not left it.
            && (self.wifi.is_on_loaded() || self.wifi.join(Whose::Loaded).is_ok());
        if !is_back {
            *self.active = NONE;
        }
    }

    /// Leaves; a driver that cannot is not on a network either.
    fn leave(&mut self) {
        let _ = self.wifi.leave();
    }
}
