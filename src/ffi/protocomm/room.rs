//! The one set of endpoints. Touched by who has the lock `PROTOCOMM`.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

use super::NAMES;
use super::applications::{Handler, Registered};
use super::random::Project;
use crate::ffi::instance::Ready;
use crate::protocomm::{
    APPLICATION_ID, Answer, BUILT_IN, Connection, Job, Outcome, Protocomm, Refused, Security,
};
use crate::rtos::Signals;

/// One, or none. `None` is all zeros, so that the room takes none in flash.
type Open = Option<Box<[(Protocomm, Project)]>>;

struct Room {
    open: UnsafeCell<Open>,
    applications: Registered,
}

// SAFETY: touched by who has the lock alone.
unsafe impl Sync for Room {}

static ROOM: Room = Room {
    open: UnsafeCell::new(None),
    applications: Registered::new(),
};

/// Works with the contents; waits for whoever does.
fn with_contents<T>(
    service: Ready,
    work: impl FnOnce(&mut Open, &'static Registered) -> T,
) -> Option<T> {
    let signals = service.signals();
    if !signals.lock(Signals::PROTOCOMM, Signals::FOREVER) {
        return None;
    }
    // SAFETY: the lock makes this the only reference.
    let result = work(unsafe { &mut *ROOM.open.get() }, &ROOM.applications);
    signals.set(Signals::PROTOCOMM);
    Some(result)
}

/// Works with the endpoints, if they are open.
fn with_open<T>(
    service: Ready,
    work: impl FnOnce(&mut Protocomm, &mut Project, &mut &Registered) -> T,
) -> Option<T> {
    with_contents(service, |open, mut applications| {
        let (protocomm, random) = open.as_mut()?.first_mut()?;
        Some(work(protocomm, random, &mut applications))
    })?
}

/// Works with the endpoints while somebody serves, and wakes who does: there may be something to do.
fn while_served(
    work: impl FnOnce(&mut Protocomm, &mut Project, &mut &Registered) -> Result<Answer, Refused>,
) -> Result<Answer, Refused> {
    let service = Ready::find().ok_or(Refused)?;
    if !service.is_served() {
        return Err(Refused);
    }
    let answered = with_open(service, work).ok_or(Refused)?;
    service.signals().set(Signals::WORK);
    answered
}

// The endpoints are made here, and not on the stack of what computes a verifier.
#[inline(never)]
pub(super) fn open(service: Ready, security: Security, attempts: u8, random: Project) -> bool {
    with_contents(service, |place, _| {
        if place.is_some() {
            return false;
        }
        // Asks for memory without giving up when there is none, which a box cannot.
        let mut one = Vec::new();
        if one.try_reserve_exact(1).is_err() {
            return false;
        }
        one.push((Protocomm::new(security, attempts), random));
        *place = Some(one.into_boxed_slice());
        true
    })
    .unwrap_or(false)
}

pub(super) fn close() -> bool {
    let Some(service) = Ready::find() else {
        return false;
    };
    with_contents(service, |open, _| {
        // Wipes what is secret, and gives the memory back.
        open.take().is_some()
    })
    .unwrap_or(false)
}

pub(super) fn register(
    service: Ready,
    name: &str,
    handler: Handler,
    context: *mut cty::c_void,
) -> bool {
    with_contents(service, |_, applications| {
        applications.add(name, handler, context)
    })
    .unwrap_or(false)
}

/// The name, NUL-terminated and for ever, and the number of an endpoint.
pub(super) fn endpoint(index: usize) -> Option<(*const cty::c_char, u16)> {
    if let (Some(name), Some((_, id, _))) = (NAMES.get(index), BUILT_IN.get(index)) {
        return Some((name.as_ptr().cast(), *id));
    }
    let place = index.checked_sub(BUILT_IN.len())?;
    let id = APPLICATION_ID.checked_add(u16::try_from(place).ok()?)?;
    let name = with_contents(Ready::find()?, |_, applications| applications.name(place))??;
    Some((name, id))
}

pub(super) fn handle(
    connection: Connection,
    endpoint: &str,
    request: &[u8],
    out: &mut [u8],
) -> Result<Answer, Refused> {
    while_served(|protocomm, random, applications| {
        protocomm.handle(connection, endpoint, request, out, random, applications)
    })
}

pub(super) fn pending(connection: Connection, out: &mut [u8]) -> Result<Answer, Refused> {
    while_served(|protocomm, _, _| protocomm.pending(connection, out))
}

pub(super) fn disconnected(connection: Connection) {
    if let Some(service) = Ready::find() {
        let _ = with_open(service, |protocomm, _, _| {
            protocomm.disconnected(connection)
        });
    }
}

/// What the service's task is to do next.
pub(in crate::ffi) fn next_job(service: Ready) -> Option<Job> {
    with_open(service, |protocomm, _, _| protocomm.next_job())?
}

/// What a job came to. Endpoints that were closed meanwhile are told nothing.
pub(in crate::ffi) fn done(service: Ready, outcome: Outcome) {
    let _ = with_open(service, |protocomm, _, _| protocomm.done(outcome));
}
