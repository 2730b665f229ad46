//! A large message on its way out: its first chunk is notified, the rest is read.

use heapless::Vec;

/// The message does not fit the buffer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TransferError;

/// What a read of TX-large answers.
#[derive(Debug, Eq, PartialEq)]
pub struct Chunk<'a> {
    /// At most `T` bytes.
    pub bytes: &'a [u8],
    /// This was the last chunk: the message is sent.
    pub last: bool,
}

/// A [`Transfer`] of whatever size.
pub(crate) trait Outgoing {
    /// See [`Transfer::begin`].
    fn begin(&mut self, message: &[u8], size: usize) -> Result<&[u8], TransferError>;
    /// See [`Transfer::read`].
    fn read(&mut self, size: usize) -> Chunk<'_>;
    /// See [`Transfer::read_again`].
    fn read_again(&self, offset: usize) -> &[u8];
    /// See [`Transfer::active`].
    fn active(&self) -> bool;
    /// See [`Transfer::abort`].
    fn abort(&mut self);
}

impl<const N: usize> Outgoing for Transfer<N> {
    fn begin(&mut self, message: &[u8], size: usize) -> Result<&[u8], TransferError> {
        self.begin(message, size)
    }

    fn read(&mut self, size: usize) -> Chunk<'_> {
        self.read(size)
    }

    fn read_again(&self, offset: usize) -> &[u8] {
        self.read_again(offset)
    }

    fn active(&self) -> bool {
        self.active()
    }

    fn abort(&mut self) {
        self.abort();
    }
}

/// One large message, at most `N` bytes. Everything is queued before the first chunk leaves, so a
/// phone can read as fast as it likes.
#[derive(Default)]
pub struct Transfer<const N: usize> {
    bytes: Vec<u8, N>,
    /// Where the chunk of the last read begins and ends, for reads at an offset.
    start: usize,
    end: usize,
    active: bool,
}

impl<const N: usize> Transfer<N> {
    /// Nothing under way.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            start: 0,
            end: 0,
            active: false,
        }
    }

    /// Queues a message and gives the chunk to notify. Takes the place of one under way.
    ///
    /// # Errors
    ///
    /// [`TransferError`] when the message is longer than `N`.
    pub fn begin(&mut self, message: &[u8], size: usize) -> Result<&[u8], TransferError> {
        self.abort();
        self.bytes
            .extend_from_slice(message)
            .map_err(|_| TransferError)?;
        self.start = size.min(message.len());
        self.end = self.start;
        self.active = true;
        Ok(self.bytes.get(..self.start).unwrap_or_default())
    }

    /// The phone reads TX-large. With nothing under way it gets nothing, and nothing changes.
    pub fn read(&mut self, size: usize) -> Chunk<'_> {
        if !self.active {
            return Chunk {
                bytes: &[],
                last: false,
            };
        }
        self.start = self.end;
        self.end = self.start.saturating_add(size).min(self.bytes.len());
        let bytes = self.bytes.get(self.start..self.end).unwrap_or_default();
        let last = bytes.len() < size;
        self.active = !last;
        Chunk { bytes, last }
    }

    /// The phone reads the chunk of its last read again, from an offset. Never moves on.
    #[must_use]
    pub fn read_again(&self, offset: usize) -> &[u8] {
        self.bytes
            .get(self.start..self.end)
            .and_then(|chunk| chunk.get(offset..))
            .unwrap_or_default()
    }

    /// Whether the phone has yet to read the end of a message.
    #[must_use]
    pub fn active(&self) -> bool {
        self.active
    }

    /// Forgets the message.
    pub fn abort(&mut self) {
        self.bytes.clear();
        self.start = 0;
        self.end = 0;
        self.active = false;
    }
}
