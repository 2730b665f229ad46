//! Values to bytes.

use super::{Qos, kind};

/// Longest fixed header: the type, and four bytes of length.
pub const MAX_HEADER: usize = 5;
/// Largest remaining length there is.
const MAX_LENGTH: usize = 268_435_455;
/// Protocol name and level of MQTT 3.1.1.
const PROTOCOL: &[u8] = b"\x00\x04MQTT\x04";
/// CONNECT flag: forget the session of the last time.
const CLEAN_SESSION: u8 = 0x02;

/// Why a packet was not written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EncodeError {
    /// It does not fit into the place given.
    NoRoom,
    /// A text is longer than 65,535 bytes, or the packet longer than the protocol allows.
    TooLong,
}

struct Writer<'b> {
    bytes: &'b mut [u8],
    at: usize,
}

impl Writer<'_> {
    fn raw(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        let end = self
            .at
            .checked_add(bytes.len())
            .ok_or(EncodeError::NoRoom)?;
        self.bytes
            .get_mut(self.at..end)
            .ok_or(EncodeError::NoRoom)?
            .copy_from_slice(bytes);
        self.at = end;
        Ok(())
    }

    fn word(&mut self, word: u16) -> Result<(), EncodeError> {
        self.raw(&word.to_be_bytes())
    }

    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        self.word(u16::try_from(text.len()).map_err(|_| EncodeError::TooLong)?)?;
        self.raw(text.as_bytes())
    }

    /// The fixed header.
    fn header(&mut self, first: u8, mut length: usize) -> Result<(), EncodeError> {
        if length > MAX_LENGTH {
            return Err(EncodeError::TooLong);
        }
        self.raw(&[first])?;
        loop {
            let low = u8::try_from(length & 0x7f).unwrap_or(0);
            length >>= 7;
            if length == 0 {
                return self.raw(&[low]);
            }
            self.raw(&[low | 0x80])?;
        }
    }
}

/// Remaining length of a sum of parts.
fn total<const N: usize>(parts: [usize; N]) -> Result<usize, EncodeError> {
    parts.into_iter().try_fold(0_usize, |sum, part| {
        sum.checked_add(part).ok_or(EncodeError::TooLong)
    })
}

/// CONNECT without will, user or password. `keep_alive` is in seconds. Returns the packet's length, as
/// all functions here do.
///
/// # Errors
///
/// See [`EncodeError`].
pub fn connect(
    bytes: &mut [u8],
    client_id: &str,
    clean_session: bool,
    keep_alive: u16,
) -> Result<usize, EncodeError> {
    let mut writer = Writer { bytes, at: 0 };
    let length = total([PROTOCOL.len(), 1, 2, 2, client_id.len()])?;
    writer.header(kind::CONNECT << 4, length)?;
    writer.raw(PROTOCOL)?;
    writer.raw(&[if clean_session { CLEAN_SESSION } else { 0 }])?;
    writer.word(keep_alive)?;
    writer.text(client_id)?;
    Ok(writer.at)
}

/// PUBLISH, not retained. `id` is the packet identifier at QoS 1, `None` at QoS 0.
///
/// # Errors
///
/// See [`EncodeError`].
pub fn publish(
    bytes: &mut [u8],
    topic: &str,
    id: Option<u16>,
    payload: &[u8],
) -> Result<usize, EncodeError> {
    let mut writer = Writer { bytes, at: 0 };
    let (flags, id_length) = if id.is_some() { (0x02, 2) } else { (0, 0) };
    let length = total([2, topic.len(), id_length, payload.len()])?;
    writer.header(kind::PUBLISH << 4 | flags, length)?;
    writer.text(topic)?;
    if let Some(id) = id {
        writer.word(id)?;
    }
    writer.raw(payload)?;
    Ok(writer.at)
}

/// SUBSCRIBE to one topic filter.
///
/// # Errors
///
/// See [`EncodeError`].
pub fn subscribe(bytes: &mut [u8], id: u16, filter: &str, qos: Qos) -> Result<usize, EncodeError> {
    let mut writer = Writer { bytes, at: 0 };
    writer.header(kind::SUBSCRIBE << 4 | 0x02, total([2, 2, filter.len(), 1])?)?;
    writer.word(id)?;
    writer.text(filter)?;
    writer.raw(&[match qos {
        Qos::AtMostOnce => 0,
        Qos::AtLeastOnce => 1,
    }])?;
    Ok(writer.at)
}

/// PUBACK.
///
/// # Errors
///
/// See [`EncodeError`].
pub fn puback(bytes: &mut [u8], id: u16) -> Result<usize, EncodeError> {
    let mut writer = Writer { bytes, at: 0 };
    writer.header(kind::PUBACK << 4, 2)?;
    writer.word(id)?;
    Ok(writer.at)
}

/// PINGREQ.
///
/// # Errors
///
/// See [`EncodeError`].
pub fn pingreq(bytes: &mut [u8]) -> Result<usize, EncodeError> {
    let mut writer = Writer { bytes, at: 0 };
    writer.header(kind::PINGREQ << 4, 0)?;
    Ok(writer.at)
}

/// DISCONNECT.
///
/// # Errors
///
/// See [`EncodeError`].
pub fn disconnect(bytes: &mut [u8]) -> Result<usize, EncodeError> {
    let mut writer = Writer { bytes, at: 0 };
    writer.header(kind::DISCONNECT << 4, 0)?;
    Ok(writer.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(write: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>) -> std::vec::Vec<u8> {
        let mut place = [0; 300];
        let length = write(&mut place).unwrap();
        place[..length].to_vec()
    }

    // The bytes are those of the standard's figures (MQTT 3.1.1, chapter 3), worked out by hand.
    #[test]
    fn packets_have_the_standards_bytes() {
        assert_eq!(
            bytes(|place| connect(place, "thing1", false, 60)),
            b"\x10\x12\x00\x04MQTT\x04\x00\x00\x3c\x00\x06thing1"
        );
        assert_eq!(
            bytes(|place| publish(place, "a/b", None, b"hi")),
            b"\x30\x07\x00\x03a/bhi"
        );
        assert_eq!(
            bytes(|place| publish(place, "a/b", Some(258), b"hi")),
            b"\x32\x09\x00\x03a/b\x01\x02hi"
        );
        assert_eq!(
            bytes(|place| subscribe(place, 10, "c/d", Qos::AtLeastOnce)),
            b"\x82\x08\x00\x0a\x00\x03c/d\x01"
        );
        assert_eq!(bytes(|place| puback(place, 258)), b"\x40\x02\x01\x02");
        assert_eq!(bytes(pingreq), b"\xc0\x00");
        assert_eq!(bytes(disconnect), b"\xe0\x00");
    }

    #[test]
    fn a_length_above_127_takes_two_bytes() {
        let packet = bytes(|place| publish(place, "t", None, &[7; 200]));
        assert_eq!(packet[..5], [0x30, 0xcb, 0x01, 0x00, 0x01]);
        assert_eq!(packet.len(), 3 + 203);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert_eq!(
            publish(&mut [0; 8], "a/b", None, b"hi"),
            Err(EncodeError::NoRoom)
        );
        let long = "x".repeat(65_536);
        let mut place = std::vec![0; 70_000];
        assert_eq!(
            publish(&mut place, &long, None, b""),
            Err(EncodeError::TooLong)
        );
    }
}
