//! MQTT over BLE. A client library writes and reads standard MQTT 3.1.1 packets; on the air goes one
//! CBOR map a packet, to and from a proxy on the phone, which has the connection to the broker.
//!
//! ```text
//!  client ── bytes ──► Encoder ── message ──► Session ──► channel ──► phone
//!  client ◄─ bytes ─── Queue ◄── Packet ◄──── Session ◄── decode ◄─── channel ◄── phone
//! ```
//!
//! | piece | what |
//! |---|---|
//! | [`Encoder`] | the client's bytes, however they are split, to messages |
//! | [`decode`] | a message of the phone to checked values |
//! | [`Session`] | which answers are due, so that the client gets each exactly once |
//! | [`Queue`] | packets on their way to the client, whole ones only |
//! | [`accept`] | the last three together: one message of the phone |
//!
//! They do no I/O, allocate nothing, and know neither clock nor kernel. Two edges stand on them:
//! `Stream` for clients in Rust (feature `stream`), and the C symbols of
//! `include/iot_ble_mqtt_transport.h` (feature `c`).
//!
//! # What the proxy's messages cannot carry
//!
//! | of MQTT | here |
//! |---|---|
//! | QoS 2 | refused: [`PacketError::Qos2`] |
//! | a will | refused: [`PacketError::Will`]; nobody would keep the promise |
//! | user name, password | left out, never stored: the phone signs in as itself |
//! | keep-alive time | left out; PINGREQ and PINGRESP are carried |
//! | retain, DUP | left out in both directions |
//! | the broker | the client does not name it in MQTT; the edge is told |
//! | session present | always 0 |
//! | MQTT 3.1 and 5 | refused: [`PacketError::Version`] |
#![no_std]

mod accept;
#[cfg(feature = "c")]
mod c;
mod decode;
mod encode;
mod limits;
#[cfg(feature = "stream")]
mod owed;
mod packet;
mod queue;
mod session;
#[cfg(feature = "stream")]
mod stream;
mod writer;

pub use accept::{AcceptError, Accepted, accept};
pub use decode::{Message, MessageError, Pieces, ProxyState, Qos, decode};
pub use encode::{Encoder, PacketError, Sent, Step};
pub use limits::{CONTROL_ROOM, MESSAGE_MAX, QUEUE_BYTES, TOPICS_MAX, UNANSWERED_MAX};
pub use packet::Packet;
pub use queue::Queue;
pub use session::{Heard, Ignored, Session};
#[cfg(feature = "stream")]
pub use stream::{Stream, StreamError, Taken, is_open, wait_until};
