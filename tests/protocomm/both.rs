//! Both protocols on one device: one list, and the same reasons.

use ciborium::Value;
use wifi_provision::message::amazon::answers::Writer;
use wifi_provision::message::amazon::request::decode;
use wifi_provision::platform::{Application, Gone, Phone};
use wifi_provision::protocomm::Security;
use wifi_provision::protocomm::serve::Desk;
use wifi_provision::service::Request;

use super::board::access_point;
use super::device::Device;

/// An Amazon-like phone that keeps what it gets.
#[derive(Default)]
struct Amazon(Vec<Vec<u8>>);

impl Phone for &mut Amazon {
    fn send(&mut self, message: &[u8]) -> Result<(), Gone> {
        self.0.push(message.to_vec());
        Ok(())
    }
}

/// What a message of the Amazon protocol is answered with.
fn amazon(device: &mut Device, message: &[(&str, Value)]) -> Vec<Vec<(String, Value)>> {
    let pairs = message
        .iter()
        .map(|(key, value)| (Value::from(*key), value.clone()))
        .collect();
    let mut octets = Vec::new();
    ciborium::into_writer(&Value::Map(pairs), &mut octets).unwrap();
    let request: Request = decode(&octets, Some(device.board.candidate())).unwrap();
    let mut phone = Amazon::default();
    device
        .service
        .carry_out(&request, &mut device.board, &mut Writer::new(&mut phone));
    phone
        .0
        .iter()
        .map(|answer| {
            let value: Value = ciborium::from_reader(answer.as_slice()).unwrap();
            value
                .into_map()
                .unwrap()
                .into_iter()
                .map(|(key, value)| (key.into_text().unwrap(), value))
                .collect()
        })
        .collect()
}

fn save(ssid: &str, security: u8, passphrase: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("w", 3.into()),
        ("g", (-1).into()),
        ("r", ssid.into()),
        ("b", Value::Bytes(vec![0; 6])),
        ("m", passphrase.into()),
        ("q", security.into()),
        ("y", true.into()),
    ]
}

fn list_all(device: &mut Device) -> Vec<Vec<(String, Value)>> {
    amazon(
        device,
        &[("w", 1.into()), ("h", 10.into()), ("t", 5.into())],
    )
}

/// The name and the reason of what a phone tried last, as the end of a list tells it.
fn last_try(device: &mut Device) -> (Option<Vec<u8>>, Option<u64>) {
    let mut answers = list_all(device);
    let end = answers.pop().unwrap();
    let told = |answer: &[(String, Value)], key: &str| {
        let mut pairs = answer.iter();
        pairs.find(|(k, _)| k == key).map(|(_, v)| v.clone())
    };
    // Nothing else tells of it.
    assert!(answers.iter().all(|answer| answer.len() == 10));
    (
        told(&end, "n").map(|name| name.into_bytes().unwrap()),
        told(&end, "c").map(|reason| reason.as_integer().unwrap().try_into().unwrap()),
    )
}

fn list(device: &mut Device) -> Vec<String> {
    list_all(device)
        .into_iter()
        .filter(|answer| {
            let (_, index) = answer.iter().find(|(key, _)| key == "g").unwrap();
            *index != Value::from(-1)
        })
        .map(|answer| {
            let (_, name) = answer.into_iter().find(|(key, _)| key == "r").unwrap();
            name.into_text().unwrap()
        })
        .collect()
}

#[test]
fn four_failures_have_four_reasons_in_a_key_the_old_apps_pass_over() {
    let mut no_address = access_point("No address", "secret123", -60);
    no_address.gives_address = false;
    let mut wpa3 = access_point("WPA3", "secret123", -70);
    wpa3.security = 5;
    let home = access_point("Home", "secret123", -50);
    let mut device = Device::new(Security::Plain, vec![no_address, wpa3, home]);
    for (ssid, security, passphrase, status, reason) in [
        ("Home", 3, "wrong one", 1, 1),
        ("Nowhere", 3, "secret123", 1, 2),
        ("No address", 3, "secret123", 2, 3),
        ("WPA3", 5, "secret123", 3, 4),
    ] {
        let answers = amazon(&mut device, &save(ssid, security, passphrase));
        let expected = vec![
            ("w".to_owned(), Value::from(4)),
            ("s".to_owned(), Value::from(status)),
            ("c".to_owned(), Value::from(reason)),
        ];
        assert_eq!(answers, [expected]);
    }
    let answers = amazon(&mut device, &save("Home", 3, "secret123"));
    let expected = vec![
        ("w".to_owned(), Value::from(4)),
        ("s".to_owned(), Value::from(0)),
    ];
    assert_eq!(answers, [expected]);
}

#[test]
fn both_kinds_of_phone_see_one_list_in_order() {
    let mut device = Device::new(
        Security::Plain,
        vec![
            access_point("One", "secret123", -50),
            access_point("Two", "secret123", -60),
            access_point("Three", "secret123", -70),
        ],
    );
    super::behaviour::provision_plain(&mut device, "One", "secret123");
    amazon(&mut device, &save("Two", 3, "secret123"));
    super::behaviour::provision_plain(&mut device, "Three", "secret123");
    assert_eq!(list(&mut device), ["Three", "Two", "One"]);
    amazon(
        &mut device,
        &[("w", 5.into()), ("g", 2.into()), ("j", 0.into())],
    );
    assert_eq!(list(&mut device), ["One", "Three", "Two"]);
}

#[test]
fn what_was_tried_last_is_told_at_the_end_of_a_list() {
    let mut device = Device::new(
        Security::Plain,
        vec![
            access_point("Home", "secret123", -50),
            access_point("Cafe", "secret123", -60),
        ],
    );
    let named = |name: &str| Some(name.as_bytes().to_vec());
    assert_eq!(last_try(&mut device), (None, None));
    amazon(&mut device, &save("Home", 3, "wrong one"));
    assert_eq!(last_try(&mut device), (named("Home"), Some(1)));
    // Not by being told, by deleting, nor by what was refused unread.
    amazon(&mut device, &[("w", 7.into()), ("g", 0.into())]);
    amazon(&mut device, &save("Other", 3, "short"));
    assert_eq!(last_try(&mut device), (named("Home"), Some(1)));
    amazon(&mut device, &save("Home", 3, "secret123"));
    assert_eq!(last_try(&mut device), (named("Home"), None));
    amazon(&mut device, &save("Nowhere", 3, "secret123"));
    assert_eq!(last_try(&mut device), (named("Nowhere"), Some(2)));
    // Joining what is saved is a try, of either kind of phone.
    amazon(&mut device, &[("w", 3.into()), ("g", 0.into())]);
    assert_eq!(last_try(&mut device), (named("Home"), None));
    super::behaviour::provision_plain(&mut device, "Cafe", "secret123");
    assert_eq!(last_try(&mut device), (named("Cafe"), None));
    // An end without a network tells as well: nothing is in reach any more.
    device.board.air.clear();
    amazon(&mut device, &[("w", 3.into()), ("g", 1.into())]);
    assert_eq!(last_try(&mut device), (named("Home"), Some(2)));
    device.board.cannot_scan = true;
    assert_eq!(last_try(&mut device), (named("Home"), Some(2)));
}

#[test]
fn what_the_application_joins_by_itself_is_no_try() {
    let mut device = Device::new(
        Security::Plain,
        vec![access_point("Home", "secret123", -50)],
    );
    amazon(&mut device, &save("Home", 3, "secret123"));
    amazon(&mut device, &save("Nowhere", 3, "secret123"));
    let join = Request::Join { priority: 0 };
    device
        .service
        .carry_out(&join, &mut device.board, &mut Application);
    assert_eq!(last_try(&mut device), (Some(b"Nowhere".to_vec()), Some(2)));
    // With everything else its name is erased.
    device
        .service
        .carry_out(&Request::EraseAll, &mut device.board, &mut Application);
    assert_eq!(last_try(&mut device), (None, None));
}

#[test]
fn a_full_list_is_a_reason() {
    let mut device = Device::new(
        Security::Plain,
        vec![access_point("Home", "secret123", -50)],
    );
    for _ in 0..8 {
        amazon(&mut device, &save("Home", 3, "secret123"));
    }
    let answers = amazon(&mut device, &save("Home", 3, "secret123"));
    assert_eq!(answers[0][2], ("c".to_owned(), Value::from(8)));
    assert_eq!(last_try(&mut device), (Some(b"Home".to_vec()), Some(8)));
}
