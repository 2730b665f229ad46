//! Messages of the phone on their way to the task that carries them out.
//!
//! **When full**: two requests wait. Up to two more are refused with status 1, each in its turn:
//! the phone tells answers apart by their order alone. What comes beyond those is dropped.

use core::cell::UnsafeCell;

use super::desk::{Desk, Slot};
use super::{abi, log};
use crate::config::QUEUE_SLOTS;
use crate::message::amazon::request;
use crate::rtos::Handoff;
use crate::service::Request;
use crate::status::Status;

/// Requests and refusals that wait.
const WAITING: usize = 2 * QUEUE_SLOTS;

/// The messages that wait.
pub(super) struct Inbox {
    requests: Handoff<Request, WAITING>,
    /// One for each [`Request::Save`] in the row of requests, in the same order.
    profiles: Handoff<Slot, QUEUE_SLOTS>,
}

impl Inbox {
    pub(super) const fn new() -> Self {
        Self {
            // Nothing anybody reads yet, and all zeros, so that it takes no room in flash.
            requests: Handoff::new([const { UnsafeCell::new(Request::List { max: 0 }) }; WAITING]),
            profiles: Handoff::new([const { UnsafeCell::new(Slot::EMPTY) }; QUEUE_SLOTS]),
        }
    }

    /// Takes a message in.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn receive(&self, message: &[u8]) {
        let has_room = self.requests.waiting() < QUEUE_SLOTS;
        let slot = if has_room {
            // SAFETY: the caller promises to be the only giver.
            unsafe { self.profiles.empty() }
        } else {
            None
        };
        let request = match slot {
            Some(slot) => {
                let request = request::decode(message, Some(slot.profile_mut()));
                if let Some(Request::Save { .. }) = request {
                    // SAFETY: the place is the empty one, and touched no more.
                    unsafe { self.profiles.leave() };
                } else {
                    slot.wipe();
                }
                request
            }
            None => request::decode::<abi::WIFINetworkProfile_t>(message, None),
        };
        // SAFETY: the caller promises to be the only giver.
        let place = unsafe { self.requests.empty() };
        let (Some(request), Some(place)) = (request, place) else {
            return log::dropped();
        };
        *place = if has_room {
            request
        } else {
            log::full();
            Request::Refuse {
                kind: request.kind(),
                status: Status::Failure,
            }
        };
        // SAFETY: the place is the empty one, and touched no more.
        unsafe { self.requests.leave() };
    }

    /// Takes the next request out; a new network's profile goes onto the desk.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn next(&self, desk: &mut Desk) -> Option<Request> {
        // SAFETY: the caller promises to be the only taker.
        let request = *unsafe { self.requests.full() }?;
        if let Request::Save { .. } = request {
            // SAFETY: the caller promises to be the only taker.
            let slot = unsafe { self.profiles.full() }?;
            desk.profiles_mut().candidate.take(slot);
            // SAFETY: the place is the full one, and touched no more.
            unsafe { self.profiles.free() };
        }
        // SAFETY: the place is the full one, and touched no more.
        unsafe { self.requests.free() };
        Some(request)
    }
}
