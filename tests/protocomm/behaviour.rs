//! What requests do to the device: scanning, joining, the one list of networks.

use wifi_provision::protocomm::{Refused, Security};

use super::board::{AccessPoint, access_point};
use super::device::{Device, PHONE, one};
use super::protobuf::{Value, at, fields, number, number_at, octets};

const CONFIG: &str = "prov-config";
const SCAN: &str = "prov-scan";
const CONTROL: &str = "prov-ctrl";
/// The requests without arguments, as clients send them.
const STATUS: &[u8] = &[0x52, 0];
const APPLY: &[u8] = &[0x08, 4];
const START: &[u8] = &[0x52, 6, 0x08, 1, 0x18, 5, 0x20, 0x78];
const SCAN_STATE: &[u8] = &[0x08, 2];
const RESET: &[u8] = &[0x08, 1, 0x5a, 0];
const AGAIN: &[u8] = &[0x08, 3, 0x6a, 0];
/// The protocol's statuses.
const SUCCESS: u64 = 0;
const INVALID: u64 = 4;
const INTERNAL: u64 = 5;
/// The protocol's states.
const CONNECTED: u64 = 0;
const CONNECTING: u64 = 1;
const DISCONNECTED: u64 = 2;
const FAILED: u64 = 3;

pub(crate) fn set(ssid: &str, passphrase: &str) -> Vec<u8> {
    set_octets(ssid.as_bytes(), passphrase.as_bytes(), &[])
}

fn set_octets(ssid: &[u8], passphrase: &[u8], more: &[u8]) -> Vec<u8> {
    let network = [octets(1, ssid), octets(2, passphrase), more.to_vec()].concat();
    [number(1, 2), octets(12, &network)].concat()
}

/// A device without encryption, its session open.
fn open(air: Vec<AccessPoint>) -> Device {
    begin(Device::new(Security::Plain, air))
}

fn begin(mut device: Device) -> Device {
    device
        .ask(PHONE, "prov-session", &[0x52, 3, 0xa2, 1, 0])
        .unwrap();
    device
}

/// A network is set, applied and joined, by a phone of its own without encryption.
pub(crate) fn provision_plain(device: &mut Device, ssid: &str, passphrase: &str) {
    device
        .ask(PHONE, "prov-session", &[0x52, 3, 0xa2, 1, 0])
        .unwrap();
    assert_eq!(device.provision(ssid, passphrase).0, CONNECTED);
    device.protocomm.disconnected(PHONE);
}

impl Device {
    fn plain(&mut self, endpoint: &str, request: &[u8]) -> Vec<u8> {
        self.ask(PHONE, endpoint, request).unwrap()
    }

    /// The status of a set.
    fn set(&mut self, ssid: &str, passphrase: &str) -> u64 {
        number_at(&self.plain(CONFIG, &set(ssid, passphrase)), &[13, 1])
    }

    /// The status of an apply.
    fn apply(&mut self) -> u64 {
        number_at(&self.plain(CONFIG, APPLY), &[15, 1])
    }

    /// Set, apply, and all that follows; gives the state and the reason, 999 without one.
    fn provision(&mut self, ssid: &str, passphrase: &str) -> (u64, u64) {
        assert_eq!(self.set(ssid, passphrase), SUCCESS);
        assert_eq!(self.apply(), SUCCESS);
        assert_eq!(self.state().0, CONNECTING);
        self.work();
        self.state()
    }

    fn state(&mut self) -> (u64, u64) {
        let answer = at(&self.plain(CONFIG, STATUS), &[11]).unwrap();
        let reason = fields(&answer)
            .into_iter()
            .find_map(|(number, value)| match value {
                Value::Number(value) if number == 10 => Some(value),
                _ => None,
            });
        (number_at(&answer, &[2]), reason.unwrap_or(999))
    }

    /// Names and passphrases, priority 0 last.
    fn saved(&self) -> Vec<(&str, &str)> {
        let text = |octets| str::from_utf8(octets).unwrap();
        let saved = self.board.saved.iter();
        saved
            .map(|saved| (text(saved.ssid()), text(saved.passphrase())))
            .collect()
    }

    fn control(&mut self, request: &[u8]) -> u64 {
        number_at(&self.plain(CONTROL, request), &[2])
    }

    fn page(&mut self, start: u64, count: u64) -> Result<Vec<(Vec<u8>, i8)>, u64> {
        let page = [number(1, start), number(2, count)].concat();
        let request = [number(1, 4), octets(14, &page)].concat();
        let answer = self.plain(SCAN, &request);
        match number_at(&answer, &[2]) {
            SUCCESS => Ok(fields(&at(&answer, &[15]).unwrap())
                .into_iter()
                .map(|(_, entry)| match entry {
                    Value::Octets(entry) => {
                        let ssid = at(&entry, &[1]).unwrap_or_default();
                        (ssid, number_at(&entry, &[3]) as i64 as i8)
                    }
                    Value::Number(_) => panic!("an entry is a message"),
                })
                .collect()),
            status => Err(status),
        }
    }
}

fn names(page: &[(Vec<u8>, i8)]) -> Vec<&str> {
    page.iter()
        .map(|(ssid, _)| str::from_utf8(ssid).unwrap())
        .collect()
}

#[test]
fn four_failures_have_four_reasons_and_then_the_right_passphrase_does() {
    let mut no_address = access_point("No address", "secret123", -60);
    no_address.gives_address = false;
    let mut wpa3 = access_point("WPA3", "secret123", -70);
    wpa3.security = 5;
    let home = access_point("Home", "secret123", -50);
    let mut device = open(vec![no_address, wpa3, home]);
    assert_eq!(device.provision("Home", "wrong one"), (FAILED, 0));
    assert_eq!(device.provision("Nowhere", "secret123"), (FAILED, 1));
    assert_eq!(device.provision("No address", "secret123"), (FAILED, 103));
    assert_eq!(device.provision("WPA3", "secret123"), (FAILED, 104));
    assert!(device.board.saved.is_empty());
    assert_eq!(device.provision("Home", "secret123"), (CONNECTED, 999));
    assert_eq!(device.board.saved.len(), 1);
}

#[test]
fn the_new_network_becomes_priority_0_and_the_others_stay() {
    let mut device = open(vec![
        access_point("One", "secret123", -50),
        access_point("Two", "secret456", -60),
    ]);
    assert_eq!(device.provision("One", "secret123").0, CONNECTED);
    assert_eq!(device.control(AGAIN), SUCCESS);
    assert_eq!(device.provision("Two", "wrong one").0, FAILED);
    // A failed try changed nothing, and the device is back where it was.
    assert_eq!(device.board.saved.len(), 1);
    assert_eq!(device.board.on.as_deref(), Some(&b"One"[..]));
    assert_eq!(device.provision("Two", "secret456").0, CONNECTED);
    let saved: Vec<_> = device
        .board
        .saved
        .iter()
        .map(|saved| saved.ssid())
        .collect();
    // Newest last, which is priority 0.
    assert_eq!(saved, [b"One", b"Two"]);
    assert_eq!(device.board.saved[1].passphrase(), b"secret456");
    assert_eq!(device.board.saved[1].security, 3);
}

#[test]
fn a_saved_network_set_again_is_saved_once_and_comes_first() {
    let mut device = open(vec![
        access_point("One", "secret123", -50),
        access_point("Two", "secret456", -60),
    ]);
    device.provision("One", "secret123");
    device.provision("Two", "secret456");
    // The owner gives the first one another passphrase.
    device.board.air[0].passphrase = b"another one".to_vec();
    assert_eq!(device.provision("One", "wrong one"), (FAILED, 0));
    assert_eq!(device.saved(), [("One", "secret123"), ("Two", "secret456")]);
    assert_eq!(device.board.on.as_deref(), Some(&b"Two"[..]));
    assert_eq!(device.provision("One", "another one").0, CONNECTED);
    assert_eq!(
        device.saved(),
        [("Two", "secret456"), ("One", "another one")]
    );
    // The very same once more, on the network itself.
    assert_eq!(device.provision("One", "another one").0, CONNECTED);
    assert_eq!(
        device.saved(),
        [("Two", "secret456"), ("One", "another one")]
    );
    assert_eq!(device.provision("One", "wrong one").0, FAILED);
    assert_eq!(device.board.on.as_deref(), Some(&b"One"[..]));
}

#[test]
fn every_entry_of_the_name_with_the_same_or_less_security_gives_way_and_no_other() {
    let mut device = open(vec![access_point("One", "secret123", -50)]);
    // As Amazon's phones may have saved it: twice, once for another security, and while it was open.
    for (security, passphrase) in [
        (3, "old one 1"),
        (5, "of wpa3..."),
        (0, ""),
        (3, "old one 2"),
    ] {
        device.board.save("One", security, passphrase);
    }
    assert_eq!(device.provision("One", "secret123").0, CONNECTED);
    assert_eq!(
        device.saved(),
        [("One", "of wpa3..."), ("One", "secret123")]
    );
    // One that cannot be removed stays behind the new one.
    device.board.fails_removals = true;
    assert_eq!(device.provision("One", "secret123").0, CONNECTED);
    assert_eq!(device.board.saved.len(), 3);
}

#[test]
fn a_full_list_has_room_for_a_network_it_has() {
    let mut device = open(vec![access_point("Net 3", "another one", -50)]);
    for number in 0..8 {
        device.board.save(&format!("Net {number}"), 3, "secret123");
    }
    // The store takes it not at the first try.
    device.board.failing_appends = 2;
    assert_eq!(device.provision("Net 3", "another one").0, CONNECTED);
    let saved = device.saved();
    assert_eq!(saved.len(), 8);
    assert_eq!(saved[7], ("Net 3", "another one"));
    assert_eq!(saved[3], ("Net 4", "secret123"));
    // Nor at all: what was saved is saved again, and the device is where it was.
    device.board.air[0].passphrase = b"a third one".to_vec();
    device.board.failing_appends = 3;
    assert_eq!(device.provision("Net 3", "a third one"), (FAILED, 108));
    assert_eq!(device.saved().len(), 8);
    assert_eq!(device.saved()[7], ("Net 3", "another one"));
}

#[test]
fn connected_tells_where() {
    let mut home = access_point("Home", "secret123", -50);
    home.channel = 11;
    let mut device = open(vec![home]);
    device.provision("Home", "secret123");
    let answer = device.plain(CONFIG, STATUS);
    let connected = at(&answer, &[11, 11]).unwrap();
    assert_eq!(at(&connected, &[1]).unwrap(), b"192.168.1.7");
    assert_eq!(number_at(&connected, &[2]), 3);
    assert_eq!(at(&connected, &[3]).unwrap(), b"Home");
    assert_eq!(at(&connected, &[4]).unwrap(), [2, 0, 0, 0, 0, 50]);
    assert_eq!(number_at(&connected, &[5]), 11);
}

#[test]
fn the_result_can_be_read_after_a_reconnect() {
    let mut device = Device::new(
        one("abcd1234"),
        vec![access_point("Home", "secret123", -50)],
    );
    let mut phone = device.open1(PHONE, "abcd1234");
    for request in [set("Home", "secret123"), APPLY.to_vec()] {
        let request = phone.crypt(&request);
        let answer = device.ask(PHONE, CONFIG, &request).unwrap();
        phone.crypt(&answer);
    }
    // The phone goes while the device joins: that is not given up.
    device.protocomm.disconnected(PHONE);
    device.work();
    let mut phone = device.open1(PHONE, "abcd1234");
    let request = phone.crypt(STATUS);
    let answer = device.ask(PHONE, CONFIG, &request).unwrap();
    let answer = phone.crypt(&answer);
    assert!(at(&answer, &[11, 11]).is_some());
}

#[test]
fn attempts_are_counted() {
    let air = vec![access_point("Home", "secret123", -50)];
    let mut device = begin(Device::with_attempts(Security::Plain, air, 3));
    device.set("Home", "wrong one");
    device.apply();
    for remaining in [2, 1] {
        assert!(device.work_once());
        let answer = device.plain(CONFIG, STATUS);
        assert_eq!(number_at(&answer, &[11, 2]), CONNECTING);
        assert_eq!(number_at(&answer, &[11, 12, 1]), remaining);
    }
    device.work();
    assert_eq!(device.state(), (FAILED, 0));
    assert_eq!(device.board.joins, 3);
}

#[test]
fn while_the_device_joins_nothing_else_is_begun() {
    let mut device = open(vec![access_point("Home", "secret123", -50)]);
    device.set("Home", "secret123");
    device.apply();
    assert_eq!(device.set("Other", "secret123"), INTERNAL);
    assert_eq!(device.apply(), INTERNAL);
    assert_eq!(number_at(&device.plain(SCAN, START), &[2]), INTERNAL);
    assert_eq!(device.control(RESET), INTERNAL);
    assert_eq!(device.control(AGAIN), INTERNAL);
    device.work();
    assert_eq!(device.state().0, CONNECTED);
}

#[test]
fn apply_without_set_is_an_invalid_argument() {
    let mut device = open(vec![access_point("Home", "secret123", -50)]);
    assert_eq!(device.apply(), INVALID);
    device.provision("Home", "secret123");
    assert_eq!(device.apply(), INVALID);
    assert_eq!(device.state().0, CONNECTED);
}

#[test]
fn a_network_whose_values_cannot_be_right_is_an_invalid_argument() {
    let mut device = open(vec![]);
    let long = "n".repeat(33);
    let key = "0123456789abcdef".repeat(4);
    assert_eq!(device.set("", "secret123"), INVALID);
    assert_eq!(device.set(&long, "secret123"), INVALID);
    assert_eq!(device.set("Home", &key), INVALID);
    let bssid = set_octets(b"Home", b"secret123", &octets(3, &[1; 5]));
    assert_eq!(number_at(&device.plain(CONFIG, &bssid), &[13, 1]), INVALID);
    assert_eq!(device.apply(), INVALID);
    // The limits themselves are right, and so is a channel that means nothing.
    let most = set_octets(
        &[0xff; 32],
        &[b'p'; 63],
        &[octets(3, &[1; 6]), number(4, u64::MAX)].concat(),
    );
    assert_eq!(number_at(&device.plain(CONFIG, &most), &[13, 1]), SUCCESS);
}

#[test]
fn a_passphrase_of_no_possible_length_is_wrong_without_a_try() {
    let mut device = open(vec![access_point("Home", "secret123", -50)]);
    assert_eq!(device.provision("Home", "short"), (FAILED, 0));
    assert_eq!(device.board.joins, 0);
}

#[test]
fn an_open_network_needs_no_passphrase_and_gets_none() {
    let mut cafe = access_point("Cafe", "", -50);
    cafe.security = 0;
    let mut device = open(vec![cafe]);
    // Whoever sets one expects it to protect: an open twin of the network is not joined.
    assert_eq!(device.provision("Cafe", "secret123"), (FAILED, 104));
    assert_eq!(device.provision("Cafe", "").0, CONNECTED);
    assert_eq!(device.board.saved[0].security, 0);
}

#[test]
fn a_passphrase_is_never_used_below_wpa2() {
    // Open, WEP and WPA: the last also where a WEP key would fit.
    for (security, passphrase) in [(0, "secret123"), (1, "1234567890"), (2, "secret123")] {
        let mut old = access_point("Old", passphrase, -50);
        old.security = security;
        let mut device = open(vec![old]);
        assert_eq!(device.provision("Old", passphrase), (FAILED, 104));
        assert!(device.board.saved.is_empty());
    }
}

#[test]
fn an_evil_twin_does_not_choose_the_security() {
    for security in [0, 1, 2, 4] {
        let home = access_point("Home", "secret123", -70);
        let mut twin = access_point("Home", "", -30);
        twin.security = security;
        // The driver joins the first of them here; what was met before is what the scan came upon first.
        for scans in [false, true] {
            let mut device = open(vec![home.clone(), twin.clone()]);
            if scans {
                device.plain(SCAN, START);
                device.work();
                let page = device.page(0, 1).unwrap();
                assert_eq!(page, [(b"Home".to_vec(), -70)]);
            }
            assert_eq!(device.provision("Home", "secret123").0, CONNECTED);
            assert_eq!(device.board.saved[0].security, 3);
        }
    }
}

#[test]
fn a_hidden_network_is_joined_by_its_name() {
    let mut hidden = access_point("Hidden", "secret123", -50);
    hidden.hides = true;
    let mut device = open(vec![hidden]);
    device.plain(SCAN, START);
    assert_eq!(device.provision("Hidden", "secret123").0, CONNECTED);
}

#[test]
fn a_full_list_loses_nothing_and_is_said() {
    let mut air = Vec::new();
    for number in 0..9 {
        air.push(access_point(
            &format!("Net {number}"),
            "secret123",
            -40 - number,
        ));
    }
    let mut device = open(air);
    for number in 0..8 {
        let name = format!("Net {number}");
        assert_eq!(device.provision(&name, "secret123").0, CONNECTED);
        device.control(AGAIN);
    }
    let before = device.board.saved.clone();
    assert_eq!(device.provision("Net 8", "secret123"), (FAILED, 108));
    assert_eq!(device.board.saved, before);
}

#[test]
fn a_scan_shows_each_name_at_its_strongest_and_hidden_ones_without() {
    let mut hidden = access_point("Secret", "", -45);
    hidden.hides = true;
    let mut device = open(vec![
        access_point("Far", "", -80),
        access_point("Home", "", -70),
        access_point("Home", "", -40),
        hidden,
        access_point("Home", "", -60),
    ]);
    let started = device.plain(SCAN, START);
    assert_eq!(started, [0x08, 1, 0x5a, 0]);
    let state = device.plain(SCAN, SCAN_STATE);
    assert_eq!(number_at(&state, &[13, 1]), 1);
    assert_eq!(number_at(&state, &[13, 2]), 3);
    let page = device.page(0, 3).unwrap();
    assert_eq!(names(&page), ["Home", "", "Far"]);
    assert_eq!(page[0].1, -40);
}

#[test]
fn pages_hold_what_was_asked_for_and_no_more() {
    let air = (0..7)
        .map(|number| access_point(&format!("Net {number}"), "", -40 - number))
        .collect();
    let mut device = open(air);
    assert_eq!(device.page(0, 1), Err(INVALID));
    device.plain(SCAN, START);
    assert_eq!(
        names(&device.page(0, 4).unwrap()),
        ["Net 0", "Net 1", "Net 2", "Net 3"]
    );
    assert_eq!(
        names(&device.page(4, 3).unwrap()),
        ["Net 4", "Net 5", "Net 6"]
    );
    for (start, count) in [
        (0, 0),
        (7, 1),
        (4, 4),
        (0, 8),
        (0, u64::from(u32::MAX)),
        (u64::from(u32::MAX), u64::from(u32::MAX)),
    ] {
        assert_eq!(device.page(start, count), Err(INVALID), "{start} {count}");
    }
}

#[test]
fn a_page_that_fits_no_message_is_an_invalid_argument() {
    let air = (0..10)
        .map(|number| access_point(&format!("{number}").repeat(32), "", -40 - number))
        .collect();
    let mut device = open(air);
    device.plain(SCAN, START);
    assert_eq!(device.page(0, 8).map(|page| page.len()), Ok(8));
    assert_eq!(device.page(0, 9), Err(INVALID));
}

#[test]
fn a_start_that_does_not_wait_is_answered_at_once() {
    let mut device = open(vec![access_point("Home", "", -50)]);
    let answer = device.handle(PHONE, SCAN, &[0x52, 0]);
    assert_eq!(answer, Ok(Some(vec![0x08, 1, 0x5a, 0])));
    let state = device.plain(SCAN, SCAN_STATE);
    assert_eq!(number_at(&state, &[13, 1]), 0);
    device.work();
    let state = device.plain(SCAN, SCAN_STATE);
    assert_eq!(number_at(&state, &[13, 1]), 1);
}

#[test]
fn while_an_answer_waits_no_other_request_is_taken() {
    let mut device = open(vec![access_point("Home", "", -50)]);
    assert_eq!(device.handle(PHONE, SCAN, START), Ok(None));
    assert_eq!(device.handle(PHONE, SCAN, SCAN_STATE), Err(Refused));
    assert_eq!(device.handle(PHONE, CONFIG, STATUS), Err(Refused));
    device.protocomm.disconnected(PHONE);
    assert_eq!(device.protocomm.pending(PHONE, &mut [0; 512]), Err(Refused));
    let mut device = begin(device);
    assert!(device.handle(PHONE, CONFIG, STATUS).is_ok());
}

#[test]
fn a_scan_that_fails_says_so_and_is_over() {
    let mut device = open(vec![access_point("Home", "", -50)]);
    device.board.cannot_scan = true;
    assert_eq!(number_at(&device.plain(SCAN, START), &[2]), INTERNAL);
    let state = device.plain(SCAN, SCAN_STATE);
    assert_eq!(number_at(&state, &[13, 1]), 1);
    assert_eq!(number_at(&state, &[13, 2]), 0);
}

#[test]
fn reset_forgets_a_failure_and_again_a_success() {
    let mut device = open(vec![access_point("Home", "secret123", -50)]);
    assert_eq!(device.control(RESET), SUCCESS);
    device.provision("Home", "wrong one");
    assert_eq!(device.control(RESET), SUCCESS);
    assert_eq!(device.state(), (DISCONNECTED, 999));
    device.provision("Home", "secret123");
    // There is no failure to forget.
    assert_eq!(device.control(RESET), INTERNAL);
    assert_eq!(device.state().0, CONNECTED);
    assert_eq!(device.control(AGAIN), SUCCESS);
    assert_eq!(device.state(), (DISCONNECTED, 999));
    assert_eq!(device.board.saved.len(), 1);
}

#[test]
fn what_is_for_thread_is_refused() {
    let mut device = open(vec![]);
    for kind in 6..12 {
        for endpoint in [SCAN, CONFIG] {
            let request = number(1, kind);
            assert_eq!(device.handle(PHONE, endpoint, &request), Err(Refused));
        }
    }
    for kind in [0, 5, 7] {
        assert_eq!(
            device.handle(PHONE, CONTROL, &number(1, kind)),
            Err(Refused)
        );
    }
}
