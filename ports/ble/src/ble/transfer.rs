//! The data-transfer channels, from the application's side.

use core::task::{Context, Poll};

use super::Ble;
use crate::channel::{OutboxError, Transition, chunk_size};
use crate::config::SEND_TIMEOUT;

/// Which channel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum ChannelId {
    /// MQTT over BLE.
    Mqtt = 0x00,
    /// WiFi provisioning.
    Provisioning = 0x01,
}

impl ChannelId {
    /// Both, in the order of their identifiers.
    pub const ALL: [Self; 2] = [Self::Mqtt, Self::Provisioning];
}

impl TryFrom<u8> for ChannelId {
    type Error = ();

    fn try_from(identifier: u8) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|id| *id as u8 == identifier)
            .ok_or(())
    }
}

/// What a listener is told.
#[derive(Debug)]
pub enum ChannelEvent<'a> {
    /// Messages flow from now on.
    Opened,
    /// A whole message came; the bytes are there during the call only.
    Received(&'a [u8]),
    /// A message was longer than the channel carries. It is dropped; this is its beginning, as much as there was room
    /// for, and is there during the call only.
    TooLong(&'a [u8]),
    /// A message is on its way or, if it was large, fetched to its end.
    Sent,
    /// Messages no longer flow.
    Closed,
}

/// Who is told about a channel.
///
/// Context: the BLE task; `Opened` and `Closed` also the task that calls [`Ble::listen`] or
/// [`Ble::close`]. Must not block.
pub trait Listener: Sync {
    /// Something happened on `channel`.
    fn event(&self, channel: ChannelId, event: ChannelEvent<'_>);
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SendError {
    /// Later perhaps: others go first.
    Busy,
    /// The channel is closed, or the phone has not subscribed.
    Closed,
    /// It is longer than the channel carries.
    TooLong,
}

impl Ble {
    /// Takes a channel. False when somebody has it.
    ///
    /// Context: any task; does not block.
    pub fn open(&self, id: ChannelId) -> bool {
        self.with_channel(id, |channel| channel.handshake.take().is_ok())
    }

    /// Sets the listener of an open channel, and tells it at once if the phone is ready. False when
    /// the channel is not taken or has a listener.
    ///
    /// Context: any task; does not block.
    pub fn listen(&self, id: ChannelId, listener: &'static dyn Listener) -> bool {
        let Ok(transition) = self.with_channel(id, |channel| {
            let transition = channel.handshake.listen();
            if transition.is_ok() {
                channel.listener = Some(listener);
            }
            transition
        }) else {
            return false;
        };
        if let Some(transition) = transition {
            listener.event(id, transition.into());
        }
        true
    }

    /// Whether a channel has a listener.
    #[cfg(feature = "freertos")]
    pub(crate) fn listened(&self, id: ChannelId) -> bool {
        self.with_channel(id, |channel| channel.listener.is_some())
    }

    /// Sends one whole message; returns its length, or 0 when it was not taken. It is for the phone
    /// that is there now: when that leaves while the message waits, the next one does not get it.
    ///
    /// Context: any task. A large message waits up to 2 s for the one before it, any message for
    /// room in the queue; inside the BLE task nothing waits.
    pub fn send(&self, id: ChannelId, message: &[u8]) -> usize {
        let visit = self.generation(id);
        let sent = self.wait_for(SEND_TIMEOUT, |ble| match ble.enqueue(id, visit, message) {
            Ok(()) => Some(true),
            Err(SendError::Closed | SendError::TooLong) => Some(false),
            Err(SendError::Busy) => None,
        });
        if sent == Some(true) {
            self.work.signal(());
            return message.len();
        }
        log::warn!(target: "ble", "a message of {} bytes was not sent", message.len());
        0
    }

    /// Takes one whole message on its way, for async tasks: while others go first, the task is woken
    /// when it may look again.
    ///
    /// Context: any task; does not block.
    ///
    /// # Errors
    ///
    /// Ready with [`SendError`], never [`SendError::Busy`].
    pub fn poll_send(
        &self,
        context: &mut Context<'_>,
        id: ChannelId,
        message: &[u8],
    ) -> Poll<Result<(), SendError>> {
        // Registered before looking, so that no change falls between.
        self.with(|state| state.waiters.register(context.waker()));
        match self.try_send(id, message) {
            Err(SendError::Busy) => Poll::Pending,
            result => Poll::Ready(result),
        }
    }

    /// Takes one whole message on its way if that can be now.
    ///
    /// Context: any task; does not block.
    ///
    /// # Errors
    ///
    /// See [`SendError`].
    pub fn try_send(&self, id: ChannelId, message: &[u8]) -> Result<(), SendError> {
        let visit = self.generation(id);
        self.enqueue(id, visit, message)?;
        self.work.signal(());
        Ok(())
    }

    fn enqueue(&self, id: ChannelId, visit: u32, message: &[u8]) -> Result<(), SendError> {
        let size = chunk_size(self.with(|state| state.mtu));
        self.with_channel(id, |channel| {
            let large = message.len() >= size;
            let subscribed = if large {
                channel.subscribed_large
            } else {
                channel.subscribed
            };
            if channel.generation != visit || !channel.handshake.open() || !subscribed {
                return Err(SendError::Closed);
            }
            if message.len() > channel.longest {
                return Err(SendError::TooLong);
            }
            if large && channel.large {
                return Err(SendError::Busy);
            }
            channel.outbox.push(message).map_err(|error| match error {
                OutboxError::Full => SendError::Busy,
                OutboxError::TooLong => SendError::TooLong,
            })?;
            channel.large |= large;
            Ok(())
        })
    }

    /// Closes a channel: what is half sent or received is gone. The phone need not write control
    /// again for the channel to open when it is taken again.
    ///
    /// Context: any task; waits up to 2 s for a listener that is being called.
    pub fn close(&self, id: ChannelId) {
        let closed = self.with_channel(id, |channel| {
            let transition = channel.handshake.close();
            if transition.is_some() {
                channel.reset();
            }
            transition.zip(channel.listener)
        });
        self.changed();
        if let Some((transition, listener)) = closed {
            self.wait_for_listener(id);
            listener.event(id, transition.into());
        }
    }

    /// Gives a channel and its listener up.
    ///
    /// Context: any task; waits up to 2 s for a listener that is being called.
    pub fn release(&self, id: ChannelId) {
        self.with_channel(id, |channel| {
            channel.handshake.release();
            channel.listener = None;
            channel.reset();
        });
        self.changed();
        self.wait_for_listener(id);
    }

    fn wait_for_listener(&self, id: ChannelId) {
        let done = self.wait_for(SEND_TIMEOUT, |ble| {
            ble.with_channel(id, |channel| (!channel.calling).then_some(()))
        });
        if done.is_none() && self.other_task().is_some() {
            log::error!(target: "ble", "a data-transfer callback has not returned for 2 s");
        }
    }
}

impl From<Transition> for ChannelEvent<'_> {
    fn from(transition: Transition) -> Self {
        match transition {
            Transition::Opened => Self::Opened,
            Transition::Closed => Self::Closed,
        }
    }
}
