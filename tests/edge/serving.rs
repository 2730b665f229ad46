//! The service from Init to Deinit, as a project in C has it.

use wifi_provision::ffi::iot_ble_wifi_prov::{
    IotBleWifiProv_Connect, IotBleWifiProv_Deinit, IotBleWifiProv_EraseAllNetworks,
    IotBleWifiProv_GetNumNetworks, IotBleWifiProv_Init, IotBleWifiProv_RunProcessLoop,
};
use wifi_provision::ffi::wifi_provision::WIFI_PROVISION_Start;

use super::phone::{self, Turn};
use super::{alone, hex, radio};

/// A network's name in a message, with its key.
fn named(ssid: &[u8]) -> Vec<u8> {
    [&hex("6172")[..], &text(ssid)].concat()
}

fn text(letters: &[u8]) -> Vec<u8> {
    let head = match letters.len() {
        short @ ..24 => vec![0x60 | short as u8],
        long => vec![0x78, long as u8],
    };
    [head, letters.to_vec()].concat()
}

/// A new network of that name and passphrase, protected by WPA2, to be joined.
fn add(ssid: &[u8], passphrase: &[u8]) -> Box<[u8]> {
    add_protected(ssid, 3, passphrase)
}

/// The same, so protected.
fn add_protected(ssid: &[u8], security: u8, passphrase: &[u8]) -> Box<[u8]> {
    let message = [
        &hex("a7616246010203040506616720616d")[..],
        &text(passphrase),
        &hex("6171"),
        &[security],
        &named(ssid),
        &hex("6177036179f5"),
    ];
    message.concat().into_boxed_slice()
}

/// The whole service lives while these things happen; gives what the phone was sent.
fn live(turns: impl IntoIterator<Item = Turn>) -> Vec<Vec<u8>> {
    assert!(IotBleWifiProv_Init());
    phone::will([Turn::Comes]);
    phone::will(turns);
    phone::will([Turn::Stops]);
    assert!(IotBleWifiProv_RunProcessLoop());
    IotBleWifiProv_Deinit();
    phone::sent()
}

fn writes(digits: &str) -> Turn {
    Turn::Writes(hex(digits))
}

#[test]
fn a_device_is_provisioned_listed_reordered_and_emptied() {
    let _turn = alone();
    radio::empty();
    let longest = ([b'n'; 32], [b'p'; 63]);
    let sent = live([
        Turn::Writes(add(b"Home", b"secret123")),
        Turn::Writes(add(&longest.0, &longest.1)),
        // The second has become priority 0: it is moved behind the first.
        writes("a3616700616a01617705"),
        writes("a3616805617405617701"),
        // Switches.
        writes("a2616701617703"),
    ]);
    assert_eq!(sent[0], *hex("a2617704617300"));
    assert_eq!(sent[1], *hex("a2617704617300"));
    assert_eq!(sent[2], *hex("a2617706617300"));
    // Both saved, and the one in reach that shows its name; none twice.
    let listed = &sent[3..sent.len() - 1];
    let show = |octets: &[u8]| {
        let has = |message: &&Vec<u8>| message.windows(octets.len()).any(|part| part == octets);
        listed.iter().filter(has).count()
    };
    for name in [&b"Home"[..], &longest.0, b"Neighbour"] {
        assert_eq!(show(&named(name)), 1);
    }
    assert_eq!(show(b"secret123"), 0);
    let saved = radio::saved();
    assert_eq!(saved[0], (longest.0.to_vec(), longest.1.to_vec()));
    assert_eq!(saved[1], (b"Home".to_vec(), b"secret123".to_vec()));
    assert_eq!(radio::on(), Some(longest.0.to_vec()));

    assert!(IotBleWifiProv_Init());
    assert_eq!(IotBleWifiProv_GetNumNetworks(), 2);
    assert!(IotBleWifiProv_Connect(0));
    assert!(!IotBleWifiProv_Connect(65_536));
    assert!(IotBleWifiProv_EraseAllNetworks());
    assert_eq!(IotBleWifiProv_GetNumNetworks(), 0);
    IotBleWifiProv_Deinit();
}

#[test]
fn what_is_no_request_is_taken_off_the_channel_and_answers_what_can_be() {
    let _turn = alone();
    radio::empty();
    let good = add(b"Home", b"secret123");
    let mut turns = vec![Turn::Writes(Box::new([]))];
    // Every cut of a message, and every octet of it as another.
    for place in 0..good.len() {
        turns.push(Turn::Writes(good[..place].into()));
        let mut changed = good.clone();
        changed[place] ^= 0xff;
        turns.push(Turn::Writes(changed));
    }
    live(turns);
    assert!(radio::saved().iter().all(|(ssid, _)| ssid.len() <= 32));
}

#[test]
fn more_than_there_is_room_for_is_refused_or_dropped() {
    let _turn = alone();
    radio::empty();
    let new = |number: u8| add(&[b'0' + number], b"secret123");
    let sent = live([
        Turn::WritesAll((0..5).map(new).collect()),
        Turn::Goes,
        Turn::Comes,
        Turn::Writes(new(9)),
    ]);
    let answers =
        ["00", "00", "01", "01", "00"].map(|status| hex(&format!("a26177046173{status}")));
    assert_eq!(sent, answers.map(Vec::from));
    assert_eq!(radio::saved().len(), 3);
}

#[test]
fn a_key_of_wep_the_driver_has_no_room_for_is_refused_and_not_cut() {
    let _turn = alone();
    // `cargo xtask test` builds this with room for 13.
    let room = radio::WEP_KEY_ROOM;
    for key in [&b"0123456789abc"[..], b"0123456789abcdef0123456789"] {
        radio::empty();
        let sent = live([Turn::Writes(add_protected(b"Old", 1, key))]);
        if key.len() <= room {
            assert_eq!(sent, [hex("a2617704617300").to_vec()]);
            assert_eq!(radio::wep_key(), key);
            assert_eq!(radio::saved(), [(b"Old".to_vec(), key.to_vec())]);
        } else {
            // With Espressif's protocol a join that came to nothing has its reason: "c", not supported.
            let refused = if cfg!(feature = "espressif") {
                "a3617704617303616304"
            } else {
                "a2617704617303"
            };
            assert_eq!(sent, [hex(refused).to_vec()]);
            assert_eq!(radio::on(), None);
            assert_eq!(radio::saved(), []);
        }
    }
}

#[test]
fn without_memory_for_a_task_nothing_starts_and_the_next_try_may() {
    let _turn = alone();
    radio::empty();
    assert!(IotBleWifiProv_Init());
    assert_eq!(WIFI_PROVISION_Start(), 0);
    IotBleWifiProv_Deinit();
    assert_eq!(live([]), Vec::<Vec<u8>>::new());
}
