//! Espressif's unified provisioning: the messages of its four protobuf endpoints.
//!
//! | file | what |
//! |---|---|
//! | `proto`, `wire` | the messages' descriptions, and what prost makes of them |
//! | `bounded` | those of them with octets that a phone sends or a handshake has, without a heap |
//! | `shape` | what is looked at before prost decodes |
//! | `session`, `scan`, `config`, `control` | bytes to checked requests, and answers to bytes: one file an endpoint |
//!
//! Reading needs no heap. Writing needs it for a state and for a page of networks, as long as that takes, and says so when
//! there is none. Nothing of prost's leaves this room.

mod bounded;
pub mod config;
pub mod control;
pub mod scan;
pub mod session;
mod shape;
mod wire;

use alloc::vec::Vec;

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

/// A response that cannot be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unwritable {
    /// It does not fit into the room there is.
    NoRoom,
    /// The heap has no room for what it is made of.
    NoMemory,
}

/// Decodes what has the right shape.
fn read<M: Message + Default>(message: &[u8], shape: &shape::Shape) -> Result<M, Unreadable> {
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(Unreadable);
    }
    shape::check(message, shape)?;
    M::decode(message).map_err(|_| Unreadable)
}

/// A copy on the heap.
fn copy(octets: &[u8]) -> Result<Vec<u8>, Unwritable> {
    let mut copy = room(octets.len())?;
    copy.extend_from_slice(octets);
    Ok(copy)
}

/// Room on the heap for so many: none is asked for afterwards.
fn room<T>(count: usize) -> Result<Vec<T>, Unwritable> {
    let mut room = Vec::new();
    room.try_reserve_exact(count)
        .map_err(|_| Unwritable::NoMemory)?;
    Ok(room)
}

/// Encodes into the room there is; gives the length.
fn write(message: &impl Message, mut out: &mut [u8]) -> Result<usize, Unwritable> {
    let length = message.encoded_len();
    message.encode(&mut out).map_err(|_| Unwritable::NoRoom)?;
    Ok(length)
}
