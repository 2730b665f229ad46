//! Any bytes as a message of the MQTT proxy: nothing breaks, and what is understood is a message.
#![no_main]

use ciborium::Value;
use libfuzzer_sys::fuzz_target;
use port_mqtt_ble::{Message, Pieces, Qos, decode};
use well_formed::measure;

#[allow(dead_code, reason = "a test of the reader uses the rest")]
#[path = "../../../tests/properties/well_formed.rs"]
mod well_formed;

fn joined(pieces: &Pieces<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    pieces.each(|piece| bytes.extend_from_slice(piece));
    assert_eq!(bytes.len(), pieces.len());
    bytes
}

/// What a reader that is not ours finds under a key.
fn field(map: &[(Value, Value)], key: &str) -> Option<Value> {
    map.iter()
        .find(|(name, _)| name.as_text() == Some(key))
        .map(|(_, value)| value.clone())
}

fn number(map: &[(Value, Value)], key: &str) -> Option<u64> {
    field(map, key)?.as_integer()?.try_into().ok()
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = decode(bytes) else {
        return;
    };
    assert!(measure(bytes).is_some(), "a damaged message was understood");
    // The other reader insists on UTF-8 in keys that are none of ours; then it has no say.
    let Ok(Value::Map(map)) = ciborium::from_reader::<Value, _>(bytes) else {
        return;
    };
    let kind = number(&map, "w");
    match message {
        Message::ConnAck(_) => assert_eq!(kind, Some(2)),
        Message::Publish {
            topic,
            payload,
            qos,
            id,
        } => {
            assert_eq!(kind, Some(3));
            let topic = joined(&topic);
            assert!(!topic.is_empty() && !topic.iter().any(|byte| matches!(byte, 0 | b'#' | b'+')));
            assert_eq!(
                field(&map, "u"),
                Some(Value::Text(
                    String::from_utf8(topic).expect("a topic is UTF-8")
                ))
            );
            assert_eq!(field(&map, "k"), Some(Value::Bytes(joined(&payload))));
            assert_eq!(number(&map, "n"), Some(u64::from(qos == Qos::AtLeastOnce)));
            if let Some(id) = id {
                assert_eq!(number(&map, "i"), Some(id.get().into()));
            }
        }
        Message::PubAck(id) => {
            assert_eq!(kind, Some(4));
            assert_eq!(number(&map, "i"), Some(id.get().into()));
        }
        Message::SubAck { id, status } => {
            assert_eq!(kind, Some(9));
            assert_eq!(number(&map, "i"), Some(id.get().into()));
            assert_eq!(number(&map, "s"), Some(status.into()));
        }
        Message::UnsubAck(id) => {
            assert_eq!(kind, Some(11));
            assert_eq!(number(&map, "i"), Some(id.get().into()));
        }
        Message::PingResp => assert_eq!(kind, Some(13)),
    }
});
