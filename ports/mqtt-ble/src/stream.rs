//! The byte stream for clients in Rust, over the data-transfer channel of service 0.

mod error;

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::{Context, Poll, ready};

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::waitqueue::MultiWakerRegistration;
use embedded_io_async::{ErrorType, Read, Write};
use port_ble::{BLE, ChannelEvent, ChannelId, Listener, SendError};
use static_cell::ConstStaticCell;

use crate::accept::{AcceptError, Accepted, accept};
use crate::decode::id_of_cut;
use crate::encode::{Encoder, PacketError, Step, acknowledge};
use crate::limits::{MESSAGE_MAX, QUEUE_BYTES};
use crate::owed::Owed;
use crate::queue::Queue;
use crate::session::{Ignored, Session};
use crate::writer::Writer;

pub use error::{StreamError, Taken};

const CHANNEL: ChannelId = ChannelId::Mqtt;

// A message that is written can be sent, and one that is received has room.
const _: () = assert!(MESSAGE_MAX == port_ble::MQTT_MESSAGE_MAX);

/// Tasks that may wait at once without waking each other: the client, and who watches the proxy.
const WAITERS: usize = 4;

/// What the BLE task and the client's share.
struct State {
    /// The phone has its proxy on.
    open: bool,
    /// Which stream it is: each opening of the channel and each call of `opened` begins another.
    serial: u32,
    /// The proxy lost the broker: nothing more comes on this stream.
    ended: bool,
    /// A packet found no room: nothing comes behind what waits, which can be acknowledged.
    overrun: bool,
    session: Session,
    owed: Owed,
    queue: Queue,
    room: [u8; QUEUE_BYTES],
    waiters: MultiWakerRegistration<WAITERS>,
}

impl State {
    /// Begins a stream with nothing of the former in it.
    fn renew(&mut self) {
        self.serial = self.serial.wrapping_add(1);
        self.ended = false;
        self.overrun = false;
        self.session = Session::new();
        self.owed = Owed::new();
        self.queue.clear();
    }

    /// A message was too long, and never will be shorter.
    fn too_long(&mut self, front: &[u8]) {
        let Some(id) = id_of_cut(front).filter(|_| self.session.hears()) else {
            return;
        };
        if !self.owed.push(id) {
            self.session.overrun();
            self.overrun = true;
        }
        self.waiters.wake();
    }
}

struct Shared(Mutex<CriticalSectionRawMutex, RefCell<State>>);

static SHARED: Shared = Shared(Mutex::new(RefCell::new(State {
    open: false,
    serial: 0,
    ended: false,
    overrun: false,
    session: Session::new(),
    owed: Owed::new(),
    queue: Queue::new(),
    room: [0; QUEUE_BYTES],
    waiters: MultiWakerRegistration::new(),
})));

/// The message under way.
static MESSAGE: ConstStaticCell<[u8; MESSAGE_MAX]> = ConstStaticCell::new([0; MESSAGE_MAX]);

impl Shared {
    fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        self.0.lock(|state| f(&mut state.borrow_mut()))
    }
}

impl Listener for Shared {
    fn event(&self, _: ChannelId, event: ChannelEvent<'_>) {
        match event {
            ChannelEvent::Opened => self.with(|state| {
                state.open = true;
                state.renew();
                state.waiters.wake();
            }),
            ChannelEvent::Closed => self.with(|state| {
                state.open = false;
                state.waiters.wake();
            }),
            ChannelEvent::Received(message) => {
                let accepted = self.with(|state| {
                    let State {
                        session,
                        queue,
                        room,
                        ..
                    } = &mut *state;
                    let accepted = accept(session, queue, room, message);
                    state.ended |= accepted == Ok(Accepted::Ended);
                    state.overrun |= accepted == Err(AcceptError::Overrun);
                    state.waiters.wake();
                    accepted
                });
                tell(accepted, message.len());
            }
            ChannelEvent::TooLong(front) => self.with(|state| state.too_long(front)),
            // The client's task waits at the channel itself.
            ChannelEvent::Sent => {}
        }
    }
}

/// Says what became of a message that does not reach the client.
fn tell(accepted: Result<Accepted, AcceptError>, length: usize) {
    match accepted {
        Ok(Accepted::Queued | Accepted::Refusal) => {}
        Ok(Accepted::Ended) => log::warn!(target: "mqtt-ble", "the proxy lost the broker"),
        Ok(Accepted::Ignored(Ignored::LateRefusal)) => {
            log::warn!(target: "mqtt-ble", "one of several topics was refused after the client was told otherwise");
        }
        Ok(Accepted::Ignored(why)) => {
            log::debug!(target: "mqtt-ble", "a message was ignored: {why:?}");
        }
        Err(AcceptError::Overrun) => {
            log::warn!(target: "mqtt-ble", "a packet of {length} bytes found no room: the connection begins anew for it");
        }
        Err(error) => {
            log::warn!(target: "mqtt-ble", "a message of {length} bytes was dropped: {error:?}");
        }
    }
}

/// Whether a phone has its proxy on.
///
/// Context: any task; does not block.
#[must_use]
pub fn is_open() -> bool {
    SHARED.with(|state| state.open)
}

/// Waits until a phone has its proxy on, or until none has.
///
/// Context: any async task; up to four, the stream's included, wait without waking each other. Dropping
/// the future does no harm.
pub async fn wait_until(open: bool) {
    poll_fn(|context| {
        SHARED.with(|state| {
            if state.open == open {
                return Poll::Ready(());
            }
            state.waiters.register(context.waker());
            Poll::Pending
        })
    })
    .await;
}

/// MQTT 3.1.1 as a byte stream, through the proxy on the phone. There is one.
///
/// Reading and writing are cancel-safe: a dropped future has taken no bytes. After
/// [`StreamError::Closed`], or `Ok(0)` of a read, [`Self::opened`] waits for the next stream.
///
/// Static memory: 11 KB, beside 20 KB of the channel.
pub struct Stream {
    endpoint: &'static str,
    encoder: Encoder,
    message: &'static mut [u8; MESSAGE_MAX],
    /// Bytes of the message that is complete and waits for the channel; 0 when none does.
    waiting: usize,
    /// The stream that was opened.
    serial: u32,
}

impl Stream {
    /// Takes the channel of service 0. `endpoint` is the broker's host name, which the phone is told.
    ///
    /// Context: any task; does not block. Once, at start-up: a phone that comes earlier is seen all the
    /// same.
    ///
    /// # Errors
    ///
    /// [`Taken`].
    pub fn take(endpoint: &'static str) -> Result<Self, Taken> {
        if !BLE.open(CHANNEL) {
            return Err(Taken);
        }
        let Some(message) = MESSAGE.try_take() else {
            BLE.release(CHANNEL);
            return Err(Taken);
        };
        if !BLE.listen(CHANNEL, &SHARED) {
            return Err(Taken);
        }
        Ok(Self {
            endpoint,
            encoder: Encoder::new(),
            message,
            waiting: 0,
            serial: 0,
        })
    }

    /// Waits for a phone with its proxy on, and begins a stream: the next packet must be CONNECT.
    /// What an earlier stream left behind in either direction is gone.
    ///
    /// Context: any async task. Dropping the future does no harm.
    pub async fn opened(&mut self) {
        self.serial = poll_fn(|context| {
            SHARED.with(|state| {
                if !state.open {
                    state.waiters.register(context.waker());
                    return Poll::Pending;
                }
                state.renew();
                Poll::Ready(state.serial)
            })
        })
        .await;
        self.encoder = Encoder::new();
        self.waiting = 0;
    }

    /// Whether packets can be written: the stream was opened and has not ended since.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        SHARED.with(|state| state.open && !state.ended && state.serial == self.serial)
    }

    /// Hands a complete message to the channel, and then the acknowledgements of what the client never hears of.
    fn poll_waiting(&mut self, context: &mut Context<'_>) -> Poll<Result<(), StreamError>> {
        if !self.is_writable() {
            return Poll::Ready(Err(StreamError::Closed));
        }
        if let Some(message) = self.message.get(..self.waiting).filter(|m| !m.is_empty()) {
            let sent = ready!(BLE.poll_send(context, CHANNEL, message));
            self.handed_over(sent)?;
        }
        while let Some(id) = SHARED.with(|state| state.owed.first()) {
            let (mut writer, mut room) = (Writer::new(), [0; 16]);
            acknowledge(&mut writer, &mut room, id.get());
            let message = room.get(..writer.length()).unwrap_or_default();
            let sent = ready!(BLE.poll_send(context, CHANNEL, message));
            self.handed_over(sent)?;
            SHARED.with(|state| state.owed.done(id));
        }
        Poll::Ready(Ok(()))
    }

    fn handed_over(&mut self, sent: Result<(), SendError>) -> Result<(), StreamError> {
        match sent {
            Ok(()) => {
                self.waiting = 0;
                Ok(())
            }
            // It waits for the next write, read or flush.
            Err(SendError::Busy) => Ok(()),
            Err(SendError::Closed) => Err(StreamError::Closed),
            Err(SendError::TooLong) => {
                self.waiting = 0;
                Err(StreamError::Packet(PacketError::TooLong))
            }
        }
    }

    /// Takes bytes, up to the end of a packet at most.
    fn take_bytes(&mut self, bytes: &[u8]) -> Result<usize, StreamError> {
        let room = &mut self.message[..];
        let (taken, step) = self.encoder.push(bytes, room, self.endpoint);
        match step {
            Step::More => {}
            Step::Refused(error) => {
                log::warn!(target: "mqtt-ble", "a packet was not sent: {error:?}");
                return Err(StreamError::Packet(error));
            }
            Step::Whole { sent, length } => {
                let serial = self.serial;
                // Before it goes out: the answer may be quick.
                let length = SHARED.with(|state| {
                    if state.serial != serial {
                        return Err(StreamError::Closed);
                    }
                    let sending = state.session.sending(sent, room, length);
                    sending.map_err(StreamError::Packet)
                })?;
                self.waiting = length;
                let message = self.message.get(..length).unwrap_or_default();
                self.handed_over(BLE.try_send(CHANNEL, message))?;
            }
        }
        Ok(taken)
    }
}

impl ErrorType for Stream {
    type Error = StreamError;
}

impl Read for Stream {
    /// Waits for bytes; 0 at the stream's end. What was received before the end is still read, until
    /// the phone opens the proxy again.
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        poll_fn(|context| {
            // A client that waits for an answer lets its question go.
            let is_closed = self.poll_waiting(context) == Poll::Ready(Err(StreamError::Closed));
            let serial = self.serial;
            SHARED.with(|state| {
                if state.serial != serial {
                    return Poll::Ready(Ok(0));
                }
                let State { queue, room, .. } = &mut *state;
                let taken = queue.pop(room, buffer);
                let is_last = is_closed || state.ended || state.overrun || !state.open;
                if taken > 0 || is_last {
                    return Poll::Ready(Ok(taken));
                }
                state.waiters.register(context.waker());
                Poll::Pending
            })
        })
        .await
    }
}

impl Write for Stream {
    /// Takes bytes, up to the end of a packet at most, when the packet before is on its way.
    ///
    /// A packet that is refused is taken to its end; the write with its last byte tells.
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, StreamError> {
        if bytes.is_empty() {
            return Ok(0);
        }
        poll_fn(|context| self.poll_waiting(context)).await?;
        self.take_bytes(bytes)
    }

    /// Waits until the channel has taken all complete packets. Half a packet stays.
    async fn flush(&mut self) -> Result<(), StreamError> {
        poll_fn(|context| self.poll_waiting(context)).await
    }
}

#[cfg(test)]
mod tests;
