//! Device to phone: the bytes of MQTT packets become messages, while they come.
//!
//! No packet is kept: each field is written where it belongs as soon as it is there.

mod fields;

use core::num::NonZeroU16;

use crate::writer::{ARRAY, UNSIGNED, Writer};

/// Control packet types a client sends.
pub(crate) const CONNECT: u8 = 1;
pub(crate) const PUBLISH: u8 = 3;
pub(crate) const PUBACK: u8 = 4;
pub(crate) const SUBSCRIBE: u8 = 8;
pub(crate) const UNSUBSCRIBE: u8 = 10;
pub(crate) const PINGREQ: u8 = 12;
pub(crate) const DISCONNECT: u8 = 14;

/// Why a packet was not sent. Nothing of it was; packets before and after it are not affected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PacketError {
    /// It is no packet of a client, or its lengths contradict each other.
    Malformed,
    /// The remaining length has more than four bytes: where the next packet begins cannot be told.
    /// Nothing more is taken.
    Length,
    /// Its message is longer than there is room.
    TooLong,
    /// QoS 2, which the proxy does not carry.
    Qos2,
    /// A protocol level other than that of MQTT 3.1.1.
    Version,
    /// A will, which the proxy does not carry.
    Will,
    /// More than [`TOPICS_MAX`](crate::TOPICS_MAX) topics.
    TooManyTopics,
    /// More than [`UNANSWERED_MAX`](crate::UNANSWERED_MAX) SUBSCRIBE and UNSUBSCRIBE packets without
    /// an answer.
    TooManyUnanswered,
    /// A packet before CONNECT, or after DISCONNECT.
    NotConnected,
}

/// A packet whose message is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sent {
    /// CONNECT.
    Connect,
    /// PUBLISH of QoS 0 (no id) or 1.
    Publish(Option<NonZeroU16>),
    /// PUBACK.
    PubAck(NonZeroU16),
    /// SUBSCRIBE.
    Subscribe {
        /// Its packet id.
        id: NonZeroU16,
        /// How many topics, 1 to [`TOPICS_MAX`](crate::TOPICS_MAX).
        topics: u8,
        /// The QoS asked for, one bit a topic, the first one lowest.
        asked: u16,
    },
    /// UNSUBSCRIBE.
    Unsubscribe(NonZeroU16),
    /// PINGREQ.
    PingReq,
    /// DISCONNECT.
    Disconnect,
}

/// What bytes led to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The packet goes on.
    More,
    /// The packet is complete; its message is in the first `length` bytes of the room.
    Whole {
        /// What it was.
        sent: Sent,
        /// Bytes of the message.
        length: usize,
    },
    /// The packet is complete, and is not to be sent.
    Refused(PacketError),
}

/// The field the next byte belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum At {
    /// The packet's first byte.
    First,
    /// The remaining length, and by how much its next byte is shifted.
    Length(u32),
    /// CONNECT: name, level, flags and keep-alive time, and which byte of them.
    Protocol(usize),
    /// The high and the low byte of a text's length.
    TextLength,
    TextLengthLow(u8),
    Text,
    IdHigh,
    IdLow(u8),
    Payload,
    /// SUBSCRIBE: the QoS of a topic.
    Asked,
    /// Bytes that are left out.
    Skip,
    /// Nothing more belongs to the packet.
    End,
    /// No packet can follow.
    Broken,
}

/// Translates a stream of packets. The room for the message under way comes with each call and
/// must hold what the last call left there.
#[derive(Clone)]
pub struct Encoder {
    at: At,
    /// The packet's first byte.
    first: u8,
    /// Bytes of the packet still to come.
    remaining: u32,
    /// Bytes of a text, the payload or a skipped part still to come.
    left: u32,
    /// Where the text began.
    text_at: usize,
    id: u16,
    clean: bool,
    topics: u8,
    asked: u16,
    /// Where the number of topics is written.
    count_at: usize,
    writer: Writer,
    refused: Option<PacketError>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// At the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            at: At::First,
            first: 0,
            remaining: 0,
            left: 0,
            text_at: 0,
            id: 0,
            clean: false,
            topics: 0,
            asked: 0,
            count_at: 0,
            writer: Writer::new(),
            refused: None,
        }
    }

    /// Takes bytes up to the end of a packet at most; gives how many, and what they led to.
    /// `endpoint` is the broker's host name, for CONNECT.
    ///
    /// A packet that cannot be sent is taken to its end, and refused there.
    pub fn push(&mut self, bytes: &[u8], room: &mut [u8], endpoint: &str) -> (usize, Step) {
        let mut taken = 0_usize;
        loop {
            let rest = bytes.get(taken..).unwrap_or_default();
            if self.at == At::Broken {
                return (taken, Step::Refused(PacketError::Length));
            }
            if matches!(self.at, At::Text | At::Payload | At::Skip) && self.left > 0 {
                let Some(count) = self.copy(rest, room) else {
                    return (taken, Step::More);
                };
                taken = taken.saturating_add(count);
            } else {
                let Some(&byte) = rest.first() else {
                    return (taken, Step::More);
                };
                taken = taken.saturating_add(1);
                self.byte(byte, room);
            }
            if let Some(step) = self.settle(room, endpoint) {
                return (taken, step);
            }
        }
    }

    /// Takes bytes of a text, the payload or a part that is left out; `None` when there are none.
    fn copy(&mut self, bytes: &[u8], room: &mut [u8]) -> Option<usize> {
        let count = u32::try_from(bytes.len())
            .unwrap_or(u32::MAX)
            .min(self.left);
        let bytes = bytes.get(..count as usize)?;
        if self.at != At::Skip {
            self.writer.put(room, bytes);
        }
        self.left = self.left.saturating_sub(count);
        self.remaining = self.remaining.saturating_sub(count);
        (count > 0).then_some(count as usize)
    }

    /// Takes one byte of a short field.
    fn byte(&mut self, byte: u8, room: &mut [u8]) {
        match self.at {
            At::First => return self.first(byte),
            At::Length(shift) => return self.length(byte, shift, room),
            _ => self.remaining = self.remaining.saturating_sub(1),
        }
        match self.at {
            At::Protocol(index) => self.protocol(byte, index),
            At::TextLength => self.at = At::TextLengthLow(byte),
            At::TextLengthLow(high) => self.text(u16::from_be_bytes([high, byte]), room),
            At::IdHigh => self.at = At::IdLow(byte),
            At::IdLow(high) => self.id(u16::from_be_bytes([high, byte]), room),
            At::Asked => self.asked(byte),
            At::First
            | At::Length(_)
            | At::Text
            | At::Payload
            | At::Skip
            | At::End
            | At::Broken => self.refuse(PacketError::Malformed),
        }
    }

    fn first(&mut self, byte: u8) {
        *self = Self {
            first: byte,
            at: At::Length(0),
            ..Self::new()
        };
        let flags = byte & 0x0f;
        self.refused = match byte >> 4 {
            CONNECT | PUBACK | PINGREQ | DISCONNECT if flags == 0 => None,
            SUBSCRIBE | UNSUBSCRIBE if flags == 2 => None,
            PUBLISH => match (byte >> 1) & 3 {
                0 | 1 => None,
                2 => Some(PacketError::Qos2),
                _ => Some(PacketError::Malformed),
            },
            5..=7 => Some(PacketError::Qos2),
            _ => Some(PacketError::Malformed),
        };
    }

    const fn kind(&self) -> u8 {
        self.first >> 4
    }

    /// Of a PUBLISH: 0 or 1.
    const fn qos(&self) -> u8 {
        (self.first >> 1) & 3
    }

    /// Leaves out what is left of the packet. The first reason counts.
    fn refuse(&mut self, why: PacketError) {
        self.refused = self.refused.or(Some(why));
        self.left = self.remaining;
        self.at = At::Skip;
    }

    /// Goes on from a field that is complete; gives the packet when that is.
    fn settle(&mut self, room: &mut [u8], endpoint: &str) -> Option<Step> {
        if self.writer.overflowed() && self.refused.is_none() {
            self.refuse(PacketError::TooLong);
        }
        if self.at == At::Text && self.left == 0 && self.refused.is_none() {
            self.text_ended(room, endpoint);
        }
        if matches!(self.at, At::Skip | At::Payload) && self.left == 0 && self.refused.is_none() {
            self.part_ended(room);
        }
        if matches!(self.at, At::First | At::Length(_) | At::Broken) || self.remaining > 0 {
            return None;
        }
        Some(self.end(room))
    }

    /// All bytes of the packet are there.
    fn end(&mut self, room: &mut [u8]) -> Step {
        let sent = self.sent(room);
        if self.writer.overflowed() && self.refused.is_none() {
            self.refused = Some(PacketError::TooLong);
        }
        let length = self.writer.length();
        let step = match (self.refused, sent) {
            (Some(why), _) => Step::Refused(why),
            (None, Some(sent)) => Step::Whole { sent, length },
            (None, None) => Step::Refused(PacketError::Malformed),
        };
        self.at = At::First;
        self.left = 0;
        step
    }

    /// What the packet was; completes the message of one with topics.
    fn sent(&mut self, room: &mut [u8]) -> Option<Sent> {
        let id = NonZeroU16::new(self.id);
        let kind = self.kind();
        if matches!(kind, SUBSCRIBE | UNSUBSCRIBE) {
            if self.at != At::TextLength || self.topics == 0 {
                return None;
            }
            *room.get_mut(self.count_at)? = ARRAY | self.topics;
            if kind == SUBSCRIBE {
                self.writer.pair(room, b'o', ARRAY, self.topics.into());
                for place in 0..u32::from(self.topics) {
                    let qos = self.asked.wrapping_shr(place) & 1;
                    self.writer.head(room, UNSIGNED, qos.into());
                }
            }
            self.writer.pair(room, b'i', UNSIGNED, self.id.into());
            let id = id?;
            return Some(if kind == SUBSCRIBE {
                Sent::Subscribe {
                    id,
                    topics: self.topics,
                    asked: self.asked,
                }
            } else {
                Sent::Unsubscribe(id)
            });
        }
        if self.at != At::End {
            return None;
        }
        match kind {
            CONNECT => Some(Sent::Connect),
            PUBLISH => Some(Sent::Publish(id)),
            PUBACK => id.map(Sent::PubAck),
            PINGREQ => Some(Sent::PingReq),
            _ => Some(Sent::Disconnect),
        }
    }
}

/// Writes the message of a PUBACK.
pub(crate) fn acknowledge(writer: &mut Writer, room: &mut [u8], id: u16) {
    writer.begin(room, 2, PUBACK);
    writer.pair(room, b'i', UNSIGNED, id.into());
}
