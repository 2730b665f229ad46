//! The manager where tasks meet: inputs from any context, one task that tells subscribers.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::Poll;

use embassy_futures::select::select;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_sync::waitqueue::MultiWakerRegistration;
use embassy_time::Instant;

use crate::choice::Choice;
use crate::deadline::reached;
use crate::joining::Joining;
use crate::manager::{Input, Manager, View};
use crate::network::{Network, Networks, State};
use crate::subscriptions::{Notification, SubscribeError, Subscription};

/// Tasks that may wait for a callback to return without waking each other.
const WAITERS: usize = 2;

struct Shared<C> {
    manager: Manager<C>,
    waiters: MultiWakerRegistration<WAITERS>,
}

/// One device's network manager. One in a `static`.
///
/// Context: any, also interrupts and callbacks, unless a function says more. Nothing blocks.
pub struct Hub<C> {
    shared: Mutex<CriticalSectionRawMutex, RefCell<Shared<C>>>,
    /// The manager's task has something to do.
    work: Signal<CriticalSectionRawMutex, ()>,
    choice: &'static Choice,
    /// Who joins the saved networks.
    pub joining: Joining,
}

impl<C: Copy + Send> Hub<C> {
    /// All networks disabled. What carries data is published in `choice`.
    #[must_use]
    pub const fn new(choice: &'static Choice) -> Self {
        Self {
            shared: Mutex::new(RefCell::new(Shared {
                manager: Manager::new(),
                waiters: MultiWakerRegistration::new(),
            })),
            work: Signal::new(),
            choice,
            joining: Joining::new(),
        }
    }

    fn with<R>(&self, f: impl FnOnce(&mut Shared<C>) -> R) -> R {
        self.shared.lock(|shared| f(&mut shared.borrow_mut()))
    }

    /// Takes in what the platform tells.
    pub fn input(&self, input: Input) {
        let now = Instant::now();
        self.with(|shared| {
            shared
                .manager
                .input(input, now, |best| self.choice.set(best))
        });
        self.work.signal(());
        self.joining.look();
    }

    /// A network was switched on or off.
    pub fn enable(&self, network: Network, enabled: bool) {
        let now = Instant::now();
        self.with(|shared| {
            self.choice
                .set(shared.manager.enable(network, enabled, now))
        });
        self.work.signal(());
        self.joining.look();
    }

    /// The networks that are at a state.
    #[must_use]
    pub fn networks_at(&self, state: State) -> Networks {
        self.with(|shared| shared.manager.networks_at(state))
    }

    /// What joining looks at.
    #[must_use]
    pub fn view(&self) -> View {
        self.with(|shared| shared.manager.view())
    }

    /// Adds a subscription, see [`Manager::subscribe`].
    ///
    /// # Errors
    ///
    /// See [`SubscribeError`].
    pub fn subscribe(
        &self,
        networks: Networks,
        callback: C,
    ) -> Result<Subscription, SubscribeError> {
        self.subscribe_and(networks, callback, |_| {})
    }

    /// The same, and gives the subscription away before it is called. `told` runs under the lock: it
    /// returns at once.
    pub(crate) fn subscribe_and(
        &self,
        networks: Networks,
        callback: C,
        told: impl FnOnce(Subscription),
    ) -> Result<Subscription, SubscribeError> {
        self.with(|shared| {
            let subscribed = shared.manager.subscribe(networks, callback);
            subscribed.inspect(|subscription| told(*subscription))
        })
    }

    /// Removes a subscription: no call begins after this. False when it is not there. A call that is
    /// under way goes on; [`returned`](Self::returned) waits for its end.
    pub fn unsubscribe(&self, subscription: Subscription) -> bool {
        self.with(|shared| shared.manager.unsubscribe(subscription))
    }

    /// Waits until no call of this subscription is under way. For ever inside that call.
    pub async fn returned(&self, subscription: Subscription) {
        poll_fn(|context| {
            self.with(|shared| {
                if !shared.manager.is_telling(subscription) {
                    return Poll::Ready(());
                }
                shared.waiters.register(context.waker());
                Poll::Pending
            })
        })
        .await;
    }

    /// Tells subscribers, one call at a time and without any lock, and lets WiFi take over from BLE
    /// when its time has come. Runs for ever, in one task.
    pub async fn run(&self, mut tell: impl FnMut(Notification<C>)) -> ! {
        let links = self.choice.links();
        loop {
            while let Some(notification) = self.with(|shared| shared.manager.next_to_tell()) {
                tell(notification);
                self.with(|shared| {
                    shared.manager.told();
                    shared.waiters.wake();
                });
            }
            if links.take_change() {
                match links.best() {
                    Some(network) => log::info!(target: "network", "data goes over {network}"),
                    None => log::info!(target: "network", "no network carries data"),
                }
            }
            let due = self.with(|shared| shared.manager.due());
            select(self.work.wait(), reached(due)).await;
            let now = Instant::now();
            self.with(|shared| self.choice.set(shared.manager.look(now)));
        }
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
