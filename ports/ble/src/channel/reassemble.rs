//! Chunks written to RX-large, back to one message.

use heapless::Vec;
use zeroize::Zeroize;

/// What a chunk led to.
#[derive(Debug, Eq, PartialEq)]
pub enum Received<'a> {
    /// The message goes on.
    More,
    /// The last chunk: this is the message.
    Whole(&'a [u8]),
    /// The last chunk of a message that was longer than the buffer: its beginning. It is no message, and the rest
    /// is gone.
    TooLong(&'a [u8]),
}

/// A [`Reassembler`] of whatever size.
pub(crate) trait Incoming {
    /// See [`Reassembler::push`].
    fn push(&mut self, chunk: &[u8], size: usize) -> Received<'_>;
    /// See [`Reassembler::clear`].
    fn clear(&mut self);
    /// See [`Reassembler::dropped`].
    fn dropped(&self) -> u32;
}

impl<const N: usize> Incoming for Reassembler<N> {
    fn push(&mut self, chunk: &[u8], size: usize) -> Received<'_> {
        self.push(chunk, size)
    }

    fn clear(&mut self) {
        self.clear();
    }

    fn dropped(&self) -> u32 {
        self.dropped()
    }
}

/// One message in the making, at most `N` bytes. Of a longer one the rest is dropped, up to its last
/// chunk, so that its tail is never taken for a message.
#[derive(Default)]
pub struct Reassembler<const N: usize> {
    bytes: Vec<u8, N>,
    /// The message under way is too long; its chunks are only looked at for the end.
    overlong: bool,
    /// The bytes were handed out and are done with at the next chunk.
    handed_out: bool,
    dropped: u32,
}

impl<const N: usize> Reassembler<N> {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            overlong: false,
            handed_out: false,
            dropped: 0,
        }
    }

    /// Takes one write to RX-large; `size` is `T`. An empty message is no message: [`Received::More`].
    pub fn push(&mut self, chunk: &[u8], size: usize) -> Received<'_> {
        if self.handed_out {
            self.clear();
        }
        let room = N.saturating_sub(self.bytes.len()).min(chunk.len());
        self.overlong |= room < chunk.len();
        // As much as there is room for fits.
        let _ = self
            .bytes
            .extend_from_slice(chunk.get(..room).unwrap_or_default());
        if chunk.len() >= size {
            return Received::More;
        }
        if self.overlong {
            self.handed_out = true;
            self.dropped = self.dropped.saturating_add(1);
            return Received::TooLong(&self.bytes);
        }
        if self.bytes.is_empty() {
            return Received::More;
        }
        self.handed_out = true;
        Received::Whole(&self.bytes)
    }

    /// Forgets what is half received. Wiped, because a request may hold a passphrase.
    pub fn clear(&mut self) {
        self.bytes.as_mut_slice().zeroize();
        self.bytes.clear();
        self.overlong = false;
        self.handed_out = false;
    }

    /// How many messages were too long.
    #[must_use]
    pub fn dropped(&self) -> u32 {
        self.dropped
    }
}
