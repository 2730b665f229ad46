//! A network is saved in the place of one of its name.

use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::{Kind, Request};
use wifi_provision::status::Status;

use crate::device::{Device, network};
use crate::world::{Fault, Journal, Saved};

const FULL: u8 = MAX_SAVED_NETWORKS as u8;

/// A network's name with another passphrase.
fn renewed(number: u8) -> Saved {
    Saved {
        passphrase: network(200).passphrase,
        ..network(number)
    }
}

/// A device on a network that is not saved, and one of its own to be saved anew.
fn device(journal: &Journal, count: u8, priority: u8) -> Device<'_> {
    let mut device = Device::new(journal, count);
    device.radio.has_replace = true;
    device.radio.candidate = renewed(priority);
    device
}

#[test]
fn a_platform_that_can_puts_it_in_the_old_ones_place_in_one_write_at_every_length() {
    for count in 1..=FULL {
        for priority in 0..count {
            let journal = Journal::default();
            let mut device = device(&journal, count, priority);
            device
                .ask(Request::Replace)
                .is_answered(Kind::Save, Status::Success);
            let others = (0..count).filter(|&other| other != priority).map(network);
            let expected: Vec<Saved> = [renewed(priority)].into_iter().chain(others).collect();
            assert_eq!(device.saved(), expected);
            let calls = device.radio.calls;
            assert_eq!((calls.replace, calls.append, calls.remove), (1, 0, 0));
            assert_eq!(device.list().connected(), [0]);
        }
    }
}

#[test]
fn a_store_that_takes_no_more_changes_keeps_what_it_has() {
    for count in 1..=FULL {
        for priority in 0..count {
            let journal = Journal::default();
            let mut device = device(&journal, count, priority);
            device.ask(Request::Join { priority: 0 });
            // As a board does whose flash was written too often: nothing but removals.
            device.radio.replace_fault = Fault::always(Status::Failure);
            device.radio.append_fault = Fault::always(Status::Failure);
            device.radio.candidate = renewed(priority);
            device
                .ask(Request::Replace)
                .is_answered(Kind::Save, Status::Failure);
            let before: Vec<Saved> = (0..count).map(network).collect();
            assert_eq!(device.saved(), before);
            assert_eq!(device.radio.on, Some(network(0)));
        }
    }
}

#[test]
fn of_several_that_give_way_one_is_replaced_and_the_others_go_after_it() {
    for cut in [u32::MAX, 1, 2] {
        let journal = Journal::default();
        let mut device = device(&journal, 2, 1);
        let old = |mark: u8| Saved {
            bssid: [mark; 6],
            ..network(1)
        };
        device.radio.store.insert(0, old(10)).unwrap();
        device.radio.store.push(old(11)).unwrap();
        // What cannot be removed stays behind the new one: nobody loses a network by it.
        device.radio.remove_fault = Fault::nth(cut, Status::Failure);
        device
            .ask(Request::Replace)
            .is_answered(Kind::Save, Status::Success);
        let left = match cut {
            1 => vec![renewed(1), network(0), network(1)],
            2 => vec![renewed(1), network(0), old(10)],
            _ => vec![renewed(1), network(0)],
        };
        assert_eq!(device.saved(), left);
        // The next time is another to remove it.
        device.radio.settle();
        device.radio.candidate = renewed(1);
        device.ask(Request::Replace);
        assert_eq!(device.saved(), [renewed(1), network(0)]);
    }
}
