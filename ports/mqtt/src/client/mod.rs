//! The client: the session, driven over whichever network carries data.
//!
//! ```text
//!  any task ── publish, subscribe ──► Client (the session, behind a lock)
//!                                        ▲ │ transmit, receive
//!  the task "mqtt": run() ───────────────┘ └──► TLS over TCP, or the phone's proxy over BLE
//! ```

mod backoff;
mod converse;
mod failure;
mod run;

use core::cell::{Cell, RefCell};
use core::future::Future;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::{CriticalSectionRawMutex, RawMutex};
use embassy_sync::signal::Signal;
use port_network::Network;

use crate::packet::{Publish, Qos};
use crate::session::{PublishError, Session, SubscribeError};
use crate::settings::Settings;
use crate::stream::Stream;
pub use failure::Failure;
pub use run::{Buffers, run};

/// Why there is no stream to the broker.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DialError {
    /// Nobody listens there.
    Refused,
    /// No answer in time.
    Timeout,
    /// The broker's name is not known to the network's name servers.
    UnknownName,
    /// The network is not there any more.
    NoNetwork,
    /// All sockets are in use.
    NoSocket,
}

/// What the outside provides: streams, the time, and random numbers. Every future may be dropped, those
/// of the streams too; the connection is closed then.
#[allow(
    async_fn_in_trait,
    reason = "one executor, one task: nothing needs Send"
)]
pub trait Outside {
    /// A connection to the broker over WiFi; closed when dropped.
    type Wifi: Stream;
    /// The phone's proxy. It is told DISCONNECT before it is dropped, if it still reads.
    type Ble<'s>: Stream
    where
        Self: 's;

    /// Connects to the broker over WiFi.
    ///
    /// # Errors
    ///
    /// See [`DialError`].
    async fn wifi(&mut self, host: &str, port: u16) -> Result<Self::Wifi, DialError>;

    /// Opens the phone's proxy.
    ///
    /// # Errors
    ///
    /// See [`DialError`].
    async fn ble(&mut self) -> Result<Self::Ble<'_>, DialError>;

    /// Seconds since 1970 in UTC; `None` when the board does not know.
    fn unix_time(&mut self) -> Option<u64>;

    /// Random numbers fit for keys; new ones at each call.
    fn seed(&mut self) -> [u8; 32];
}

/// What an application is told. Context of all: the task "mqtt", with no lock held; short.
pub enum Notice<'a> {
    /// The session goes on over this network.
    Connected(Network),
    /// The connection over this network has ended.
    Disconnected(Network),
    /// The message with this token was handed to this network; again after each loss.
    Sent(u32, Network),
    /// The message with this token has arrived at the broker.
    Acknowledged(u32, Network),
    /// A subscription was granted at this QoS, or refused.
    Subscribed(Option<Qos>),
    /// A message, which may come more than once.
    Message(Publish<'a>, Network),
}

/// The session and who waits for it. One in a `static`.
pub struct Client<M: RawMutex> {
    session: Mutex<M, RefCell<Session>>,
    work: Signal<CriticalSectionRawMutex, ()>,
    network: Mutex<CriticalSectionRawMutex, Cell<Option<Network>>>,
}

impl<M: RawMutex> Client<M> {
    /// A client that has not been online.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            session: Mutex::new(RefCell::new(Session::new())),
            work: Signal::new(),
            network: Mutex::new(Cell::new(None)),
        }
    }

    /// Takes a message; see [`Session::publish`]. Context: what the lock `M` allows.
    ///
    /// # Errors
    ///
    /// See [`PublishError`].
    pub fn publish(&self, topic: &str, payload: &[u8], qos: Qos) -> Result<u32, PublishError> {
        self.publish_and(topic, payload, qos, |_| {})
    }

    /// The same, and gives the message's number away before anybody can hear of it. `told` runs under the
    /// lock: it returns at once.
    pub(crate) fn publish_and(
        &self,
        topic: &str,
        payload: &[u8],
        qos: Qos,
        told: impl FnOnce(u32),
    ) -> Result<u32, PublishError> {
        let taken = self.with(|session| {
            session
                .publish(topic, payload, qos)
                .inspect(|number| told(*number))
        });
        self.work.signal(());
        taken
    }

    /// Subscribes; see [`Session::subscribe`]. Context: what the lock `M` allows.
    ///
    /// # Errors
    ///
    /// See [`SubscribeError`].
    pub fn subscribe(&self, filter: &str, qos: Qos) -> Result<(), SubscribeError> {
        let taken = self.with(|session| session.subscribe(filter, qos));
        self.work.signal(());
        taken
    }

    /// How many messages are not acknowledged yet.
    pub fn waiting(&self) -> usize {
        self.with(|session| session.waiting())
    }

    /// The network over which the broker is reached now. Context: any.
    pub fn network(&self) -> Option<Network> {
        self.network.lock(Cell::get)
    }

    fn with<T>(&self, look: impl FnOnce(&mut Session) -> T) -> T {
        self.session.lock(|session| look(&mut session.borrow_mut()))
    }

    fn set_network(&self, network: Option<Network>) {
        self.network.lock(|cell| cell.set(network));
    }

    fn work(&self) -> impl Future<Output = ()> {
        self.work.wait()
    }
}

impl<M: RawMutex> Default for Client<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// Everything [`run`] works with.
pub struct Parts<'a, M: RawMutex, O, N> {
    /// The session.
    pub client: &'a Client<M>,
    /// Which broker, and who we are.
    pub settings: &'a Settings<'a>,
    /// Streams, time, random numbers.
    pub outside: O,
    /// Is told what happens.
    pub notify: N,
}

#[cfg(test)]
pub(crate) mod tests;
