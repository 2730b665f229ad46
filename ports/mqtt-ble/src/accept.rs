//! One message of the phone, all the way to the client's queue.

use crate::decode::{MessageError, decode};
use crate::limits::CONTROL_ROOM;
use crate::packet::Packet;
use crate::queue::Queue;
use crate::session::{Heard, Ignored, Session};

/// What became of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Accepted {
    /// A packet waits for the client.
    Queued,
    /// A CONNACK that refuses waits for the client.
    Refusal,
    /// The proxy lost the broker: the stream ends behind what waits.
    Ended,
    /// Nothing for the client.
    Ignored(Ignored),
}

/// Why a message was refused. Session and queue are as before, but for [`AcceptError::Overrun`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AcceptError {
    /// It was not understood.
    Message(MessageError),
    /// It is a message of QoS 0, and does not fit beside what waits. Policy: the new one is refused, what waits
    /// stays.
    Full,
    /// The same, of a packet that must not be missing: nobody would send it again on this stream, and a broker
    /// keeps one of its few places for each message that is not acknowledged. The stream ends behind what
    /// waits: nothing more is heard on it, so that what comes after is not taken before it, and all of it comes
    /// again on the next. Until then the client may acknowledge what waits.
    Overrun,
    /// Its packet would not fit into an empty queue.
    TooLong,
}

/// Takes one message of the phone. The packet is queued whole or not at all.
///
/// # Errors
///
/// See [`AcceptError`].
pub fn accept(
    session: &mut Session,
    queue: &mut Queue,
    room: &mut [u8],
    message: &[u8],
) -> Result<Accepted, AcceptError> {
    let message = decode(message).map_err(AcceptError::Message)?;
    let mut next = session.clone();
    let packet = match next.received(message) {
        Heard::Packet(packet) => packet,
        Heard::Ended => {
            *session = next;
            return Ok(Accepted::Ended);
        }
        Heard::Ignored(why) => return Ok(Accepted::Ignored(why)),
    };
    let reserve = match packet {
        Packet::Publish { .. } => CONTROL_ROOM.min(room.len() / 4),
        _ => 0,
    };
    let needed = packet.length().saturating_add(reserve);
    if needed > room.len() {
        return Err(AcceptError::TooLong);
    }
    if needed > queue.free(room) {
        if matches!(packet, Packet::Publish { id: None, .. }) {
            return Err(AcceptError::Full);
        }
        session.overrun();
        return Err(AcceptError::Overrun);
    }
    packet.write(&mut |bytes| queue.push(room, bytes));
    *session = next;
    Ok(match packet {
        Packet::ConnAck { accepted: false } => Accepted::Refusal,
        _ => Accepted::Queued,
    })
}
