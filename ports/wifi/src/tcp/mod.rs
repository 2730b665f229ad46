//! TCP for tasks, over the IP stack of the net task: a fixed number of sockets, each served by
//! its own loop there. Bytes are copied once each way, through the socket's own buffer here.
//!
//! An async owner who is called away [`interrupt`]s its receive; one who has no use for the connection
//! any more [`abandon`]s it, also when it dropped a call half-way.

use embassy_time::Duration;

mod serve;
mod slot;

pub use serve::Sockets;
use slot::{InCall, Operation, SLOTS};

/// How many connections there can be at once.
pub const SOCKETS: usize = 2;
/// How many bytes one call moves at most.
pub const CHUNK: usize = 512;
/// Longest host name, in bytes (RFC 1035, 2.3.4).
pub const NAME_MAX: usize = 253;
/// How long a closed connection may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Memory of one socket.
pub struct Buffers {
    receive: [u8; 2048],
    transmit: [u8; 1024],
    chunk: [u8; CHUNK],
}

impl Buffers {
    /// Empty memory.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            receive: [0; 2048],
            transmit: [0; 1024],
            chunk: [0; CHUNK],
        }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a TCP call failed. The numbers are those of `port_tcp.h`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(i32)]
pub enum TcpError {
    /// Not done in time.
    Timeout = -1,
    /// Nobody listens there.
    Refused = -2,
    /// The connection is broken.
    Reset = -3,
    /// All sockets are in use.
    NoSocket = -4,
    /// There is no network.
    NoNetwork = -5,
    /// No such handle, or a bad argument.
    Invalid = -6,
    /// Another task is in a call with this handle.
    Busy = -7,
    /// The network's name servers do not know the name.
    UnknownName = -8,
}

/// A connection of a caller. The turn tells it from earlier connections on the same socket.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Handle {
    slot: usize,
    turn: u16,
}

impl Handle {
    /// As a number, never negative.
    #[must_use]
    pub fn to_number(self) -> i32 {
        i32::from(self.turn & 0x7fff).wrapping_shl(8) | i32::try_from(self.slot).unwrap_or(0)
    }

    /// From that number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        Some(Self {
            slot: usize::try_from(number & 0xff).ok()?,
            turn: u16::try_from(number >> 8).ok()?,
        })
    }
}

/// Connects. Context: any task but the net task.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn connect(address: [u8; 4], port: u16, limit: Duration) -> Result<Handle, TcpError> {
    let (call, handle) = slot::take(&SLOTS)?;
    let connect = Operation::Connect {
        address,
        port,
        limit,
    };
    call.perform(connect, limit).await?;
    call.keep();
    Ok(handle)
}

/// Sends some of `bytes`, at least one unless there are none; returns how many.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn send(handle: Handle, bytes: &[u8], limit: Duration) -> Result<usize, TcpError> {
    let call = InCall::enter(&SLOTS, handle)?;
    let length = bytes.len().min(CHUNK);
    let result = match bytes.get(..length) {
        Some(bytes) if !bytes.is_empty() => {
            call.fill(bytes);
            call.perform(Operation::Send { length, limit }, limit).await
        }
        _ => Ok(0),
    };
    call.keep();
    result
}

/// Receives some bytes into `bytes`; 0 when the peer has closed.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn receive(handle: Handle, bytes: &mut [u8], limit: Duration) -> Result<usize, TcpError> {
    let call = InCall::enter(&SLOTS, handle)?;
    let most = bytes.len().min(CHUNK);
    let result = if most == 0 {
        Err(TcpError::Invalid)
    } else {
        call.perform(Operation::Receive { most, limit }, limit)
            .await
            .map(|length| call.copy_to(bytes, length))
    };
    call.keep();
    result
}

/// Ends a receive under way with this handle, or the next one: it gives [`TcpError::Timeout`] at once
/// unless bytes have come. Context: any.
pub fn interrupt(handle: Handle) {
    slot::interrupt(&SLOTS, handle);
}

/// Gives a connection up without a goodbye, and without waiting. The handle is invalid afterwards; a
/// call under way with it must have been dropped. Context: any.
pub fn abandon(handle: Handle) {
    slot::abandon(&SLOTS, handle);
}

/// Asks the network's name servers for the IPv4 address of a host. Needs a free connection meanwhile.
/// Context: any task but the net task.
///
/// # Errors
///
/// See [`TcpError`].
pub async fn resolve(name: &str, limit: Duration) -> Result<[u8; 4], TcpError> {
    let length = name.len();
    if length == 0 || length > NAME_MAX {
        return Err(TcpError::Invalid);
    }
    let (call, _) = slot::take(&SLOTS)?;
    call.fill(name.as_bytes());
    call.perform(Operation::Resolve { length, limit }, limit)
        .await?;
    let mut address = [0; 4];
    call.copy_to(&mut address, 4);
    // The connection was never made: the slot is free again.
    drop(call);
    Ok(address)
}

/// Closes; the handle is invalid afterwards.
///
/// # Errors
///
/// [`TcpError::Invalid`] or [`TcpError::Busy`].
pub async fn close(handle: Handle) -> Result<(), TcpError> {
    let call = InCall::enter(&SLOTS, handle)?;
    call.perform(Operation::Close, GOODBYE).await.map(|_| ())
}
