//! Which saved network is tried when.
//!
//! All of them in the order of their priority, then a pause that doubles, for ever. A connection
//! begins that anew; after one that did not last, the next network is the better try. A phone goes
//! first for a while: whoever holds it may be about to choose a network. What a phone chose stays:
//! while WiFi is connected, nothing is tried.

use embassy_time::{Duration, Instant};

use super::Outcome;
use crate::manager::View;

/// How long things take.
pub mod limits {
    use super::Duration;

    /// The pause after a first pass over the saved networks in which none was joined; it doubles.
    pub const FIRST_PAUSE: Duration = Duration::from_secs(1);
    /// The longest pause.
    pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);
    /// How long a phone may put off what is due to be tried: as long as it takes to switch
    /// networks. One that stays longer is no longer waited for until it has been gone.
    pub const PHONE_FIRST: Duration = Duration::from_secs(30);
    /// A connection that lasted so long was a good one: after it, the first network is tried again.
    pub const HELD: Duration = Duration::from_secs(10);
    /// How often the saved networks are counted while there are none.
    pub const LOOK_AGAIN: Duration = Duration::from_secs(1);
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Join the saved network `index`, of `count`.
    Try {
        /// Its place, from 0.
        index: u16,
        /// How many there are.
        count: u16,
    },
    /// Nothing until then, or until something changes.
    Wait(Option<Instant>),
    /// The same, and say that no saved network could be joined.
    NoneJoined {
        /// How long the pause is.
        pause: Duration,
        /// When it ends.
        until: Instant,
    },
    /// The same, and say that there is no saved network.
    NothingSaved {
        /// When to count again.
        until: Instant,
    },
}

/// A phone that puts off what is due.
#[derive(Clone, Copy)]
struct First {
    visit: u32,
    until: Instant,
    /// Something was tried since.
    tried: bool,
}

/// The state of joining.
pub struct Joiner {
    /// Which network is next.
    next: u16,
    /// The next pause.
    pause: Duration,
    /// The pause, while there is one.
    resume: Option<Instant>,
    phone: Option<First>,
    /// Connections and visits seen so far.
    connections: u32,
    visits: u32,
    /// Since when WiFi is connected.
    since: Option<Instant>,
    /// The network we joined: the one of the present connection, and of one yet to be seen.
    ours: Option<u16>,
    fresh: Option<u16>,
    said_nothing_saved: bool,
}

impl Joiner {
    /// Begins with the first network. `view` is what there is at the start.
    #[must_use]
    pub const fn new(view: &View) -> Self {
        Self {
            next: 0,
            pause: limits::FIRST_PAUSE,
            resume: None,
            phone: None,
            connections: view.connections,
            visits: view.visits,
            since: None,
            ours: None,
            fresh: None,
            said_nothing_saved: false,
        }
    }

    fn begin_anew(&mut self) {
        self.next = 0;
        self.pause = limits::FIRST_PAUSE;
        self.resume = None;
    }

    /// Says what to do. `saved` counts the networks; it is asked only when that matters.
    pub fn step(&mut self, now: Instant, view: &View, saved: impl FnOnce() -> u16) -> Step {
        if self.connections != view.connections {
            self.connections = view.connections;
            self.since = Some(now);
            self.ours = self.fresh.take();
            self.resume = None;
        }
        if view.connected {
            return Step::Wait(None);
        }
        if let Some(since) = self.since.take() {
            self.lost(since, now, view);
        }
        if self.visits != view.visits && !view.phone {
            // It may have changed what is saved.
            self.visits = view.visits;
            self.begin_anew();
        }
        let count = saved();
        if count == 0 {
            return self.nothing_saved(now);
        }
        self.said_nothing_saved = false;
        if let Some(resume) = self.resume.take_if(|resume| now >= *resume).or(self.resume)
            && now < resume
        {
            return Step::Wait(Some(resume));
        }
        if self.next >= count {
            return self.none_joined(now);
        }
        if let Some(until) = self.phone_first(now, view) {
            return Step::Wait(Some(until));
        }
        Step::Try {
            index: self.next,
            count,
        }
    }

    /// What became of the network that was tried.
    pub fn tried(&mut self, index: u16, outcome: Outcome, now: Instant) {
        self.next = index.saturating_add(1);
        match outcome {
            Outcome::NotJoined => {}
            Outcome::Joined => {
                self.fresh = Some(index);
                // The connection is there, or told of in a moment.
                self.resume = Some(now.saturating_add(limits::FIRST_PAUSE));
            }
            Outcome::AlreadyConnected => {
                self.next = index;
                self.resume = Some(now.saturating_add(limits::FIRST_PAUSE));
            }
        }
    }

    /// The connection that was there since then is gone.
    fn lost(&mut self, since: Instant, now: Instant, view: &View) {
        // A phone that is here had no part in a connection that ended by itself. One that asked for
        // the end is about to choose another network.
        self.phone = (view.lost && view.phone).then_some(First {
            visit: view.visits,
            until: now,
            tried: false,
        });
        let held = now >= since.saturating_add(limits::HELD);
        match self.ours.take() {
            // Joined, and lost again: others may hold.
            Some(index) if !held => {
                self.begin_anew();
                self.next = index.saturating_add(1);
            }
            Some(_) | None => self.begin_anew(),
        }
    }

    fn nothing_saved(&mut self, now: Instant) -> Step {
        self.begin_anew();
        let until = now.saturating_add(limits::LOOK_AGAIN);
        if core::mem::replace(&mut self.said_nothing_saved, true) {
            Step::Wait(Some(until))
        } else {
            Step::NothingSaved { until }
        }
    }

    fn none_joined(&mut self, now: Instant) -> Step {
        let pause = self.pause;
        let until = now.saturating_add(pause);
        self.next = 0;
        self.resume = Some(until);
        self.pause = limits::LONGEST_PAUSE.min(pause.checked_add(pause).unwrap_or(pause));
        Step::NoneJoined { pause, until }
    }

    /// Until when a phone goes first; `None` when it is our turn, which is then taken.
    fn phone_first(&mut self, now: Instant, view: &View) -> Option<Instant> {
        if !view.phone {
            self.phone = None;
            return None;
        }
        // Another visit after a try of ours may put off the next one.
        let former = self
            .phone
            .filter(|first| first.visit == view.visits || !first.tried);
        let first = self.phone.insert(First {
            visit: view.visits,
            ..former.unwrap_or(First {
                visit: view.visits,
                until: now.saturating_add(limits::PHONE_FIRST),
                tried: false,
            })
        });
        if now < first.until {
            return Some(first.until);
        }
        first.tried = true;
        None
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
