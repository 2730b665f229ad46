//! The data-transfer channel: whole messages over GATT values, large ones in chunks. Four pieces,
//! none of which does I/O, allocates or knows a clock:
//!
//! | piece | owns | lives |
//! |---|---|---|
//! | [`Handshake`] | who is ready: phone, application | as long as the device |
//! | [`Reassembler`] | bytes of a message half received | per connection |
//! | [`Outbox`] | whole messages that wait to be sent | per connection |
//! | [`Transfer`] | a large message half sent | per connection |
//!
//! `T`, the bytes of one chunk, is the connection's MTU less three; see [`chunk_size`].
//! ```text
//!  phone → device   RX: one write is one message
//!                   RX-large: writes are appended; one shorter than T ends the message
//!  device → phone   len <  T: one notification on TX
//!                   len >= T: T bytes notified on TX-large, then reads of TX-large; one shorter than T ends it
//! ```

mod handshake;
mod outbox;
mod reassemble;
mod transfer;

pub use handshake::{ControlError, Handshake, InUse, Transition};
pub(crate) use outbox::Waiting;
pub use outbox::{Outbox, OutboxError};
pub(crate) use reassemble::Incoming;
pub use reassemble::{Reassembler, Received};
pub(crate) use transfer::Outgoing;
pub use transfer::{Chunk, Transfer, TransferError};

/// The smallest MTU a connection has, and the one it starts with.
pub const MTU_MIN: u16 = 23;
/// The largest MTU the channel works with: an attribute's value has at most 512 bytes.
pub const MTU_MAX: u16 = 515;

/// `T`: how many bytes of a message fit in one notification or read.
#[must_use]
pub fn chunk_size(mtu: u16) -> usize {
    usize::from(mtu.clamp(MTU_MIN, MTU_MAX)).saturating_sub(3)
}

#[cfg(test)]
mod tests;
