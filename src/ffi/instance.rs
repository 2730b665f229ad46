//! The one service of the device: who may touch what, and when.
//!
//! | part | touched by |
//! |---|---|
//! | [`Control`] | anyone, in a section no other task interrupts |
//! | the inbox, giving | who has the lock `RECEIVER` |
//! | the inbox, taking; the worker | who has the lock `FREE` |
//! | the channel | atomics; opened and closed by who claimed the loop |
//!
//! Who uses the service holds a [`Session`]; the kernel object goes with the last one.

use core::cell::UnsafeCell;
use core::mem;

use super::abi;
use super::channel::Channel;
use super::desk::Desk;
use super::inbox::{Inbox, Work};
use super::log;
use crate::driver;
use crate::message::amazon::response;
use crate::platform::{Gone, Nobody, Phone};
use crate::rtos::{self, Handle, NO_HANDLE, Signals, uninterrupted};
use crate::service::{Request, Service};
use crate::status::Status;

/// Whether the service is there, and who uses it.
struct Control {
    /// Null while the service is not initialised.
    signals: Handle,
    /// How many sessions there are.
    users: u8,
    /// A loop runs or is about to.
    is_serving: bool,
    /// The service ends with its last session.
    is_leaving: bool,
}

/// What carries requests out.
struct Worker {
    service: Service,
    desk: Desk,
}

struct Instance {
    control: UnsafeCell<Control>,
    worker: UnsafeCell<Worker>,
    inbox: Inbox,
    channel: Channel,
}

// SAFETY: every part is touched as the table above says.
unsafe impl Sync for Instance {}

static INSTANCE: Instance = Instance {
    control: UnsafeCell::new(Control {
        signals: NO_HANDLE,
        users: 0,
        is_serving: false,
        is_leaving: false,
    }),
    worker: UnsafeCell::new(Worker {
        service: Service::new(),
        desk: Desk::new(),
    }),
    inbox: Inbox::new(),
    channel: Channel::new(),
};

/// The phone's channel.
pub(super) fn channel() -> &'static Channel {
    &INSTANCE.channel
}

/// Runs a short section on the control block.
fn control<T>(section: impl FnOnce(&mut Control) -> T) -> T {
    // SAFETY: no other task runs during the section, and sections do not nest.
    uninterrupted(|| section(unsafe { &mut *INSTANCE.control.get() }))
}

/// What [`init`] found.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Init {
    Done,
    Already,
    NoMemory,
}

/// Makes the service ready.
pub(super) fn init() -> Init {
    let created = Signals::create();
    if created.is_null() {
        return Init::NoMemory;
    }
    let surplus = control(|control| {
        if control.signals.is_null() {
            control.signals = created;
            NO_HANDLE
        } else {
            created
        }
    });
    if surplus.is_null() {
        return Init::Done;
    }
    // SAFETY: created above and never published.
    unsafe { Signals::delete(surplus) };
    // A service on its way out, held by a request in progress, stays after all.
    if control(|control| mem::replace(&mut control.is_leaving, false)) {
        Init::Done
    } else {
        Init::Already
    }
}

/// The right to use the service, which exists as long as there is one.
pub(super) struct Session(Signals);

impl Session {
    /// `None` before [`init`].
    pub(super) fn begin() -> Option<Self> {
        control(|control| {
            if control.signals.is_null() || (control.is_leaving && !control.is_serving) {
                return None;
            }
            control.users = control.users.checked_add(1)?;
            // SAFETY: the handle is deleted with the last session.
            Some(Self(unsafe { Signals::new(control.signals) }))
        })
    }

    /// Takes the loop; false when somebody has it.
    pub(super) fn claim_loop(&self) -> bool {
        control(|control| {
            if control.is_serving || control.is_leaving {
                return false;
            }
            // Before anybody can stop this loop, what was left of the last one goes.
            let _ = self
                .0
                .clear(Signals::STOP | Signals::STOPPED | Signals::WORK);
            control.is_serving = true;
            true
        })
    }

    /// Takes the channel for a claimed loop; gives the loop back when that fails.
    pub(super) fn open_channel(&self) -> bool {
        let opened = INSTANCE.channel.open();
        if !opened {
            self.give_loop_back();
        }
        opened
    }

    /// Gives everything a claimed loop has back.
    pub(super) fn close_channel(&self) {
        INSTANCE.channel.close();
        self.with_worker(|worker| {
            // SAFETY: the worker's lock makes this the only taker.
            while unsafe { INSTANCE.inbox.next(&mut worker.desk) }.is_some() {}
            worker.desk.wipe_profiles();
        });
        self.give_loop_back();
    }

    fn give_loop_back(&self) {
        control(|control| control.is_serving = false);
        self.0.set(Signals::STOPPED);
    }

    /// Serves the phone until told to stop. The channel is open.
    pub(super) fn serve(&self) {
        log::serving();
        while self.0.wait(Signals::WORK | Signals::STOP, None) & Signals::STOP == 0 {
            let _ = self.0.clear(Signals::WORK);
            while self.with_worker(Worker::next) && !self.is_stopping() {}
        }
        self.close_channel();
        log::stopped();
    }

    fn is_stopping(&self) -> bool {
        self.0.clear(0) & Signals::STOP != 0
    }

    /// Ends the loop after the request in progress. With `ticks`, waits so long for that; gives
    /// whether no loop runs any more.
    pub(super) fn stop(&self, ticks: Option<u32>) -> bool {
        if !control(|control| control.is_serving) {
            return true;
        }
        self.0.set(Signals::STOP);
        ticks.is_some() && self.0.wait(Signals::STOPPED, ticks) & Signals::STOPPED != 0
    }

    /// Lets the service end with its last session.
    pub(super) fn leave(self) {
        control(|control| control.is_leaving = true);
    }

    /// Carries out a request of the application.
    pub(super) fn run(&self, request: Request) -> Status {
        self.with_worker(|worker| {
            log::request(request);
            let status = driver::run(&mut worker.service, request, &mut worker.desk, &mut Nobody);
            log::outcome(status);
            status
        })
    }

    fn with_worker<T>(&self, work: impl FnOnce(&mut Worker) -> T) -> T {
        self.0.lock(Signals::FREE);
        // SAFETY: the lock makes this the only reference.
        let result = work(unsafe { &mut *INSTANCE.worker.get() });
        self.0.set(Signals::FREE);
        result
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let last = control(|control| {
            control.users = control.users.saturating_sub(1);
            if control.users != 0 || !control.is_leaving {
                return NO_HANDLE;
            }
            control.is_leaving = false;
            mem::replace(&mut control.signals, NO_HANDLE)
        });
        // SAFETY: the last session is gone and no other can begin.
        unsafe { Signals::delete(last) };
    }
}

impl Worker {
    /// Carries out what waits longest; false when nothing does.
    fn next(&mut self) -> bool {
        // SAFETY: who has the worker has the lock that makes this the only taker.
        let Some(work) = (unsafe { INSTANCE.inbox.next(&mut self.desk) }) else {
            return false;
        };
        let mut phone = &INSTANCE.channel;
        match work {
            Work::Do(request) => {
                log::request(request);
                log::outcome(driver::run(
                    &mut self.service,
                    request,
                    &mut self.desk,
                    &mut phone,
                ));
            }
            Work::Refuse(kind, status) => {
                log::outcome(status);
                match phone.send(&response::status(kind, status)) {
                    // Whoever asked is gone; nothing is owed.
                    Ok(()) | Err(Gone) => {}
                }
            }
        }
        true
    }
}

/// Takes a message of the phone in. Called by the BLE host; does not block.
pub(super) fn receive(message: &[u8]) {
    let Some(session) = Session::begin() else {
        return;
    };
    // Platforms call from one task. Should one not, the second message is dropped, not mixed up.
    if session.0.try_lock(Signals::RECEIVER) {
        // SAFETY: the lock makes this the only giver.
        unsafe { INSTANCE.inbox.receive(message) };
        session.0.set(Signals::RECEIVER | Signals::WORK);
    }
}

/// Starts the loop in a task of its own; the channel is open.
pub(super) fn spawn(session: Session) -> bool {
    let spawned = rtos::spawn(task);
    if spawned {
        // The task has it.
        mem::forget(session);
    } else {
        session.close_channel();
    }
    spawned
}

/// The service's own task.
///
/// # Safety
///
/// Started by [`spawn`], which leaves it a session.
unsafe extern "C" fn task(_parameters: *mut cty::c_void) {
    let handle = control(|control| control.signals);
    // SAFETY: the handle is deleted with the last session, and `spawn` left one for this task.
    let session = Session(unsafe { Signals::new(handle) });
    session.serve();
    drop(session);
    rtos::delete_self();
}

/// How long Stop and Delete wait, ticks.
pub(super) const STOP_TICKS: u32 = abi::EDGE_STOP_TICKS as u32;
