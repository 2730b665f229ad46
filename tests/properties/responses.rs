//! What the device says, a reader that is not ours understands.

use ciborium::Value;
use proptest::prelude::*;
use wifi_provision::config::MAX_RESPONSE_BYTES;
use wifi_provision::message::amazon::response::{self, NetworkInfo};
use wifi_provision::platform::Network;
use wifi_provision::service::Kind;
use wifi_provision::status::Status;

use crate::cases;

const STATUSES: [Status; 4] = [
    Status::Success,
    Status::Failure,
    Status::Timeout,
    Status::NotSupported,
];

fn understood(bytes: &[u8]) -> Vec<(String, Value)> {
    let mut rest = bytes;
    let value: Value = ciborium::from_reader(&mut rest).unwrap();
    assert!(rest.is_empty(), "{bytes:02x?} goes on after its map");
    value
        .into_map()
        .unwrap()
        .into_iter()
        .map(|(key, value)| (key.into_text().unwrap(), value))
        .collect()
}

#[test]
fn a_status_is_understood() {
    for kind in [Kind::List, Kind::Save, Kind::Edit, Kind::Delete] {
        for status in STATUSES {
            assert_eq!(
                understood(&response::status(kind, status)),
                [
                    ("w".into(), Value::from(kind as u8 + 1)),
                    ("s".into(), Value::from(status as u8))
                ]
            );
        }
    }
}

prop_compose! {
    /// A name of at most 32 bytes.
    fn ssid()(text in "\\PC{0,32}") -> String {
        let mut text = text;
        while text.len() > 32 {
            text.pop();
        }
        text
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_network_is_understood(
        ssid in ssid(),
        bssid in any::<[u8; 6]>(),
        security in 0_u8..=6,
        (hidden, connected, last) in any::<(bool, bool, bool)>(),
        rssi in any::<i8>(),
        priority in any::<Option<u16>>(),
        status in proptest::sample::select(STATUSES.as_slice()),
    ) {
        let mut room = [0; MAX_RESPONSE_BYTES];
        let out = response::network(&mut room, &NetworkInfo {
            network: Network { ssid: ssid.as_bytes(), bssid: &bssid, security, rssi }, status, hidden, connected, priority, last,
        });
        let expected = [
            ("w", Value::from(2)),
            ("s", Value::from(status as u8)),
            ("r", Value::from(ssid.as_str())),
            ("b", Value::Bytes(bssid.to_vec())),
            ("q", Value::from(security)),
            ("f", Value::from(hidden)),
            ("p", Value::from(rssi)),
            ("e", Value::from(connected)),
            ("g", priority.map_or(Value::from(-1), Value::from)),
            ("l", Value::from(last)),
        ];
        let read = understood(out);
        prop_assert_eq!(
            read.iter().map(|(key, value)| (key.as_str(), value.clone())).collect::<Vec<_>>(),
            expected
        );
        let mut shortest = Vec::new();
        let value = Value::Map(read.into_iter().map(|(key, value)| (Value::Text(key), value)).collect());
        ciborium::into_writer(&value, &mut shortest).unwrap();
        prop_assert_eq!(out, shortest, "not in the shortest form");
    }
}
