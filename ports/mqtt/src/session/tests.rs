//! The session against a scripted broker in virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use std::collections::VecDeque;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::packet::{Inbound, decode};

fn identity() -> Identity {
    Identity {
        client_id: "device".try_into().unwrap(),
        keep_alive: 10,
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Everything the session wants to send now.
fn sent(session: &mut Session, now: Duration) -> Vec<Vec<u8>> {
    let mut out = [0; PACKET_MAX];
    let mut packets = Vec::new();
    while let Some(packet) = session.transmit(&identity(), now, &mut out).unwrap() {
        packets.push(packet.bytes.to_vec());
    }
    packets
}

fn told<'a>(
    session: &mut Session,
    packet: &'a [u8],
    now: Duration,
) -> Result<Event<'a>, SessionError> {
    let packet = decode(packet[0], &packet[2..]).unwrap();
    session.receive(Incoming::Packet(packet), now)
}

/// A session that is online at `now`.
fn online(session: &mut Session, now: Duration) {
    session.opened(&identity(), now);
    assert_eq!(sent(session, now)[0][0], 0x10);
    assert_eq!(
        told(session, b"\x20\x02\x00\x00", now),
        Ok(Event::Connected)
    );
}

#[test]
fn nothing_but_connect_is_sent_before_connack() {
    let mut session = Session::new();
    session.subscribe("t", Qos::AtLeastOnce).unwrap();
    session.publish("t", b"1", Qos::AtLeastOnce).unwrap();
    assert!(sent(&mut session, seconds(0)).is_empty());
    session.opened(&identity(), seconds(0));
    assert_eq!(sent(&mut session, seconds(0)).len(), 1);
    told(&mut session, b"\x20\x02\x00\x00", seconds(0)).unwrap();
    let packets = sent(&mut session, seconds(0));
    assert_eq!(
        packets.iter().map(|packet| packet[0]).collect::<Vec<_>>(),
        [0x82, 0x32]
    );
}

#[test]
fn what_is_unacknowledged_is_sent_again_in_order_with_dup_and_the_same_identifier() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    for text in ["1", "2", "3"] {
        session
            .publish("t", text.as_bytes(), Qos::AtLeastOnce)
            .unwrap();
    }
    let first = sent(&mut session, seconds(0));
    assert_eq!(first[1], b"\x32\x06\x00\x01t\x00\x022");
    assert_eq!(
        told(&mut session, b"\x40\x02\x00\x01", seconds(1)),
        Ok(Event::Acknowledged(1))
    );
    session.lost();
    session.publish("t", b"4", Qos::AtLeastOnce).unwrap();
    online(&mut session, seconds(2));
    let again = sent(&mut session, seconds(2));
    assert_eq!(again[0], b"\x3a\x06\x00\x01t\x00\x022");
    assert_eq!(again[1], b"\x3a\x06\x00\x01t\x00\x033");
    assert_eq!(again[2], b"\x32\x06\x00\x01t\x00\x044");
}

#[test]
fn the_publisher_is_told_when_the_outbox_is_full_and_nothing_is_dropped() {
    let mut session = Session::new();
    for _ in 0..OUTBOX_MESSAGES {
        session.publish("t", b"x", Qos::AtLeastOnce).unwrap();
    }
    assert_eq!(
        session.publish("t", b"x", Qos::AtLeastOnce),
        Err(PublishError::Full)
    );
    assert_eq!(session.waiting(), OUTBOX_MESSAGES);
    let mut session = Session::new();
    session
        .publish("t", &[0; PAYLOAD_MAX], Qos::AtLeastOnce)
        .unwrap();
    assert_eq!(
        session.publish("t", &[0; PAYLOAD_MAX], Qos::AtLeastOnce),
        Err(PublishError::Full)
    );
    session.publish("t", &[0; 3000], Qos::AtLeastOnce).unwrap();
}

#[test]
fn only_so_many_are_on_their_way() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    for _ in 0..OUTBOX_MESSAGES {
        session.publish("t", b"x", Qos::AtLeastOnce).unwrap();
    }
    assert_eq!(sent(&mut session, seconds(0)).len(), IN_FLIGHT);
    // Not in order: a proxy may acknowledge so.
    told(&mut session, b"\x40\x02\x00\x03", seconds(0)).unwrap();
    // It keeps its place behind the others, but waits for nothing.
    assert_eq!(session.waiting(), OUTBOX_MESSAGES - 1);
    let next = sent(&mut session, seconds(0));
    assert_eq!(next.len(), 1);
    assert_eq!(next[0][5..7], [0, 9]);
}

#[test]
fn a_dead_peer_is_found_within_the_keep_alive() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    assert_eq!(session.deadline(), Some(seconds(5)));
    assert_eq!(sent(&mut session, seconds(5)), [b"\xc0\x00"]);
    assert_eq!(session.deadline(), Some(seconds(10)));
    assert_eq!(session.check(seconds(9)), Ok(()));
    assert_eq!(session.check(seconds(10)), Err(SessionError::Silent));
}

#[test]
fn a_peer_that_answers_stays_and_one_that_only_talks_is_pinged() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    for at in 1..30 {
        told(&mut session, b"\x30\x04\x00\x01tx", seconds(at)).unwrap();
        if sent(&mut session, seconds(at)).contains(&b"\xc0\x00".to_vec()) {
            told(&mut session, b"\xd0\x00", seconds(at)).unwrap();
        }
        assert_eq!(session.check(seconds(at)), Ok(()));
        assert!(session.liveness.ping() <= seconds(at + 5));
    }
}

#[test]
fn a_message_that_stays_unacknowledged_ends_the_connection() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    session.publish("t", b"x", Qos::AtLeastOnce).unwrap();
    sent(&mut session, seconds(0));
    for at in 1..20 {
        told(&mut session, b"\xd0\x00", seconds(at)).unwrap();
        assert_eq!(session.check(seconds(at)), Ok(()));
    }
    assert_eq!(
        session.check(seconds(20)),
        Err(SessionError::Unacknowledged)
    );
}

/// Bytes of one packet, every second from 1 s on; what the session sends meanwhile. The peer hears it every 5 s.
fn trickle(session: &mut Session, until: u64) -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    let mut heard = 0;
    for at in 1..=until {
        session.alive(seconds(at));
        assert_eq!(session.check(seconds(at)), Ok(()), "{at}");
        assert!(session.deadline() > Some(seconds(at)) || session.liveness.ping() <= seconds(at));
        let sent = sent(session, seconds(at));
        heard = if sent.is_empty() { heard } else { at };
        assert!(at - heard <= 5, "the broker hears nothing at {at}");
        packets.extend(sent);
    }
    packets
}

#[test]
fn a_packet_may_take_longer_than_the_keep_alive_and_what_comes_behind_it_is_not_late() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    session.publish("t", b"x", Qos::AtLeastOnce).unwrap();
    sent(&mut session, seconds(0));
    trickle(&mut session, 50);
    let large = session.receive(Incoming::TooLarge(None), seconds(50));
    assert_eq!(large, Ok(Event::Dropped));
    // Now the broker can acknowledge. It has the time it has for any message.
    assert_eq!(session.check(seconds(50)), Ok(()));
    for at in 51..70 {
        told(&mut session, b"\xd0\x00", seconds(at)).unwrap();
        assert_eq!(session.check(seconds(at)), Ok(()));
    }
    let late = Err(SessionError::Unacknowledged);
    assert_eq!(session.check(seconds(70)), late);
}

#[test]
fn a_peer_that_never_ends_a_packet_is_given_up() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    trickle(&mut session, 200);
    assert_eq!(session.deadline(), Some(seconds(201)));
    session.alive(seconds(201));
    assert_eq!(session.check(seconds(201)), Err(SessionError::Slow));
    // And one that stops in the middle of a packet is as dead as any.
    session.opened(&identity(), seconds(300));
    online(&mut session, seconds(300));
    session.alive(seconds(301));
    assert_eq!(session.check(seconds(310)), Ok(()));
    assert_eq!(session.check(seconds(311)), Err(SessionError::Silent));
}

#[test]
fn bytes_that_are_no_answer_to_connect_give_no_time() {
    let mut session = Session::new();
    session.opened(&identity(), seconds(0));
    sent(&mut session, seconds(0));
    for at in 1..15 {
        session.alive(seconds(at));
        assert_eq!(session.check(seconds(at)), Ok(()));
    }
    session.alive(seconds(15));
    assert_eq!(session.check(seconds(15)), Err(SessionError::Silent));
}

#[test]
fn messages_of_qos_1_are_acknowledged_and_those_of_qos_0_are_not() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    told(&mut session, b"\x32\x06\x00\x01t\x01\x02x", seconds(0)).unwrap();
    told(&mut session, b"\x30\x04\x00\x01tx", seconds(0)).unwrap();
    assert_eq!(sent(&mut session, seconds(0)), [b"\x40\x02\x01\x02"]);
}

#[test]
fn a_message_of_qos_0_waits_for_a_transport_and_is_sent_once() {
    let mut session = Session::new();
    session.publish("t", b"x", Qos::AtMostOnce).unwrap();
    online(&mut session, seconds(0));
    assert_eq!(sent(&mut session, seconds(0)), [b"\x30\x04\x00\x01tx"]);
    assert_eq!(session.waiting(), 0);
}

#[test]
fn a_phone_that_answers_a_subscription_several_times_is_heard_once() {
    let mut session = Session::new();
    session.subscribe("t", Qos::AtLeastOnce).unwrap();
    online(&mut session, seconds(0));
    assert_eq!(
        sent(&mut session, seconds(0)),
        [b"\x82\x06\x00\x01\x00\x01t\x01"]
    );
    let granted = Event::Subscribed(Some(Qos::AtLeastOnce));
    assert_eq!(
        told(&mut session, b"\x90\x03\x00\x01\x01", seconds(0)),
        Ok(granted)
    );
    assert_eq!(
        told(&mut session, b"\x90\x03\x00\x01\x01", seconds(0)),
        Ok(Event::Nothing)
    );
}

#[test]
fn a_refusal_ends_the_connection() {
    let mut session = Session::new();
    session.opened(&identity(), seconds(0));
    sent(&mut session, seconds(0));
    assert_eq!(
        told(&mut session, b"\x20\x02\x00\x05", seconds(0)),
        Err(SessionError::Refused(5))
    );
}

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// The application publishes the next number.
    Publish,
    /// So many packets reach the broker; the next is lost with the transport when `cut`.
    Deliver { count: usize, cut: bool },
    /// So many answers reach the session.
    Answer { count: usize },
    /// The transport goes.
    Cut,
    /// The broker forgets and sends an acknowledgement again.
    Echo,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Publish),
        4 => (0_usize..6, any::<bool>()).prop_map(|(count, cut)| Step::Deliver { count, cut }),
        4 => (0_usize..6).prop_map(|count| Step::Answer { count }),
        2 => Just(Step::Cut),
        1 => Just(Step::Echo),
    ];
    prop::collection::vec(step, 0..200)
}

/// A broker that keeps every number it hears.
#[derive(Default)]
struct Broker {
    heard: Vec<String>,
    answers: VecDeque<Vec<u8>>,
    subscribed: bool,
    last_puback: Option<Vec<u8>>,
}

impl Broker {
    fn take(&mut self, packet: &[u8]) {
        match packet[0] >> 4 {
            1 => {
                self.subscribed = false;
                self.answers.push_back(b"\x20\x02\x00\x00".to_vec());
            }
            3 => {
                let Packet::Publish(message) = decode(packet[0], &packet[2..]).unwrap() else {
                    panic!()
                };
                self.heard
                    .push(core::str::from_utf8(message.payload).unwrap().to_string());
                let id = message.id.unwrap().to_be_bytes();
                let puback = [&b"\x40\x02"[..], &id].concat();
                self.last_puback = Some(puback.clone());
                self.answers.push_back(puback);
            }
            8 => {
                self.subscribed = true;
                self.answers
                    .push_back([b"\x90\x03", &packet[2..4], b"\x01"].concat());
            }
            12 => self.answers.push_back(b"\xd0\x00".to_vec()),
            _ => {}
        }
    }
}

struct World {
    session: Session,
    broker: Broker,
    now: Duration,
    on_the_way: VecDeque<Vec<u8>>,
    up: bool,
    published: usize,
}

impl World {
    fn connect(&mut self) {
        if !self.up {
            self.session.opened(&identity(), self.now);
            self.up = true;
        }
    }

    fn cut(&mut self) {
        self.session.lost();
        self.on_the_way.clear();
        self.broker.answers.clear();
        self.up = false;
    }

    fn run(&mut self, step: &Step) {
        self.now += Duration::from_millis(10);
        match step {
            Step::Publish => {
                if self
                    .session
                    .publish(
                        "t",
                        format!("{}", self.published).as_bytes(),
                        Qos::AtLeastOnce,
                    )
                    .is_ok()
                {
                    self.published += 1;
                }
                assert!(self.session.waiting() <= OUTBOX_MESSAGES);
            }
            Step::Deliver { count, cut } => {
                self.connect();
                self.on_the_way.extend(sent(&mut self.session, self.now));
                for _ in 0..*count {
                    if let Some(packet) = self.on_the_way.pop_front() {
                        self.broker.take(&packet);
                    }
                }
                if *cut {
                    self.cut();
                }
            }
            Step::Answer { count } => {
                for _ in 0..*count {
                    if let Some(answer) = self.broker.answers.pop_front() {
                        let mut inbound = Inbound::<64>::new();
                        inbound.push(&answer);
                        self.session
                            .receive(inbound.next().unwrap().unwrap(), self.now)
                            .unwrap();
                    }
                }
            }
            Step::Cut => self.cut(),
            Step::Echo => {
                if self.session.is_online() {
                    self.broker.answers.extend(self.broker.last_puback.clone());
                }
            }
        }
    }
}

proptest! {
    /// Whatever is cut, and whenever: every number arrives, in order once repetitions are left out.
    #[test]
    fn none_is_missing_and_the_order_stays(steps in steps()) {
        let mut world = World {
            session: Session::new(),
            broker: Broker::default(),
            now: Duration::ZERO,
            on_the_way: VecDeque::new(),
            up: false,
            published: 0,
        };
        world.session.subscribe("t", Qos::AtLeastOnce).unwrap();
        for step in &steps {
            world.run(step);
        }
        // Then all goes well for a while.
        world.cut();
        for _ in 0..60 {
            world.run(&Step::Deliver { count: 100, cut: false });
            world.run(&Step::Answer { count: 100 });
        }
        prop_assert_eq!(world.session.waiting(), 0);
        prop_assert!(world.broker.subscribed);
        let mut once: Vec<String> = Vec::new();
        for number in world.broker.heard {
            if !once.contains(&number) {
                once.push(number);
            }
        }
        let all: Vec<String> = (0..world.published).map(|number| number.to_string()).collect();
        prop_assert_eq!(once, all);
    }
}

#[test]
fn as_many_messages_as_can_be_read_at_once_are_acknowledged() {
    let mut session = Session::new();
    online(&mut session, seconds(0));
    let count = READ_MAX / 7 + 1;
    for id in 1..=count {
        let [high, low] = u16::try_from(id).unwrap().to_be_bytes();
        let shortest = [0x32, 5, 0, 1, b'a', high, low];
        assert!(told(&mut session, &shortest, seconds(0)).is_ok(), "{id}");
    }
    assert_eq!(sent(&mut session, seconds(0)).len(), count);
}
