//! Known faults of this family of protocols, each with a test: what has gone wrong elsewhere must not here.

use num_bigint::BigUint;
use wifi_provision::message::espressif::MAX_MESSAGE_BYTES;
use wifi_provision::protocomm::{Connection, Refused, Verifier};

use super::behaviour::set;
use super::device::{Device, PHONE, one, two};
use super::phone::{Phone1, Phone2, hello1, hello2, padded, prime, proof1, proof2};
use super::protobuf::{number, octets};
use super::random::Dry;

const STATUS: &[u8] = &[0x52, 0];
const SESSION: &str = "prov-session";

fn device1() -> Device {
    Device::new(one("abcd1234"), vec![])
}

fn device2() -> Device {
    Device::new(two("wifiprov", "abcd1234"), vec![])
}

#[test]
fn the_second_step_without_a_first_is_refused() {
    for request in [proof1(&[7; 32]), proof2(&[7; 64])] {
        for mut device in [device1(), device2()] {
            assert_eq!(device.ask(PHONE, SESSION, &request), Err(Refused));
        }
    }
}

#[test]
fn the_second_step_twice_is_refused_and_ends_the_session() {
    let mut device = device1();
    let mut phone = Phone1::new("abcd1234", [9; 32]);
    let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
    let proof = phone.proof(&welcome);
    let confirmation = device.ask(PHONE, SESSION, &proof).unwrap();
    assert!(phone.believes(&confirmation));
    assert_eq!(device.ask(PHONE, SESSION, &proof), Err(Refused));
    let request = phone.crypt(STATUS);
    assert_eq!(device.ask(PHONE, "prov-config", &request), Err(Refused));
}

#[test]
fn half_a_handshake_opens_nothing() {
    for (mut device, hello) in [
        (device1(), Phone1::new("abcd1234", [9; 32]).hello()),
        (
            device2(),
            Phone2::new("wifiprov", "abcd1234", &[9; 32]).hello(),
        ),
    ] {
        device.ask(PHONE, SESSION, &hello).unwrap();
        for endpoint in ["prov-config", "prov-scan", "prov-ctrl", "custom-data"] {
            assert_eq!(device.ask(PHONE, endpoint, STATUS), Err(Refused));
        }
    }
}

#[test]
fn another_connection_cannot_finish_a_handshake() {
    let mut device = device1();
    let mut phone = Phone1::new("abcd1234", [9; 32]);
    let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
    let proof = phone.proof(&welcome);
    assert_eq!(device.ask(Connection(2), SESSION, &proof), Err(Refused));
    // Nor has it disturbed the one that began it.
    assert!(device.ask(PHONE, SESSION, &proof).is_ok());
}

#[test]
fn a_multiple_of_the_prime_is_no_public_key() {
    for key in [BigUint::ZERO, prime()] {
        let mut device = device2();
        let hello = hello2(b"wifiprov", &padded(&key));
        assert_eq!(device.ask(PHONE, SESSION, &hello), Err(Refused));
        // Whoever knows that the secret would be 0 cannot go on either.
        assert_eq!(device.ask(PHONE, SESSION, &proof2(&[0; 64])), Err(Refused));
    }
}

#[test]
fn a_point_of_low_order_is_no_public_key() {
    let mut one = [0; 32];
    one[0] = 1;
    for key in [[0; 32], one] {
        let mut device = device1();
        assert_eq!(device.ask(PHONE, SESSION, &hello1(&key)), Err(Refused));
    }
}

#[test]
fn a_public_key_has_its_full_length() {
    for length in [0, 1, 31, 33] {
        let hello = hello1(&vec![9; length]);
        assert_eq!(device1().ask(PHONE, SESSION, &hello), Err(Refused));
    }
    for length in [0, 1, 383, 385] {
        let hello = hello2(b"wifiprov", &vec![9; length]);
        assert_eq!(device2().ask(PHONE, SESSION, &hello), Err(Refused));
    }
}

#[test]
fn a_user_s_name_has_1_to_64_bytes() {
    let key = Phone2::new("wifiprov", "abcd1234", &[9; 32]).public();
    for length in [0, 65, 100] {
        let hello = hello2(&vec![b'u'; length], &padded(&key));
        assert_eq!(device2().ask(PHONE, SESSION, &hello), Err(Refused));
    }
    // 65,536 more than the right length, which 16 bits cannot tell from it.
    let hello = hello2(&vec![b'u'; 65_536 + 8], &padded(&key));
    assert_eq!(device2().ask(PHONE, SESSION, &hello), Err(Refused));
}

#[test]
fn a_proof_has_its_full_length() {
    let mut device = device2();
    let mut phone = Phone2::new("wifiprov", "abcd1234", &[9; 32]);
    for length in [0, 1, 63, 65] {
        let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
        let _proof = phone.proof(&welcome);
        let request = proof2(&vec![0; length]);
        assert_eq!(device.ask(PHONE, SESSION, &request), Err(Refused));
    }
}

#[test]
fn a_wrong_secret_is_refused_and_the_handshake_is_over() {
    let mut device = device1();
    let mut phone = Phone1::new("abcd1235", [9; 32]);
    let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
    let proof = phone.proof(&welcome);
    assert_eq!(device.ask(PHONE, SESSION, &proof), Err(Refused));
    assert_eq!(device.protocomm.failed_handshakes(), 1);
    // Not even the right proof comes too late.
    let mut right = Phone1::new("abcd1234", [9; 32]);
    let proof = right.proof(&welcome);
    assert_eq!(device.ask(PHONE, SESSION, &proof), Err(Refused));
}

#[test]
fn a_wrong_password_and_a_wrong_user_look_the_same() {
    let mut seen = Vec::new();
    for (user, password) in [("wifiprov", "abcd1235"), ("wifipros", "abcd1234")] {
        let mut device = device2();
        let mut phone = Phone2::new(user, password, &[9; 32]);
        let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
        let proof = phone.proof(&welcome);
        seen.push((welcome, device.ask(PHONE, SESSION, &proof)));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0].1, Err(Refused));
}

#[test]
fn every_single_bit_of_a_proof_counts() {
    let mut device = device2();
    // A handshake is expensive: one bit of every eighth byte, each time another.
    for bit in (0..512).step_by(65) {
        let mut phone = Phone2::new("wifiprov", "abcd1234", &[9; 32]);
        let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
        let mut proof = phone.proof(&welcome);
        let last = proof.len() - 1 - bit / 8;
        proof[last] ^= 1 << (bit % 8);
        assert_eq!(device.ask(PHONE, SESSION, &proof), Err(Refused));
    }
}

#[test]
fn a_recorded_request_is_refused() {
    let mut device = device2();
    let mut phone = device.open2(PHONE, "wifiprov", "abcd1234");
    let request = phone.seal(STATUS);
    let answer = device.ask(PHONE, "prov-config", &request).unwrap();
    assert!(phone.open(&answer).is_some());
    assert_eq!(device.ask(PHONE, "prov-config", &request), Err(Refused));
    // The session is as it was.
    let request = phone.seal(STATUS);
    assert!(device.ask(PHONE, "prov-config", &request).is_ok());
}

#[test]
fn a_recorded_answer_is_no_request() {
    let mut device = device2();
    let mut phone = device.open2(PHONE, "wifiprov", "abcd1234");
    let request = phone.seal(STATUS);
    let answer = device.ask(PHONE, "prov-config", &request).unwrap();
    assert_eq!(device.ask(PHONE, "prov-config", &answer), Err(Refused));
}

#[test]
fn a_whole_recorded_session_of_security_1_is_refused() {
    let mut device = device1();
    let mut phone = Phone1::new("abcd1234", [9; 32]);
    let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
    let proof = phone.proof(&welcome);
    let confirmation = device.ask(PHONE, SESSION, &proof).unwrap();
    assert!(phone.believes(&confirmation));
    let request = phone.crypt(STATUS);
    replay(device, [phone.hello(), proof, request]);
}

#[test]
fn a_whole_recorded_session_of_security_2_is_refused() {
    let mut device = device2();
    let mut phone = Phone2::new("wifiprov", "abcd1234", &[9; 32]);
    let welcome = device.ask(PHONE, SESSION, &phone.hello()).unwrap();
    let proof = phone.proof(&welcome);
    let confirmation = device.ask(PHONE, SESSION, &proof).unwrap();
    assert!(phone.believes(&confirmation));
    let request = phone.seal(STATUS);
    replay(device, [phone.hello(), proof, request]);
}

fn replay(mut device: Device, [hello, proof, request]: [Vec<u8>; 3]) {
    assert!(device.ask(PHONE, "prov-config", &request).is_ok());
    device.protocomm.disconnected(PHONE);
    assert!(device.ask(PHONE, SESSION, &hello).is_ok());
    assert_eq!(device.ask(PHONE, SESSION, &proof), Err(Refused));
    assert_eq!(device.ask(PHONE, "prov-config", &request), Err(Refused));
}

#[test]
fn a_session_ends_with_its_connection() {
    let mut device = device2();
    let mut phone = device.open2(PHONE, "wifiprov", "abcd1234");
    device.protocomm.disconnected(PHONE);
    let request = phone.seal(STATUS);
    assert_eq!(device.ask(PHONE, "prov-config", &request), Err(Refused));
}

#[test]
fn what_was_set_goes_with_its_session() {
    let mut device = device1();
    let mut phone = device.open1(PHONE, "abcd1234");
    let request = phone.crypt(&set("Home", "secret123"));
    device.ask(PHONE, "prov-config", &request).unwrap();
    device.protocomm.disconnected(PHONE);
    let mut phone = device.open1(PHONE, "abcd1234");
    let request = phone.crypt(&[0x08, 4]);
    let answer = device.ask(PHONE, "prov-config", &request).unwrap();
    // Apply: the argument is not there.
    assert_eq!(phone.crypt(&answer), [0x08, 5, 0x7a, 2, 0x08, 4]);
}

#[test]
fn a_changed_bit_of_a_sealed_message_is_refused() {
    let mut device = device2();
    let mut phone = device.open2(PHONE, "wifiprov", "abcd1234");
    let request = phone.seal(STATUS);
    for bit in 0..request.len() * 8 {
        let mut changed = request.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(device.ask(PHONE, "prov-config", &changed), Err(Refused));
    }
    for length in 0..request.len() {
        let cut = &request[..length];
        assert_eq!(device.ask(PHONE, "prov-config", cut), Err(Refused));
    }
    assert!(device.ask(PHONE, "prov-config", &request).is_ok());
}

#[test]
fn a_message_longer_than_an_attribute_is_refused() {
    let mut device = device2();
    for endpoint in [SESSION, "prov-config", "proto-ver"] {
        let long = vec![0; MAX_MESSAGE_BYTES + 1];
        assert_eq!(device.ask(PHONE, endpoint, &long), Err(Refused));
    }
}

#[test]
fn an_unknown_endpoint_is_refused() {
    let mut device = device1();
    let mut phone = device.open1(PHONE, "abcd1234");
    let request = phone.crypt(STATUS);
    for name in ["", "prov", "prov-sessio", "prov-session ", "another"] {
        assert_eq!(device.ask(PHONE, name, &request), Err(Refused));
    }
}

#[test]
fn nothing_is_agreed_on_without_random_numbers() {
    let mut out = [0; MAX_MESSAGE_BYTES];
    for (mut device, hello) in [
        (device1(), Phone1::new("abcd1234", [9; 32]).hello()),
        (
            device2(),
            Phone2::new("wifiprov", "abcd1234", &[9; 32]).hello(),
        ),
    ] {
        let answer = device.protocomm.handle(
            PHONE,
            SESSION,
            &hello,
            &mut out,
            &mut Dry,
            &mut wifi_provision::protocomm::NoApplications,
        );
        assert_eq!(answer, Err(Refused));
    }
}

#[test]
fn a_step_without_its_member_is_refused() {
    // The kinds of all steps, of either security, with nothing in them, or with another's member.
    for version in 0..=3 {
        for member in [10, 11, 12, 13] {
            for kind in 0..=4 {
                let bare = octets(member, &number(1, kind));
                let other = octets(member, &[number(1, kind), octets(21, &[])].concat());
                for body in [bare, other] {
                    let request = [number(2, version), body].concat();
                    for mut device in [device1(), device2()] {
                        assert_eq!(device.ask(PHONE, SESSION, &request), Err(Refused));
                    }
                }
            }
        }
    }
}

#[test]
fn a_password_some_client_would_hash_otherwise_is_not_taken() {
    let taken = (0..1024)
        .filter(|number| {
            let user = wifi_provision::protocomm::User::from_slice(b"wifiprov").unwrap();
            let password = format!("password{number}");
            let inner = <sha2::Sha512 as sha2::Digest>::digest(format!("wifiprov:{password}"));
            assert_eq!(Verifier::suits(&user, password.as_bytes()), inner[0] != 0);
            // An exponentiation for each would take long: only those that are refused.
            inner[0] == 0 && Verifier::of_password(user, password.as_bytes(), [1; 16]).is_some()
        })
        .count();
    assert_eq!(taken, 0);
}
