//! A phone that keeps what it gets.

use heapless::Vec;
use wifi_provision::config::MAX_RESPONSE_BYTES;
use wifi_provision::platform::{Gone, Phone};

use super::journal::{Event, Journal};

/// 8 saved and 10 scanned networks and a status are 19.
const MESSAGES: usize = 24;

/// A message it got.
pub(crate) type Message = Vec<u8, MAX_RESPONSE_BYTES>;

/// The phone.
pub(crate) struct Handset<'a> {
    journal: &'a Journal,
    /// What came, in order.
    pub(crate) received: Vec<Message, MESSAGES>,
    /// After so many messages it is gone.
    pub(crate) patience: usize,
}

impl<'a> Handset<'a> {
    pub(crate) fn new(journal: &'a Journal) -> Self {
        Self {
            journal,
            received: Vec::new(),
            patience: usize::MAX,
        }
    }
}

impl Phone for &mut Handset<'_> {
    fn send(&mut self, message: &[u8]) -> Result<(), Gone> {
        if self.received.len() >= self.patience {
            return Err(Gone);
        }
        let message = Message::from_slice(message).expect("a message longer than a response");
        let fits = self.received.push(message).is_ok();
        assert!(fits, "more messages than a list has");
        self.journal.write(Event::Sent);
        Ok(())
    }
}
