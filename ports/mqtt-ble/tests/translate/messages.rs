//! Phone to device: what a message may look like.

use ciborium::Value;
use port_mqtt_ble::{AcceptError, Accepted, Ignored, MessageError, QUEUE_BYTES, decode};
use proptest::prelude::*;

use crate::bytes::{connect, map, number, packet, publish, text};
use crate::device::Device;

fn refused(message: &[u8], why: MessageError) {
    let mut device = Device::connected();
    let heard = device.hear(message);
    assert_eq!(heard, Err(AcceptError::Message(why)), "{message:02x?}");
    assert!(device.read().is_empty());
    // The next message is not affected.
    assert_eq!(device.hear(b"\xa1aw\x0d"), Ok(Accepted::Queued));
    assert_eq!(device.read(), [0xd0, 0]);
}

fn gives(message: &[u8], bytes: &[u8]) {
    let mut device = Device::connected();
    assert_eq!(device.hear(message), Ok(Accepted::Queued));
    assert_eq!(device.read(), bytes);
}

/// A PUBLISH with other values at some keys; `Null` leaves one out.
fn changed(changes: &[(&str, Value)]) -> Vec<u8> {
    let pairs = [
        ("w", number(3)),
        ("u", "a/b".into()),
        ("i", number(258)),
        ("n", number(1)),
        ("k", Value::Bytes(b"hi".to_vec())),
    ];
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(
            |(key, value)| match changes.iter().find(|(k, _)| *k == key) {
                Some((_, other)) => (key, other.clone()),
                None => (key, value),
            },
        )
        .filter(|(_, value)| !value.is_null())
        .collect();
    map(&pairs)
}

#[test]
fn unknown_keys_are_skipped_whatever_they_hold() {
    let nested = Value::Map(vec![(number(1), Value::Array(vec![Value::Null]))]);
    let message = map(&[
        ("x", nested.clone()),
        ("n", number(0)),
        ("long", nested),
        ("u", "a".into()),
        ("d", Value::Bytes(vec![1])),
        ("k", Value::Bytes(vec![])),
        ("w", number(3)),
    ]);
    gives(&message, &publish("a", 0, 0, b""));
}

#[test]
fn strings_in_chunks_and_maps_of_untold_length_are_read() {
    let message =
        b"\xbfaw\x03au\x7f\x61a\x60\x62/b\xffak\x5f\x41h\x41i\xffan\x01ai\x19\x01\x02\xff";
    gives(message, &publish("a/b", 1, 258, b"hi"));
}

#[test]
fn numbers_out_of_their_range_are_refused() {
    use MessageError::{Field, Id, Qos, Status, Type};
    for (changes, why) in [
        (("n", number(2)), Qos),
        (("n", number(256)), Qos),
        (("n", number(-1)), Field),
        (("n", Value::Null), Field),
        (("i", number(65_536)), Id),
        (("i", number(0x1_0000_0102)), Id),
        (("i", number(-1)), Field),
        (("i", "1".into()), Field),
        (("w", number(259)), Type),
        (("w", number(0)), Type),
        (("w", number(1)), Type),
        (("w", Value::Null), Type),
        (("k", "hi".into()), Field),
        (("k", Value::Null), Field),
        (("u", Value::Bytes(b"a".to_vec())), Field),
        (("u", Value::Null), Field),
    ] {
        refused(&changed(&[changes]), why);
    }
    for status in [2, 0x7f, 0x81, 0x180] {
        let suback = map(&[("w", number(9)), ("i", number(1)), ("s", number(status))]);
        refused(&suback, Status);
    }
    for status in [7, 258] {
        refused(&map(&[("w", number(2)), ("s", number(status))]), Status);
    }
    for kind in [4, 9, 11] {
        let with = |id: i64| map(&[("w", number(kind)), ("i", number(id)), ("s", number(0))]);
        refused(&with(0), Id);
        refused(&with(65_536), Id);
        refused(&map(&[("w", number(kind)), ("s", number(0))]), Field);
    }
    refused(&map(&[("w", number(2))]), Field);
}

#[test]
fn topics_no_broker_gives_are_refused() {
    for topic in ["", "a/#", "+/b", "a\0"] {
        refused(&changed(&[("u", topic.into())]), MessageError::Topic);
    }
    refused(b"\xa4aw\x03an\x00ak\x40au\x62\xc3\x28", MessageError::Topic);
}

#[test]
fn damaged_messages_are_refused() {
    for message in [
        &b""[..],
        b"\x80",
        b"\xa1aw\x0d\x00",
        b"\xa2aw\x0d",
        // A key twice: which of them counts is nobody's to guess.
        b"\xa2aw\x0daw\x0d",
        b"\xa2aw\x0das\x1c",
    ] {
        refused(message, MessageError::Damaged);
    }
    let message = changed(&[]);
    for end in 0..message.len() {
        refused(&message[..end], MessageError::Damaged);
    }
}

#[test]
fn a_packet_is_queued_whole_or_not_at_all_and_answers_have_room() {
    let mut device = Device::connected();
    let long = |length| changed(&[("n", number(0)), ("k", Value::Bytes(vec![7; length]))]);
    assert_eq!(device.hear(&long(QUEUE_BYTES)), Err(AcceptError::TooLong));
    let mut expected = Vec::new();
    loop {
        match device.hear(&long(500)) {
            Ok(_) => expected.extend(publish("a/b", 0, 0, &[7; 500])),
            Err(error) => {
                assert_eq!(error, AcceptError::Full);
                break;
            }
        }
    }
    for _ in 0..64 {
        let puback = map(&[("w", number(4)), ("i", number(1))]);
        assert_eq!(device.hear(&puback), Ok(Accepted::Queued));
        expected.extend([0x40, 2, 0, 1]);
    }
    assert_eq!(device.read(), expected);
    // What was refused left nothing behind.
    device.hear(&long(4096)).unwrap();
    assert_eq!(device.read(), publish("a/b", 0, 0, &[7; 4096]));
}

#[test]
fn behind_a_packet_that_finds_no_room_nothing_is_heard_until_the_next_connection() {
    let mut device = Device::connected();
    let long = changed(&[("k", Value::Bytes(vec![7; 2500]))]);
    let short = changed(&[]);
    let mut expected = Vec::new();
    loop {
        match device.hear(&long) {
            Ok(_) => expected.extend(publish("a/b", 1, 258, &[7; 2500])),
            Err(error) => {
                assert_eq!(error, AcceptError::Overrun);
                break;
            }
        }
    }
    // There is room for these. They would be taken before the one that is sent again.
    for message in [&short[..], b"\xa2aw\x04ai\x01", b"\xa1aw\x0d"] {
        let ignored = Ok(Accepted::Ignored(Ignored::NotConnected));
        assert_eq!(device.hear(message), ignored);
    }
    assert_eq!(device.read(), expected);
    // What was taken is acknowledged, or the next connection would begin with the same.
    let puback = device.write(&[0x40, 2, 1, 2]);
    assert_eq!(puback, [Ok(b"\xa2aw\x04ai\x19\x01\x02".to_vec())]);
    device.write(&connect(0, &[]));
    device.hear(b"\xa2aw\x02as\x02").unwrap();
    assert_eq!(device.hear(&short), Ok(Accepted::Queued));
}

#[test]
fn nesting_does_not_move_the_stack() {
    let deep = |head: &[u8], count: usize| {
        let mut message = b"\xa2ax".to_vec();
        for _ in 0..count {
            message.extend_from_slice(head);
        }
        message.extend_from_slice(b"\x00aw\x0d");
        message
    };
    let child = std::thread::Builder::new()
        .stack_size(64 * 1024)
        .spawn(move || {
            for head in [&b"\x81"[..], b"\xa1\x00", b"\xc1", b"\x9f"] {
                // Whether it is taken or refused, it comes back.
                let _ = decode(&deep(head, 1_000_000)).is_ok();
            }
            decode(&deep(b"\x81", 1_000_000)).is_ok()
        });
    assert!(child.unwrap().join().unwrap());
}

#[test]
fn a_topic_longer_than_a_packet_can_tell_is_refused() {
    let message = changed(&[("u", "a".repeat(65_536).into())]);
    assert_eq!(decode(&message).err(), Some(MessageError::Topic));
    let message = changed(&[("u", "a".repeat(65_535).into())]);
    assert!(decode(&message).is_ok());
}

/// Splits a stream into packets; panics on half a packet.
fn whole_packets(mut bytes: &[u8]) {
    while let [_, rest @ ..] = bytes {
        let digits = 1 + rest.iter().take_while(|byte| **byte & 0x80 != 0).count();
        let length: usize = (0..digits)
            .map(|n| usize::from(rest[n] & 0x7f) << (7 * n))
            .sum();
        bytes = &rest[digits..][length..];
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<u8>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z#]{0,9}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(Value::Bytes),
        Just(Value::Null),
        prop::collection::vec(any::<u8>().prop_map(Value::from), 0..4).prop_map(Value::Array),
    ]
}

proptest! {
    #[test]
    fn any_map_gives_whole_packets_or_none(
        messages in prop::collection::vec(
            prop::collection::vec(("[wsiunkx]", any_value()), 0..8), 1..20),
        kinds in prop::collection::vec(0_i64..16, 20),
    ) {
        let mut device = Device::connected();
        for (pairs, kind) in messages.iter().zip(kinds) {
            let mut pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
            pairs.retain(|(key, _)| *key != "w");
            pairs.push(("w", number(kind)));
            let _ = device.hear(&map(&pairs));
        }
        whole_packets(&device.read());
    }

    #[test]
    fn any_bytes_give_whole_packets_or_none(
        mut message in prop::collection::vec(any::<u8>(), 0..200),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut device = Device::connected();
        let _ = device.hear(&message);
        // And a good one with some bytes changed.
        message = changed(&[]);
        for (place, byte) in changes {
            *place.get_mut(&mut message) = byte;
        }
        let _ = device.hear(&message);
        whole_packets(&device.read());
    }

    #[test]
    fn keys_may_come_in_any_order(order in Just(vec!["w", "u", "n", "k", "i"]).prop_shuffle()) {
        let pairs: Vec<_> = order
            .into_iter()
            .map(|key| (key, match key {
                "w" => number(3),
                "u" => "a/b".into(),
                "k" => Value::Bytes(b"hi".to_vec()),
                "n" => number(1),
                _ => number(258),
            }))
            .collect();
        gives(&map(&pairs), &packet(0x32, &[&text("a/b"), &[1, 2], b"hi"]));
    }
}
