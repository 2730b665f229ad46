//! The examples of the protocol, byte for byte: one session, in order.

use port_mqtt_ble::Accepted;

use crate::bytes::unhex;
use crate::device::Device;

/// Direction, name, the client's side and the phone's.
fn examples() -> Vec<(bool, &'static str, Vec<u8>, Vec<u8>)> {
    include_str!("../vectors.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let [to, name, packet, message] = fields[..] else {
                panic!("four fields a line: {line}")
            };
            (to == ">", name, unhex(packet), unhex(message))
        })
        .collect()
}

#[test]
fn examples_are_equal_byte_for_byte_both_ways() {
    let mut device = Device::new();
    let examples = examples();
    assert_eq!(examples.len(), 16);
    for (to_phone, name, packet, message) in examples {
        if to_phone {
            assert_eq!(device.write(&packet), [Ok(message)], "{name}");
        } else {
            assert_eq!(device.hear(&message), Ok(Accepted::Queued), "{name}");
            assert_eq!(device.read(), packet, "{name}");
        }
    }
}

#[test]
fn examples_are_equal_when_every_byte_is_a_write_of_its_own() {
    let outgoing: Vec<_> = examples().into_iter().filter(|(to, ..)| *to).collect();
    let bytes: Vec<u8> = outgoing.iter().flat_map(|(_, _, p, _)| p.clone()).collect();
    let messages: Vec<_> = outgoing.into_iter().map(|(_, _, _, m)| Ok(m)).collect();
    let mut device = Device::new();
    assert_eq!(device.write_split(&bytes, std::iter::repeat(1)), messages);
}
