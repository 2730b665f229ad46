//! The one set of endpoints. Touched by who has the lock `PROTOCOMM`.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::UnsafeCell;

use super::NAMES;
use super::applications::{Handler, REGISTERED};
use super::random::Project;
use crate::ffi::instance::Ready;
use crate::protocomm::{
    APPLICATION_ID, Answer, BUILT_IN, Connection, Job, Outcome, Protocomm, Refused, Security,
};
use crate::rtos::Signals;

/// One set of endpoints, or none. `None` is all zeros, so that the room takes none in flash.
type Contents = Option<Box<[(Protocomm, Project)]>>;

struct Room(UnsafeCell<Contents>);

// SAFETY: touched by who has the lock alone.
unsafe impl Sync for Room {}

static ROOM: Room = Room(UnsafeCell::new(None));

/// Works with the contents; waits for whoever does. Not without the service: its end is that of the endpoints, and
/// who works with them when it comes empties the room.
fn with_contents<T>(service: Ready, work: impl FnOnce(&mut Contents) -> T) -> Option<T> {
    let signals = service.signals();
    if !signals.lock(Signals::PROTOCOMM, Signals::FOREVER) {
        return None;
    }
    // SAFETY: the lock makes this the only reference.
    let contents = unsafe { &mut *ROOM.0.get() };
    let result = service.is_there().then(|| work(contents));
    if !service.is_there() {
        // Wipes what is secret, and gives the memory back.
        *contents = None;
    }
    signals.set(Signals::PROTOCOMM);
    result
}

/// The service is gone: so are the endpoints, and their secrets. Waits for a request that is being answered, at most
/// so many ticks; one that takes longer empties the room when it is done.
pub(in crate::ffi) fn service_gone(service: Ready, ticks: u32) {
    let signals = service.signals();
    if signals.lock(Signals::PROTOCOMM, ticks) {
        signals.set(Signals::PROTOCOMM);
        let _ = with_contents(service, |_| ());
    }
}

/// Works with the endpoints, if they are open.
fn with_open<T>(service: Ready, work: impl FnOnce(&mut Protocomm, &mut Project) -> T) -> Option<T> {
    with_contents(service, |contents| {
        let (protocomm, random) = contents.as_mut()?.first_mut()?;
        Some(work(protocomm, random))
    })?
}

/// Works with the endpoints while somebody serves, and wakes who does: there may be something to do.
fn while_served(
    work: impl FnOnce(&mut Protocomm, &mut Project) -> Result<Answer, Refused>,
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
    with_contents(service, |contents| {
        if contents.is_some() {
            return false;
        }
        // Asks for memory without giving up when there is none, which a box cannot.
        let mut one = Vec::new();
        if one.try_reserve_exact(1).is_err() {
            return false;
        }
        one.push((Protocomm::new(security, attempts), random));
        *contents = Some(one.into_boxed_slice());
        true
    })
    .unwrap_or(false)
}

pub(super) fn close() -> bool {
    let Some(service) = Ready::find() else {
        return false;
    };
    with_contents(service, |contents| {
        // Wipes what is secret, and gives the memory back.
        contents.take().is_some()
    })
    .unwrap_or(false)
}

pub(super) fn register(
    service: Ready,
    name: &str,
    handler: Handler,
    context: *mut cty::c_void,
) -> bool {
    with_contents(service, |_| {
        // SAFETY: the lock makes this the only call.
        unsafe { REGISTERED.add(name, handler, context) }
    })
    .unwrap_or(false)
}

/// The name, NUL-terminated and for ever, and the number of an endpoint. Waits for nobody.
pub(super) fn endpoint(index: usize) -> Option<(*const cty::c_char, u16)> {
    if let (Some(name), Some((_, id, _))) = (NAMES.get(index), BUILT_IN.get(index)) {
        return Some((name.as_ptr().cast(), *id));
    }
    let place = index.checked_sub(BUILT_IN.len())?;
    let id = APPLICATION_ID.checked_add(u16::try_from(place).ok()?)?;
    Some((REGISTERED.name(place)?, id))
}

pub(super) fn handle(
    connection: Connection,
    endpoint: &str,
    request: &[u8],
    out: &mut [u8],
) -> Result<Answer, Refused> {
    while_served(|protocomm, random| {
        let mut applications = &REGISTERED;
        protocomm.handle(
            connection,
            endpoint,
            request,
            out,
            random,
            &mut applications,
        )
    })
}

pub(super) fn pending(connection: Connection, out: &mut [u8]) -> Result<Answer, Refused> {
    while_served(|protocomm, _| protocomm.pending(connection, out))
}

pub(super) fn disconnected(connection: Connection) {
    if let Some(service) = Ready::find() {
        let _ = with_open(service, |protocomm, _| protocomm.disconnected(connection));
    }
}

/// What the service's task is to do next.
pub(in crate::ffi) fn next_job(service: Ready) -> Option<Job> {
    with_open(service, |protocomm, _| protocomm.next_job())?
}

/// What a job came to. Endpoints that were closed meanwhile are told nothing.
pub(in crate::ffi) fn done(service: Ready, outcome: Outcome) {
    let _ = with_open(service, |protocomm, _| protocomm.done(outcome));
}
