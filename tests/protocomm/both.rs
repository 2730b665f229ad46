//! Both protocols on one device: one list, and the same reasons.

use ciborium::Value;
use wifi_provision::message::amazon::answers::Writer;
use wifi_provision::message::amazon::request::decode;
use wifi_provision::platform::{Gone, Phone};
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

fn list(device: &mut Device) -> Vec<String> {
    amazon(
        device,
        &[("w", 1.into()), ("h", 10.into()), ("t", 5.into())],
    )
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
