//! One connection, from CONNECT to its end.

use core::cell::Cell;
use core::pin::pin;
use core::time::Duration;

use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::RawMutex;
use embassy_time::{Instant, with_timeout};
use port_network::Network;

use super::{Client, Failure, Notice};
use crate::packet::{self, Inbound};
use crate::session::{Event, Identity, PACKET_MAX, READ_MAX};
use crate::stream::{Broken, Received, Stream};

/// What a peer that we leave is waited for: to take the rest of a packet, and then the goodbye. One that does not read
/// would keep us from a better network.
const COURTESY: embassy_time::Duration = embassy_time::Duration::from_secs(2);

/// Room for a packet each way, about 9 KB.
pub(super) struct Packets {
    inbound: Inbound<PACKET_MAX>,
    chunk: [u8; READ_MAX],
    outbound: [u8; PACKET_MAX],
}

impl Packets {
    pub(super) const fn new() -> Self {
        Self {
            inbound: Inbound::new(),
            chunk: [0; READ_MAX],
            outbound: [0; PACKET_MAX],
        }
    }
}

/// A connection and everything it needs.
pub(super) struct Conversation<'a, M: RawMutex, N> {
    pub(super) client: &'a Client<M>,
    pub(super) identity: &'a Identity,
    pub(super) network: Network,
    pub(super) packets: &'a mut Packets,
    pub(super) notify: &'a mut N,
    /// When the broker accepted us.
    pub(super) accepted: &'a mut Option<Instant>,
}

/// How sending has ended.
enum Sent {
    /// There is nothing more to send.
    All,
    /// It is time to leave; the last packet is whole.
    Left,
    /// It is time to leave, and the peer does not take the rest of a packet: the stream is no more to be used.
    Cut,
}

/// Since the kernel's start, as the session counts.
fn now() -> Duration {
    Duration::from_micros(Instant::now().as_micros())
}

fn instant(at: Duration) -> Instant {
    Instant::from_micros(u64::try_from(at.as_micros()).unwrap_or(u64::MAX))
}

impl<M: RawMutex, N: FnMut(Notice<'_>)> Conversation<'_, M, N> {
    /// Talks until the stream or the broker fails, or `leave` is ready: then it says goodbye.
    ///
    /// # Errors
    ///
    /// Why it ended, other than by leaving.
    pub(super) async fn hold<S: Stream>(
        &mut self,
        stream: &mut S,
        leave: impl AsyncFn(),
    ) -> Result<(), Failure> {
        self.packets.inbound.clear();
        self.client
            .with(|session| session.opened(self.identity, now()));
        let left = Cell::new(false);
        while !left.get() {
            match self.send(stream, &leave).await? {
                Sent::All => {}
                Sent::Left => break,
                Sent::Cut => return Ok(()),
            }
            let deadline = self.client.with(|session| session.deadline());
            let until = deadline.map_or(Instant::MAX, instant);
            let work = self.client.work();
            let called = async {
                if let Either::Second(()) = select(work, leave()).await {
                    left.set(true);
                }
            };
            match stream.receive(&mut self.packets.chunk, until, called).await {
                Ok(Received::Nothing) => {}
                Ok(Received::Bytes(count)) => {
                    self.client.with(|session| session.alive(now()));
                    self.take(count)?;
                }
                Err(Broken) => return Err(self.broken()),
            }
            // After reading: what came while we were sending counts as heard.
            let checked = self.client.with(|session| session.check(now()));
            checked.map_err(Failure::Session)?;
        }
        if let Ok(length) = packet::disconnect(&mut self.packets.outbound) {
            let goodbye = self.packets.outbound.get(..length).unwrap_or_default();
            // We leave either way.
            let _ = with_timeout(COURTESY, stream.send(goodbye)).await;
        }
        Ok(())
    }

    fn broken(&self) -> Failure {
        if self.accepted.is_some() {
            Failure::Broken
        } else {
            Failure::Unaccepted
        }
    }

    /// Sends whatever there is to send, until `leave` is ready.
    async fn send<S: Stream>(
        &mut self,
        stream: &mut S,
        leave: &impl AsyncFn(),
    ) -> Result<Sent, Failure> {
        loop {
            let (bytes, message) = {
                let out = &mut self.packets.outbound;
                let identity = self.identity;
                let packet = self.client.with(|session| {
                    let packet = session.transmit(identity, now(), out);
                    packet.map(|packet| packet.map(|packet| (packet.bytes.len(), packet.message)))
                });
                // Every packet fits into `outbound`.
                let Ok(Some((length, message))) = packet else {
                    return Ok(Sent::All);
                };
                (
                    self.packets.outbound.get(..length).unwrap_or_default(),
                    message,
                )
            };
            let sending = with_timeout(stream.stall(), stream.send(bytes));
            let mut sending = pin!(sending);
            let (sent, left) = match select(&mut sending, leave()).await {
                Either::First(sent) => (sent, false),
                Either::Second(()) => match with_timeout(COURTESY, sending).await {
                    Ok(sent) => (sent, true),
                    Err(_) => return Ok(Sent::Cut),
                },
            };
            if !matches!(sent, Ok(Ok(()))) {
                return Err(self.broken());
            }
            if let Some(token) = message {
                (self.notify)(Notice::Sent(token, self.network));
            }
            if left {
                return Ok(Sent::Left);
            }
        }
    }

    /// Takes what was read.
    fn take(&mut self, count: usize) -> Result<(), Failure> {
        let Packets { inbound, chunk, .. } = &mut *self.packets;
        let mut bytes = chunk.get(..count).unwrap_or_default();
        loop {
            let taken = inbound.push(bytes);
            bytes = bytes.get(taken..).unwrap_or_default();
            let mut got = false;
            while let Some(incoming) = inbound
                .next()
                .map_err(|error| Failure::Session(crate::session::SessionError::Protocol(error)))?
            {
                got = true;
                let event = self.client.with(|session| session.receive(incoming, now()));
                match event.map_err(Failure::Session)? {
                    Event::Nothing => {}
                    Event::Connected => {
                        *self.accepted = Some(Instant::now());
                        self.client.set_network(Some(self.network));
                        (self.notify)(Notice::Connected(self.network));
                    }
                    Event::Acknowledged(token) => {
                        (self.notify)(Notice::Acknowledged(token, self.network));
                    }
                    Event::Subscribed(granted) => (self.notify)(Notice::Subscribed(granted)),
                    Event::Message(message) => {
                        (self.notify)(Notice::Message(message, self.network));
                    }
                    Event::Dropped => log::warn!("mqtt: a message was too large and is dropped"),
                }
            }
            if bytes.is_empty() || (taken == 0 && !got) {
                return Ok(());
            }
        }
    }
}
