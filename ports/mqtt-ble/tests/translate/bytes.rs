//! Packets written by hand, and CBOR through a writer that is not ours.

use ciborium::Value;

/// A remaining length, after the algorithm in the standard.
pub(crate) fn remaining(mut length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let digit = (length % 128) as u8;
        length /= 128;
        bytes.push(if length > 0 { digit | 128 } else { digit });
        if length == 0 {
            return bytes;
        }
    }
}

pub(crate) fn packet(first: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [&[first][..], &remaining(body.len()), &body].concat()
}

/// A text with its length.
pub(crate) fn text(text: impl AsRef<[u8]>) -> Vec<u8> {
    let text = text.as_ref();
    [&(text.len() as u16).to_be_bytes()[..], text].concat()
}

pub(crate) fn connect(flags: u8, fields: &[&[u8]]) -> Vec<u8> {
    let head = [&text("MQTT")[..], &[4, flags, 0, 60]].concat();
    packet(0x10, &[&head, &text("thing1"), &fields.concat()])
}

pub(crate) fn publish(topic: &str, qos: u8, id: u16, payload: &[u8]) -> Vec<u8> {
    let id = id.to_be_bytes();
    let id = if qos > 0 { &id[..] } else { &[] };
    packet(0x30 | qos << 1, &[&text(topic), id, payload])
}

pub(crate) fn subscribe(id: u16, topics: &[(&str, u8)]) -> Vec<u8> {
    let topics: Vec<u8> = topics
        .iter()
        .flat_map(|(topic, qos)| [&text(topic)[..], &[*qos]].concat())
        .collect();
    packet(0x82, &[&id.to_be_bytes(), &topics])
}

pub(crate) fn unsubscribe(id: u16, topics: &[&str]) -> Vec<u8> {
    let topics: Vec<u8> = topics.iter().flat_map(text).collect();
    packet(0xa2, &[&id.to_be_bytes(), &topics])
}

/// A map in the order told.
pub(crate) fn map(pairs: &[(&str, Value)]) -> Vec<u8> {
    let pairs = pairs
        .iter()
        .map(|(key, value)| (Value::from(*key), value.clone()))
        .collect();
    let mut bytes = Vec::new();
    ciborium::into_writer(&Value::Map(pairs), &mut bytes).unwrap();
    bytes
}

pub(crate) fn number(number: i64) -> Value {
    number.into()
}

pub(crate) fn value(bytes: &[u8]) -> Value {
    ciborium::from_reader(bytes).unwrap()
}

pub(crate) fn unhex(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}
