//! What phones do, and what the client gets.

use ciborium::Value;
use port_mqtt_ble::{Accepted, Ignored};

use crate::bytes::{connect, map, number, publish, subscribe, unsubscribe};
use crate::device::Device;

fn connack(status: i64) -> Vec<u8> {
    map(&[("s", number(status)), ("w", number(2))])
}

fn answer(kind: i64, id: i64, status: i64) -> Vec<u8> {
    map(&[
        ("i", number(id)),
        ("s", number(status)),
        ("w", number(kind)),
    ])
}

fn delivery(id: Option<i64>) -> Vec<u8> {
    let mut pairs = vec![
        ("w", number(3)),
        ("u", "t".into()),
        ("n", number(1)),
        ("k", Value::Bytes(b"x".to_vec())),
    ];
    pairs.extend(id.map(|id| ("i", number(id))));
    map(&pairs)
}

const IGNORED: Result<Accepted, port_mqtt_ble::AcceptError> =
    Ok(Accepted::Ignored(Ignored::NotAsked));

#[test]
fn connecting_and_connected_are_success_and_told_once() {
    for statuses in [[1, 2], [2, 2], [1, 1]] {
        let mut device = Device::new();
        device.write(&connect(2, &[]));
        assert_eq!(device.hear(&connack(statuses[0])), Ok(Accepted::Queued));
        assert_eq!(device.hear(&connack(statuses[1])), IGNORED);
        assert_eq!(device.read(), [0x20, 2, 0, 0]);
    }
}

#[test]
fn every_other_state_of_the_proxy_refuses_the_connection() {
    for status in [0, 3, 4, 5, 6] {
        let mut device = Device::new();
        device.write(&connect(2, &[]));
        assert_eq!(device.hear(&connack(status)), Ok(Accepted::Refusal));
        assert_eq!(device.read(), [0x20, 2, 0, 5]);
        assert_eq!(
            device.hear(&delivery(Some(1))),
            Ok(Accepted::Ignored(Ignored::NotConnected))
        );
        assert!(device.write(&connect(2, &[]))[0].is_ok());
    }
}

#[test]
fn a_proxy_that_loses_the_broker_ends_the_stream_behind_what_waits() {
    let mut device = Device::connected();
    device.hear(&delivery(Some(1))).unwrap();
    assert_eq!(device.hear(&connack(3)), Ok(Accepted::Ended));
    assert_eq!(device.read(), publish("t", 1, 1, b"x"));
}

#[test]
fn nothing_is_delivered_before_connack() {
    let mut device = Device::new();
    let not_connected = Ok(Accepted::Ignored(Ignored::NotConnected));
    assert_eq!(device.hear(&connack(2)), not_connected);
    device.write(&connect(2, &[]));
    for message in [
        delivery(Some(1)),
        answer(9, 1, 0),
        answer(4, 1, 0),
        answer(13, 1, 0),
    ] {
        assert_eq!(device.hear(&message), not_connected);
    }
    assert!(device.read().is_empty());
}

#[test]
fn one_suback_for_all_topics_has_a_return_code_for_each() {
    for (status, codes) in [(0, [0, 0, 0]), (1, [0, 1, 1]), (0x80, [0x80; 3])] {
        let mut device = Device::connected();
        device.write(&subscribe(5, &[("a", 0), ("b", 1), ("c", 1)]));
        // Late: other messages come first.
        device.hear(&delivery(Some(9))).unwrap();
        device.read();
        device.hear(&answer(9, 5, status)).unwrap();
        assert_eq!(device.read(), [&[0x90, 5, 0, 5][..], &codes].concat());
    }
}

#[test]
fn one_suback_a_topic_gives_the_client_one() {
    let mut device = Device::connected();
    device.write(&subscribe(5, &[("a", 1), ("b", 1)]));
    device.write(&subscribe(6, &[("c", 0)]));
    device.hear(&answer(9, 5, 1)).unwrap();
    assert_eq!(device.hear(&answer(9, 5, 1)), IGNORED);
    let late = Ok(Accepted::Ignored(Ignored::LateRefusal));
    assert_eq!(device.hear(&answer(9, 5, 0x80)), late);
    device.hear(&answer(9, 6, 0)).unwrap();
    assert_eq!(device.read(), [0x90, 4, 0, 5, 1, 1, 0x90, 3, 0, 6, 0]);
}

#[test]
fn one_unsuback_a_topic_gives_the_client_one() {
    let mut device = Device::connected();
    device.write(&unsubscribe(7, &["a", "b"]));
    // An answer of another kind does not count.
    assert_eq!(device.hear(&answer(9, 7, 0)), IGNORED);
    device.hear(&answer(11, 7, 0)).unwrap();
    assert_eq!(device.hear(&answer(11, 7, 0)), IGNORED);
    assert_eq!(device.read(), [0xb0, 2, 0, 7]);
}

#[test]
fn answers_nobody_asked_for_are_kept_from_the_client() {
    let mut device = Device::connected();
    assert_eq!(device.hear(&answer(9, 5, 0)), IGNORED);
    assert_eq!(device.hear(&answer(11, 5, 0)), IGNORED);
    assert!(device.read().is_empty());
}

#[test]
fn a_message_without_an_id_has_one_for_the_client_and_0_for_the_phone() {
    let mut device = Device::connected();
    let acknowledged = |id: i64| vec![Ok(map(&[("w", number(4)), ("i", number(id))]))];
    for id in [None, Some(0)] {
        device.hear(&delivery(id)).unwrap();
        assert_eq!(device.read(), publish("t", 1, 0xffff, b"x"));
        assert_eq!(device.write(&[0x40, 2, 0xff, 0xff]), acknowledged(0));
    }
    // An id that is really the last one goes back as it came.
    device.hear(&delivery(Some(0xffff))).unwrap();
    assert_eq!(device.write(&[0x40, 2, 0xff, 0xff]), acknowledged(0xffff));
}

#[test]
fn ids_that_repeat_are_delivered_each_time() {
    let mut device = Device::connected();
    for _ in 0..3 {
        device.hear(&delivery(Some(12))).unwrap();
        assert_eq!(device.read(), publish("t", 1, 12, b"x"));
    }
}
