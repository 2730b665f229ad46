//! Messages of the phone on their way to the task that carries them out.
//!
//! **When full**: two requests wait. Up to two more are refused with status 1, each in its turn:
//! the phone tells answers apart by their order alone. What comes beyond those is dropped.

use core::cell::UnsafeCell;

use super::desk::{Desk, Slot};
use super::log;
use crate::config::QUEUE_SLOTS;
use crate::message::amazon::request;
use crate::rtos::Handoff;
use crate::service::Request;
use crate::status::Cause;

/// Requests and refusals that wait.
const WAITING: usize = 2 * QUEUE_SLOTS;

/// A request, and during which visit to the channel it came.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) visit: u8,
}

impl Asked {
    pub(super) const NOTHING: Self = Self {
        request: Request::List { max: 0 },
        visit: 0,
    };
}

/// The messages that wait.
#[repr(C)]
pub(super) struct Inbox {
    requests: Handoff<Asked, WAITING>,
    /// One for each [`Request::Save`] in the row of requests, in the same order.
    profiles: Handoff<Slot, QUEUE_SLOTS>,
}

impl Inbox {
    pub(super) const fn new() -> Self {
        Self {
            // Nothing anybody reads yet, and all zeros, so that it takes no room in flash.
            requests: Handoff::new([const { UnsafeCell::new(Asked::NOTHING) }; WAITING]),
            profiles: Handoff::new([const { UnsafeCell::new(Slot::EMPTY) }; QUEUE_SLOTS]),
        }
    }

    /// Takes a message in, of that visit.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn receive(&self, message: &[u8], visit: u8) {
        let has_room = self.requests.waiting() < QUEUE_SLOTS;
        let mut slot = if has_room {
            // SAFETY: the caller promises to be the only giver.
            unsafe { self.profiles.empty() }
        } else {
            None
        };
        let request = request::decode(message, slot.as_deref_mut().map(Slot::profile_mut));
        if let Some(Request::Save { .. }) = request {
            // SAFETY: the place is the empty one, and touched no more.
            unsafe { self.profiles.leave() };
        } else if let Some(slot) = slot {
            slot.wipe();
        }
        // SAFETY: the caller promises to be the only giver.
        let place = unsafe { self.requests.empty() };
        let (Some(request), Some(place)) = (request, place) else {
            return log::dropped();
        };
        place.visit = visit;
        place.request = if has_room {
            request
        } else {
            log::full();
            Request::Refuse {
                kind: request.kind(),
                cause: Cause::Failure,
            }
        };
        // SAFETY: the place is the empty one, and touched no more.
        unsafe { self.requests.leave() };
    }

    /// Takes the next request out, if there is one; a new network's profile goes onto the desk.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn next(&self, desk: &mut Desk, asked: &mut Asked) -> bool {
        // SAFETY: the caller promises to be the only taker.
        let Some(place) = (unsafe { self.requests.full() }) else {
            return false;
        };
        *asked = *place;
        if let Request::Save { .. } = place.request
            // SAFETY: the caller promises to be the only taker.
            && let Some(slot) = unsafe { self.profiles.full() }
        {
            desk.profiles_mut().candidate.take(slot);
            // SAFETY: the place is the full one, and touched no more.
            unsafe { self.profiles.free() };
        }
        // SAFETY: the place is the full one, and touched no more.
        unsafe { self.requests.free() };
        true
    }
}
