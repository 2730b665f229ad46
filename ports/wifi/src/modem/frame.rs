//! Frames on the serial line: a zero byte, then COBS over payload and CRC-16, then a zero byte.
//!
//! The leading zero ends whatever garbage, or half a frame, was on the line before. What does not
//! decode is dropped; the next zero is a new start. The CRC is CRC-16/IBM-3740 (it starts from 0xFFFF, so
//! that zero bytes put before a payload do not pass), high byte first.

use crc::{CRC_16_IBM_3740, Crc};
use zeroize::Zeroize;

/// Longest payload, in bytes: a `Join` with the longest name and credential is 101.
pub const PAYLOAD_MAX: usize = 112;
/// Longest frame between its zero bytes: payload, CRC and the one byte COBS adds.
const ENCODED_MAX: usize = PAYLOAD_MAX + 2 + 1;
/// Longest frame with its zero bytes.
pub const FRAME_MAX: usize = ENCODED_MAX + 2;

const CHECK: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);

/// Collects the bytes of the line into frames. Bounded; state is kept over dropped futures.
pub struct Reader {
    buffer: [u8; ENCODED_MAX],
    length: usize,
    overrun: bool,
}

impl Reader {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            buffer: [0; ENCODED_MAX],
            length: 0,
            overrun: false,
        }
    }

    /// Takes one byte. The payload, when it ended a frame that is whole.
    pub fn push(&mut self, byte: u8) -> Option<&[u8]> {
        if byte == 0 {
            let length = core::mem::take(&mut self.length);
            let overrun = core::mem::take(&mut self.overrun);
            if overrun {
                return None;
            }
            return open(self.buffer.get_mut(..length)?);
        }
        match self.buffer.get_mut(self.length) {
            Some(place) => {
                *place = byte;
                self.length = self.length.saturating_add(1);
            }
            None => self.overrun = true,
        }
        None
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// Payload of the bytes between two zeros.
fn open(encoded: &mut [u8]) -> Option<&[u8]> {
    let length = cobs::decode_in_place(encoded).ok()?;
    let (payload, check) = encoded.get(..length)?.split_last_chunk::<2>()?;
    (CHECK.checksum(payload) == u16::from_be_bytes(*check)).then_some(payload)
}

/// One frame to be sent; wiped when dropped, as it may hold a passphrase.
pub struct Frame {
    bytes: [u8; FRAME_MAX],
    length: usize,
}

impl Frame {
    /// Frames a payload; `None` when it is longer than [`PAYLOAD_MAX`].
    #[must_use]
    pub fn new(payload: &[u8]) -> Option<Self> {
        let mut plain = zeroize::Zeroizing::new([0; PAYLOAD_MAX + 2]);
        let end = payload.len().checked_add(2)?;
        plain.get_mut(..payload.len())?.copy_from_slice(payload);
        plain
            .get_mut(payload.len()..end)?
            .copy_from_slice(&CHECK.checksum(payload).to_be_bytes());
        let mut frame = Self {
            bytes: [0; FRAME_MAX],
            length: 0,
        };
        let encoded = cobs::try_encode(plain.get(..end)?, frame.bytes.get_mut(1..)?).ok()?;
        frame.length = encoded
            .checked_add(2)
            .filter(|length| *length <= FRAME_MAX)?;
        Some(frame)
    }

    /// The bytes for the line.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// A small generator: the same bytes in every run.
    struct Dice(u64);
    impl Dice {
        fn byte(&mut self) -> u8 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 56) as u8
        }
    }

    fn frames(reader: &mut Reader, line: &[u8]) -> Vec<Vec<u8>> {
        line.iter()
            .filter_map(|byte| reader.push(*byte).map(<[u8]>::to_vec))
            .collect()
    }

    #[test]
    fn a_payload_of_every_length_comes_through() {
        let mut dice = Dice(1);
        let mut reader = Reader::new();
        for length in 0..=PAYLOAD_MAX {
            let payload: Vec<u8> = (0..length).map(|_| dice.byte() & 3).collect();
            let frame = Frame::new(&payload).unwrap();
            assert_eq!(frames(&mut reader, frame.as_bytes()), [payload]);
        }
        assert!(Frame::new(&[0; PAYLOAD_MAX + 1]).is_none());
    }

    #[test]
    fn a_frame_survives_any_garbage_before_it() {
        let mut dice = Dice(2);
        for round in 0..2000 {
            let mut line: Vec<u8> = (0..round % 300).map(|_| dice.byte()).collect();
            line.extend_from_slice(Frame::new(b"payload").unwrap().as_bytes());
            assert_eq!(
                frames(&mut Reader::new(), &line).last().unwrap(),
                b"payload"
            );
        }
    }

    #[test]
    fn a_flipped_bit_is_never_taken_for_a_payload() {
        let good = Frame::new(b"the payload of a frame").unwrap();
        for bit in 0..good.as_bytes().len() * 8 {
            let mut line = good.as_bytes().to_vec();
            line[bit / 8] ^= 1 << (bit % 8);
            for got in frames(&mut Reader::new(), &line) {
                assert_eq!(got, b"the payload of a frame", "bit {bit}");
            }
        }
    }
}
