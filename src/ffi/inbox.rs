//! Messages of the phone on their way to the task that carries them out.
//!
//! **When full**: two requests wait. One more is refused with status 1, in its turn: the phone tells
//! answers apart by their order alone. So that order holds, everything is refused from then on
//! until the refusals are out. At most 255 refusals of a kind are owed; beyond that a message is
//! dropped.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, Ordering};

use super::desk::Desk;
use super::log;
use crate::config::QUEUE_SLOTS;
use crate::message::amazon::Kind;
use crate::message::amazon::request::{self, Rejected};
use crate::profile::Profile;
use crate::rtos::{Handoff, Kept};
use crate::service::Request;
use crate::status::Status;

/// What the task does next.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// Carry out a request. A new network's profile is the desk's candidate.
    Do(Request),
    /// Answer what cannot be done.
    Refuse(Kind, Status),
}

/// A message that waits.
struct Place {
    work: Work,
    profile: Profile,
}

impl Place {
    const fn empty() -> Self {
        Self {
            work: Work::Refuse(Kind::List, Status::Failure),
            profile: Profile::new(),
        }
    }
}

/// Refusals owed for one kind of request: how many came, and how many are out.
struct Owed {
    came: AtomicU8,
    out: AtomicU8,
}

impl Owed {
    const fn none() -> Self {
        Self {
            came: AtomicU8::new(0),
            out: AtomicU8::new(0),
        }
    }

    fn count(&self) -> u8 {
        self.came
            .load(Ordering::Relaxed)
            .wrapping_sub(self.out.load(Ordering::Relaxed))
    }
}

/// The messages that wait.
pub(super) struct Inbox {
    row: Handoff<Place, QUEUE_SLOTS>,
    /// In the order of [`Kind::ALL`].
    owed: [Owed; Kind::ALL.len()],
}

impl Inbox {
    pub(super) const fn new() -> Self {
        Self {
            row: Handoff::new([const { UnsafeCell::new(Place::empty()) }; QUEUE_SLOTS]),
            owed: [const { Owed::none() }; Kind::ALL.len()],
        }
    }

    /// Takes a message in.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn receive(&self, message: &[u8]) {
        if self.owed.iter().all(|owed| owed.count() == 0) {
            // SAFETY: the caller promises to be the only giver.
            let given = unsafe { self.row.give(|place| read(message, place)) };
            if given.is_some() {
                return;
            }
        }
        match request::kind(message) {
            Ok(Some(kind)) => {
                log::full();
                for (owed, of) in self.owed.iter().zip(Kind::ALL) {
                    if of == kind && owed.count() < u8::MAX {
                        owed.came.store(
                            owed.came.load(Ordering::Relaxed).wrapping_add(1),
                            Ordering::Release,
                        );
                    }
                }
            }
            Ok(None) | Err(_) => log::dropped(),
        }
    }

    /// Takes the next message out; a new network's profile goes onto the desk.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn next(&self, desk: &mut Desk) -> Option<Work> {
        // SAFETY: the caller promises to be the only taker.
        let next = unsafe {
            self.row.take(|place| {
                if let Work::Do(Request::Save { .. }) = place.work {
                    desk.put_candidate(&place.profile);
                    place.profile.wipe();
                }
                place.work
            })
        };
        next.or_else(|| self.next_refusal())
    }

    fn next_refusal(&self) -> Option<Work> {
        let (owed, kind) = self
            .owed
            .iter()
            .zip(Kind::ALL)
            .find(|(owed, _)| owed.count() != 0)?;
        owed.out.store(
            owed.out.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Release,
        );
        Some(Work::Refuse(kind, Status::Failure))
    }
}

/// Reads a message into a place of the row.
fn read(message: &[u8], place: &mut Place) -> Kept {
    let profile = &mut place.profile;
    let (work, kept) = match request::decode(message, profile) {
        Ok(request @ Request::Save { .. }) => match profile.check() {
            Ok(()) => {
                place.work = Work::Do(request);
                return Kept::Yes;
            }
            Err(status) => (Work::Refuse(Kind::Save, status), Kept::Yes),
        },
        Ok(request) => (Work::Do(request), Kept::Yes),
        Err(Rejected::Refused(kind, status)) => (Work::Refuse(kind, status), Kept::Yes),
        Err(Rejected::Unrecognised) => {
            log::dropped();
            (place.work, Kept::No)
        }
    };
    place.work = work;
    place.profile.wipe();
    kept
}
