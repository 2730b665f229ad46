//! The translators as an edge holds them together.

use port_mqtt_ble::{
    AcceptError, Accepted, Encoder, MESSAGE_MAX, PacketError, QUEUE_BYTES, Queue, Session, Step,
    accept,
};

use crate::bytes::connect;

pub(crate) const ENDPOINT: &str = "ex.iot.us-east-1.amazonaws.com";

pub(crate) struct Device {
    encoder: Encoder,
    message: Vec<u8>,
    session: Session,
    queue: Queue,
    room: Vec<u8>,
}

/// A message, or why there is none.
pub(crate) type Written = Result<Vec<u8>, PacketError>;

impl Device {
    pub(crate) fn new() -> Self {
        Self::with_rooms(MESSAGE_MAX, QUEUE_BYTES)
    }

    pub(crate) fn with_rooms(message: usize, queue: usize) -> Self {
        Self {
            encoder: Encoder::new(),
            message: vec![0xa5; message],
            session: Session::new(),
            queue: Queue::new(),
            room: vec![0xa5; queue],
        }
    }

    /// One that has had its CONNACK.
    pub(crate) fn connected() -> Self {
        let mut device = Self::new();
        assert_eq!(device.write(&connect(2, &[])).len(), 1);
        device.hear(b"\xa2aw\x02as\x02").unwrap();
        assert_eq!(device.read(), [0x20, 2, 0, 0]);
        device
    }

    /// Writes bytes in one piece; every message or refusal in order.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Vec<Written> {
        self.write_split(bytes, std::iter::repeat(usize::MAX))
    }

    /// Writes bytes in pieces of these lengths.
    pub(crate) fn write_split(
        &mut self,
        mut bytes: &[u8],
        lengths: impl IntoIterator<Item = usize>,
    ) -> Vec<Written> {
        let mut written = Vec::new();
        for length in lengths {
            let (mut piece, rest) = bytes.split_at(length.min(bytes.len()));
            bytes = rest;
            while !piece.is_empty() {
                let (taken, step) = self.encoder.push(piece, &mut self.message, ENDPOINT);
                piece = &piece[taken..];
                match step {
                    Step::More => assert!(piece.is_empty(), "bytes were left"),
                    Step::Refused(error) => {
                        written.push(Err(error));
                        if error == PacketError::Length {
                            return written;
                        }
                    }
                    Step::Whole { sent, length } => {
                        let sending = self.session.sending(sent, &mut self.message, length);
                        written.push(sending.map(|length| self.message[..length].to_vec()));
                    }
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        written
    }

    pub(crate) fn hear(&mut self, message: &[u8]) -> Result<Accepted, AcceptError> {
        accept(&mut self.session, &mut self.queue, &mut self.room, message)
    }

    /// All bytes that wait.
    pub(crate) fn read(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; self.queue.len()];
        let taken = self.queue.pop(&self.room, &mut bytes);
        assert_eq!(taken, bytes.len());
        bytes
    }
}
