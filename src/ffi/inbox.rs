//! Messages of the phone on their way to the task that carries them out.
//!
//! **When full**: two requests wait. One more is refused with status 1, in its turn: the phone tells
//! answers apart by their order alone. So that order holds, everything is refused from then on
//! until the refusals are out. Eight refusals wait at most; what comes beyond them is dropped.

use core::cell::UnsafeCell;

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
#[repr(u8)]
pub(super) enum Work {
    /// Carry out a request. A new network's profile is the desk's candidate.
    Do(Request),
    /// Answer what cannot be done.
    Refuse(Kind, Status),
}

/// Refusals that wait.
const REFUSALS: usize = 8;

/// A message that waits.
struct Place {
    work: Work,
    profile: Profile,
}

impl Place {
    /// Nothing anybody reads yet, and all zeros, so that it takes no room in flash.
    const fn empty() -> Self {
        Self {
            work: Work::Do(Request::List { max: 0 }),
            profile: Profile::new(),
        }
    }
}

/// The messages that wait.
pub(super) struct Inbox {
    row: Handoff<Place, QUEUE_SLOTS>,
    /// A place that was never used has none.
    refused: Handoff<Option<Kind>, REFUSALS>,
}

impl Inbox {
    pub(super) const fn new() -> Self {
        Self {
            row: Handoff::new([const { UnsafeCell::new(Place::empty()) }; QUEUE_SLOTS]),
            refused: Handoff::new([const { UnsafeCell::new(None) }; REFUSALS]),
        }
    }

    /// Takes a message in.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn receive(&self, message: &[u8]) {
        if self.refused.is_empty() {
            // SAFETY: the caller promises to be the only giver.
            let given = unsafe { self.row.give(|place| read(message, place)) };
            if given.is_some() {
                return;
            }
        }
        let kind = match request::decode(message, None) {
            Ok(request) => request.kind(),
            Err(Rejected::Refused(kind, _)) => kind,
            Err(Rejected::Unrecognised) => return log::dropped(),
        };
        log::full();
        // SAFETY: the caller promises to be the only giver.
        let given = unsafe {
            self.refused.give(|place| {
                *place = Some(kind);
                Kept::Yes
            })
        };
        if given.is_none() {
            log::dropped();
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
        if next.is_some() {
            return next;
        }
        // SAFETY: the caller promises to be the only taker.
        unsafe { self.refused.take(|kind| kind.map(|kind| Work::Refuse(kind, Status::Failure))) }.flatten()
    }
}

/// Reads a message into a place of the row.
fn read(message: &[u8], place: &mut Place) -> Kept {
    let profile = &mut place.profile;
    let (work, kept) = match request::decode(message, Some(&mut *profile)) {
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
