//! Why there is no stream, or no more of it.

use core::fmt;

use embedded_io_async::{Error, ErrorKind};

use crate::encode::PacketError;

/// The stream was taken before, or somebody else has the channel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Taken;

/// Why bytes were not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StreamError {
    /// The phone closed the proxy, lost the broker, or is gone. [`Stream::opened`](super::Stream::opened) begins anew.
    Closed,
    /// A packet was not sent; see there for what that means for the others.
    Packet(PacketError),
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the proxy on the phone is closed"),
            Self::Packet(error) => write!(f, "the packet was not sent: {error:?}"),
        }
    }
}

impl core::error::Error for StreamError {}

impl Error for StreamError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Closed => ErrorKind::ConnectionReset,
            Self::Packet(PacketError::Malformed | PacketError::Length) => ErrorKind::InvalidData,
            Self::Packet(PacketError::NotConnected) => ErrorKind::NotConnected,
            Self::Packet(PacketError::TooLong | PacketError::TooManyUnanswered) => {
                ErrorKind::OutOfMemory
            }
            Self::Packet(
                PacketError::Qos2
                | PacketError::Version
                | PacketError::Will
                | PacketError::TooManyTopics,
            ) => ErrorKind::Unsupported,
        }
    }
}
