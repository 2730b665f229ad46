//! Packets out of a byte stream, in one buffer of fixed size.

use super::decode::{DecodeError, Packet, decode, publish_head};
use super::kind;

/// What has come in.
#[derive(Debug, Eq, PartialEq)]
pub enum Incoming<'a> {
    /// A packet.
    Packet(Packet<'a>),
    /// A message larger than the buffer. It is dropped; at QoS 1 this identifier acknowledges it, or the
    /// broker would send it again for ever.
    TooLarge(Option<u16>),
}

/// Collects bytes until they are a packet. Packets of up to `N` bytes are delivered.
pub struct Inbound<const N: usize> {
    bytes: heapless::Vec<u8, N>,
    /// How many bytes at the front belong to the packet delivered last.
    delivered: usize,
    /// How many bytes to come belong to a packet that was too large.
    skip: usize,
    /// Its identifier comes after those, and then so many bytes of its payload.
    payload: Option<usize>,
}

/// Length of a packet identifier.
const ID_BYTES: usize = 2;

/// The fixed header of a packet.
struct Header {
    first: u8,
    /// Its own length.
    length: usize,
    /// Length of the body.
    body: usize,
}

impl<const N: usize> Inbound<N> {
    /// Nothing has come in yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: heapless::Vec::new(),
            delivered: 0,
            skip: 0,
            payload: None,
        }
    }

    /// Forgets everything: the bytes of a new stream begin with a packet.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.delivered = 0;
        self.skip = 0;
        self.payload = None;
    }

    /// Takes bytes in, as many as there is room for; how many. There is room for one at least whenever
    /// [`next`](Self::next) had nothing more to give.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        self.compact();
        let skipped = self.skip.min(bytes.len());
        self.skip = self.skip.saturating_sub(skipped);
        let rest = bytes.get(skipped..).unwrap_or_default();
        let room = N.saturating_sub(self.bytes.len()).min(rest.len());
        // As many as there is room for fit.
        let _ = self
            .bytes
            .extend_from_slice(rest.get(..room).unwrap_or_default());
        skipped.saturating_add(room)
    }

    /// The next whole packet, if there is one.
    ///
    /// # Errors
    ///
    /// See [`DecodeError`]; the stream cannot be used any more.
    #[allow(
        clippy::should_implement_trait,
        reason = "what it gives borrows from it"
    )]
    pub fn next(&mut self) -> Result<Option<Incoming<'_>>, DecodeError> {
        self.compact();
        if let Some(payload) = self.payload {
            return Ok(self.identifier_behind_topic(payload));
        }
        let Some(header) = self.header()? else {
            return Ok(None);
        };
        let total = header
            .length
            .checked_add(header.body)
            .ok_or(DecodeError::Length)?;
        if total > N {
            if self.bytes.len() < N {
                return Ok(None);
            }
            return self.too_large(&header, total);
        }
        if self.bytes.len() < total {
            return Ok(None);
        }
        self.delivered = total;
        let body = self.bytes.get(header.length..total).unwrap_or_default();
        decode(header.first, body).map(|packet| Some(Incoming::Packet(packet)))
    }

    /// The buffer is full of the beginning of a packet that it cannot hold. All of it goes; that of a message is
    /// acknowledged.
    fn too_large(
        &mut self,
        header: &Header,
        total: usize,
    ) -> Result<Option<Incoming<'_>>, DecodeError> {
        if header.first >> 4 != kind::PUBLISH {
            return Err(DecodeError::Length);
        }
        self.delivered = N;
        self.skip = total.saturating_sub(N);
        let mut body = self.bytes.get(header.length..).unwrap_or_default();
        let topic = topic_length(body)?;
        match header.first >> 1 & 3 {
            0 => Ok(Some(Incoming::TooLarge(None))),
            1 if topic.saturating_add(ID_BYTES) > body.len() => {
                let head = topic.saturating_add(ID_BYTES);
                let payload = header.body.checked_sub(head).ok_or(DecodeError::Length)?;
                self.payload = Some(payload);
                // To where the identifier begins; some of it may be here already.
                let begun = body.len().saturating_sub(topic);
                self.delivered = N.saturating_sub(begun);
                self.skip = topic.saturating_sub(body.len());
                self.compact();
                Ok(None)
            }
            _ => {
                let (_, id) = publish_head(header.first, &mut body)?;
                Ok(Some(Incoming::TooLarge(id)))
            }
        }
    }

    /// The identifier of a message whose topic alone was too large.
    fn identifier_behind_topic(&mut self, payload: usize) -> Option<Incoming<'_>> {
        let [high, low, rest @ ..] = self.bytes.as_slice() else {
            return None;
        };
        let here = payload.min(rest.len());
        self.skip = payload.saturating_sub(here);
        self.delivered = here.saturating_add(ID_BYTES);
        self.payload = None;
        Some(Incoming::TooLarge(Some(u16::from_be_bytes([*high, *low]))))
    }

    /// Removes the packet delivered last.
    fn compact(&mut self) {
        if self.delivered > 0 {
            let gone = self.delivered.min(self.bytes.len());
            let left = self.bytes.len().saturating_sub(gone);
            self.bytes.copy_within(gone.., 0);
            self.bytes.truncate(left);
            self.delivered = 0;
        }
    }

    fn header(&self) -> Result<Option<Header>, DecodeError> {
        let [first, rest @ ..] = self.bytes.as_slice() else {
            return Ok(None);
        };
        let mut body = 0_usize;
        for (at, byte) in rest.iter().take(4).enumerate() {
            let shift = u32::try_from(at).unwrap_or(0).wrapping_mul(7);
            body |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(Some(Header {
                    first: *first,
                    length: at.wrapping_add(2),
                    body,
                }));
            }
        }
        if rest.len() >= 4 {
            Err(DecodeError::Length)
        } else {
            Ok(None)
        }
    }
}

/// Length of a message's topic, with that of the length itself.
fn topic_length(body: &[u8]) -> Result<usize, DecodeError> {
    let [high, low, ..] = *body else {
        return Err(DecodeError::Length);
    };
    Ok(usize::from(u16::from_be_bytes([high, low])).saturating_add(2))
}

impl<const N: usize> Default for Inbound<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::super::publish;
    use super::*;

    /// What comes out of a stream that arrives in pieces of `size`.
    fn through<const N: usize>(
        stream: &[u8],
        size: usize,
    ) -> Result<Vec<std::string::String>, DecodeError> {
        let mut inbound = Inbound::<N>::new();
        let mut out = Vec::new();
        for mut piece in stream.chunks(size) {
            while !piece.is_empty() {
                let taken = inbound.push(piece);
                piece = &piece[taken..];
                let mut any = taken > 0;
                while let Some(incoming) = inbound.next()? {
                    out.push(std::format!("{incoming:?}"));
                    any = true;
                }
                assert!(any, "neither room nor a packet");
            }
        }
        Ok(out)
    }

    #[test]
    fn pieces_of_any_size_make_the_same_packets() {
        let stream = b"\x20\x02\x00\x00\x32\x09\x00\x03a/b\x01\x02hi\xd0\x00\x40\x02\x00\x07";
        let whole = through::<64>(stream, stream.len()).unwrap();
        assert_eq!(whole.len(), 4);
        for size in 1..stream.len() {
            assert_eq!(through::<64>(stream, size).unwrap(), whole);
        }
    }

    #[test]
    fn a_message_too_large_is_dropped_with_its_identifier_and_what_follows_is_read() {
        let mut large = [0; 400];
        let length = publish(&mut large, "a/b", Some(258), &[9; 300]).unwrap();
        let stream = [&large[..length], b"\xd0\x00"].concat();
        for size in [1, 7, 64, 400] {
            let out = through::<64>(&stream, size).unwrap();
            assert_eq!(out, ["TooLarge(Some(258))", "Packet(Pingresp)"]);
        }
    }

    #[test]
    fn a_message_whose_topic_alone_is_too_large_is_dropped_with_its_identifier() {
        for (topic, payload) in [(61, 0), (61, 3), (62, 90), (300, 0), (300, 5)] {
            let mut large = [0; 500];
            let name = "a".repeat(topic);
            for (id, told) in [(Some(258), "TooLarge(Some(258))"), (None, "TooLarge(None)")] {
                let length = publish(&mut large, &name, id, &[9; 90][..payload]).unwrap();
                let stream = [&large[..length], b"\xd0\x00"].concat();
                for size in [1, 7, 64, 500] {
                    let out = through::<64>(&stream, size).unwrap();
                    assert_eq!(out, [told, "Packet(Pingresp)"], "{topic} {payload}");
                }
            }
        }
    }

    #[test]
    fn a_length_of_five_bytes_is_refused() {
        assert_eq!(
            through::<64>(&[0x30, 0xff, 0xff, 0xff, 0xff, 0x01], 6),
            Err(DecodeError::Length)
        );
    }

    proptest::proptest! {
        #[test]
        fn no_stream_makes_it_panic_or_stop(stream: Vec<u8>, size in 1_usize..50) {
            let _ = through::<32>(&stream, size);
        }
    }
}
