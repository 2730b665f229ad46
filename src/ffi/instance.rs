//! The one service of the device: who may touch what, and when.
//!
//! | part | touched by |
//! |---|---|
//! | the inbox, giving | who has the lock `RECEIVER` |
//! | the inbox, taking; the worker | who has the lock `FREE` |
//! | the channel | who has the lock `LOOP`; the callback reads its atomics |

use core::cell::UnsafeCell;
use core::ptr;
use core::sync::atomic::AtomicPtr;

use super::abi;
use super::channel::{Channel, Visit};
use super::custom::Table;
use super::desk::Desk;
use super::inbox::{Asked, Inbox};
use super::log;
use super::outbox::Outbox;
#[cfg(feature = "espressif")]
use super::protocomm;
#[cfg(feature = "espressif")]
use crate::protocomm::serve;
use crate::rtos::{self, Object, Signals, uninterrupted};
use crate::service::{Request, Service};
use crate::status::Status;

/// What carries requests out.
#[repr(C)]
struct Worker {
    service: Service,
    desk: Desk,
}

#[repr(C)]
struct Instance {
    /// Null until the first initialisation.
    signals: AtomicPtr<Object>,
    channel: Channel,
    inbox: Inbox,
    /// Last, for it is the largest: what lies in front is reached by short instructions.
    worker: UnsafeCell<Worker>,
}

// SAFETY: every part is touched as the table above says.
unsafe impl Sync for Instance {}

/// All zeros, so that it takes no room in flash.
static INSTANCE: Instance = Instance {
    signals: AtomicPtr::new(ptr::null_mut()),
    channel: Channel::new(),
    inbox: Inbox::new(),
    worker: UnsafeCell::new(Worker {
        service: Service::new(),
        desk: Desk::new(),
    }),
};

/// How long Stop and Delete wait, ticks.
#[allow(
    clippy::unnecessary_cast,
    reason = "an enum is as wide as its values, and those depend on the tick rate"
)]
const STOP_TICKS: u32 = abi::EDGE_STOP_TICKS;

/// How long an application's request waits for one in progress, ticks. Longer than any driver joins;
/// only a task that was deleted in the middle of a request takes longer.
#[allow(
    clippy::unnecessary_cast,
    reason = "an enum is as wide as its values, and those depend on the tick rate"
)]
const TURN_TICKS: u32 = abi::EDGE_TURN_TICKS;

/// The phone's channel.
pub(super) fn channel() -> &'static Channel {
    &INSTANCE.channel
}

/// What [`init`] came to.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Init {
    Done,
    Already,
    NoMemory,
}

/// Makes the service ready.
pub(super) fn init() -> Init {
    let signals = Signals::create(&INSTANCE.signals);
    // Before the service is there, and never while it is.
    Table::find_if(|| signals.is_some_and(|signals| signals.bits() & Signals::ABSENT != 0));
    match signals {
        Some(signals) if signals.try_lock(Signals::ABSENT) => {
            let _ = Ready(signals).with_worker(STOP_TICKS, |worker| {
                worker.service.repair(&mut worker.desk);
                worker.desk.wipe();
            });
            Init::Done
        }
        Some(_) => Init::Already,
        None => Init::NoMemory,
    }
}

/// The service, initialised.
#[derive(Clone, Copy)]
pub(super) struct Ready(Signals);

impl Ready {
    /// `None` before [`init`] and after [`Self::leave`].
    pub(super) fn find() -> Option<Self> {
        let signals = Signals::find(&INSTANCE.signals)?;
        if signals.bits() & Signals::ABSENT == 0 {
            Some(Self(signals))
        } else {
            None
        }
    }

    /// Makes the service unready. A request in progress is carried out.
    pub(super) fn leave(self) {
        self.0.set(Signals::ABSENT);
    }

    /// Makes the service unready if no loop runs; gives whether that was so.
    pub(super) fn leave_if_idle(self) -> bool {
        // In one, so that no loop begins in between; setting a bit blocks nobody.
        uninterrupted(|| {
            let is_idle = self.0.bits() & Signals::LOOP != 0;
            if is_idle {
                self.leave();
            }
            is_idle
        })
    }

    /// Takes the loop; false when somebody has it, or the service is gone.
    pub(super) fn claim_loop(self) -> bool {
        // In one, so that nobody can tell this loop to stop before what the last one left is gone.
        uninterrupted(|| {
            let is_mine = self.0.bits() & Signals::ABSENT == 0 && self.0.try_lock(Signals::LOOP);
            if is_mine {
                let _ = self
                    .0
                    .clear(Signals::STOP | Signals::STOPPED | Signals::SERVING | Signals::WORK);
            }
            is_mine
        })
    }

    /// Takes the channel for a claimed loop; gives the loop back when that fails.
    pub(super) fn open_channel(self) -> bool {
        let opened = INSTANCE.channel.open();
        if !opened {
            self.0.set(Signals::LOOP | Signals::STOPPED);
        }
        opened
    }

    /// Serves the phone until told to stop, and gives the channel and the loop back.
    pub(super) fn serve(self) {
        log::serving();
        // A join that a phone of Espressif's protocol applied, and that was not begun before the last loop ended, waits
        // for no message.
        #[cfg(feature = "espressif")]
        self.0.set(Signals::SERVING | Signals::WORK);
        #[cfg(not(feature = "espressif"))]
        self.0.set(Signals::SERVING);
        while self.0.wait(Signals::WORK | Signals::STOP, Signals::FOREVER) & Signals::STOP == 0 {
            let _ = self.0.clear(Signals::WORK);
            while self.next(true) && self.0.bits() & Signals::STOP == 0 {}
            #[cfg(feature = "espressif")]
            while self.0.bits() & Signals::STOP == 0 && self.carry_out_job() {}
        }
        self.end_loop();
        log::stopped();
    }

    /// Carries out what waits longest, or drops it; false when nothing waits.
    #[inline(never)]
    fn next(self, is_serving: bool) -> bool {
        self.with_worker(Signals::FOREVER, |worker| worker.next(is_serving)) == Some(true)
    }

    /// Gives the channel and the loop back; requests that still wait are dropped.
    fn end_loop(self) {
        // A callback under way is waited for, and one that comes late finds the lock taken: the
        // platform frees in Close what the callback reads.
        let _ = self.0.lock(Signals::RECEIVER, Signals::FOREVER);
        INSTANCE.channel.close();
        while self.next(false) {}
        self.0
            .set(Signals::LOOP | Signals::STOPPED | Signals::RECEIVER);
    }

    /// Starts the loop in a task of its own, unless somebody serves already; gives whether somebody
    /// does.
    pub(super) fn start(self) -> bool {
        while !self.claim_loop() {
            let bits = self.0.bits();
            if bits & Signals::ABSENT != 0 {
                return false;
            }
            // Who has the loop may still fail to begin, and one that was told to stop is about to end.
            let awaited = if bits & Signals::STOP == 0 {
                Signals::STOPPED | Signals::SERVING
            } else {
                Signals::STOPPED
            };
            let came = self.0.wait(awaited, STOP_TICKS) & awaited;
            if came & Signals::STOPPED == 0 {
                return came != 0;
            }
        }
        self.open_channel() && self.spawn()
    }

    /// Starts the loop in a task of its own; the channel is open.
    fn spawn(self) -> bool {
        let spawned = rtos::spawn(task);
        if !spawned {
            self.end_loop();
        }
        spawned
    }

    /// Ends the loop after the request in progress. Gives whether no loop ran.
    pub(super) fn stop(self) -> bool {
        let is_idle = self.0.bits() & Signals::LOOP != 0;
        if !is_idle {
            self.0.set(Signals::STOP);
        }
        is_idle
    }

    /// Ends the loop and waits for that, at most the timeout of `wifi_provision.h`; gives whether
    /// no loop runs any more.
    pub(super) fn stop_and_wait(self) -> bool {
        self.stop() || self.0.wait(Signals::STOPPED, STOP_TICKS) & Signals::STOPPED != 0
    }

    /// Carries out what a phone asked for by Espressif's protocol; false when nothing waits.
    #[cfg(feature = "espressif")]
    #[inline(never)]
    fn carry_out_job(self) -> bool {
        let Some(job) = protocomm::next_job(self) else {
            return false;
        };
        let outcome = self.with_worker(Signals::FOREVER, |worker| {
            let outcome = serve::carry_out(job, &mut worker.service, &mut worker.desk);
            worker.desk.wipe();
            outcome
        });
        if let Some(outcome) = outcome {
            protocomm::done(self, outcome);
        }
        true
    }

    /// Whether it is initialised still.
    #[cfg(feature = "espressif")]
    pub(super) fn is_there(self) -> bool {
        self.0.bits() & Signals::ABSENT == 0
    }

    /// What goes with the service; after [`Self::leave`]. Waits for a request to the endpoints at most as long as for
    /// one to the service.
    #[cfg(feature = "espressif")]
    pub(super) fn clear_away(self) {
        protocomm::service_gone(self, STOP_TICKS);
    }

    /// What goes with the service: nothing.
    #[cfg(not(feature = "espressif"))]
    #[inline(always)]
    pub(super) const fn clear_away(self) {}

    /// Whether a loop runs.
    #[cfg(feature = "espressif")]
    pub(super) fn is_served(self) -> bool {
        self.0.bits() & Signals::LOOP == 0
    }

    /// The locks.
    #[cfg(feature = "espressif")]
    pub(super) const fn signals(self) -> Signals {
        self.0
    }

    /// Works with the worker; `None` when it was not to be had in time.
    fn with_worker<T>(self, ticks: u32, work: impl FnOnce(&mut Worker) -> T) -> Option<T> {
        let worker = self.take_worker(ticks)?;
        let result = work(worker);
        self.0.set(Signals::FREE);
        Some(result)
    }

    /// The worker, until its lock is set free.
    #[inline(never)]
    fn take_worker<'a>(self, ticks: u32) -> Option<&'a mut Worker> {
        if !self.0.lock(Signals::FREE, ticks) {
            return None;
        }
        // SAFETY: the lock makes this the only reference.
        Some(unsafe { &mut *INSTANCE.worker.get() })
    }
}

/// Carries out a request of the application; false before [`init`].
#[inline(never)]
pub(super) fn run(request: &Request) -> bool {
    Ready::find().is_some_and(|service| {
        service.with_worker(TURN_TICKS, |worker| worker.carry_out(request, None))
            == Some(Status::Success)
    })
}

/// Carries out a request of the application, unless it is moot when its turn comes; `None` then, and
/// before [`init`].
pub(super) fn run_unless(is_moot: impl FnOnce() -> bool, request: &Request) -> Option<Status> {
    Ready::find().and_then(|service| {
        let status = service.with_worker(TURN_TICKS, |worker| {
            (!is_moot()).then(|| worker.carry_out(request, None))
        });
        status.flatten()
    })
}

impl Worker {
    /// Takes what waits longest, and carries it out if so told; false when nothing waits.
    fn next(&mut self, is_serving: bool) -> bool {
        let mut asked = Asked::NOTHING;
        // SAFETY: who has the worker has the lock that makes this the only taker.
        let is_there = unsafe { INSTANCE.inbox.next(&mut self.desk, &mut asked) };
        if is_there {
            if is_serving {
                let _ = self.carry_out(&asked.request, asked.visit);
            } else {
                self.desk.wipe();
            }
        }
        is_there
    }

    #[inline(never)]
    fn carry_out(&mut self, request: &Request, phone: Option<Visit>) -> Status {
        log::request(*request);
        let status = self
            .service
            .carry_out(request, &mut self.desk, &mut Outbox::new(phone));
        self.desk.wipe();
        log::outcome(status);
        status
    }
}

/// Runs what takes a message of the phone in. Called by the BLE host; does not block.
///
/// Not run while the loop ends or there is none: nobody would carry the message out in this session,
/// and the next must not. Nor while another callback runs: platforms call from one task, and should
/// one not, the second message is dropped, not mixed up.
pub(super) fn while_receiving(take_in: impl FnOnce(&Inbox)) {
    if let Some(signals) = Signals::find(&INSTANCE.signals)
        && signals.try_lock(Signals::RECEIVER)
    {
        if signals.bits() & Signals::LOOP == 0 {
            take_in(&INSTANCE.inbox);
        }
        signals.set(Signals::RECEIVER | Signals::WORK);
    }
}

/// The service's own task.
///
/// # Safety
///
/// Started by [`Ready::spawn`] alone, which leaves it the loop.
unsafe extern "C" fn task(_parameters: *mut cty::c_void) {
    if let Some(signals) = Signals::find(&INSTANCE.signals) {
        Ready(signals).serve();
    }
    rtos::delete_self();
}
