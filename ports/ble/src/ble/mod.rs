//! What the BLE task and the tasks of the application share: one value behind one short lock.
//!
//! | file | what an application does there |
//! |---|---|
//! | `transfer` | send and receive messages (`IotBleDataTransfer_*`) |
//! | `device` | switch BLE on and off, answer questions, forget phones (`IotBle_*`) |
//! | `presence` | hear who is there |
//! | `task` | what the BLE task itself asks for and reports |
//!
//! Listeners are called outside the lock, so they may call anything here.

mod device;
#[cfg(test)]
mod offer_tests;
mod presence;
mod task;
#[cfg(test)]
pub(crate) mod tests;
mod transfer;

use core::cell::RefCell;
use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_sync::waitqueue::MultiWakerRegistration;
use embassy_time::{Duration, with_timeout};
use heapless::String;

pub use device::{Forget, Observer, PairingResult};
pub use presence::Presence;
pub(crate) use task::{Link, Subscription};
pub use transfer::{ChannelEvent, ChannelId, Listener, SendError};

use crate::channel::{Handshake, MTU_MIN, Outbox, Waiting};
use crate::config::{MQTT_MESSAGE_MAX, MQTT_OUTBOX_BYTES, NAME_MAX, OUTBOX_BYTES, TX_MESSAGE_MAX};
use crate::endpoints::{Desk, Random};
use crate::pairing::{Admission, Comparison, Strangers};
use crate::tasks::Tasks;

/// One device's BLE, as the application sees it. There is one of them: [`BLE`].
pub struct Ble {
    state: Mutex<CriticalSectionRawMutex, RefCell<State>>,
    /// The BLE task has something to do.
    work: Signal<CriticalSectionRawMutex, ()>,
    /// A random number of the controller.
    random: Signal<CriticalSectionRawMutex, u64>,
    /// As many of them as are wanted.
    pub(crate) random_octets: Random,
    /// Requests to Espressif's endpoints, and answers.
    pub(crate) endpoints: Desk,
}

/// The device's BLE.
pub static BLE: Ble = Ble::new();

/// Tasks that may wait for the BLE task at once without waking each other.
const WAITERS: usize = 4;

struct State {
    mqtt: Channel<Outbox<MQTT_OUTBOX_BYTES>>,
    provisioning: Channel<Outbox<OUTBOX_BYTES>>,
    /// The MTU of the connection, or what one starts with.
    mtu: u16,
    /// The phone that is connected.
    peer: Option<[u8; 6]>,
    /// The phone has asked for an MTU on this connection.
    mtu_agreed: bool,
    observer: Option<&'static dyn Observer>,
    presence: Presence,
    /// Who is told of it.
    hook: Option<presence::Hook>,
    comparison: Comparison,
    /// The host was told so a moment ago.
    confirmed: bool,
    strangers: Strangers,
    admission: Admission,
    link: Link,
    forget: Option<Forget>,
    /// What was to be forgotten is, and how it went; `None` until then.
    forgotten: Option<bool>,
    name: Option<String<NAME_MAX>>,
    /// BLE is wanted on the air.
    on: bool,
    /// BLE is off the air: no advertising and no connection.
    idle: bool,
    tasks: Option<&'static dyn Tasks>,
    /// The task that polls `run`.
    task: Option<usize>,
    waiters: MultiWakerRegistration<WAITERS>,
}

struct Channel<O: ?Sized = dyn Waiting> {
    handshake: Handshake,
    listener: Option<&'static dyn Listener>,
    /// A large message waits, or the phone has yet to fetch the end of one.
    large: bool,
    /// The phone subscribed to TX, to TX-large.
    subscribed: bool,
    subscribed_large: bool,
    /// Counts resets; whoever holds half a message of an earlier count must drop it.
    generation: u32,
    /// The listener is being called.
    calling: bool,
    /// The longest message sent.
    longest: usize,
    outbox: O,
}

impl<const N: usize> Channel<Outbox<N>> {
    const fn new(longest: usize) -> Self {
        Self {
            handshake: Handshake::new(),
            listener: None,
            large: false,
            subscribed: false,
            subscribed_large: false,
            generation: 0,
            calling: false,
            longest,
            outbox: Outbox::new(),
        }
    }
}

impl Channel {
    /// Drops all that is half sent or received, in both directions.
    fn reset(&mut self) {
        self.outbox.clear();
        self.large = false;
        self.generation = self.generation.wrapping_add(1);
    }
}

impl Ble {
    pub(crate) const fn new() -> Self {
        Self {
            state: Mutex::new(RefCell::new(State {
                mqtt: Channel::new(MQTT_MESSAGE_MAX),
                provisioning: Channel::new(TX_MESSAGE_MAX),
                mtu: MTU_MIN,
                peer: None,
                mtu_agreed: false,
                observer: None,
                presence: Presence {
                    authenticated: false,
                    mqtt: false,
                    provisioning: false,
                },
                hook: None,
                comparison: Comparison::new(),
                confirmed: false,
                strangers: Strangers::new(),
                admission: Admission::new(),
                link: Link::Gone,
                forget: None,
                forgotten: Some(true),
                name: None,
                on: false,
                idle: true,
                tasks: None,
                task: None,
                waiters: MultiWakerRegistration::new(),
            })),
            work: Signal::new(),
            random: Signal::new(),
            random_octets: Random::new(),
            endpoints: Desk::new(),
        }
    }

    fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        self.state.lock(|state| f(&mut state.borrow_mut()))
    }

    fn with_channel<R>(&self, id: ChannelId, f: impl FnOnce(&mut Channel) -> R) -> R {
        self.with(|state| {
            f(match id {
                ChannelId::Mqtt => &mut state.mqtt,
                ChannelId::Provisioning => &mut state.provisioning,
            })
        })
    }

    /// The kernel's tasks, unless the caller is the BLE task, which must not wait for itself.
    fn other_task(&self) -> Option<&'static dyn Tasks> {
        let (tasks, task) = self.with(|state| (state.tasks, state.task));
        tasks.filter(|tasks| Some(tasks.current()) != task)
    }

    /// Lets the calling task sleep until `ready` gives something or the time is up. Where the
    /// caller may not wait, looks once.
    pub(crate) fn wait_for<R>(
        &self,
        timeout: Duration,
        mut ready: impl FnMut(&Self) -> Option<R>,
    ) -> Option<R> {
        if let Some(found) = ready(self) {
            return Some(found);
        }
        let tasks = self.other_task()?;
        let mut found = None;
        let looked = with_timeout(
            timeout,
            poll_fn(|context| {
                // Registered before looking, so that no change falls between.
                self.with(|state| state.waiters.register(context.waker()));
                ready(self).map_or(Poll::Pending, Poll::Ready)
            }),
        );
        tasks.block_on(pin!(async { found = looked.await.ok() }));
        found
    }

    /// Tells tasks that wait to look again.
    pub(crate) fn changed(&self) {
        self.with(|state| state.waiters.wake());
    }
}
