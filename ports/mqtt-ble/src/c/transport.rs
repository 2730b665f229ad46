//! One transport. Three tasks may be inside it at once: the sender, the receiver and the BLE host. The
//! first alone has [`Sender`]; the rest is shared, in sections no other task comes between.

use core::cell::UnsafeCell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU32, Ordering};

use super::kernel::{Bell, now, ticks, uninterrupted};
use crate::accept::{AcceptError, Accepted, accept};
use crate::encode::{Encoder, Sent, Step};
use crate::queue::Queue;
use crate::session::Session;

/// What only the task that sends touches.
struct Sender {
    encoder: Encoder,
    message: NonNull<[u8]>,
    endpoint: &'static str,
}

/// What every task touches, uninterrupted.
struct Shared {
    session: Session,
    queue: Queue,
    room: NonNull<[u8]>,
    /// Nothing comes behind what waits: the proxy lost the broker, or a packet found no room.
    ended: bool,
}

/// A packet cannot be carried, or the channel did not take its message.
pub(super) struct NotSent;

pub(super) struct Transport {
    sender: UnsafeCell<Sender>,
    shared: UnsafeCell<Shared>,
    bell: Bell,
    timeout_ms: AtomicU32,
}

impl Transport {
    /// `message` and `room` are the transport's until it is dropped.
    pub(super) fn new(
        message: NonNull<[u8]>,
        room: NonNull<[u8]>,
        timeout_ms: u32,
    ) -> Option<Self> {
        Some(Self {
            sender: UnsafeCell::new(Sender {
                encoder: Encoder::new(),
                message,
                endpoint: "",
            }),
            shared: UnsafeCell::new(Shared {
                session: Session::new(),
                queue: Queue::new(),
                room,
                ended: false,
            }),
            bell: Bell::create()?,
            timeout_ms: AtomicU32::new(timeout_ms),
        })
    }

    pub(super) const fn bell(&self) -> Bell {
        self.bell
    }

    pub(super) fn set_timeout(&self, milliseconds: u32) {
        self.timeout_ms.store(milliseconds, Ordering::Relaxed);
    }

    fn with<R>(&self, f: impl FnOnce(&mut Shared, &mut [u8]) -> R) -> R {
        uninterrupted(|| {
            // SAFETY: made here alone, in a section no other task comes between, that calls none
            // like it.
            let shared = unsafe { &mut *self.shared.get() };
            let mut room = shared.room;
            // SAFETY: the room is the transport's own, and is reached here alone.
            f(shared, unsafe { room.as_mut() })
        })
    }

    /// Sets the broker's host name.
    ///
    /// # Safety
    ///
    /// The caller is the one task that sends.
    pub(super) unsafe fn set_endpoint(&self, endpoint: &'static str) {
        // SAFETY: only the task that sends touches it, and that is the caller.
        let sender = unsafe { &mut *self.sender.get() };
        sender.endpoint = endpoint;
    }

    /// Sends packets; `channel` takes a whole message, or does not.
    ///
    /// # Safety
    ///
    /// The caller is the one task that sends.
    pub(super) unsafe fn send(
        &self,
        mut bytes: &[u8],
        channel: impl Fn(&[u8]) -> bool,
    ) -> Result<(), NotSent> {
        // SAFETY: only the task that sends touches it, and that is the caller.
        let sender = unsafe { &mut *self.sender.get() };
        let mut message = sender.message;
        // SAFETY: the place of the message is the transport's own, and is reached here alone.
        let message = unsafe { message.as_mut() };
        while !bytes.is_empty() {
            let (taken, step) = sender.encoder.push(bytes, message, sender.endpoint);
            bytes = bytes.get(taken..).unwrap_or_default();
            match step {
                Step::More => {}
                Step::Refused(_) => return Err(NotSent),
                Step::Whole { sent, length } => {
                    let length = self.with(|shared, _| {
                        if sent == Sent::Connect {
                            shared.ended = false;
                        }
                        shared.session.sending(sent, message, length)
                    });
                    let length = length.map_err(|_| NotSent)?;
                    if !channel(message.get(..length).unwrap_or_default()) {
                        return Err(NotSent);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes one message of the phone in.
    pub(super) fn accept(&self, message: &[u8]) -> Result<Accepted, AcceptError> {
        let accepted = self.with(|shared, room| {
            let accepted = accept(&mut shared.session, &mut shared.queue, room, message);
            shared.ended |= matches!(accepted, Ok(Accepted::Ended) | Err(AcceptError::Overrun));
            accepted
        });
        self.bell.ring();
        accepted
    }

    /// Waits for bytes; 0 when none come in time, `None` when none will.
    pub(super) fn receive(&self, buffer: &mut [u8]) -> Option<usize> {
        let timeout = ticks(self.timeout_ms.load(Ordering::Relaxed));
        let began = now();
        loop {
            let (taken, ended) = self.with(|shared, room| {
                let taken = shared.queue.pop(room, buffer);
                (taken, shared.ended)
            });
            if taken > 0 {
                return Some(taken);
            }
            if ended {
                return None;
            }
            let left = timeout.saturating_sub(now().wrapping_sub(began));
            if left == 0 {
                return Some(0);
            }
            self.bell.wait(left);
        }
    }
}
