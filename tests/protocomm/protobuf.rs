//! Protobuf by hand: shares nothing with the library's.

/// One field of a message as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    Number(u64),
    Octets(Vec<u8>),
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A field of octets or a nested message.
pub(crate) fn octets(number: u64, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    varint(number << 3 | 2, &mut out);
    varint(value.len() as u64, &mut out);
    out.extend(value);
    out
}

/// A field with a number.
pub(crate) fn number(field: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint(field << 3, &mut out);
    varint(value, &mut out);
    out
}

fn read_varint(message: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (first, rest) = message.split_first().expect("a varint goes on");
        *message = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return value;
        }
    }
    panic!("a varint has at most 10 bytes");
}

/// All fields of a message, in order.
pub(crate) fn fields(mut message: &[u8]) -> Vec<(u64, Value)> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let key = read_varint(&mut message);
        let value = match key & 7 {
            0 => Value::Number(read_varint(&mut message)),
            2 => {
                let length = read_varint(&mut message) as usize;
                let (value, rest) = message.split_at(length);
                message = rest;
                Value::Octets(value.to_vec())
            }
            kind => panic!("a field of kind {kind}"),
        };
        fields.push((key >> 3, value));
    }
    fields
}

/// The octets at the end of a path of field numbers.
pub(crate) fn at(message: &[u8], path: &[u64]) -> Option<Vec<u8>> {
    let (first, rest) = path.split_first().expect("a path has a first step");
    let value = fields(message)
        .into_iter()
        .find_map(|(number, value)| match value {
            Value::Octets(octets) if number == *first => Some(octets),
            _ => None,
        })?;
    if rest.is_empty() {
        Some(value)
    } else {
        at(&value, rest)
    }
}

/// The number at the end of a path; 0 when it is left out.
pub(crate) fn number_at(message: &[u8], path: &[u64]) -> u64 {
    let (last, before) = path.split_last().expect("a path has a last step");
    let message = if before.is_empty() {
        message.to_vec()
    } else {
        at(message, before).expect("the message is there")
    };
    fields(&message)
        .into_iter()
        .find_map(|(number, value)| match value {
            Value::Number(value) if number == *last => Some(value),
            _ => None,
        })
        .unwrap_or(0)
}
