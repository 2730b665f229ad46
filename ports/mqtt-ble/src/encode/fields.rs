//! The fields of packets: what each means, where it is written, and which one is next.

use super::{
    At, CONNECT, Encoder, PUBACK, PUBLISH, PacketError, SUBSCRIBE, UNSUBSCRIBE, acknowledge,
};
use crate::limits::TOPICS_MAX;
use crate::writer::{ARRAY, BYTES, FALSE, TEXT, UNSIGNED};

/// Flags of CONNECT.
const CLEAN_SESSION: u8 = 1 << 1;
const WILL: u8 = 1 << 2;
const WILL_QOS_AND_RETAIN: u8 = 0x38;
const PASSWORD: u8 = 1 << 6;
const USER: u8 = 1 << 7;

/// What CONNECT begins with: the protocol's name and level.
const PROTOCOL: [u8; 7] = [0, 4, b'M', b'Q', b'T', b'T', 4];

impl Encoder {
    /// A byte of the remaining length.
    pub(super) fn length(&mut self, byte: u8, shift: u32, room: &mut [u8]) {
        self.remaining |= u32::from(byte & 0x7f).wrapping_shl(shift);
        if byte & 0x80 != 0 {
            self.at = if shift < 21 {
                At::Length(shift.saturating_add(7))
            } else {
                At::Broken
            };
            return;
        }
        self.left = self.remaining;
        self.at = At::Skip;
        if self.refused.is_some() {
            return;
        }
        let kind = self.kind();
        match kind {
            CONNECT => {
                self.writer.begin(room, 4, kind);
                self.at = At::Protocol(0);
            }
            PUBLISH => {
                self.writer
                    .begin(room, 4_u8.saturating_add(self.qos()), kind);
                self.at = At::TextLength;
            }
            PUBACK => self.at = At::IdHigh,
            SUBSCRIBE | UNSUBSCRIBE => {
                self.writer
                    .begin(room, if kind == SUBSCRIBE { 4 } else { 3 }, kind);
                self.writer.pair(room, b'v', ARRAY, 0);
                self.count_at = self.writer.length().saturating_sub(1);
                self.at = At::IdHigh;
            }
            _ => {
                self.writer.begin(room, 1, kind);
                self.at = At::End;
            }
        }
    }

    /// A byte of CONNECT before the client id.
    pub(super) fn protocol(&mut self, byte: u8, index: usize) {
        self.at = At::Protocol(index.saturating_add(1));
        match PROTOCOL.get(index) {
            Some(expected) if *expected == byte => {}
            Some(_) => self.refuse(PacketError::Version),
            None if index == PROTOCOL.len() => {
                self.clean = byte & CLEAN_SESSION != 0;
                if byte & 1 != 0
                    || byte & (USER | PASSWORD) == PASSWORD
                    || (byte & WILL == 0 && byte & WILL_QOS_AND_RETAIN != 0)
                {
                    self.refuse(PacketError::Malformed);
                } else if byte & WILL != 0 {
                    self.refuse(PacketError::Will);
                }
                self.topics = byte >> 6;
            }
            // The keep-alive time is not carried.
            None if index > PROTOCOL.len().saturating_add(1) => self.at = At::TextLength,
            None => {}
        }
    }

    /// The length of a text is known.
    pub(super) fn text(&mut self, length: u16, room: &mut [u8]) {
        self.left = length.into();
        if self.left > self.remaining {
            return self.refuse(PacketError::Malformed);
        }
        match self.kind() {
            CONNECT if self.text_at != 0 => {
                // User name and password.
                self.at = At::Skip;
                return;
            }
            CONNECT => self.writer.pair(room, b'd', TEXT, length.into()),
            PUBLISH => self.writer.pair(room, b'u', TEXT, length.into()),
            _ => {
                if usize::from(self.topics) == TOPICS_MAX {
                    return self.refuse(PacketError::TooManyTopics);
                }
                self.topics = self.topics.saturating_add(1);
                self.writer.head(room, TEXT, length.into());
            }
        }
        self.text_at = self.writer.length();
        self.at = At::Text;
    }

    /// The packet's id is known.
    pub(super) fn id(&mut self, id: u16, room: &mut [u8]) {
        self.id = id;
        if id == 0 {
            return self.refuse(PacketError::Malformed);
        }
        match self.kind() {
            PUBLISH => self.payload(room),
            PUBACK => {
                acknowledge(&mut self.writer, room, id);
                self.at = At::End;
            }
            _ => self.at = At::TextLength,
        }
    }

    pub(super) fn payload(&mut self, room: &mut [u8]) {
        self.writer.pair(room, b'n', UNSIGNED, self.qos().into());
        self.writer.pair(room, b'k', BYTES, self.remaining);
        self.left = self.remaining;
        self.at = At::Payload;
    }

    /// The QoS a topic is asked for with.
    pub(super) fn asked(&mut self, qos: u8) {
        match qos {
            0 | 1 => {
                let place = u32::from(self.topics.saturating_sub(1));
                self.asked |= u16::from(qos).wrapping_shl(place);
                self.at = At::TextLength;
            }
            2 => self.refuse(PacketError::Qos2),
            _ => self.refuse(PacketError::Malformed),
        }
    }

    pub(super) fn text_ended(&mut self, room: &mut [u8], endpoint: &str) {
        let text = room
            .get(self.text_at..self.writer.length())
            .unwrap_or_default();
        let is_named = !text.is_empty() || self.kind() == CONNECT;
        if !is_named || core::str::from_utf8(text).is_err() || text.contains(&0) {
            return self.refuse(PacketError::Malformed);
        }
        match self.kind() {
            CONNECT => {
                let length = u32::try_from(endpoint.len()).unwrap_or(u32::MAX);
                self.writer.pair(room, b'a', TEXT, length);
                self.writer.put(room, endpoint.as_bytes());
                self.writer
                    .pair(room, b'c', FALSE | u8::from(self.clean), 0);
                self.credentials();
            }
            PUBLISH if self.qos() == 0 => self.payload(room),
            PUBLISH => self.at = At::IdHigh,
            SUBSCRIBE => self.at = At::Asked,
            _ => self.at = At::TextLength,
        }
    }

    /// What is left out, or the payload, ended.
    pub(super) fn part_ended(&mut self, room: &mut [u8]) {
        if self.at == At::Skip {
            self.credentials();
        } else {
            if self.qos() == 1 {
                self.writer.pair(room, b'i', UNSIGNED, self.id.into());
            }
            self.at = At::End;
        }
    }

    /// User name and password, of those that CONNECT has.
    pub(super) fn credentials(&mut self) {
        // Bit 1: a user name is to come, bit 0: a password.
        let (next, at) = match self.topics {
            2 | 3 => (self.topics & 1, At::TextLength),
            1 => (0, At::TextLength),
            _ => (0, At::End),
        };
        self.topics = next;
        self.at = at;
    }
}
