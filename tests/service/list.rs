//! What a list shows, and what it keeps to itself.

use wifi_provision::service::Request;
use wifi_provision::status::Status;

use crate::device::{Device, Entry, Listed, network};
use crate::world::{Fault, Journal, Saved};

#[test]
fn a_network_that_cannot_be_read_is_left_out_and_hides_no_other() {
    for count in 1..=8 {
        for unreadable in 0..count {
            for on in 0..count {
                let journal = Journal::default();
                let mut device = Device::new(&journal, count);
                device.ask(Request::Join {
                    priority: on.into(),
                });
                device.radio.unreadable = Some(usize::from(unreadable));
                let listed = device.list();
                let readable: Vec<u8> = (0..count)
                    .filter(|priority| count - 1 - priority != unreadable)
                    .collect();
                // The last of the store tells how many there are; without it the others move up.
                let hidden = usize::from(unreadable == count - 1);
                let expected: Vec<Entry> = readable
                    .iter()
                    .map(|&number| {
                        let priority = usize::from(number) - hidden;
                        let mut entry =
                            Entry::of_saved(&network(number), priority, 0, number == on);
                        entry.last = readable.last() == Some(&number);
                        entry
                    })
                    .collect();
                assert_eq!(
                    listed.saved, expected,
                    "{unreadable} of {count} cannot be read"
                );
            }
        }
    }
}

#[test]
fn a_scan_shows_no_hidden_name_and_marks_the_last_that_is_shown() {
    for hidden in 0..1 << 4_u8 {
        let journal = Journal::default();
        let mut device = Device::new(&journal, 2);
        device.radio.air = (0..4)
            .map(|place| (hidden >> place & 1 == 0).then(|| network(50 + place)))
            .collect();
        let shown = (0..4)
            .filter(|place| hidden >> place & 1 == 0)
            .map(|place| network(50 + place).ssid.to_vec());
        let listed = device.list();
        assert_eq!(
            listed
                .scanned
                .iter()
                .map(|entry| entry.ssid.clone())
                .collect::<Vec<_>>(),
            shown.collect::<Vec<_>>()
        );
        assert_eq!(listed.status, (hidden == 0b1111).then_some(0));
    }
}

#[test]
fn a_signal_strength_stays_where_apps_can_read_it() {
    // An app in the field takes -100 for "saved" and breaks on 0 and more.
    let cases = [
        (-128, -127),
        (-127, -127),
        (-101, -101),
        (-100, -99),
        (-99, -99),
        (-1, -1),
        (0, -1),
        (1, -1),
        (127, -1),
    ];
    for (measured, shown) in cases {
        let journal = Journal::default();
        let mut device = Device::new(&journal, 0);
        device.radio.air = [Some(Saved {
            rssi: measured,
            ..network(50)
        })]
        .into_iter()
        .collect();
        assert_eq!(device.list().scanned[0].rssi, shown, "{measured} dBm");
    }
}

#[test]
fn a_device_that_is_on_no_network_reads_each_saved_one_once() {
    for count in 0..=8 {
        let journal = Journal::default();
        let mut device = Device::new(&journal, count);
        device.list();
        assert_eq!(device.radio.calls.load, u32::from(count));
    }
}

#[test]
fn a_phone_limits_the_scan_and_never_the_saved() {
    for max in 1..=10 {
        let journal = Journal::default();
        let mut device = Device::new(&journal, 8);
        device.radio.air = (0..10).map(|place| Some(network(50 + place))).collect();
        let listed = Listed::read(&device.ask(Request::List { max }).messages);
        assert_eq!(
            (listed.saved.len(), listed.scanned.len()),
            (8, usize::from(max))
        );
    }
}

#[test]
fn a_scan_that_fails_is_told_after_the_saved_networks() {
    for status in [Status::Failure, Status::Timeout, Status::NotSupported] {
        for count in 0..=8 {
            let journal = Journal::default();
            let mut device = Device::new(&journal, count);
            device.radio.scan_fault = Fault::always(status);
            let listed = device.list();
            assert_eq!(
                (listed.saved.len(), listed.status),
                (usize::from(count), Some(status as i64))
            );
        }
    }
}

#[test]
fn a_phone_that_is_gone_ends_the_list() {
    for messages in 0..=18 {
        let journal = Journal::default();
        let mut device = Device::new(&journal, 8);
        device.radio.air = (0..10).map(|place| Some(network(50 + place))).collect();
        let outcome = device.ask_until(Request::List { max: 10 }, messages);
        assert_eq!(outcome.messages.len(), messages);
        assert_eq!(
            device.radio.calls.scan,
            u32::from(messages >= 8),
            "gone after {messages}"
        );
        assert!(
            device.radio.calls.load as usize <= messages + 2,
            "it reads on for nobody"
        );
        // The next phone gets a whole list.
        device.radio.settle();
        assert_eq!(device.list().scanned.len(), 10);
    }
}
