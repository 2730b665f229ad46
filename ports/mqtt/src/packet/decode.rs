//! Bytes to checked values: what a broker, or a phone's proxy, may say to a client.

use super::{DUP, Qos, kind};

/// Why a packet of the peer's is refused; the connection cannot go on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DecodeError {
    /// A length in it is not true.
    Length,
    /// Reserved bits are set, or a value that is not defined.
    Value,
    /// A topic that is no UTF-8, or holds a wildcard or NUL.
    Topic,
    /// A packet that no broker sends to a client of QoS 0 and 1.
    Unexpected,
}

/// What CONNACK says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Connack {
    /// Accepted.
    Accepted {
        /// Whether the peer kept the session of the last time.
        session_present: bool,
    },
    /// Refused, with the protocol's return code (1 to 5; others are reserved).
    Refused(u8),
}

/// A message to us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Publish<'a> {
    /// Its topic.
    pub topic: &'a str,
    /// Its packet identifier at QoS 1. Zero is let pass: phones' proxies send it.
    pub id: Option<u16>,
    /// Whether the peer says that it sent it before.
    pub dup: bool,
    /// What it says.
    pub payload: &'a [u8],
}

/// A packet to us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Packet<'a> {
    /// The answer to CONNECT.
    Connack(Connack),
    /// A message.
    Publish(Publish<'a>),
    /// One of our messages has arrived.
    Puback(u16),
    /// The answer to SUBSCRIBE: the granted QoS, or none where it was refused.
    Suback(u16, Option<Qos>),
    /// The answer to PINGREQ.
    Pingresp,
}

/// Takes `count` bytes off the front.
fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], DecodeError> {
    let (front, rest) = bytes.split_at_checked(count).ok_or(DecodeError::Length)?;
    *bytes = rest;
    Ok(front)
}

fn word(bytes: &mut &[u8]) -> Result<u16, DecodeError> {
    match take(bytes, 2)? {
        [high, low] => Ok(u16::from_be_bytes([*high, *low])),
        _ => Err(DecodeError::Length),
    }
}

fn end(bytes: &[u8]) -> Result<(), DecodeError> {
    if bytes.is_empty() {
        Ok(())
    } else {
        Err(DecodeError::Length)
    }
}

/// Topic and packet identifier: the head of a PUBLISH packet's body.
pub(super) fn publish_head<'a>(
    first: u8,
    body: &mut &'a [u8],
) -> Result<(&'a str, Option<u16>), DecodeError> {
    let length = word(body)?;
    let topic = core::str::from_utf8(take(body, length.into())?).map_err(|_| DecodeError::Topic)?;
    if topic.is_empty() || topic.contains(['#', '+', '\0']) {
        return Err(DecodeError::Topic);
    }
    match first >> 1 & 3 {
        0 => Ok((topic, None)),
        1 => Ok((topic, Some(word(body)?))),
        // We subscribe at QoS 1 at most, which is the most that is delivered.
        2 => Err(DecodeError::Unexpected),
        _ => Err(DecodeError::Value),
    }
}

/// Reads one whole packet: its first byte and its body (what the remaining length counts).
///
/// # Errors
///
/// See [`DecodeError`].
pub fn decode(first: u8, mut body: &[u8]) -> Result<Packet<'_>, DecodeError> {
    let flags = first & 0x0f;
    let kind = first >> 4;
    if kind != kind::PUBLISH && flags != 0 {
        return Err(DecodeError::Value);
    }
    match kind {
        kind::CONNACK => {
            let [flags, code] = *body else {
                return Err(DecodeError::Length);
            };
            if flags & !1 != 0 {
                return Err(DecodeError::Value);
            }
            Ok(Packet::Connack(match code {
                0 => Connack::Accepted {
                    session_present: flags == 1,
                },
                code => Connack::Refused(code),
            }))
        }
        kind::PUBLISH => {
            let (topic, id) = publish_head(first, &mut body)?;
            let dup = first & DUP != 0;
            Ok(Packet::Publish(Publish {
                topic,
                id,
                dup,
                payload: body,
            }))
        }
        kind::PUBACK => {
            let id = word(&mut body)?;
            end(body)?;
            Ok(Packet::Puback(id))
        }
        kind::SUBACK => {
            let id = word(&mut body)?;
            // We subscribe to one filter a packet.
            let [code] = *body else {
                return Err(DecodeError::Length);
            };
            match code {
                0 => Ok(Packet::Suback(id, Some(Qos::AtMostOnce))),
                1 => Ok(Packet::Suback(id, Some(Qos::AtLeastOnce))),
                0x80 => Ok(Packet::Suback(id, None)),
                _ => Err(DecodeError::Value),
            }
        }
        kind::PINGRESP => {
            end(body)?;
            Ok(Packet::Pingresp)
        }
        _ => Err(DecodeError::Unexpected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brokers_packets_are_read() {
        let accepted = Connack::Accepted {
            session_present: true,
        };
        assert_eq!(decode(0x20, &[1, 0]), Ok(Packet::Connack(accepted)));
        assert_eq!(
            decode(0x20, &[0, 5]),
            Ok(Packet::Connack(Connack::Refused(5)))
        );
        assert_eq!(decode(0x40, &[1, 2]), Ok(Packet::Puback(258)));
        assert_eq!(
            decode(0x90, &[0, 5, 1]),
            Ok(Packet::Suback(5, Some(Qos::AtLeastOnce)))
        );
        assert_eq!(decode(0x90, &[0, 5, 0x80]), Ok(Packet::Suback(5, None)));
        assert_eq!(decode(0xd0, &[]), Ok(Packet::Pingresp));
        let message = Publish {
            topic: "a/b",
            id: Some(258),
            dup: true,
            payload: b"hi",
        };
        assert_eq!(
            decode(0x3a, b"\x00\x03a/b\x01\x02hi"),
            Ok(Packet::Publish(message))
        );
    }

    #[test]
    fn what_is_not_true_is_refused() {
        assert_eq!(decode(0x20, &[0]), Err(DecodeError::Length));
        assert_eq!(decode(0x20, &[2, 0]), Err(DecodeError::Value));
        assert_eq!(decode(0x40, &[]), Err(DecodeError::Length));
        assert_eq!(decode(0x40, &[0, 1, 2]), Err(DecodeError::Length));
        assert_eq!(decode(0x41, &[0, 1]), Err(DecodeError::Value));
        assert_eq!(decode(0x30, b"\x00\x09a/b"), Err(DecodeError::Length));
        assert_eq!(decode(0x32, b"\x00\x03a/b\x01"), Err(DecodeError::Length));
        assert_eq!(decode(0x30, b"\x00\x01#"), Err(DecodeError::Topic));
        assert_eq!(decode(0x30, b"\x00\x01\xff"), Err(DecodeError::Topic));
        assert_eq!(
            decode(0x34, b"\x00\x01t\x00\x01"),
            Err(DecodeError::Unexpected)
        );
        assert_eq!(decode(0x36, b"\x00\x01t\x00\x01"), Err(DecodeError::Value));
        assert_eq!(decode(0xc0, &[]), Err(DecodeError::Unexpected));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(first: u8, body: std::vec::Vec<u8>) {
            let _ = decode(first, &body);
        }
    }
}
