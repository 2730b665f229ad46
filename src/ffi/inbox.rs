//! Messages of the phone on their way to the task that carries them out.
//!
//! **When full**: two requests wait. Up to two more are refused with status 1, each in its turn:
//! the phone tells answers apart by their order alone. What comes beyond those is dropped.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, Ordering};

use super::channel::Visit;
use super::custom::Table;
use super::desk::{Desk, Slot};
use super::log;
use crate::config::QUEUE_SLOTS;
use crate::message::amazon::request;
use crate::rtos::Handoff;
use crate::service::Request;
use crate::status::Cause;

/// Requests and refusals that wait.
const WAITING: usize = 2 * QUEUE_SLOTS;

/// A request, and what it came with. Moved in whole words.
#[derive(Clone, Copy)]
#[repr(align(4))]
pub(super) struct Asked {
    pub(super) request: Request,
    /// The visit it came in. `None` in a place that was never filled.
    pub(super) visit: Option<Visit>,
    /// Where the profile of a [`Request::Save`] lies: how many came before.
    saves: u8,
}

impl Asked {
    /// All zeros.
    pub(super) const NOTHING: Self = Self {
        request: Request::List { max: 0 },
        visit: None,
        saves: 0,
    };
}

/// The messages that wait.
#[repr(C)]
pub(super) struct Inbox {
    requests: Handoff<Asked, WAITING>,
    /// How many of [`Request::Save`] came. Only the giver reads and writes it.
    saves: AtomicU8,
    /// One for each of [`Request::Save`] that waits, in turn. Fewer than there are places wait when
    /// one is taken in, so the next in turn is nobody's.
    profiles: [UnsafeCell<Slot>; QUEUE_SLOTS],
}

// SAFETY: a profile belongs to the giver until its request is left, and then to the taker until
// that is freed.
unsafe impl Sync for Inbox {}

impl Inbox {
    pub(super) const fn new() -> Self {
        Self {
            // Nothing anybody reads yet, and all zeros, so that it takes no room in flash.
            requests: Handoff::new([const { UnsafeCell::new(Asked::NOTHING) }; WAITING]),
            saves: AtomicU8::new(0),
            profiles: [const { UnsafeCell::new(Slot::EMPTY) }; QUEUE_SLOTS],
        }
    }

    /// The profile of the request before which so many were to save one.
    fn profile(&self, saves: u8) -> Option<&UnsafeCell<Slot>> {
        self.profiles
            .get(usize::from(saves) & const { QUEUE_SLOTS.wrapping_sub(1) })
    }

    /// Takes a message in, of that visit.
    ///
    /// # Safety
    ///
    /// No other call of this function is in progress.
    pub(super) unsafe fn receive(&self, message: &[u8], visit: Visit) {
        // SAFETY: the caller promises to be the only giver.
        let Some(place) = (unsafe { self.requests.empty() }) else {
            return log::overrun();
        };
        let has_room = self.requests.waiting() < QUEUE_SLOTS;
        let saves = self.saves.load(Ordering::Relaxed);
        let mut slot = match self.profile(saves) {
            // SAFETY: of as many profiles as there are, fewer wait, so this one is the giver's; the
            // caller promises to be the only one.
            Some(slot) if has_room => Some(unsafe { &mut *slot.get() }),
            Some(_) | None => None,
        };
        let request = &mut place.request;
        let is_known = match Table::given() {
            None => {
                let draft = slot.as_deref_mut().map(Slot::profile_mut);
                request::decode_into(message, draft, request)
            }
            Some(table) => table.decode(message, slot.as_deref_mut(), request),
        };
        let is_save = is_known && matches!(request, Request::Save { .. });
        if is_save {
            self.saves.store(saves.wrapping_add(1), Ordering::Relaxed);
        } else if let Some(slot) = slot {
            slot.wipe();
        }
        if !is_known {
            return log::dropped();
        }
        if !has_room {
            log::full();
            request.refuse(Cause::Failure);
        }
        place.visit = Some(visit);
        place.saves = saves;
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
            && let Some(slot) = self.profile(place.saves)
        {
            // SAFETY: the profile is the taker's until the request is freed; the caller promises to
            // be the only one.
            desk.profiles_mut()
                .candidate
                .take(unsafe { &mut *slot.get() });
        }
        // SAFETY: the place is the full one, and touched no more.
        unsafe { self.requests.free() };
        true
    }
}
