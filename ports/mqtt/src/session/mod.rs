//! The session: what is not acknowledged, what is subscribed to, who was heard when. It knows no
//! transport and no clock, and survives the end of any transport.
//!
//! ```text
//! opened ─► CONNECT ─► CONNACK ─► SUBSCRIBE each ─► PUBLISH, PUBACK, PINGREQ … ─► lost ─► opened …
//! ```
//!
//! Whoever drives it calls, over and over: [`transmit`](Session::transmit) until it gives nothing more,
//! [`receive`](Session::receive) for every packet, [`check`](Session::check) when
//! [`deadline`](Session::deadline) has come. A call too many does no harm. Time is a duration since
//! any moment that stays the same.

mod liveness;
mod outbox;
mod subscriptions;

use core::time::Duration;

use heapless::Deque;

use crate::packet::{self, Connack, EncodeError, Incoming, Packet, Qos};
use liveness::Liveness;
pub use outbox::{IN_FLIGHT, OUTBOX_BYTES, OUTBOX_MESSAGES};
use outbox::{Outbox, check_topic, id_for};
use subscriptions::Subscriptions;
pub use subscriptions::{SUBSCRIPTIONS, SubscribeError};

/// Longest topic, in bytes.
pub const TOPIC_MAX: usize = 128;
/// Longest payload, in bytes.
pub const PAYLOAD_MAX: usize = 4096;
/// Longest packet either way: fixed header, topic, identifier, payload.
pub const PACKET_MAX: usize = packet::MAX_HEADER + 2 + TOPIC_MAX + 2 + PAYLOAD_MAX;
/// Longest client identifier, in bytes; what every broker takes (MQTT 3.1.1, 3.1.3.1) is 23.
pub const CLIENT_ID_MAX: usize = 64;
/// How long the peer may take to answer CONNECT. A phone answers when its own connection stands.
pub const CONNACK_PATIENCE: Duration = Duration::from_secs(15);
/// How many keep-alives one packet of the peer's may take from its first byte to its last: at 60 s a message of some
/// megabytes has come by then, and whoever sends a byte now and then is not waited for.
pub const PACKET_KEEP_ALIVES: u32 = 20;
/// Most bytes to be read from a transport before everything due is sent.
pub const READ_MAX: usize = 512;
/// Length of the shortest message at QoS 1: fixed header, topic of one byte, identifier.
const SHORTEST: usize = 2 + 3 + 2;
/// How many acknowledgements to the peer wait: one for every message in what is read at once, the one that had begun
/// before included.
const ACKNOWLEDGEMENTS: usize = READ_MAX / SHORTEST + 1;

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PublishError {
    /// The outbox is full: nothing is dropped for it; try again when a message was acknowledged.
    Full,
    /// The topic is empty, too long, or holds a wildcard or NUL.
    Topic,
    /// The payload is longer than [`PAYLOAD_MAX`].
    TooLong,
}

/// Why a connection cannot go on; the session can, over another one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SessionError {
    /// The peer said what it must not.
    Protocol(packet::DecodeError),
    /// The peer refused us, with this return code.
    Refused(u8),
    /// Nothing was heard from the peer for the keep-alive time.
    Silent,
    /// The peer is not done with one packet after [`PACKET_KEEP_ALIVES`].
    Slow,
    /// The peer is there, but leaves a message unacknowledged.
    Unacknowledged,
    /// More messages came at once than the peer may have on their way.
    Flooded,
}

/// What a packet of the peer's means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Event<'a> {
    /// Nothing an application needs to know.
    Nothing,
    /// The session goes on over this transport.
    Connected,
    /// The message with this token has arrived.
    Acknowledged(u32),
    /// A subscription holds, at that QoS, or is refused.
    Subscribed(Option<Qos>),
    /// A message.
    Message(packet::Publish<'a>),
    /// A message was larger than [`PACKET_MAX`] and is dropped.
    Dropped,
}

/// A packet to be sent.
#[derive(Debug)]
#[must_use]
pub struct Transmit<'b> {
    /// Its bytes.
    pub bytes: &'b [u8],
    /// The token of the message in it.
    pub message: Option<u32>,
}

enum Phase {
    Offline,
    /// CONNECT has to be sent.
    Greeting,
    /// CONNECT was sent.
    Greeted,
    Online,
}

/// Who we are to the broker.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The client identifier; one device each.
    pub client_id: heapless::String<CLIENT_ID_MAX>,
    /// Seconds in which something is heard from the peer, or it is dead. At least 2.
    pub keep_alive: u16,
}

/// The session. It holds about 11 KB.
pub struct Session {
    phase: Phase,
    outbox: Outbox,
    subscriptions: Subscriptions,
    acknowledgements: Deque<u16, ACKNOWLEDGEMENTS>,
    last_id: u16,
    last_token: u32,
    liveness: Liveness,
}

impl Session {
    /// A session that has never been online.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            phase: Phase::Offline,
            outbox: Outbox::new(),
            subscriptions: Subscriptions::new(),
            acknowledgements: Deque::new(),
            last_id: 0,
            last_token: 0,
            liveness: Liveness::new(),
        }
    }

    /// Takes a message; gives the token by which it is told of. Messages are sent in this order.
    ///
    /// # Errors
    ///
    /// See [`PublishError`]; nothing has changed then.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: Qos) -> Result<u32, PublishError> {
        check_topic(topic)?;
        if payload.len() > PAYLOAD_MAX {
            return Err(PublishError::TooLong);
        }
        let token = self.last_token.wrapping_add(1);
        let id = self.next_id();
        self.outbox.push(token, topic, id_for(qos, id), payload)?;
        self.last_token = token;
        self.last_id = id;
        Ok(token)
    }

    /// How many messages are not done: to be sent, or unacknowledged.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.outbox.waiting()
    }

    /// Subscribes to a topic filter, now and over every transport to come.
    ///
    /// # Errors
    ///
    /// See [`SubscribeError`].
    pub fn subscribe(&mut self, filter: &str, qos: Qos) -> Result<(), SubscribeError> {
        self.subscriptions.add(filter, qos)
    }

    /// Whether the peer has accepted us.
    #[must_use]
    pub fn is_online(&self) -> bool {
        matches!(self.phase, Phase::Online)
    }

    /// A new transport stands.
    pub fn opened(&mut self, identity: &Identity, now: Duration) {
        self.lost();
        self.phase = Phase::Greeting;
        let keep_alive = Duration::from_secs(identity.keep_alive.max(2).into());
        self.liveness = Liveness::of(keep_alive, now);
    }

    /// The transport is gone. What was not acknowledged is sent again over the next one, in order.
    pub fn lost(&mut self) {
        self.phase = Phase::Offline;
        self.outbox.rewind();
        self.subscriptions.rewind();
        // The peer sends again what it did not see acknowledged.
        self.acknowledgements.clear();
    }

    /// The next packet to send, written to `out`; `None` when there is nothing to send now.
    ///
    /// # Errors
    ///
    /// [`EncodeError`] when `out` is smaller than [`PACKET_MAX`] and the packet does not fit.
    pub fn transmit<'b>(
        &mut self,
        identity: &Identity,
        now: Duration,
        out: &'b mut [u8],
    ) -> Result<Option<Transmit<'b>>, EncodeError> {
        match self.phase {
            Phase::Offline | Phase::Greeted => return Ok(None),
            Phase::Greeting => {
                // The broker keeps what it has for us while we are between two transports.
                let length = packet::connect(out, &identity.client_id, false, identity.keep_alive)?;
                self.phase = Phase::Greeted;
                return Ok(self.packet(out, length, now));
            }
            Phase::Online => {}
        }
        if let Some(id) = self.acknowledgements.front().copied() {
            let length = packet::puback(out, id)?;
            self.acknowledgements.pop_front();
            return Ok(self.packet(out, length, now));
        }
        let id = self.next_id();
        if let Some(length) = self.subscriptions.send(id, out)? {
            self.last_id = id;
            return Ok(self.packet(out, length, now));
        }
        if now >= self.liveness.ping() {
            let length = packet::pingreq(out)?;
            self.liveness.pinged();
            return Ok(self.packet(out, length, now));
        }
        let Some((bytes, token)) = self.outbox.send(now, out) else {
            return Ok(None);
        };
        self.liveness.sent(now);
        Ok(Some(Transmit {
            bytes,
            message: Some(token),
        }))
    }

    fn packet<'b>(&mut self, out: &'b [u8], length: usize, now: Duration) -> Option<Transmit<'b>> {
        self.liveness.sent(now);
        let bytes = out.get(..length)?;
        Some(Transmit {
            bytes,
            message: None,
        })
    }

    /// Bytes have come from the peer: call it before [`receive`](Self::receive) for the packets that they make whole,
    /// if they make any. A peer in the middle of a long packet is alive, and cannot say anything else.
    pub fn alive(&mut self, now: Duration) {
        if self.is_online() {
            self.liveness.bytes(now);
        }
    }

    /// Takes what the peer said.
    ///
    /// # Errors
    ///
    /// See [`SessionError`].
    pub fn receive<'a>(
        &mut self,
        incoming: Incoming<'a>,
        now: Duration,
    ) -> Result<Event<'a>, SessionError> {
        self.liveness.packet(now);
        let unexpected = SessionError::Protocol(packet::DecodeError::Unexpected);
        match (&self.phase, incoming) {
            (Phase::Greeted, Incoming::Packet(Packet::Connack(answer))) => match answer {
                Connack::Accepted { .. } => {
                    self.phase = Phase::Online;
                    Ok(Event::Connected)
                }
                Connack::Refused(code) => Err(SessionError::Refused(code)),
            },
            (Phase::Online, Incoming::Packet(packet)) => match packet {
                // A phone says again that it is connected when its own connection came back.
                Packet::Connack(Connack::Accepted { .. }) => Ok(Event::Nothing),
                Packet::Connack(Connack::Refused(code)) => Err(SessionError::Refused(code)),
                Packet::Publish(message) => {
                    self.owe(message.id)?;
                    Ok(Event::Message(message))
                }
                Packet::Puback(id) => Ok(self
                    .outbox
                    .acknowledge(id)
                    .map_or(Event::Nothing, Event::Acknowledged)),
                Packet::Suback(id, granted) => Ok(if self.subscriptions.answered(id) {
                    Event::Subscribed(granted)
                } else {
                    Event::Nothing
                }),
                Packet::Pingresp => {
                    self.liveness.answered();
                    Ok(Event::Nothing)
                }
            },
            (Phase::Online, Incoming::TooLarge(id)) => {
                self.owe(id)?;
                Ok(Event::Dropped)
            }
            _ => Err(unexpected),
        }
    }

    /// Looks whether the peer is still there.
    ///
    /// # Errors
    ///
    /// See [`SessionError`].
    pub fn check(&self, now: Duration) -> Result<(), SessionError> {
        match self.phase {
            Phase::Offline => Ok(()),
            Phase::Greeting | Phase::Greeted if now >= self.connack_due() => {
                Err(SessionError::Silent)
            }
            Phase::Greeting | Phase::Greeted => Ok(()),
            Phase::Online => self.liveness.check(self.outbox.oldest_sent(), now),
        }
    }

    /// When [`check`](Self::check) and [`transmit`](Self::transmit) have to be called again, at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match self.phase {
            Phase::Offline => None,
            Phase::Greeting | Phase::Greeted => Some(self.connack_due()),
            Phase::Online => Some(self.liveness.deadline(self.outbox.oldest_sent())),
        }
    }

    fn connack_due(&self) -> Duration {
        self.liveness.heard().saturating_add(CONNACK_PATIENCE)
    }

    /// Notes that a message of the peer's has to be acknowledged.
    fn owe(&mut self, id: Option<u16>) -> Result<(), SessionError> {
        match id {
            Some(id) => self
                .acknowledgements
                .push_back(id)
                .map_err(|_| SessionError::Flooded),
            None => Ok(()),
        }
    }

    /// A packet identifier that is in no use.
    fn next_id(&self) -> u16 {
        let mut id = self.last_id;
        loop {
            id = id.wrapping_add(1);
            // Far fewer are in use than there are.
            if id != 0 && !self.outbox.has_id(id) && !self.subscriptions.has_id(id) {
                return id;
            }
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
