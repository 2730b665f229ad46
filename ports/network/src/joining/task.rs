//! The one task that joins saved networks: begun, told to end, and awaited.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::Poll;

use embassy_futures::select::select;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_sync::waitqueue::MultiWakerRegistration;
use embassy_time::Instant;

use super::{Joiner, Step};
use crate::deadline::reached;
use crate::manager::View;

/// Tasks that may wait for the end without waking each other.
const WAITERS: usize = 2;

/// What became of a try.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The network is joined and gave an address.
    Joined,
    /// It is not.
    NotJoined,
    /// Nothing was tried: WiFi was connected, through somebody else, when it was our turn.
    AlreadyConnected,
}

/// The saved networks of the platform.
///
/// Context: the joining task; both may block.
pub trait SavedNetworks {
    /// How many there are.
    fn count(&self) -> u16;

    /// Joins one, unless WiFi is connected when it is the caller's turn. That must be looked at with
    /// the radio in hand: a phone that was quicker must not be undone.
    fn join(&self, index: u16) -> Outcome;
}

/// What [`Joining::start`] found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Started {
    /// Nothing runs: the caller is to start a task that runs [`Joining::run`], or to
    /// [`withdraw`](Joining::withdraw).
    Spawn,
    /// It runs already, and goes on.
    Running,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Life {
    Ended,
    Running,
    Ending,
}

struct Shared {
    life: Life,
    waiters: MultiWakerRegistration<WAITERS>,
}

/// Whether the task runs, and waking it.
///
/// Context: any; nothing blocks.
pub struct Joining {
    shared: Mutex<CriticalSectionRawMutex, RefCell<Shared>>,
    look: Signal<CriticalSectionRawMutex, ()>,
}

impl Joining {
    pub(crate) const fn new() -> Self {
        Self {
            shared: Mutex::new(RefCell::new(Shared {
                life: Life::Ended,
                waiters: MultiWakerRegistration::new(),
            })),
            look: Signal::new(),
        }
    }

    fn with<R>(&self, f: impl FnOnce(&mut Shared) -> R) -> R {
        self.shared.lock(|shared| f(&mut shared.borrow_mut()))
    }

    /// Something changed that the task should look at.
    pub(crate) fn look(&self) {
        self.look.signal(());
    }

    /// Begins, or takes back an end that was told but not yet come to.
    pub fn start(&self) -> Started {
        self.with(|shared| {
            let before = core::mem::replace(&mut shared.life, Life::Running);
            if before == Life::Ended {
                Started::Spawn
            } else {
                Started::Running
            }
        })
    }

    /// No task could be started.
    pub fn withdraw(&self) {
        self.with(|shared| {
            shared.life = Life::Ended;
            shared.waiters.wake();
        });
    }

    /// Tells the task to end: after the try that is under way, without another one.
    pub fn stop(&self) {
        self.with(|shared| {
            if shared.life == Life::Running {
                shared.life = Life::Ending;
            }
        });
        self.look.signal(());
    }

    /// Waits until the task has ended, or was started anew.
    pub async fn ended(&self) {
        poll_fn(|context| {
            self.with(|shared| {
                if shared.life == Life::Ending {
                    shared.waiters.register(context.waker());
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
        })
        .await;
    }

    /// Whether the task is to end; if so, it has.
    fn ends(&self) -> bool {
        self.with(|shared| {
            let ends = shared.life == Life::Ending;
            if ends {
                shared.life = Life::Ended;
                shared.waiters.wake();
            }
            ends
        })
    }

    /// Joins saved networks until told to end. In one task, which may block in `saved`.
    pub async fn run(&self, view: impl Fn() -> View, saved: &impl SavedNetworks) {
        let mut joiner = Joiner::new(&view());
        while !self.ends() {
            let step = joiner.step(Instant::now(), &view(), || saved.count());
            let until = match step {
                Step::Try { index, count } => {
                    log::info!(target: "network", "Joining saved network {} of {count}.", index.saturating_add(1));
                    let outcome = saved.join(index);
                    joiner.tried(index, outcome, Instant::now());
                    continue;
                }
                Step::Wait(until) => until,
                Step::NoneJoined { pause, until } => {
                    log::info!(target: "network", "No saved network can be joined; trying again in {} s.", pause.as_secs());
                    Some(until)
                }
                Step::NothingSaved { until } => {
                    log::info!(target: "network", "No network is saved; waiting for a phone to add one.");
                    Some(until)
                }
            };
            select(self.look.wait(), reached(until)).await;
        }
    }
}

#[cfg(test)]
#[path = "task_tests.rs"]
mod tests;
