//! What the client gets: standard MQTT 3.1.1 packets.

use core::num::NonZeroU16;

use crate::decode::{Pieces, REFUSED};

/// The return code of a CONNACK that refuses: "not authorized".
const NOT_AUTHORIZED: u8 = 5;

/// A packet for the client.
#[derive(Clone, Debug)]
pub enum Packet<'a> {
    /// CONNACK; session present is always 0.
    ConnAck {
        /// Return code 0 or 5.
        accepted: bool,
    },
    /// PUBLISH of QoS 0 (no id) or 1.
    Publish {
        /// Where to: at most 65535 bytes.
        topic: Pieces<'a>,
        /// Any bytes.
        payload: Pieces<'a>,
        /// Its packet id.
        id: Option<NonZeroU16>,
    },
    /// PUBACK.
    PubAck(NonZeroU16),
    /// SUBACK with one return code a topic.
    SubAck {
        /// The SUBSCRIBE it answers.
        id: NonZeroU16,
        /// How many topics that had.
        topics: u8,
        /// The QoS it asked for, one bit a topic, the first one lowest.
        asked: u16,
        /// What the proxy granted: 0, 1, or 0x80.
        status: u8,
    },
    /// UNSUBACK.
    UnsubAck(NonZeroU16),
    /// PINGRESP.
    PingResp,
}

impl Packet<'_> {
    /// Bytes behind the remaining length.
    fn remaining(&self) -> usize {
        match self {
            Self::ConnAck { .. } | Self::PubAck(_) | Self::UnsubAck(_) => 2,
            Self::Publish { topic, payload, id } => {
                let fields = if id.is_some() { 4_usize } else { 2 };
                fields
                    .saturating_add(topic.len())
                    .saturating_add(payload.len())
            }
            Self::SubAck { topics, .. } => usize::from(*topics).saturating_add(2),
            Self::PingResp => 0,
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        let remaining = self.remaining();
        let (_, digits) = remaining_length(remaining);
        remaining.saturating_add(digits).saturating_add(1)
    }

    /// Hands its bytes out, in order: exactly [`Self::length`] of them.
    pub fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        let first = match self {
            Self::ConnAck { .. } => 0x20,
            Self::Publish { id: None, .. } => 0x30,
            Self::Publish { id: Some(_), .. } => 0x32,
            Self::PubAck(_) => 0x40,
            Self::SubAck { .. } => 0x90,
            Self::UnsubAck(_) => 0xb0,
            Self::PingResp => 0xd0,
        };
        sink(&[first]);
        let (bytes, digits) = remaining_length(self.remaining());
        sink(bytes.get(..digits).unwrap_or_default());
        match self {
            Self::ConnAck { accepted } => sink(&[0, if *accepted { 0 } else { NOT_AUTHORIZED }]),
            Self::Publish { topic, payload, id } => {
                // A topic has at most 65535 bytes.
                sink(&(topic.len() as u16).to_be_bytes());
                topic.each(&mut *sink);
                if let Some(id) = id {
                    sink(&id.get().to_be_bytes());
                }
                payload.each(sink);
            }
            Self::PubAck(id) | Self::UnsubAck(id) => sink(&id.get().to_be_bytes()),
            Self::SubAck {
                id,
                topics,
                asked,
                status,
            } => {
                sink(&id.get().to_be_bytes());
                for place in 0..u32::from(*topics) {
                    let asked = (asked.wrapping_shr(place) & 1) as u8;
                    sink(&[if *status == REFUSED {
                        REFUSED
                    } else {
                        asked.min(*status)
                    }]);
                }
            }
            Self::PingResp => {}
        }
    }
}

/// A remaining length as MQTT writes it, and how many bytes of it there are: 1 to 4.
fn remaining_length(length: usize) -> ([u8; 4], usize) {
    let mut bytes = [0_u8; 4];
    let mut digits = 0_usize;
    let mut rest = length;
    for place in &mut bytes {
        *place = (rest & 0x7f) as u8;
        rest >>= 7;
        digits = digits.saturating_add(1);
        if rest == 0 {
            break;
        }
        *place |= 0x80;
    }
    (bytes, digits)
}

#[cfg(test)]
mod tests {
    use super::remaining_length;

    #[test]
    fn the_remaining_length_has_the_bytes_the_standard_tells() {
        for (length, bytes) in [
            (0, &[0][..]),
            (127, &[0x7f]),
            (128, &[0x80, 1]),
            (16_383, &[0xff, 0x7f]),
            (16_384, &[0x80, 0x80, 1]),
            (2_097_151, &[0xff, 0xff, 0x7f]),
            (2_097_152, &[0x80, 0x80, 0x80, 1]),
            (268_435_455, &[0xff, 0xff, 0xff, 0x7f]),
        ] {
            let (all, digits) = remaining_length(length);
            assert_eq!(&all[..digits], bytes);
        }
    }
}
