//! Device to phone.

use ciborium::Value;
use port_mqtt_ble::{MESSAGE_MAX, PacketError, TOPICS_MAX, UNANSWERED_MAX};
use proptest::prelude::*;

use crate::bytes::{connect, map, number, packet, publish, subscribe, text, unsubscribe, value};
use crate::device::{Device, ENDPOINT, Written};

const PING: [u8; 2] = [0xc0, 0];

/// What becomes of one packet after CONNECT, whatever that is; the packet behind it is unharmed.
fn one(bytes: &[u8]) -> Written {
    let mut device = Device::connected();
    let mut written = device.write(&[bytes, &PING].concat());
    assert_eq!(written.len(), 2, "{written:?}");
    assert_eq!(written.pop(), Some(Ok(b"\xa1aw\x0c".to_vec())));
    written.pop().unwrap()
}

fn refused(bytes: &[u8], why: PacketError) {
    assert_eq!(one(bytes), Err(why), "{bytes:02x?}");
}

#[test]
fn connect_carries_id_endpoint_and_clean_session_and_leaves_credentials_out() {
    let map = |clean: bool| {
        map(&[
            ("w", number(1)),
            ("d", "thing1".into()),
            ("a", ENDPOINT.into()),
            ("c", clean.into()),
        ])
    };
    assert_eq!(one(&connect(0, &[])), Ok(map(false)));
    assert_eq!(one(&connect(0x82, &[&text("user")])), Ok(map(true)));
    let secret: [&[u8]; 2] = [&text("user"), &text(b"\xff\0secret")];
    assert_eq!(one(&connect(0xc2, &secret)), Ok(map(true)));
    assert_eq!(one(&connect(0xc2, &[&text(""), &text("")])), Ok(map(true)));
}

#[test]
fn connect_that_cannot_be_carried_is_refused_with_the_reason() {
    let will: [&[u8]; 2] = [&text("t"), &text("gone")];
    refused(&connect(0x06, &will), PacketError::Will);
    // A name the protocol had before, and the next version.
    refused(
        &packet(0x10, &[&text("MQIsdp"), &[3, 2, 0, 60], &text("x")]),
        PacketError::Version,
    );
    refused(
        &packet(0x10, &[&text("MQTT"), &[5, 2, 0, 60, 0], &text("x")]),
        PacketError::Version,
    );
    // A reserved flag, a password without a user, a QoS without a will.
    for flags in [0x03, 0x42, 0x0a, 0x22] {
        refused(&connect(flags, &[&text("x")]), PacketError::Malformed);
    }
    // Fields that are missing, too many, or cut.
    refused(&connect(0x82, &[]), PacketError::Malformed);
    refused(&connect(0x02, &[&text("user")]), PacketError::Malformed);
    refused(&connect(0xc2, &[&text("user")]), PacketError::Malformed);
    refused(&connect(0x82, &[&[0, 9, b'u']]), PacketError::Malformed);
    refused(
        &packet(0x10, &[&text("MQTT"), &[4, 2, 0]]),
        PacketError::Malformed,
    );
    // The C shim looked for 'M' (0x4d) from the packet's start: this length is one.
    let long = packet(
        0x10,
        &[&text("MQTT"), &[4, 2, 0, 60], &text("x".repeat(0x4d - 12))],
    );
    assert_eq!(long[1], 0x4d);
    assert!(one(&long).is_ok());
}

#[test]
fn packets_no_client_sends_are_refused() {
    for first in 0..=u8::MAX {
        let why = match first >> 4 {
            5..=7 => PacketError::Qos2,
            3 if first & 6 == 4 => PacketError::Qos2,
            _ => PacketError::Malformed,
        };
        // Of no type is an empty packet whole but these.
        if !matches!(first, 0xc0 | 0xe0) {
            refused(&[first, 0], why);
        }
    }
    refused(&[0xc0, 1, 0], PacketError::Malformed);
    refused(&[0x40, 2, 0, 0], PacketError::Malformed);
    refused(&[0x40, 3, 0, 1, 0], PacketError::Malformed);
}

#[test]
fn qos_2_is_refused_and_not_lowered() {
    refused(&publish("t", 2, 1, b"x"), PacketError::Qos2);
    refused(&publish("t", 3, 1, b"x"), PacketError::Malformed);
    refused(&subscribe(1, &[("a", 1), ("b", 2)]), PacketError::Qos2);
    refused(&subscribe(1, &[("a", 3)]), PacketError::Malformed);
}

#[test]
fn retain_and_dup_are_left_out() {
    let mut flagged = publish("a/b", 1, 258, b"hi");
    flagged[0] |= 0x09;
    assert_eq!(one(&flagged), one(&publish("a/b", 1, 258, b"hi")));
    assert!(one(&flagged).is_ok());
}

#[test]
fn publish_whose_lengths_contradict_each_other_is_refused() {
    refused(&packet(0x30, &[&[0, 9, b'a']]), PacketError::Malformed);
    refused(&packet(0x30, &[&[0]]), PacketError::Malformed);
    refused(&packet(0x32, &[&text("a"), &[1]]), PacketError::Malformed);
    refused(&publish("a", 1, 0, b"x"), PacketError::Malformed);
    refused(&publish("", 0, 0, b"x"), PacketError::Malformed);
    refused(&packet(0x30, &[&text(b"\xff")]), PacketError::Malformed);
    refused(&packet(0x30, &[&text(b"a\0")]), PacketError::Malformed);
}

#[test]
fn topics_up_to_the_bound_are_carried_and_more_are_refused() {
    let names: Vec<String> = (0..=TOPICS_MAX).map(|n| format!("t/{n}")).collect();
    for count in 1..=TOPICS_MAX {
        let topics: Vec<(&str, u8)> = names[..count]
            .iter()
            .enumerate()
            .map(|(n, name)| (name.as_str(), (n % 3 == 1).into()))
            .collect();
        let texts = |pick: fn(&(&str, u8)) -> Value| topics.iter().map(pick).collect::<Vec<_>>();
        let expected = map(&[
            ("w", number(8)),
            ("v", Value::Array(texts(|(name, _)| (*name).into()))),
            ("o", Value::Array(texts(|(_, qos)| (*qos).into()))),
            ("i", number(777)),
        ]);
        assert_eq!(one(&subscribe(777, &topics)), Ok(expected));
        let names: Vec<&str> = topics.iter().map(|(name, _)| *name).collect();
        let expected = map(&[
            ("w", number(10)),
            ("v", Value::Array(texts(|(name, _)| (*name).into()))),
            ("i", number(777)),
        ]);
        assert_eq!(one(&unsubscribe(777, &names)), Ok(expected));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    refused(&unsubscribe(1, &names), PacketError::TooManyTopics);
    let topics: Vec<(&str, u8)> = names.iter().map(|name| (*name, 1)).collect();
    refused(&subscribe(1, &topics), PacketError::TooManyTopics);
    refused(&subscribe(1, &[]), PacketError::Malformed);
    refused(&unsubscribe(1, &[]), PacketError::Malformed);
    refused(&subscribe(0, &[("a", 0)]), PacketError::Malformed);
    refused(
        &packet(0x82, &[&[0, 1], &text("a")]),
        PacketError::Malformed,
    );
}

#[test]
fn every_length_of_the_remaining_length_is_read() {
    for length in [0, 1, 23, 24, 120, 121, 122, 123, 250, 255, 256, 4096] {
        let payload = vec![0x5a; length];
        let message = one(&publish("a/b", 1, 9, &payload)).unwrap();
        let expected = map(&[
            ("w", number(3)),
            ("u", "a/b".into()),
            ("n", number(1)),
            ("k", Value::Bytes(payload)),
            ("i", number(9)),
        ]);
        assert_eq!(message, expected, "{length}");
    }
    // Three and four bytes of it are longer than a message; the next packet is found all the same.
    for length in [20_000, 2_100_000] {
        refused(&publish("a", 0, 0, &vec![0; length]), PacketError::TooLong);
    }
    // Padded to four bytes, as the standard does not forbid.
    assert_eq!(
        one(&[0xc0, 0x80, 0x80, 0x80, 0x00]),
        Ok(b"\xa1aw\x0c".to_vec())
    );
}

#[test]
fn without_a_remaining_length_nothing_more_is_taken() {
    let mut device = Device::connected();
    let written = device.write(&[0x30, 0x80, 0x80, 0x80, 0x80, 0x01, 0xc0, 0x00]);
    assert_eq!(written, [Err(PacketError::Length)]);
    assert_eq!(device.write(&PING), [Err(PacketError::Length)]);
}

#[test]
fn a_message_fits_exactly_or_is_refused_whole() {
    let around = one(&publish("t", 1, 9, &[0; 4000])).unwrap().len() - 4000;
    let fits = publish("t", 1, 9, &vec![0; MESSAGE_MAX - around]);
    assert_eq!(one(&fits).map(|message| message.len()), Ok(MESSAGE_MAX));
    refused(
        &publish("t", 1, 9, &vec![0; MESSAGE_MAX - around + 1]),
        PacketError::TooLong,
    );
    // 4 KiB with a topic of half a KiB, less what is around them.
    assert!(one(&publish(&"t".repeat(480), 1, u16::MAX, &[0; 4096])).is_ok());
}

#[test]
fn rooms_of_any_size_are_kept_to() {
    for size in 0..80 {
        let mut device = Device::with_rooms(size, 64);
        for bytes in [
            connect(0xc2, &[&text("u"), &text("p")]),
            subscribe(1, &[("abc", 1), ("d", 0)]),
            publish("abc", 1, 300, &[0; 30]),
            PING.to_vec(),
        ] {
            for written in device.write(&bytes) {
                match written {
                    Ok(message) => assert!(message.len() <= size),
                    Err(PacketError::TooLong | PacketError::NotConnected) => assert!(size < 78),
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
    }
}

#[test]
fn before_connect_and_after_disconnect_nothing_is_sent() {
    let mut device = Device::new();
    assert_eq!(device.write(&PING), [Err(PacketError::NotConnected)]);
    assert!(device.write(&connect(2, &[]))[0].is_ok());
    assert!(device.write(&[0xe0, 0])[0].is_ok());
    assert_eq!(
        device.write(&publish("t", 0, 0, b"")),
        [Err(PacketError::NotConnected)]
    );
}

#[test]
fn more_packets_without_an_answer_than_are_remembered_are_refused() {
    let mut device = Device::connected();
    for id in 1..=UNANSWERED_MAX as u16 {
        assert!(device.write(&subscribe(id, &[("a", 0)]))[0].is_ok());
    }
    let more = unsubscribe(100, &["a"]);
    assert_eq!(device.write(&more), [Err(PacketError::TooManyUnanswered)]);
    // The same id again is no other.
    assert!(device.write(&subscribe(1, &[("a", 0)]))[0].is_ok());
    device
        .hear(&map(&[
            ("w", number(9)),
            ("i", number(3)),
            ("s", number(0)),
        ]))
        .unwrap();
    assert!(device.write(&more)[0].is_ok());
}

/// Packets a client sends, good and bad.
fn any_packet() -> impl Strategy<Value = Vec<u8>> {
    let topic = "[a-z/é]{0,40}";
    let payload = prop::collection::vec(any::<u8>(), 0..300);
    prop_oneof![
        (topic, 0_u8..4, any::<u16>(), payload)
            .prop_map(|(topic, qos, id, payload)| publish(&topic, qos, id, &payload)),
        (any::<u16>(), prop::collection::vec((topic, 0_u8..3), 0..20)).prop_map(|(id, topics)| {
            let topics: Vec<_> = topics.iter().map(|(t, q)| (t.as_str(), *q)).collect();
            subscribe(id, &topics)
        }),
        (any::<u16>(), prop::collection::vec(topic, 0..20)).prop_map(|(id, topics)| {
            let topics: Vec<_> = topics.iter().map(String::as_str).collect();
            unsubscribe(id, &topics)
        }),
        any::<u8>().prop_map(|flags| connect(flags, &[&text("user"), &text("pass")])),
        (any::<u8>(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(first, body)| packet(first, &[&body])),
    ]
}

proptest! {
    #[test]
    fn any_split_gives_the_same_messages(
        packets in prop::collection::vec(any_packet(), 1..8),
        lengths in prop::collection::vec(1_usize..60, 1..20),
    ) {
        let bytes = packets.concat();
        let mut whole = Device::new();
        let mut split = Device::new();
        let written = whole.write(&bytes);
        prop_assert_eq!(written.len(), packets.len());
        prop_assert_eq!(&written, &split.write_split(&bytes, lengths.into_iter().cycle()));
        for message in written.iter().flatten() {
            // One well-formed map, to a reader that is not ours.
            prop_assert!(value(message).is_map());
        }
    }

    #[test]
    fn any_bytes_are_taken_and_no_message_is_damaged(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        lengths in prop::collection::vec(1_usize..60, 1..20),
    ) {
        let written = Device::new().write_split(&bytes, lengths.into_iter().cycle());
        for message in written.iter().flatten() {
            prop_assert!(value(message).is_map());
        }
    }

    /// A phone that sends a message back as it came gives the client its own packet.
    #[test]
    fn what_is_published_comes_back_as_it_went(
        topic in "[a-z/é]{1,60}",
        qos in 0_u8..2,
        id in 1_u16..,
        payload in prop::collection::vec(any::<u8>(), 0..4200),
    ) {
        let bytes = publish(&topic, qos, id, &payload);
        let mut device = Device::connected();
        let written = device.write(&bytes);
        device.hear(written[0].as_ref().unwrap()).unwrap();
        prop_assert_eq!(device.read(), bytes);
    }
}
