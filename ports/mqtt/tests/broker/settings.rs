//! Settings as a device is provisioned with them.

use port_mqtt::settings::{Security, SettingsError, read};

use super::authority::{Authority, CLIENT};

/// One field.
pub(crate) fn field(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_le_bytes();
    [&[tag], &length[..], value].concat()
}

/// Settings of these fields, with a check value made without the crate's code.
pub(crate) fn settings(fields: &[Vec<u8>]) -> Vec<u8> {
    let fields = fields.concat();
    let mut crc = !0_u32;
    for byte in &fields {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1));
        }
    }
    let length = u32::try_from(fields.len()).unwrap().to_le_bytes();
    [
        b"MQTT\x01\0\0\0",
        &length[..],
        &(!crc).to_le_bytes()[..],
        &fields,
    ]
    .concat()
}

#[test]
fn they_are_read_and_the_key_is_wiped_from_where_they_lay() {
    let authority = Authority::new();
    authority.issue("device", CLIENT);
    let (ca, certificate) = (authority.certificate("ca"), authority.certificate("device"));
    let key = authority.key_bytes("device");
    let mut bytes = settings(&[
        field(1, b"10.0.2.2"),
        field(2, &18_883_u16.to_le_bytes()),
        field(3, b"broker.test"),
        field(4, b"device"),
        field(5, &10_u16.to_le_bytes()),
        field(7, &ca),
        field(8, &certificate),
        field(9, &key),
    ]);
    bytes.resize(4096, 0xff);
    {
        let read = read(&mut bytes).unwrap();
        assert_eq!((read.host, read.port), ("10.0.2.2", 18_883));
        assert_eq!(
            (read.identity.client_id.as_str(), read.identity.keep_alive),
            ("device", 10)
        );
        let Security::Tls {
            name,
            authority,
            own,
        } = read.security
        else {
            panic!("TLS")
        };
        assert_eq!(
            (name, authority, own.unwrap().0),
            ("broker.test", &ca[..], &certificate[..])
        );
    }
    assert!(!bytes.windows(32).any(|window| window == key));
}

#[test]
fn what_is_wrong_with_them_is_told() {
    let why = |mut bytes: Vec<u8>| read(&mut bytes).err();
    let (host, id) = (field(1, b"h"), field(4, b"d"));
    let plain = field(6, b"");
    assert_eq!(why(vec![0xff; 64]), Some(SettingsError::Absent));
    assert_eq!(why(vec![0; 64]), Some(SettingsError::Format));
    assert_eq!(
        why(settings(&[host.clone(), id.clone(), plain.clone()])),
        None
    );
    assert_eq!(
        why(settings(&[host.clone(), id.clone()])),
        Some(SettingsError::Missing(7))
    );
    assert_eq!(
        why(settings(&[id.clone(), plain.clone()])),
        Some(SettingsError::Missing(1))
    );
    assert_eq!(
        why(settings(&[host.clone(), plain.clone()])),
        Some(SettingsError::Missing(4))
    );
    let both = settings(&[host.clone(), id.clone(), plain.clone(), field(7, b"x")]);
    assert_eq!(why(both), Some(SettingsError::Contradiction));
    let lonely = settings(&[host.clone(), id.clone(), field(7, b"x"), field(8, b"x")]);
    assert_eq!(why(lonely), Some(SettingsError::Missing(9)));
    let bad_key = settings(&[host.clone(), id.clone(), field(7, b"x"), field(9, &[0; 32])]);
    assert_eq!(why(bad_key), Some(SettingsError::Field(9)));
    let unknown = settings(&[host.clone(), id.clone(), plain.clone(), field(77, b"")]);
    assert_eq!(why(unknown), Some(SettingsError::Field(77)));
    let twice = settings(&[host.clone(), host.clone(), id.clone(), plain.clone()]);
    assert_eq!(why(twice), Some(SettingsError::Field(1)));
    let mut flipped = settings(&[host, id, plain]);
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(why(flipped), Some(SettingsError::Corrupt));
}
