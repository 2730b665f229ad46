//! Any bytes of an MQTT client, split anyhow, and any messages of its proxy: what goes out is well-formed
//! and does not depend on the split; what comes in is whole packets, and each answer comes once.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use port_mqtt_ble::{
    Accepted, Encoder, PacketError, Queue, Sent, Session, Step as Encoded, accept,
};
use well_formed::measure;

#[allow(dead_code, reason = "a test of the reader uses the rest")]
#[path = "../../../tests/properties/well_formed.rs"]
mod well_formed;

/// Rooms that are often too small.
const MESSAGE: usize = 200;
const QUEUE: usize = 300;
const ENDPOINT: &str = "broker.example";

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    /// The client writes bytes, in pieces of this length.
    Client(&'a [u8], u8),
    /// The client writes one of the packets it is made of, so that sessions get somewhere.
    Packet(Known),
    /// The phone sends a message.
    Phone(&'a [u8]),
    /// The phone sends an answer to a packet of this id.
    Answer(Reply, u8),
    /// The client reads so many bytes.
    Read(u8),
}

#[derive(Arbitrary, Debug)]
enum Known {
    Connect,
    Subscribe(u8),
    Unsubscribe(u8),
    PubAck(u8),
    Disconnect,
}

#[derive(Arbitrary, Debug)]
enum Reply {
    ConnAck,
    SubAck,
    UnsubAck,
    PubAck,
}

impl Known {
    fn bytes(&self) -> Vec<u8> {
        match *self {
            Self::Connect => b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01x".to_vec(),
            Self::Subscribe(id) => vec![0x82, 6, 0, id, 0, 1, b't', 1],
            Self::Unsubscribe(id) => vec![0xa2, 5, 0, id, 0, 1, b't'],
            Self::PubAck(id) => vec![0x40, 2, 0, id],
            Self::Disconnect => vec![0xe0, 0],
        }
    }
}

impl Reply {
    fn bytes(&self, id: u8) -> Vec<u8> {
        match self {
            Self::ConnAck => vec![0xa2, 0x61, b'w', 2, 0x61, b's', id % 7],
            Self::SubAck => vec![0xa3, 0x61, b'w', 9, 0x61, b'i', 0x18, id, 0x61, b's', 1],
            Self::UnsubAck => vec![0xa2, 0x61, b'w', 11, 0x61, b'i', 0x18, id],
            Self::PubAck => vec![0xa2, 0x61, b'w', 4, 0x61, b'i', 0x18, id],
        }
    }
}

/// Everything the client writes, as it goes out.
#[derive(Debug, PartialEq)]
enum Out {
    Whole(Sent, Vec<u8>),
    Refused(PacketError),
}

struct Client {
    encoder: Encoder,
    room: Vec<u8>,
}

impl Client {
    fn new() -> Self {
        Self {
            encoder: Encoder::new(),
            room: vec![0xA5; MESSAGE],
        }
    }

    fn write(&mut self, bytes: &[u8], piece: usize) -> Vec<Out> {
        let mut out = Vec::new();
        for mut rest in bytes.chunks(piece) {
            while !rest.is_empty() {
                let (taken, step) = self.encoder.push(rest, &mut self.room, ENDPOINT);
                assert!(taken <= rest.len());
                rest = &rest[taken..];
                match step {
                    Encoded::More => assert!(rest.is_empty(), "bytes were left"),
                    Encoded::Whole { sent, length } => {
                        let message = &self.room[..length];
                        assert_eq!(
                            measure(message).map(|measured| measured.length),
                            Some(length)
                        );
                        out.push(Out::Whole(sent, message.to_vec()));
                    }
                    Encoded::Refused(PacketError::Length) => {
                        out.push(Out::Refused(PacketError::Length));
                        return out;
                    }
                    Encoded::Refused(error) => out.push(Out::Refused(error)),
                }
            }
        }
        out
    }
}

/// Takes whole packets off the front; what is left is the beginning of one.
fn packets(bytes: &mut Vec<u8>) -> Vec<u8> {
    let mut kinds = Vec::new();
    loop {
        let mut length = 0_usize;
        let mut digits = 0_usize;
        let head = loop {
            let Some(&digit) = bytes.get(1 + digits) else {
                return kinds;
            };
            length |= usize::from(digit & 0x7F) << (7 * digits);
            digits += 1;
            if digit & 0x80 == 0 {
                break 1 + digits;
            }
            assert!(digits < 4, "a remaining length of more than four bytes");
        };
        if bytes.len() < head + length {
            return kinds;
        }
        kinds.push(bytes[0] >> 4);
        bytes.drain(..head + length);
    }
}

fuzz_target!(|steps: Vec<Step<'_>>| {
    // The same bytes, in the pieces told and in one.
    let (mut client, mut whole) = (Client::new(), Client::new());
    let mut session = Session::new();
    let mut queue = Queue::new();
    let mut room = vec![0; QUEUE];
    let mut read = Vec::new();
    // Answers due: packets of the client less packets for it.
    let (mut asked, mut connects) = (0_usize, 0_usize);
    for step in steps {
        let (bytes, piece) = match &step {
            Step::Client(bytes, piece) => (bytes.to_vec(), usize::from(*piece).max(1)),
            Step::Packet(known) => (known.bytes(), 3),
            Step::Phone(message) => {
                hear(&mut session, &mut queue, &mut room, message);
                continue;
            }
            Step::Answer(reply, id) => {
                hear(&mut session, &mut queue, &mut room, &reply.bytes(*id));
                continue;
            }
            Step::Read(count) => {
                let before = queue.len();
                let mut buffer = vec![0; usize::from(*count)];
                let taken = queue.pop(&room, &mut buffer);
                assert_eq!(taken, before.min(buffer.len()));
                read.extend_from_slice(&buffer[..taken]);
                count_answers(&mut read, &mut asked, &mut connects);
                continue;
            }
        };
        let out = client.write(&bytes, piece);
        assert_eq!(out, whole.write(&bytes, usize::MAX));
        for packet in out {
            match packet {
                Out::Whole(sent, mut message) => {
                    let length = message.len();
                    let sending = session.sending(sent, &mut message, length);
                    match (sending, sent) {
                        (Ok(_), Sent::Connect) => connects += 1,
                        (Ok(_), Sent::Subscribe { .. } | Sent::Unsubscribe(_)) => asked += 1,
                        (Ok(length), _) => assert!(measure(&message[..length]).is_some()),
                        (Err(_), _) => {}
                    }
                }
                Out::Refused(PacketError::Length) => return,
                Out::Refused(_) => {}
            }
        }
    }
    let mut buffer = vec![0; queue.len()];
    queue.pop(&room, &mut buffer);
    read.extend_from_slice(&buffer);
    count_answers(&mut read, &mut asked, &mut connects);
    assert!(read.is_empty(), "the queue ends in half a packet");
});

/// A message of the phone is taken whole or changes nothing.
fn hear(session: &mut Session, queue: &mut Queue, room: &mut [u8], message: &[u8]) {
    let before = queue.len();
    let heard = accept(session, queue, room, message);
    let grew = matches!(heard, Ok(Accepted::Queued | Accepted::Refusal));
    assert_eq!(queue.len() > before, grew);
}

/// No answer without a question.
fn count_answers(read: &mut Vec<u8>, asked: &mut usize, connects: &mut usize) {
    for kind in packets(read) {
        match kind {
            2 => *connects = connects.checked_sub(1).expect("a CONNACK nobody asked for"),
            9 | 11 => *asked = asked.checked_sub(1).expect("an answer nobody asked for"),
            3 | 4 | 13 => {}
            other => panic!("packet type {other} is none for a client"),
        }
    }
}
