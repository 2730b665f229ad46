//! Answers to reads and writes, and messages on their way out.

use core::fmt::Write as _;

use heapless::String;
use trouble_host::Error;
use trouble_host::att::{AttClient, AttErrorCode, AttReq, AttRsp, AttUns};
use trouble_host::prelude::{GattConnection, GattData, GattEvent, ReadEvent, WriteEvent};

use super::endpoint::Held;
use super::link::Link;
use super::table::{Attribute, Database};
use crate::ble::{Ble, ChannelId, Subscription};
use crate::channel::{Received, chunk_size};
use crate::config::{Config, PACKETS_RESERVED, SERVER_MTU};
use crate::pool::Pool;

/// The connection's server: everything an answer needs.
pub(crate) struct Server<'a, 'd, 'stack, 'server> {
    pub(crate) ble: &'a Ble,
    pub(crate) config: &'a Config,
    pub(crate) database: &'a Database<'d>,
    pub(crate) link: &'a mut Link,
    pub(crate) held: &'a mut Option<Held<'stack, 'server>>,
}

type Connection<'stack, 'server> = GattConnection<'stack, 'server, Pool>;

impl<'stack, 'server> Server<'_, '_, 'stack, 'server> {
    /// Answers one request. The host has checked the permissions already.
    pub(crate) async fn answer(&mut self, event: GattEvent<'stack, 'server, Pool>) {
        let answered = match event {
            GattEvent::Read(read) => self.read(read).await,
            GattEvent::Write(write) => self.write(write).await,
            // Discovery, from the table, and long writes; and refusals, with the code the host chose.
            GattEvent::Other(other) => send(self.other(other)).await,
            GattEvent::NotAllowed(refused) => send(refused.accept()).await,
        };
        if let Err(error) = answered {
            log::error!(target: "ble", "a request was not answered: {error:?}");
        }
    }

    async fn read(&mut self, read: ReadEvent<'_, '_, Pool>) -> Result<(), Error> {
        let Some(attribute) = self.database.attribute(read.handle()) else {
            // Declarations: the table answers.
            return send(read.accept()).await;
        };
        let offset = match read.payload().incoming() {
            AttClient::Request(AttReq::ReadBlob { offset, .. }) => Some(usize::from(offset)),
            _ => None,
        };
        let payload = read.into_payload();
        let mut number = String::<5>::new();
        let name = self.ble.name();
        let value: &[u8] = match attribute {
            Attribute::Name => name.as_deref().unwrap_or(self.config.name).as_bytes(),
            Attribute::Appearance => &[0, 0],
            Attribute::Version => self.config.version.as_bytes(),
            Attribute::Broker => self.config.broker.as_bytes(),
            Attribute::Platform => self.config.platform().as_bytes(),
            Attribute::DeviceId => self.config.device_id().as_bytes(),
            Attribute::Mtu => text(&mut number, self.link.mtu_told),
            Attribute::MtuConfiguration => configuration(self.link.mtu_subscribed),
            Attribute::Control(id) => {
                if self.ble.ready(id) {
                    &[1]
                } else {
                    &[0]
                }
            }
            Attribute::TxConfiguration(id) => {
                configuration(self.ble.subscribed(id, Subscription::Small))
            }
            Attribute::TxLargeConfiguration(id) => {
                configuration(self.ble.subscribed(id, Subscription::Large))
            }
            Attribute::Endpoint(endpoint) => self.link.cache.read(endpoint),
            Attribute::EndpointName(name) => name.as_bytes(),
            Attribute::TxLarge(id) => return self.read_large(id, payload, offset).await,
            Attribute::Tx(_) | Attribute::Rx(_) | Attribute::RxLarge(_) => &[],
        };
        reply(
            payload,
            value.get(offset.unwrap_or(0)..).unwrap_or_default(),
            offset,
        )
        .await
    }

    /// The phone fetches the next chunk of a large message, or part of the last one again.
    async fn read_large(
        &mut self,
        id: ChannelId,
        payload: GattData<'_, Pool>,
        offset: Option<usize>,
    ) -> Result<(), Error> {
        let open = self.ble.is_open(id);
        let size = chunk_size(self.link.mtu);
        let outgoing = self.link.half(id, self.ble).outgoing;
        match offset {
            _ if !open => reply(payload, &[], offset).await,
            Some(at) => reply(payload, outgoing.read_again(at), offset).await,
            None => {
                let chunk = outgoing.read(size);
                let last = chunk.last;
                let replied = reply(payload, chunk.bytes, offset).await;
                if last {
                    self.ble.sent(id, true, true);
                }
                replied
            }
        }
    }

    async fn write(&mut self, write: WriteEvent<'stack, 'server, Pool>) -> Result<(), Error> {
        let Some(attribute) = self.database.attribute(write.handle()) else {
            return send(write.accept()).await;
        };
        if let Attribute::Endpoint(endpoint) = attribute {
            return match self.request(write, endpoint) {
                Some(reply) => send(reply).await,
                None => Ok(()),
            };
        }
        match write.with_data(|_, value| self.take(attribute, value)) {
            Ok(()) => send(write.accept_unprocessed()).await,
            Err(code) => send(write.reject(code)).await,
        }
    }

    /// Takes a written value. Sends nothing: what the application sends in answer goes out after
    /// the write is acknowledged.
    fn take(&mut self, attribute: Attribute, value: &[u8]) -> Result<(), AttErrorCode> {
        match attribute {
            Attribute::Control(id) => {
                self.ble
                    .control(id, value)
                    .map_err(|_| AttErrorCode::INVALID_ATTRIBUTE_VALUE_LENGTH)?;
                let ready = u8::from(self.ble.ready(id));
                self.database.store(attribute, &[ready]);
                let state = if ready == 1 { "ready" } else { "not ready" };
                log::info!(target: "ble", "the phone is {state} for {id:?}");
            }
            Attribute::Rx(id) => {
                if !self.ble.received(id, value) {
                    log::warn!(target: "ble", "a message of {} bytes for {id:?} was dropped: it is closed", value.len());
                }
            }
            Attribute::RxLarge(id) => self.take_chunk(id, value),
            Attribute::MtuConfiguration => {
                let on = notifications(value)?;
                self.link.mtu_subscribed = on;
                self.store_configuration(attribute, on);
            }
            Attribute::TxConfiguration(id) => {
                let on = notifications(value)?;
                self.ble.subscribe(id, Subscription::Small, on);
                self.store_configuration(attribute, on);
            }
            Attribute::TxLargeConfiguration(id) => {
                let on = notifications(value)?;
                self.ble.subscribe(id, Subscription::Large, on);
                self.store_configuration(attribute, on);
            }
            Attribute::Name
            | Attribute::Appearance
            | Attribute::Version
            | Attribute::Broker
            | Attribute::Mtu
            | Attribute::Platform
            | Attribute::DeviceId
            | Attribute::Tx(_)
            | Attribute::TxLarge(_)
            | Attribute::Endpoint(_)
            | Attribute::EndpointName(_) => return Err(AttErrorCode::WRITE_NOT_PERMITTED),
        }
        Ok(())
    }

    fn take_chunk(&mut self, id: ChannelId, chunk: &[u8]) {
        let size = chunk_size(self.link.mtu);
        let incoming = self.link.half(id, self.ble).incoming;
        if !self.ble.is_open(id) {
            incoming.clear();
            log::warn!(target: "ble", "a chunk for {id:?} was dropped: it is closed");
            return;
        }
        match incoming.push(chunk, size) {
            Received::More => {}
            Received::Whole(message) => {
                self.ble.received(id, message);
                incoming.clear();
            }
            Received::TooLong(front) => {
                self.ble.too_long(id, front);
                let dropped = incoming.dropped();
                incoming.clear();
                log::warn!(target: "ble", "a message for {id:?} was too long and dropped ({dropped} so far)");
            }
        }
    }

    /// Puts what a connection begins with into the table, so that a read by type tells no phone what
    /// another left there.
    pub(crate) fn store_values(&self) {
        self.store_mtu();
        self.store_configuration(Attribute::MtuConfiguration, false);
        for id in ChannelId::ALL {
            self.database.store(Attribute::Control(id), &[0]);
            self.store_configuration(Attribute::TxConfiguration(id), false);
            self.store_configuration(Attribute::TxLargeConfiguration(id), false);
        }
    }

    fn store_mtu(&self) {
        self.database
            .store(Attribute::Mtu, text(&mut String::new(), self.link.mtu_told));
    }

    fn store_configuration(&self, attribute: Attribute, on: bool) {
        self.database.store(attribute, configuration(on));
    }

    /// Follows the connection's MTU; tells a phone that wants to know.
    pub(crate) async fn follow_mtu(&mut self, connection: &Connection<'_, '_>) {
        let mtu = connection.raw().att_mtu();
        if !self.ble.mtu_agreed() || (mtu == self.link.mtu && mtu == self.link.mtu_told) {
            return;
        }
        self.link.mtu = mtu;
        self.link.mtu_told = mtu;
        self.ble.set_mtu(mtu);
        self.store_mtu();
        log::info!(target: "ble", "the MTU is {mtu}");
        self.ble.report(|observer| observer.mtu(mtu));
        if self.link.mtu_subscribed {
            let mut number = String::new();
            let value = text(&mut number, mtu);
            self.notify(connection, Attribute::Mtu, value).await;
        }
    }

    /// Sends what waits and can go.
    pub(crate) async fn pump(&mut self, connection: &Connection<'_, '_>) {
        for id in ChannelId::ALL {
            while self.send_next(id, connection).await {}
        }
    }

    /// Sends the next message of a channel. False when there is none that can go now.
    async fn send_next(&mut self, id: ChannelId, connection: &Connection<'_, '_>) -> bool {
        let size = chunk_size(self.link.mtu);
        let (half, message) = self.link.half_and_message(id, self.ble);
        let Some(due) = self.ble.due(id, half.outgoing.active(), message) else {
            return false;
        };
        let large = due.large;
        let (what, attribute) = if large {
            (Subscription::Large, Attribute::TxLarge(id))
        } else {
            (Subscription::Small, Attribute::Tx(id))
        };
        if !self.ble.subscribed(id, what) {
            log::warn!(target: "ble", "a message for {id:?} was dropped: the phone unsubscribed");
            self.ble.sent(id, large, false);
            return true;
        }
        let first = if large {
            // Queued whole before the first chunk leaves. It fits: `send` saw to that.
            half.outgoing.begin(due.bytes, size).unwrap_or_default()
        } else {
            due.bytes
        };
        let notified = notify(self.database, connection, attribute, first).await;
        if !notified {
            half.outgoing.abort();
        }
        if !large || !notified {
            self.ble.sent(id, large, notified);
        }
        true
    }

    async fn notify(&self, connection: &Connection<'_, '_>, what: Attribute, value: &[u8]) -> bool {
        notify(self.database, connection, what, value).await
    }
}

/// Refuses a request without waiting: there is no room to wait for on a link that is to end. Dropped as it is,
/// an event would be carried out.
pub(crate) fn refuse(event: GattEvent<'_, '_, Pool>) {
    let code = AttErrorCode::UNLIKELY_ERROR;
    let refused = match event {
        GattEvent::Read(read) => read.reject(code),
        GattEvent::Write(write) => write.reject(code),
        GattEvent::Other(other) => other.reject(code),
        GattEvent::NotAllowed(refused) => refused.accept(),
    };
    // A reply that is dropped goes out if there is room.
    if let Err(error) = refused {
        log::debug!(target: "ble", "a request on a link that ends was not refused: {error:?}");
    }
}

/// Notifies a value. False when that was not possible.
async fn notify(
    database: &Database<'_>,
    connection: &Connection<'_, '_>,
    what: Attribute,
    value: &[u8],
) -> bool {
    let Some(handle) = database.handle(what) else {
        return false;
    };
    Pool::spare(PACKETS_RESERVED).await;
    let notification = AttUns::Notify {
        handle,
        data: value,
    };
    match GattData::send_unsolicited(connection.raw(), notification).await {
        Ok(()) => true,
        Err(error) => {
            log::error!(target: "ble", "{what:?} was not notified: {error:?}");
            false
        }
    }
}

/// Sends a reply the host made.
async fn send(reply: Result<trouble_host::prelude::Reply<'_, Pool>, Error>) -> Result<(), Error> {
    reply?.send().await;
    Ok(())
}

/// Answers a read; `offset` says whether it was a long one.
async fn reply(
    payload: GattData<'_, Pool>,
    data: &[u8],
    offset: Option<usize>,
) -> Result<(), Error> {
    // What goes beyond a packet is read as a long value; the host cuts to the connection's MTU.
    let data = data
        .get(..usize::from(SERVER_MTU).saturating_sub(1))
        .unwrap_or(data);
    let response = match offset {
        None => AttRsp::Read { data },
        Some(_) => AttRsp::ReadBlob { data },
    };
    payload.reply(response).await
}

/// What a configuration reads.
fn configuration(notifications: bool) -> &'static [u8] {
    if notifications { &[1, 0] } else { &[0, 0] }
}

/// Whether a written configuration asks for notifications. There are no indications here.
fn notifications(value: &[u8]) -> Result<bool, AttErrorCode> {
    match value {
        [flags, _] => Ok(flags & 1 == 1),
        _ => Err(AttErrorCode::INVALID_ATTRIBUTE_VALUE_LENGTH),
    }
}

/// The MTU in decimal digits.
fn text(number: &mut String<5>, mtu: u16) -> &[u8] {
    // A 16-bit number has at most five digits.
    let _ = write!(number, "{mtu}");
    number.as_bytes()
}
