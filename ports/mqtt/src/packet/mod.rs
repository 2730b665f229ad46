//! MQTT 3.1.1 control packets, as far as a client of QoS 0 and 1 needs them.

mod decode;
mod encode;
mod inbound;

pub use decode::{Connack, DecodeError, Packet, Publish, decode};
pub use encode::{
    EncodeError, MAX_HEADER, connect, disconnect, pingreq, puback, publish, subscribe,
};
pub use inbound::{Inbound, Incoming};

/// Packet types: the upper four bits of the first byte.
mod kind {
    pub(super) const CONNECT: u8 = 1;
    pub(super) const CONNACK: u8 = 2;
    pub(super) const PUBLISH: u8 = 3;
    pub(super) const PUBACK: u8 = 4;
    pub(super) const SUBSCRIBE: u8 = 8;
    pub(super) const SUBACK: u8 = 9;
    pub(super) const PINGREQ: u8 = 12;
    pub(super) const PINGRESP: u8 = 13;
    pub(super) const DISCONNECT: u8 = 14;
}

/// How surely a message arrives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Qos {
    /// At most once.
    AtMostOnce,
    /// At least once.
    AtLeastOnce,
}

/// The DUP bit of a PUBLISH packet's first byte.
pub const DUP: u8 = 0x08;
