//! The phones `cargo xtask size` measures the device with. What they say and what they are answered is kept in
//! `ci/measure/protocomm/exchanges.h`, so that the image in QEMU needs no phone: both sides' random numbers are
//! fixed there, and so every octet is. A phone here believes each answer before it is written down.
//!
//! Names and passphrases are the longest there are: what is measured is what a device has to have room for.

use std::fmt::Write as _;

use rand_core::RngCore;
use wifi_provision::message::espressif::MAX_MESSAGE_BYTES;
use wifi_provision::protocomm::{Answer, SALT_BYTES, Security, User, Verifier};

use super::behaviour::set;
use super::board::{AccessPoint, access_point};
use super::device::{Device, PHONE, one};
use super::phone::{Phone1, Phone2};
use super::protobuf::{Value, at, fields, number, number_at, octets};
use super::random::Known;

const KEPT: &str = include_str!("../../ci/measure/protocomm/exchanges.h");
const USER: &str = "wifiprov";
const SECRET: &str = "abcd1234";
const HEAD: &str = "\
/*
 * What phones say to the device that is measured, and what it answers, in hexadecimal digits. Written by
 * tests/protocomm/measured.rs, which says when it is not what the device says any more; not to be edited.
 *
 * EXCHANGE( security, name, endpoint, request, answer ): without an answer it is pending; without an endpoint it is the
 * pending one.
 */
";

/// Either phone, once its session is open.
trait Phone {
    fn seal(&mut self, message: &[u8]) -> Vec<u8>;
    fn open(&mut self, message: &[u8]) -> Vec<u8>;
}

impl Phone for Phone1 {
    fn seal(&mut self, message: &[u8]) -> Vec<u8> {
        self.crypt(message)
    }

    fn open(&mut self, message: &[u8]) -> Vec<u8> {
        self.crypt(message)
    }
}

impl Phone for Phone2 {
    fn seal(&mut self, message: &[u8]) -> Vec<u8> {
        self.seal(message)
    }

    fn open(&mut self, message: &[u8]) -> Vec<u8> {
        self.open(message).expect("the answer is authentic")
    }
}

/// A device, and what was said to it so far.
struct Record {
    security: u8,
    device: Device,
    text: String,
}

impl Record {
    /// The device as `ci/measure/protocomm/harness_protocomm.c` makes it.
    fn new(security: Security, random: Known) -> Self {
        let number = security.version();
        let mut device = Device::new(security, air());
        device.random = random;
        Self {
            security: number,
            device,
            text: String::new(),
        }
    }

    fn write(&mut self, name: &str, endpoint: &str, request: &[u8], answer: &[u8]) {
        let hex = |octets: &[u8]| -> String {
            octets.iter().map(|octet| format!("{octet:02x}")).collect()
        };
        writeln!(
            self.text,
            "EXCHANGE( {}, \"{name}\", \"{endpoint}\", \"{}\", \"{}\" )",
            self.security,
            hex(request),
            hex(answer)
        )
        .unwrap();
    }

    /// What is not encrypted.
    fn plain(&mut self, name: &str, endpoint: &str, request: &[u8]) -> Vec<u8> {
        let answer = self.device.ask(PHONE, endpoint, request).unwrap();
        self.write(name, endpoint, request, &answer);
        answer
    }

    /// What is, and answered at once.
    fn ask(&mut self, phone: &mut dyn Phone, name: &str, endpoint: &str, text: &[u8]) -> Vec<u8> {
        let request = phone.seal(text);
        let answer = self
            .device
            .handle(PHONE, endpoint, &request)
            .unwrap()
            .unwrap();
        self.write(name, endpoint, &request, &answer);
        phone.open(&answer)
    }

    /// A scan that is waited for.
    fn scan(&mut self, phone: &mut dyn Phone) -> Vec<u8> {
        let request = phone.seal(&[0x52, 2, 0x08, 1]);
        assert_eq!(self.device.handle(PHONE, "prov-scan", &request), Ok(None));
        self.write("scan", "prov-scan", &request, &[]);
        self.device.work();
        let mut out = [0; MAX_MESSAGE_BYTES];
        let Ok(Answer::Ready(length)) = self.device.protocomm.pending(PHONE, &mut out) else {
            panic!("the scan is over");
        };
        self.write("scan_ended", "", &[], &out[..length]);
        phone.open(&out[..length])
    }

    /// Everything a phone does behind a handshake.
    fn provision(&mut self, phone: &mut dyn Phone) {
        assert_eq!(number_at(&self.scan(phone), &[2]), 0);
        let state = self.ask(phone, "scan_state", "prov-scan", &[0x08, 2]);
        assert_eq!(number_at(&state, &[13, 2]), 10);
        // Four at a time, as the apps have it; and as many as fit into one message.
        for (name, count) in [("page_4", 4), ("page_8", 8)] {
            let request = [number(1, 4), octets(14, &number(2, count))].concat();
            let page = self.ask(phone, name, "prov-scan", &request);
            let entries = fields(&at(&page, &[15]).unwrap());
            assert_eq!(entries.len() as u64, count);
            for ((_, entry), network) in entries.into_iter().zip(air()) {
                let Value::Octets(entry) = entry else {
                    panic!("an entry is a message");
                };
                assert_eq!(at(&entry, &[1]).unwrap(), network.ssid);
            }
        }
        let network = &air()[3];
        let ssid = str::from_utf8(&network.ssid).unwrap().to_owned();
        let passphrase = str::from_utf8(&network.passphrase).unwrap().to_owned();
        let answer = self.ask(phone, "set", "prov-config", &set(&ssid, &passphrase));
        assert_eq!(number_at(&answer, &[13, 1]), 0);
        let answer = self.ask(phone, "apply", "prov-config", &[0x08, 4]);
        assert_eq!(number_at(&answer, &[15, 1]), 0);
        self.device.work();
        let state = self.ask(phone, "state", "prov-config", &[0x52, 0]);
        assert_eq!(at(&state, &[11, 11, 3]).unwrap(), network.ssid);
        for (name, request) in [("again", [0x08, 3, 0x6a, 0]), ("reset", [0x08, 1, 0x5a, 0])] {
            let answer = self.ask(phone, name, "prov-ctrl", &request);
            assert_eq!(number_at(&answer, &[2]), 0);
        }
    }
}

/// What `world_longest` of `ci/measure/world` puts into the air.
fn air() -> Vec<AccessPoint> {
    (0..10_u8)
        .map(|place| {
            let name = place.to_string().repeat(32);
            let mut point = access_point(&name, &"p".repeat(63), -40 - 4 * place as i8);
            point.bssid = std::array::from_fn(|octet| 0xa0 + place + octet as u8);
            point.channel = 1;
            point
        })
        .collect()
}

fn security_1() -> String {
    let mut record = Record::new(one(SECRET), Known::new([]));
    let mut phone = Phone1::new(SECRET, std::array::from_fn(|place| place as u8 + 32));
    record.plain("version", "proto-ver", &[]);
    let welcome = record.plain("hello", "prov-session", &phone.hello());
    let proof = phone.proof(&welcome);
    let confirmation = record.plain("proof", "prov-session", &proof);
    assert!(phone.believes(&confirmation));
    record.provision(&mut phone);
    record.text
}

fn security_2() -> String {
    let mut random = Known::new([]);
    // The verifier is made when the endpoints begin: the first numbers are its salt's.
    let mut salt = [0; SALT_BYTES];
    random.fill_bytes(&mut salt);
    let user = User::from_slice(USER.as_bytes()).unwrap();
    let verifier = Verifier::of_password(user, SECRET.as_bytes(), salt).unwrap();
    let mut record = Record::new(Security::Two(verifier), random);
    let mut phone = Phone2::new(USER, SECRET, &[0x51; 32]);
    record.plain("version", "proto-ver", &[]);
    let welcome = record.plain("hello", "prov-session", &phone.hello());
    let proof = phone.proof(&welcome);
    let confirmation = record.plain("proof", "prov-session", &proof);
    assert!(phone.believes(&confirmation));
    record.provision(&mut phone);
    record.text
}

fn exchanges() -> String {
    [HEAD, &security_1(), &security_2()].concat()
}

#[test]
fn what_is_measured_is_what_phones_say_and_believe() {
    let now = exchanges();
    if now != KEPT {
        let place = concat!(env!("CARGO_TARGET_TMPDIR"), "/exchanges.h");
        std::fs::write(place, now).unwrap();
        panic!(
            "the device answers otherwise than ci/measure/protocomm/exchanges.h says; if that is meant, copy {place} there"
        );
    }
}
