//! Handshakes that succeed, and what they open.

use wifi_provision::protocomm::{Connection, Security};

use super::device::{Device, PHONE, one, two};
use super::protobuf::number_at;

/// How a network is asked after.
const STATUS: &[u8] = &[0x52, 0];

#[test]
fn security_1_carries_on_in_one_stream() {
    let mut device = Device::new(one("abcd1234"), vec![]);
    let mut phone = device.open1(PHONE, "abcd1234");
    for _ in 0..300 {
        let request = phone.crypt(STATUS);
        let answer = device.ask(PHONE, "prov-config", &request).unwrap();
        assert_eq!(phone.crypt(&answer), [0x08, 1, 0x5a, 2, 0x10, 2]);
    }
}

#[test]
fn security_2_carries_on_counting() {
    let mut device = Device::new(two("wifiprov", "abcd1234"), vec![]);
    let mut phone = device.open2(PHONE, "wifiprov", "abcd1234");
    for _ in 0..300 {
        let request = phone.seal(STATUS);
        let answer = device.ask(PHONE, "prov-config", &request).unwrap();
        assert_eq!(phone.open(&answer).unwrap(), [0x08, 1, 0x5a, 2, 0x10, 2]);
    }
}

#[test]
fn the_first_step_begins_anew_in_any_state() {
    let mut device = Device::new(one("abcd1234"), vec![]);
    let _first = device.open1(PHONE, "abcd1234");
    let mut second = device.open1(PHONE, "abcd1234");
    let request = second.crypt(STATUS);
    assert!(device.ask(PHONE, "prov-config", &request).is_ok());
}

#[test]
fn a_new_connection_takes_the_session_over() {
    let mut device = Device::new(one("abcd1234"), vec![]);
    let mut old = device.open1(PHONE, "abcd1234");
    let mut new = device.open1(Connection(2), "abcd1234");
    let request = old.crypt(STATUS);
    assert!(device.ask(PHONE, "prov-config", &request).is_err());
    let request = new.crypt(STATUS);
    assert!(device.ask(Connection(2), "prov-config", &request).is_ok());
}

#[test]
fn the_other_connection_s_end_is_not_this_one_s() {
    let mut device = Device::new(one("abcd1234"), vec![]);
    let _old = device.open1(PHONE, "abcd1234");
    let mut new = device.open1(Connection(2), "abcd1234");
    device.protocomm.disconnected(PHONE);
    let request = new.crypt(STATUS);
    assert!(device.ask(Connection(2), "prov-config", &request).is_ok());
}

#[test]
fn an_application_s_endpoint_is_encrypted_both_ways() {
    let mut device = Device::new(two("wifiprov", "abcd1234"), vec![]);
    let mut phone = device.open2(PHONE, "wifiprov", "abcd1234");
    let request = phone.seal(b"stressed");
    let answer = device.ask(PHONE, "custom-data", &request).unwrap();
    assert_eq!(phone.open(&answer).unwrap(), b"desserts");
}

#[test]
fn security_0_opens_everything_and_only_where_it_was_asked_for() {
    let hello = [0x52, 3, 0xa2, 1, 0];
    let mut device = Device::new(Security::Plain, vec![]);
    let answer = device.ask(PHONE, "prov-session", &hello).unwrap();
    assert_eq!(number_at(&answer, &[10, 1]), 1);
    assert!(device.ask(PHONE, "prov-config", STATUS).is_ok());
    for security in [one("abcd1234"), one(""), two("wifiprov", "abcd1234")] {
        let mut device = Device::new(security, vec![]);
        assert!(device.ask(PHONE, "prov-session", &hello).is_err());
        assert!(device.ask(PHONE, "prov-config", STATUS).is_err());
    }
}

#[test]
fn the_version_tells_which_security() {
    let cases = [
        (
            Security::Plain,
            r#"{"prov":{"ver":"netprov-v1.2","sec_ver":0,"cap":["no_sec","wifi_prov","wifi_scan"]}}"#,
        ),
        (
            one(""),
            r#"{"prov":{"ver":"netprov-v1.2","sec_ver":1,"cap":["no_pop","wifi_prov","wifi_scan"]}}"#,
        ),
        (
            one("abcd1234"),
            r#"{"prov":{"ver":"netprov-v1.2","sec_ver":1,"cap":["wifi_prov","wifi_scan"]}}"#,
        ),
        (
            two("wifiprov", "abcd1234"),
            r#"{"prov":{"ver":"netprov-v1.2","sec_ver":2,"sec_patch_ver":1,"cap":["wifi_prov","wifi_scan"]}}"#,
        ),
    ];
    for (security, text) in cases {
        let mut device = Device::new(security, vec![]);
        let answer = device.ask(PHONE, "proto-ver", b"ESP").unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), text);
    }
}
