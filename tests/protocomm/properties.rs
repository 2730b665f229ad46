//! Whatever comes over the air: nothing breaks, nothing opens, and the heap stays small.

use proptest::collection::vec;
use proptest::prelude::*;
use wifi_provision::message::espressif::{config, control, scan, session};
use wifi_provision::protocomm::{Connection, Security};

use super::device::{Device, one};

fn device(version: u8) -> Device {
    let security = match version {
        0 => Security::Plain,
        1 => one("abcd1234"),
        _ => one(""),
    };
    Device::new(security, vec![])
}

const ENDPOINTS: [&str; 6] = [
    "prov-ctrl",
    "prov-scan",
    "prov-session",
    "prov-config",
    "proto-ver",
    "custom-data",
];

proptest! {
    #[test]
    fn no_octets_break_a_decoder(message in vec(any::<u8>(), 0..600)) {
        let _ = session::decode(&message);
        let _ = config::decode(&message);
        let _ = scan::decode(&message);
        let _ = control::decode(&message);
    }

    #[test]
    fn no_sequence_of_octets_breaks_a_device_or_opens_it(
        steps in vec((0..6_usize, 0..3_u32, vec(any::<u8>(), 0..80)), 0..20),
    ) {
        let mut device = device(1);
        for (endpoint, connection, request) in steps {
            let name = ENDPOINTS[endpoint];
            let answer = device.handle(Connection(connection), name, &request);
            if !matches!(name, "prov-session" | "proto-ver") {
                prop_assert!(answer.is_err());
            }
        }
    }

    #[test]
    fn without_encryption_no_request_breaks_a_device(
        steps in vec((0..4_usize, vec(any::<u8>(), 0..60), any::<bool>()), 0..20),
    ) {
        let mut device = device(0);
        let phone = Connection(1);
        device.ask(phone, "prov-session", &[0x52, 3, 0xa2, 1, 0]).unwrap();
        for (endpoint, request, works) in steps {
            let _ = device.handle(phone, ENDPOINTS[endpoint], &request);
            if works {
                device.work();
                let _ = device.protocomm.pending(phone, &mut [0; 512]);
            }
        }
    }

    #[test]
    fn fields_we_do_not_know_change_nothing(
        number in 16..1000_u64,
        value in vec(any::<u8>(), 0..40),
    ) {
        let more = super::protobuf::octets(number, &value);
        let plain = super::behaviour::set("Home", "secret123");
        let Ok(config::Request::Set(Some(read))) = config::decode(&[more, plain].concat()) else {
            return Err(TestCaseError::fail("it is still a set"));
        };
        prop_assert_eq!(read.ssid.as_slice(), b"Home");
        prop_assert_eq!(read.passphrase.reveal(), b"secret123");
    }
}
