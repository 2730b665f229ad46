//! Espressif's unified provisioning: the messages of its four protobuf endpoints.
//!
//! | file | what |
//! |---|---|
//! | `proto`, `wire` | the messages' descriptions, and what prost makes of them |
//! | `shape` | what is looked at before prost decodes |
//! | `session`, `scan`, `config`, `control` | bytes to checked requests, and answers to bytes: one file an endpoint |
//!
//! prost needs a heap: for as long as one message is read or written. Nothing of prost's leaves this room.

pub mod config;
pub mod control;
pub mod scan;
pub mod session;
mod shape;
mod wire;

use prost::Message;

/// The longest message, bytes: that of an ATT attribute.
pub const MAX_MESSAGE_BYTES: usize = 512;

/// What a response says of itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Status {
    /// Done, or begun.
    Success = 0,
    /// The request's values cannot be right.
    InvalidArgument = 4,
    /// Not now, or not any more.
    InternalError = 5,
}

impl From<Status> for i32 {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// A request that cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unreadable;

/// A response that does not fit into the room there is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoRoom;

/// Decodes what has the right shape.
fn read<M: Message + Default>(message: &[u8], shape: &shape::Shape) -> Result<M, Unreadable> {
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(Unreadable);
    }
    shape::check(message, shape)?;
    M::decode(message).map_err(|_| Unreadable)
}

/// Encodes into the room there is; gives the length.
fn write(message: &impl Message, mut out: &mut [u8]) -> Result<usize, NoRoom> {
    let length = message.encoded_len();
    message.encode(&mut out).map_err(|_| NoRoom)?;
    Ok(length)
}
