//! Messages that are not acknowledged yet, as the packets they are sent in.

use core::time::Duration;

use heapless::{Deque, Vec};

use crate::packet::{DUP, MAX_HEADER, Qos, publish};

use super::PublishError;

/// Bytes of packets that wait.
pub const OUTBOX_BYTES: usize = 8 * 1024;
/// How many messages wait at most.
pub const OUTBOX_MESSAGES: usize = 32;
/// How many messages of QoS 1 are on their way at once. Brokers and proxies keep little more.
pub const IN_FLIGHT: usize = 8;

#[derive(Clone, Copy)]
enum State {
    /// To be sent.
    Waiting,
    /// Sent over this transport, at that time.
    Sent(Duration),
    /// Nothing more to do; removed when it comes to the front.
    Done,
}

struct Entry {
    /// What the publisher calls it.
    token: u32,
    /// Packet identifier, at QoS 1.
    id: Option<u16>,
    /// Length of its packet.
    length: usize,
    state: State,
}

/// The messages, oldest first. Their packets lie one behind the other in one buffer.
pub(super) struct Outbox {
    entries: Deque<Entry, OUTBOX_MESSAGES>,
    bytes: Vec<u8, OUTBOX_BYTES>,
}

impl Outbox {
    pub(super) const fn new() -> Self {
        Self {
            entries: Deque::new(),
            bytes: Vec::new(),
        }
    }

    /// How many are not done.
    pub(super) fn waiting(&self) -> usize {
        let waits = |entry: &&Entry| !matches!(entry.state, State::Done);
        self.entries.iter().filter(waits).count()
    }

    pub(super) fn has_id(&self, id: u16) -> bool {
        self.entries.iter().any(|entry| entry.id == Some(id))
    }

    /// Puts a message at the end.
    pub(super) fn push(
        &mut self,
        token: u32,
        topic: &str,
        id: Option<u16>,
        payload: &[u8],
    ) -> Result<(), PublishError> {
        if self.entries.is_full() {
            return Err(PublishError::Full);
        }
        let start = self.bytes.len();
        let most = [MAX_HEADER, 2, topic.len(), 2, payload.len()]
            .into_iter()
            .fold(start, usize::saturating_add);
        self.bytes
            .resize(most.min(OUTBOX_BYTES), 0)
            .map_err(|_| PublishError::Full)?;
        let place = self.bytes.get_mut(start..).unwrap_or_default();
        let Ok(length) = publish(place, topic, id, payload) else {
            self.bytes.truncate(start);
            return Err(PublishError::Full);
        };
        self.bytes.truncate(start.saturating_add(length));
        let entry = Entry {
            token,
            id,
            length,
            state: State::Waiting,
        };
        // There is room, as was looked at first.
        self.entries
            .push_back(entry)
            .map_err(|_| PublishError::Full)
    }

    /// The next packet to send, copied to `out`: its length, and its message's token.
    pub(super) fn send<'b>(&mut self, now: Duration, out: &'b mut [u8]) -> Option<(&'b [u8], u32)> {
        let in_flight = |entry: &&Entry| matches!(entry.state, State::Sent(_));
        if self.entries.iter().filter(in_flight).count() >= IN_FLIGHT {
            return None;
        }
        let mut start = 0_usize;
        let entry = self.entries.iter_mut().find(|entry| {
            let waits = matches!(entry.state, State::Waiting);
            if !waits {
                start = start.saturating_add(entry.length);
            }
            waits
        })?;
        let end = start.saturating_add(entry.length);
        let packet = self.bytes.get_mut(start..end)?;
        let place = out.get_mut(..packet.len())?;
        place.copy_from_slice(packet);
        let token = entry.token;
        if entry.id.is_some() {
            entry.state = State::Sent(now);
            // Whoever sees it again is told so.
            if let Some(first) = packet.first_mut() {
                *first |= DUP;
            }
        } else {
            entry.state = State::Done;
            self.tidy();
        }
        Some((place, token))
    }

    /// A message has arrived: its token, unless it is none of ours.
    pub(super) fn acknowledge(&mut self, id: u16) -> Option<u32> {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.id == Some(id) && matches!(entry.state, State::Sent(_)))?;
        entry.state = State::Done;
        entry.id = None;
        let token = entry.token;
        self.tidy();
        Some(token)
    }

    /// The transport is gone: what was sent over it is sent again.
    pub(super) fn rewind(&mut self) {
        for entry in self.entries.iter_mut() {
            if matches!(entry.state, State::Sent(_)) {
                entry.state = State::Waiting;
            }
        }
    }

    /// When the message that has waited longest for its acknowledgement was sent.
    pub(super) fn oldest_sent(&self) -> Option<Duration> {
        self.entries
            .iter()
            .filter_map(|entry| match entry.state {
                State::Sent(at) => Some(at),
                State::Waiting | State::Done => None,
            })
            .min()
    }

    /// Removes what is done at the front.
    fn tidy(&mut self) {
        let mut gone = 0_usize;
        while let Some(Entry {
            state: State::Done,
            length,
            ..
        }) = self.entries.front()
        {
            gone = gone.saturating_add(*length);
            self.entries.pop_front();
        }
        let gone = gone.min(self.bytes.len());
        self.bytes.copy_within(gone.., 0);
        self.bytes.truncate(self.bytes.len().saturating_sub(gone));
    }
}

/// Whether a topic may be published to.
pub(super) fn check_topic(topic: &str) -> Result<(), PublishError> {
    if topic.is_empty() || topic.len() > super::TOPIC_MAX || topic.contains(['#', '+', '\0']) {
        return Err(PublishError::Topic);
    }
    Ok(())
}

/// The identifier of a message of that QoS.
pub(super) fn id_for(qos: Qos, id: u16) -> Option<u16> {
    match qos {
        Qos::AtMostOnce => None,
        Qos::AtLeastOnce => Some(id),
    }
}
