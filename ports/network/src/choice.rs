//! The network that carries data now, and following it from any task.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::Poll;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::waitqueue::MultiWakerRegistration;

use crate::network::Network;

/// Tasks that may wait for a change at once. More of them still hear of every change; they only
/// wake each other in between.
const WAITERS: usize = 4;

struct Chosen {
    best: Option<Network>,
    /// How often `best` has changed; wraps.
    changes: u32,
    waiters: MultiWakerRegistration<WAITERS>,
}

/// The network that carries data. One in a `static`; tests make their own and [`set`](Self::set) it.
pub struct Choice {
    chosen: Mutex<CriticalSectionRawMutex, RefCell<Chosen>>,
}

impl Choice {
    /// No network.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            chosen: Mutex::new(RefCell::new(Chosen {
                best: None,
                changes: 0,
                waiters: MultiWakerRegistration::new(),
            })),
        }
    }

    /// The network that carries data now; `None` when there is none.
    ///
    /// Context: any; does not block.
    #[must_use]
    pub fn best(&self) -> Option<Network> {
        self.chosen.lock(|chosen| chosen.borrow().best)
    }

    /// Says which network carries data. `None` is a change too. A link that was lost and is back
    /// must be set to what was between, so that whoever used the lost one hears of it.
    ///
    /// Context: any; does not block. The network manager alone, and tests.
    pub fn set(&self, best: Option<Network>) {
        self.chosen.lock(|chosen| {
            let mut chosen = chosen.borrow_mut();
            if chosen.best != best {
                chosen.best = best;
                chosen.changes = chosen.changes.wrapping_add(1);
                chosen.waiters.wake();
            }
        });
    }

    /// A view for one task; what changed until now is known to it.
    ///
    /// Context: any; does not block.
    #[must_use]
    pub fn links(&self) -> Links<'_> {
        Links {
            choice: self,
            seen: Cell::new(self.changes()),
        }
    }

    fn changes(&self) -> u32 {
        self.chosen.lock(|chosen| chosen.borrow().changes)
    }
}

impl Default for Choice {
    fn default() -> Self {
        Self::new()
    }
}

/// One task's view on the network that carries data: the interface for an MQTT session.
///
/// ```
/// # async fn session(_: port_network::Network) {}
/// # async fn example() {
/// let links = port_network::links();
/// loop {
///     if let Some(network) = links.best() {
///         // Ends the session when `best` changed: the link below may be another one even if `best`
///         // reads as before.
///         embassy_futures::select::select(session(network), links.changed()).await;
///     } else {
///         links.changed().await;
///     }
/// }
/// # }
/// ```
///
/// Each task makes its own; it is `Send` and not `Sync`.
pub struct Links<'c> {
    choice: &'c Choice,
    seen: Cell<u32>,
}

impl Links<'_> {
    /// The network that carries data now: WiFi, else BLE, else none. WiFi that comes back while BLE
    /// carries data counts from when it has lasted `STEADY`.
    ///
    /// Context: any; does not block.
    #[must_use]
    pub fn best(&self) -> Option<Network> {
        self.choice.best()
    }

    /// Whether [`changed`](Self::changed) would return at once; the change is then known.
    ///
    /// Context: any; does not block.
    #[must_use]
    pub fn take_change(&self) -> bool {
        let now = self.choice.changes();
        self.seen.replace(now) != now
    }

    /// Waits until [`best`](Self::best) has changed since this view was made or since the last
    /// `changed` that returned. Returns at once when that has been so already, and several changes
    /// are one: also WiFi that was lost and is back, when `best` reads as before but connections over
    /// it are dead. No change is missed. May be dropped half-way without losing one.
    ///
    /// Context: a future for any executor; the waker may be called in any context.
    pub async fn changed(&self) {
        poll_fn(|context| {
            self.choice.chosen.lock(|chosen| {
                let mut chosen = chosen.borrow_mut();
                if chosen.changes == self.seen.get() {
                    chosen.waiters.register(context.waker());
                    Poll::Pending
                } else {
                    self.seen.set(chosen.changes);
                    Poll::Ready(())
                }
            })
        })
        .await;
    }
}

#[cfg(test)]
#[path = "choice_tests.rs"]
mod tests;
