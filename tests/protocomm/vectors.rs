//! Every line of `tests/vectors/protocomm-*.txt` that tells of bytes, recorded by running Espressif's own
//! Python client against a model of a device.

use wifi_provision::message::espressif::{config, control, scan};
use wifi_provision::protocomm::Security;

use super::board::{AccessPoint, access_point};
use super::device::{Device, PHONE, hex, one, two};
use super::phone::Phone2;
use super::protobuf::at;
use super::random::Known;

const PLAIN: &str = include_str!("../vectors/protocomm-plain.txt");
const SECURED: &str = include_str!("../vectors/protocomm-secured.txt");

/// The octets a line tells, by what it begins with; after a heading, if there is one.
fn line(text: &str, heading: &str, name: &str) -> Vec<u8> {
    let (_, section) = text.split_once(heading).expect("the heading is there");
    let rest = section
        .lines()
        .find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with(' ')))
        .unwrap_or_else(|| panic!("{heading} {name} is not there"));
    let digits = rest.split_whitespace().next().expect("digits");
    hex(digits.strip_prefix("0x").unwrap_or(digits))
}

fn plain(name: &str) -> Vec<u8> {
    line(PLAIN, "", name)
}

fn security1(heading: &str, secret: &str) {
    let vector = |name| line(SECURED, heading, name);
    let mut device = Device::new(one(secret), vec![]);
    device.random = Known::new((0x60..=0x7f).chain(0xa0..=0xaf));
    let resp0 = device.ask(PHONE, "prov-session", &vector("cmd0")).unwrap();
    assert_eq!(resp0, vector("resp0"));
    let resp1 = device.ask(PHONE, "prov-session", &vector("cmd1")).unwrap();
    assert_eq!(resp1, vector("resp1"));
    let set = device
        .ask(PHONE, "prov-config", &vector("set(ct)"))
        .unwrap();
    // Status 0 of a set: the same length as in plain, and taken.
    assert_eq!(set.len(), 4);
    let Ok(config::Request::Set(Some(credentials))) = config::decode(&vector("set(pt)")) else {
        panic!("the plain text is a set");
    };
    assert_eq!(credentials.ssid, b"MyAP");
    assert_eq!(credentials.passphrase.reveal(), b"secret123");
}

#[test]
fn security_1_with_a_secret() {
    security1("== security1, pop = abcd1234\n", "abcd1234");
}

#[test]
fn security_1_without_a_secret() {
    security1("== security1, pop = \n", "");
}

#[test]
fn security_2() {
    let vector = |name| line(SECURED, "== security2 wifiprov/abcd1234\n", name);
    let security = two("wifiprov", "abcd1234");
    let Security::Two(verifier) = &security else {
        panic!("it is security 2");
    };
    assert_eq!(verifier.salt().to_vec(), vector("salt"));
    assert_eq!(verifier.verifier().to_vec(), vector("v"));
    let mut device = Device::new(security, vec![]);
    device.random = Known::new((0x80..=0x9f).chain(0xc0..=0xc7));
    let mut phone = Phone2::new("wifiprov", "abcd1234", &vector("a"));
    assert_eq!(phone.public().to_bytes_be(), vector("A"));
    let welcome = device.ask(PHONE, "prov-session", &phone.hello()).unwrap();
    assert_eq!(at(&welcome, &[12, 21, 2]), Some(vector("B")));
    assert_eq!(at(&welcome, &[12, 21, 3]), Some(vector("salt")));
    let proof = phone.proof(&welcome);
    assert_eq!(phone.key, vector("K"));
    assert_eq!(at(&proof, &[12, 22, 1]), Some(vector("M1")));
    let confirmation = device.ask(PHONE, "prov-session", &proof).unwrap();
    assert_eq!(at(&confirmation, &[12, 23, 2]), Some(vector("M2")));
    assert_eq!(
        at(&confirmation, &[12, 23, 3]),
        Some(hex("c0c1c2c3c4c5c6c700000001"))
    );
    let answer = device
        .ask(PHONE, "prov-config", &vector("set(ct|tag)"))
        .unwrap();
    assert_eq!(answer, vector("set resp(ct|tag)"));
}

/// A session of security 0.
fn open(air: Vec<AccessPoint>) -> Device {
    let mut device = Device::new(Security::Plain, air);
    let answer = device.ask(PHONE, "prov-session", &plain("sec0 session request"));
    assert_eq!(answer, Ok(plain("sec0 session response")));
    device
}

#[test]
fn a_scan_in_plain() {
    let mut home = access_point("HomeNet", "", -51);
    home.bssid = [0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5];
    let mut cafe = access_point("Caf\u{e9}", "", -70);
    cafe.bssid = [0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf6];
    cafe.channel = 11;
    let mut device = open(vec![cafe, home]);
    let start = device.ask(PHONE, "prov-scan", &plain("scan start"));
    assert_eq!(start, Ok(plain("scan start resp  ok")));
    let state = device.ask(PHONE, "prov-scan", &plain("scan status"));
    assert_eq!(state, Ok(plain("scan status resp")));
    // The client asks for four where there are two: past the end.
    let request = plain("scan result idx0 cnt4");
    assert_eq!(
        scan::decode(&request),
        Ok(scan::Request::Page { start: 0, count: 4 })
    );
    let page = device
        .ask(PHONE, "prov-scan", &hex("080472021002"))
        .unwrap();
    let mut expected = plain("scan result resp");
    // The recorded second network mixes WPA2 and WPA3, which our drivers have no number for.
    assert_eq!(expected.pop(), Some(7));
    expected.push(3);
    assert_eq!(page, expected);
}

#[test]
fn every_state_in_plain() {
    let mut home = access_point("HomeNet", "secret123", -51);
    home.bssid = [0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5];
    let mut device = open(vec![home]);
    let status = plain("config get status");
    let apply = plain("config apply");
    device
        .ask(PHONE, "prov-config", &plain("config set"))
        .unwrap();
    device.ask(PHONE, "prov-config", &apply).unwrap();
    let answer = device.ask(PHONE, "prov-config", &status);
    assert_eq!(answer, Ok(plain("status connecting resp")));
    device.work();
    let answer = device.ask(PHONE, "prov-config", &status);
    assert_eq!(answer, Ok(plain("status not found resp")));

    device
        .board
        .air
        .push(access_point("MyAP", "another one", -60));
    device
        .ask(PHONE, "prov-config", &plain("config set"))
        .unwrap();
    device.ask(PHONE, "prov-config", &apply).unwrap();
    device.work();
    let answer = device.ask(PHONE, "prov-config", &status);
    assert_eq!(answer, Ok(plain("status auth fail resp")));

    device
        .ask(PHONE, "prov-ctrl", &plain("ctrl_reset_request"))
        .unwrap();
    device
        .ask(PHONE, "prov-config", &set("HomeNet", "secret123"))
        .unwrap();
    device.ask(PHONE, "prov-config", &apply).unwrap();
    device.work();
    let answer = device.ask(PHONE, "prov-config", &status);
    assert_eq!(answer, Ok(plain("status connected resp")));
}

fn set(ssid: &str, passphrase: &str) -> Vec<u8> {
    super::behaviour::set(ssid, passphrase)
}

#[test]
fn the_controls() {
    assert_eq!(
        control::decode(&plain("ctrl_reset_request")),
        Ok(control::Request::Reset)
    );
    assert_eq!(
        control::decode(&plain("ctrl_reprov_request")),
        Ok(control::Request::Again)
    );
}

#[test]
fn an_entry_with_the_longest_name_takes_59_bytes() {
    let mut device = open(vec![access_point(&"n".repeat(32), "", -51)]);
    device
        .ask(PHONE, "prov-scan", &plain("scan start"))
        .unwrap();
    let page = device
        .ask(PHONE, "prov-scan", &hex("080472021001"))
        .unwrap();
    let entry = at(&page, &[15, 1]).unwrap();
    // With its own key and length, as it was measured.
    assert!(PLAIN.contains("entry size 32B ssid 59"));
    assert_eq!(entry.len() + 2, 59);
}
