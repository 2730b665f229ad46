//! Messages of the phone on their way to the task that carries them out.
//!
//! **When full**: two requests wait. Up to two more are refused with status 1, each in its turn:
//! the phone tells answers apart by their order alone. What comes beyond those is dropped.

use core::cell::UnsafeCell;

use super::desk::Desk;
use super::log;
use crate::config::QUEUE_SLOTS;
use crate::message::amazon::request::{self, Rejected};
use crate::profile::Profile;
use crate::rtos::{Handoff, Kept};
use crate::service::{Kind, Request};
use crate::status::Status;

/// Requests and refusals that wait.
const WAITING: usize = 2 * QUEUE_SLOTS;

/// What the task does next.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Work {
    /// Carry out a request. A new network's profile is the desk's candidate.
    Do(Request),
    /// Answer what cannot be done.
    Refuse(Kind, Status),
}

/// The messages that wait.
pub(super) struct Inbox {
    works: Handoff<Work, WAITING>,
    /// One for each [`Request::Save`] in the row of works, in the same order.
    profiles: Handoff<Profile, QUEUE_SLOTS>,
}

impl Inbox {
    pub(super) const fn new() -> Self {
        Self {
            // Nothing anybody reads yet, and all zeros, so that it takes no room in flash.
            works: Handoff::new(
                [const { UnsafeCell::new(Work::Do(Request::List { max: 0 })) }; WAITING],
            ),
            profiles: Handoff::new([const { UnsafeCell::new(Profile::new()) }; QUEUE_SLOTS]),
        }
    }

    /// Takes a message in.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn receive(&self, message: &[u8]) {
        let has_room = self.works.waiting() < QUEUE_SLOTS;
        let mut work = None;
        let mut receive = |profile: &mut Profile| {
            work = read(message, Some(&mut *profile), has_room);
            if matches!(work, Some(Work::Do(Request::Save { .. }))) {
                return Kept::Yes;
            }
            profile.wipe();
            Kept::No
        };
        // SAFETY: the caller promises to be the only giver.
        if unsafe { self.profiles.give(&mut receive) }.is_none() {
            work = read(message, None, has_room);
        }
        let given = work.and_then(|work| {
            // SAFETY: the caller promises to be the only giver.
            unsafe {
                self.works.give(|place| {
                    *place = work;
                    Kept::Yes
                })
            }
        });
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
        let work = unsafe { self.works.take(|work| *work) }?;
        if let Work::Do(Request::Save { .. }) = work {
            // SAFETY: the caller promises to be the only taker.
            let taken = unsafe {
                self.profiles.take(|profile| {
                    desk.put_candidate(profile);
                    profile.wipe();
                })
            };
            taken?;
        }
        Some(work)
    }
}

/// Reads a message. What there is no room for is refused.
#[inline(never)]
fn read(message: &[u8], profile: Option<&mut Profile>, has_room: bool) -> Option<Work> {
    let work = match request::decode(message, profile) {
        Ok(request) => Work::Do(request),
        Err(Rejected::Refused(kind, status)) => return Some(Work::Refuse(kind, status)),
        Err(Rejected::Unrecognised) => return None,
    };
    match work {
        Work::Do(request) if !has_room => {
            log::full();
            Some(Work::Refuse(request.kind(), Status::Failure))
        }
        Work::Do(_) | Work::Refuse(..) => Some(work),
    }
}
