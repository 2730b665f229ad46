//! Which answers are due. Phones repeat answers, split them or give them to nobody; the client gets
//! what a broker would send: each answer once, and nothing before CONNACK.
//!
//! | a phone | the client gets |
//! |---|---|
//! | one CONNACK "connecting", one "connected" | the first |
//! | CONNACK of a lost connection, later | the end of the stream |
//! | more than there is room for | the end of the stream behind what there was room for |
//! | one SUBACK for all topics, or one for each | one SUBACK on the first, a return code a topic |
//! | one UNSUBACK for all topics, or one for each | one UNSUBACK on the first |
//! | PUBLISH of QoS 1 with an id of 0 or none | [`SUBSTITUTE`] for the id; its PUBACK goes back as 0 |
//! | PUBLISH of QoS 1 with the id of another | that id: the client acknowledges each |
//!
//! The return code of a topic is the status of the SUBACK, or what was asked for if that is lower. A
//! refusal that comes after it, for a later topic, is told as [`Ignored::LateRefusal`].

use core::num::NonZeroU16;

use crate::decode::{Message, ProxyState, Qos, REFUSED};
use crate::encode::{PacketError, Sent, acknowledge};
use crate::limits::UNANSWERED_MAX;
use crate::packet::Packet;
use crate::writer::Writer;

/// The id a client gets for a message without one.
const SUBSTITUTE: NonZeroU16 = NonZeroU16::MAX;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// Before CONNECT.
    Idle,
    Connecting,
    Connected,
}

/// What an answer is due to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Asked {
    Subscribe { topics: u8, asked: u16 },
    Unsubscribe,
}

/// What a message of the phone means.
#[derive(Clone, Debug)]
pub enum Heard<'a> {
    /// A packet for the client.
    Packet(Packet<'a>),
    /// The proxy lost the broker: the stream ends here.
    Ended,
    /// Nothing for the client.
    Ignored(Ignored),
}

/// Why a message means nothing to the client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ignored {
    /// There is no connection to the broker yet, or no longer.
    NotConnected,
    /// The answer was given already, or nobody asked.
    NotAsked,
    /// The same, of a SUBACK that refuses: one of several topics is not subscribed although the
    /// client was told that it is.
    LateRefusal,
}

/// One connection of the client, from CONNECT on.
#[derive(Clone, Debug)]
pub struct Session {
    phase: Phase,
    unanswered: [Option<(NonZeroU16, Asked)>; UNANSWERED_MAX],
    /// How many messages with [`SUBSTITUTE`] the client has yet to acknowledge.
    substituted: u16,
    /// A packet was lost: nothing more is heard until the next CONNECT.
    overrun: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// Before CONNECT.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            phase: Phase::Idle,
            unanswered: [None; UNANSWERED_MAX],
            substituted: 0,
            overrun: false,
        }
    }

    /// A packet is lost for this connection.
    pub(crate) fn overrun(&mut self) {
        self.overrun = true;
    }

    /// A packet is about to be sent; gives the length of its message, which may have changed in
    /// `room`. To be called before the message goes out: the answer may be quick.
    ///
    /// # Errors
    ///
    /// [`PacketError::NotConnected`] and [`PacketError::TooManyUnanswered`]: the packet is not to be
    /// sent.
    pub fn sending(
        &mut self,
        sent: Sent,
        room: &mut [u8],
        length: usize,
    ) -> Result<usize, PacketError> {
        if self.phase == Phase::Idle && sent != Sent::Connect {
            return Err(PacketError::NotConnected);
        }
        match sent {
            Sent::Connect => {
                *self = Self::new();
                self.phase = Phase::Connecting;
            }
            Sent::Disconnect => *self = Self::new(),
            Sent::Subscribe { id, topics, asked } => {
                self.ask(id, Asked::Subscribe { topics, asked })?;
            }
            Sent::Unsubscribe(id) => self.ask(id, Asked::Unsubscribe)?,
            Sent::PubAck(SUBSTITUTE) if self.substituted > 0 => {
                self.substituted = self.substituted.saturating_sub(1);
                let mut writer = Writer::new();
                acknowledge(&mut writer, room, 0);
                return Ok(writer.length());
            }
            Sent::PubAck(_) | Sent::Publish(_) | Sent::PingReq => {}
        }
        Ok(length)
    }

    /// Whether the client hears messages.
    #[cfg(feature = "stream")]
    pub(crate) fn hears(&self) -> bool {
        self.phase == Phase::Connected && !self.overrun
    }

    /// An answer is due. One to the same id takes the place of the former.
    fn ask(&mut self, id: NonZeroU16, asked: Asked) -> Result<(), PacketError> {
        let same = self
            .unanswered
            .iter()
            .position(|place| place.is_some_and(|(other, _)| other == id));
        let place = same.or_else(|| self.unanswered.iter().position(Option::is_none));
        let place = place.and_then(|place| self.unanswered.get_mut(place));
        *place.ok_or(PacketError::TooManyUnanswered)? = Some((id, asked));
        Ok(())
    }

    /// An answer came; gives what it is due to, once.
    fn answered(&mut self, id: NonZeroU16, is_kind: impl Fn(Asked) -> bool) -> Option<Asked> {
        self.unanswered.iter_mut().find_map(|place| {
            let (other, asked) = (*place)?;
            (other == id && is_kind(asked)).then(|| {
                *place = None;
                asked
            })
        })
    }

    /// A message of the phone came.
    pub fn received<'a>(&mut self, message: Message<'a>) -> Heard<'a> {
        if self.overrun {
            return Heard::Ignored(Ignored::NotConnected);
        }
        if let Message::ConnAck(state) = message {
            return self.connection(state);
        }
        if self.phase != Phase::Connected {
            return Heard::Ignored(Ignored::NotConnected);
        }
        Heard::Packet(match message {
            // Went out above.
            Message::ConnAck(_) => return Heard::Ignored(Ignored::NotAsked),
            Message::Publish {
                topic,
                payload,
                qos,
                id,
            } => Packet::Publish {
                topic,
                payload,
                id: match qos {
                    Qos::AtMostOnce => None,
                    Qos::AtLeastOnce => Some(id.unwrap_or_else(|| {
                        self.substituted = self.substituted.saturating_add(1);
                        SUBSTITUTE
                    })),
                },
            },
            Message::PubAck(id) => Packet::PubAck(id),
            Message::SubAck { id, status } => {
                let asked = self.answered(id, |asked| asked != Asked::Unsubscribe);
                let Some(Asked::Subscribe { topics, asked }) = asked else {
                    return Heard::Ignored(if status == REFUSED {
                        Ignored::LateRefusal
                    } else {
                        Ignored::NotAsked
                    });
                };
                Packet::SubAck {
                    id,
                    topics,
                    asked,
                    status,
                }
            }
            Message::UnsubAck(id) => {
                if self
                    .answered(id, |asked| asked == Asked::Unsubscribe)
                    .is_none()
                {
                    return Heard::Ignored(Ignored::NotAsked);
                }
                Packet::UnsubAck(id)
            }
            Message::PingResp => Packet::PingResp,
        })
    }

    fn connection(&mut self, state: ProxyState) -> Heard<'static> {
        let accepted = matches!(state, ProxyState::Connecting | ProxyState::Connected);
        match (self.phase, accepted) {
            (Phase::Idle, _) => Heard::Ignored(Ignored::NotConnected),
            (Phase::Connecting, _) => {
                self.phase = if accepted {
                    Phase::Connected
                } else {
                    Phase::Idle
                };
                Heard::Packet(Packet::ConnAck { accepted })
            }
            (Phase::Connected, true) => Heard::Ignored(Ignored::NotAsked),
            (Phase::Connected, false) => {
                *self = Self::new();
                Heard::Ended
            }
        }
    }
}
