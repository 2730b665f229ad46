//! Phone to device: a message becomes checked values, once, in one pass.

use core::num::NonZeroU16;

use wifi_provision::message::amazon::reader::{BYTES, Reader, TEXT};

/// Message types a phone sends.
const CONNACK: u32 = 2;
const PUBLISH: u32 = 3;
const PUBACK: u32 = 4;
const SUBACK: u32 = 9;
const UNSUBACK: u32 = 11;
const PINGRESP: u32 = 13;

/// The status of a SUBACK that refuses.
pub(crate) const REFUSED: u8 = 0x80;

/// Why a message was not understood.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MessageError {
    /// It is not one well-formed CBOR map, or has one of our keys twice.
    Damaged,
    /// Its type is missing, or none a phone sends.
    Type,
    /// A field of its type is missing, or of another CBOR type.
    Field,
    /// A packet id that is 0 where it must not be, or above 65535.
    Id,
    /// A status out of its range.
    Status,
    /// A QoS other than 0 and 1.
    Qos,
    /// A topic that is empty, longer than 65535 bytes, not UTF-8, or has a wildcard or a NUL.
    Topic,
}

/// What the proxy's connection to the broker is like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProxyState {
    /// 0.
    Unknown,
    /// 1; the device takes it for success.
    Connecting,
    /// 2.
    Connected,
    /// 3.
    Disconnected,
    /// 4.
    Refused,
    /// 5.
    Error,
    /// 6.
    ProtocolError,
}

/// The QoS of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Qos {
    /// At most once.
    AtMostOnce,
    /// At least once.
    AtLeastOnce,
}

/// A message of the phone.
#[derive(Clone, Debug)]
pub enum Message<'a> {
    /// CONNACK.
    ConnAck(ProxyState),
    /// PUBLISH.
    Publish {
        /// Where to: 1 to 65535 bytes of UTF-8.
        topic: Pieces<'a>,
        /// Any bytes.
        payload: Pieces<'a>,
        /// How it was delivered.
        qos: Qos,
        /// `None` when there is none or it is 0: both happen, see [`Session`](crate::Session).
        id: Option<NonZeroU16>,
    },
    /// PUBACK.
    PubAck(NonZeroU16),
    /// SUBACK.
    SubAck {
        /// The SUBSCRIBE it answers.
        id: NonZeroU16,
        /// 0 or 1, the QoS granted, or 0x80.
        status: u8,
    },
    /// UNSUBACK.
    UnsubAck(NonZeroU16),
    /// PINGRESP.
    PingResp,
}

/// A string as it lies in a message, in one piece or in chunks.
#[derive(Clone)]
pub struct Pieces<'a> {
    /// Its head was read.
    reader: Reader<'a>,
    length: usize,
}

impl<'a> Pieces<'a> {
    /// Reads a string whose head was read.
    fn read(reader: &mut Reader<'a>) -> Self {
        let head = reader.clone();
        let mut length = 0_usize;
        reader.pieces(|piece| length = length.saturating_add(piece.len()));
        Self {
            reader: head,
            length,
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether it has no bytes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Hands its pieces out, in order.
    pub fn each(&self, piece: impl FnMut(&'a [u8])) {
        self.reader.clone().pieces(piece);
    }

    /// Whether it can be the topic of a message. Chunks of text are UTF-8 each for itself.
    fn is_topic(&self) -> bool {
        let mut is_topic = !self.is_empty() && self.length <= usize::from(u16::MAX);
        self.each(|piece| {
            is_topic &= core::str::from_utf8(piece).is_ok()
                && !piece.iter().any(|byte| matches!(byte, 0 | b'#' | b'+'));
        });
        is_topic
    }
}

impl core::fmt::Debug for Pieces<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} bytes", self.length)
    }
}

/// What was read so far.
#[derive(Default)]
struct Fields<'a> {
    kind: Option<u32>,
    status: Option<u32>,
    qos: Option<u32>,
    id: Option<u32>,
    topic: Option<Pieces<'a>>,
    payload: Option<Pieces<'a>>,
    /// Which of our keys occurred, whatever their values.
    seen: u8,
}

/// Our keys, as bits of [`Fields::seen`].
const KIND: u8 = 1;
const STATUS: u8 = 1 << 1;
const QOS: u8 = 1 << 2;
const ID: u8 = 1 << 3;
const TOPIC: u8 = 1 << 4;
const PAYLOAD: u8 = 1 << 5;

/// Reads a message of the phone. Keys may come in any order, others than ours are skipped, strings
/// may come in chunks.
///
/// # Errors
///
/// See [`MessageError`].
pub fn decode(message: &[u8]) -> Result<Message<'_>, MessageError> {
    let fields = Fields::read(message).ok_or(MessageError::Damaged)?;
    match fields.kind {
        Some(CONNACK) => Ok(Message::ConnAck(fields.state()?)),
        Some(PUBLISH) => fields.publish(),
        Some(PUBACK) => Ok(Message::PubAck(fields.answered()?)),
        Some(SUBACK) => Ok(Message::SubAck {
            id: fields.answered()?,
            status: match fields.status.ok_or(MessageError::Field)? {
                0 => 0,
                1 => 1,
                0x80 => REFUSED,
                _ => return Err(MessageError::Status),
            },
        }),
        Some(UNSUBACK) => Ok(Message::UnsubAck(fields.answered()?)),
        Some(PINGRESP) => Ok(Message::PingResp),
        _ => Err(MessageError::Type),
    }
}

/// The id by which a message that is cut off is acknowledged, if it has one before the cut. `None` for what needs no
/// acknowledgement.
///
/// Only a PUBLISH is so long. Its type and QoS may lie behind the cut: phones give the keys in any order.
#[cfg(feature = "stream")]
pub(crate) fn id_of_cut(front: &[u8]) -> Option<NonZeroU16> {
    let fields = Fields::begin(&mut Reader::new(front))?;
    if fields.kind.unwrap_or(PUBLISH) != PUBLISH || fields.qos == Some(0) {
        return None;
    }
    // One that the cut goes through reads as 0.
    u16::try_from(fields.id?).ok().and_then(NonZeroU16::new)
}

impl<'a> Fields<'a> {
    /// Reads the whole message; `None` when it is damaged.
    fn read(message: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(message);
        let fields = Self::begin(&mut reader)?;
        reader.is_complete().then_some(fields)
    }

    /// Reads as far as it is well-formed; `None` when a key comes twice.
    fn begin(reader: &mut Reader<'a>) -> Option<Self> {
        let mut fields = Self::default();
        reader.map();
        while let Some(letter) = reader.key() {
            reader.head();
            let key = match letter {
                b'w' => KIND,
                b's' => STATUS,
                b'n' => QOS,
                b'i' => ID,
                b'u' => TOPIC,
                b'k' => PAYLOAD,
                _ => {
                    reader.rest();
                    continue;
                }
            };
            if fields.seen & key != 0 {
                return None;
            }
            fields.seen |= key;
            fields.value(key, reader);
        }
        Some(fields)
    }

    /// Reads one value; one of another type is skipped.
    fn value(&mut self, key: u8, reader: &mut Reader<'a>) {
        let number = match key {
            KIND => &mut self.kind,
            STATUS => &mut self.status,
            QOS => &mut self.qos,
            ID => &mut self.id,
            TOPIC if reader.major() == TEXT => {
                self.topic = Some(Pieces::read(reader));
                return;
            }
            PAYLOAD if reader.major() == BYTES => {
                self.payload = Some(Pieces::read(reader));
                return;
            }
            _ => return reader.rest(),
        };
        *number = reader.unsigned();
        reader.rest();
    }

    fn state(&self) -> Result<ProxyState, MessageError> {
        Ok(match self.status.ok_or(MessageError::Field)? {
            0 => ProxyState::Unknown,
            1 => ProxyState::Connecting,
            2 => ProxyState::Connected,
            3 => ProxyState::Disconnected,
            4 => ProxyState::Refused,
            5 => ProxyState::Error,
            6 => ProxyState::ProtocolError,
            _ => return Err(MessageError::Status),
        })
    }

    /// The id of an answer, which must be one a client can have given.
    fn answered(&self) -> Result<NonZeroU16, MessageError> {
        let id = self.id.ok_or(MessageError::Field)?;
        let id = u16::try_from(id).map_err(|_| MessageError::Id)?;
        NonZeroU16::new(id).ok_or(MessageError::Id)
    }

    fn publish(self) -> Result<Message<'a>, MessageError> {
        let qos = match self.qos.ok_or(MessageError::Field)? {
            0 => Qos::AtMostOnce,
            1 => Qos::AtLeastOnce,
            _ => return Err(MessageError::Qos),
        };
        let id = match (qos, self.id) {
            // Nobody looks at it.
            (Qos::AtMostOnce, _) => None,
            (Qos::AtLeastOnce, None) if self.seen & ID != 0 => return Err(MessageError::Field),
            (Qos::AtLeastOnce, id) => {
                let id = u16::try_from(id.unwrap_or(0)).map_err(|_| MessageError::Id)?;
                NonZeroU16::new(id)
            }
        };
        let topic = self.topic.ok_or(MessageError::Field)?;
        if !topic.is_topic() {
            return Err(MessageError::Topic);
        }
        Ok(Message::Publish {
            topic,
            payload: self.payload.ok_or(MessageError::Field)?,
            qos,
            id,
        })
    }
}

#[cfg(all(test, feature = "stream"))]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    /// The heads of long messages, in the orders phones have.
    const IOS: &[u8] = b"\xa5aw\x03au\x61tai\x19\x01\x02an\x01ak\x59\x20\x00";
    const ANDROID: &[u8] = b"\xa5ai\x19\x01\x02ak\x59\x20\x00";

    fn cut(head: &[u8]) -> Vec<u8> {
        [head, &[7; 100]].concat()
    }

    #[test]
    fn a_cut_message_is_acknowledged_if_its_id_is_there() {
        let id = NonZeroU16::new(258);
        assert_eq!(id_of_cut(&cut(IOS)), id);
        assert_eq!(id_of_cut(&cut(ANDROID)), id);
        // Of QoS 0, of another type, behind the payload, and the cut in the middle of it.
        for head in [
            &b"\xa5aw\x03au\x61tai\x19\x01\x02an\x00ak\x59\x20\x00"[..],
            b"\xa5aw\x08ai\x19\x01\x02ak\x59\x20\x00",
            b"\xa5aw\x03au\x61tan\x01ak\x59\x20\x00",
        ] {
            assert_eq!(id_of_cut(&cut(head)), None, "{head:02x?}");
        }
        assert_eq!(id_of_cut(b"\xa5aw\x03an\x01ai\x19\x01"), None);
        assert_eq!(id_of_cut(&[0; 4608]), None);
    }
}
