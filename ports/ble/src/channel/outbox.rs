//! Whole messages that wait to be sent, oldest first, in one bounded ring of bytes.

use heapless::Deque;

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OutboxError {
    /// Not now: other messages wait. Policy: the new message is refused, the waiting ones stay.
    Full,
    /// Never: it is longer than the outbox.
    TooLong,
}

/// Bytes that go before each message.
const HEADER: usize = 2;

/// An [`Outbox`] of whatever size.
pub(crate) trait Waiting {
    /// See [`Outbox::push`].
    fn push(&mut self, message: &[u8]) -> Result<(), OutboxError>;
    /// See [`Outbox::pop`].
    fn pop<'a>(&mut self, buffer: &'a mut [u8]) -> Option<&'a [u8]>;
    /// See [`Outbox::next_len`].
    fn next_len(&self) -> Option<usize>;
    /// See [`Outbox::longest`].
    fn longest(&self) -> usize;
    /// See [`Outbox::clear`].
    fn clear(&mut self);
}

impl<const N: usize> Waiting for Outbox<N> {
    fn push(&mut self, message: &[u8]) -> Result<(), OutboxError> {
        self.push(message)
    }

    fn pop<'a>(&mut self, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
        self.pop(buffer)
    }

    fn next_len(&self) -> Option<usize> {
        self.next_len()
    }

    fn longest(&self) -> usize {
        self.longest()
    }

    fn clear(&mut self) {
        self.clear();
    }
}

/// A queue of messages in `N` bytes, two more for each message.
#[derive(Default)]
pub struct Outbox<const N: usize> {
    ring: Deque<u8, N>,
}

impl<const N: usize> Outbox<N> {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self { ring: Deque::new() }
    }

    /// Appends a message.
    ///
    /// # Errors
    ///
    /// See [`OutboxError`]; the outbox is then as before.
    pub fn push(&mut self, message: &[u8]) -> Result<(), OutboxError> {
        let length = u16::try_from(message.len()).map_err(|_| OutboxError::TooLong)?;
        let needed = message.len().saturating_add(HEADER);
        if needed > N {
            return Err(OutboxError::TooLong);
        }
        if needed > N.saturating_sub(self.ring.len()) {
            return Err(OutboxError::Full);
        }
        for byte in length.to_le_bytes().iter().chain(message) {
            if self.ring.push_back(*byte).is_err() {
                return Err(OutboxError::Full);
            }
        }
        Ok(())
    }

    /// Takes the oldest message out, into the front of `buffer`. One longer than `buffer` comes out cut.
    pub fn pop<'a>(&mut self, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
        let length = usize::from(u16::from_le_bytes([
            self.ring.pop_front()?,
            self.ring.pop_front()?,
        ]));
        let mut taken: usize = 0;
        for index in 0..length {
            let byte = core::mem::take(self.ring.front_mut()?);
            let _ = self.ring.pop_front();
            if let Some(slot) = buffer.get_mut(index) {
                *slot = byte;
                taken = index.saturating_add(1);
            }
        }
        buffer.get(..taken)
    }

    /// The length of the oldest message.
    #[must_use]
    pub fn next_len(&self) -> Option<usize> {
        let mut bytes = self.ring.iter();
        let header = [*bytes.next()?, *bytes.next()?];
        Some(usize::from(u16::from_le_bytes(header)))
    }

    /// The length of the longest message.
    #[must_use]
    pub fn longest(&self) -> usize {
        let mut bytes = self.ring.iter();
        let mut longest = 0;
        while let (Some(low), Some(high)) = (bytes.next(), bytes.next()) {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            longest = longest.max(length);
            if let Some(last) = length.checked_sub(1) {
                bytes.nth(last);
            }
        }
        longest
    }

    /// Forgets all that waits, and wipes it, as [`Self::pop`] does: MQTT messages may be secret.
    pub fn clear(&mut self) {
        self.ring.iter_mut().for_each(|byte| *byte = 0);
        self.ring.clear();
    }
}
