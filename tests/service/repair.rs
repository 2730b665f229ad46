//! Stores that are not quite what the contract says, and what a power cut leaves.

use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::{Kind, Request};
use wifi_provision::status::Status;

use crate::device::{Device, network};
use crate::world::{Fault, Journal};

#[test]
fn a_read_that_fails_for_a_moment_does_not_turn_one_network_into_another() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 3);
    device.list();
    device.radio.miscounts = 1;
    device
        .ask(Request::Delete { priority: 0 })
        .is_answered(Kind::Delete, Status::Success);
    assert_eq!(device.saved(), [network(1), network(2)]);
}

#[test]
fn networks_the_application_removes_are_gone_all_the_same() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 3);
    device.list();
    device.radio.store.pop();
    assert_eq!(device.list().saved.len(), 2);
}

#[test]
fn erasing_takes_also_what_cannot_be_read() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 3);
    device.radio.unreadable = Some(2);
    device
        .ask(Request::EraseAll)
        .is_answered(Kind::Delete, Status::Success);
    assert_eq!(device.saved(), []);
}

#[test]
fn an_edit_loses_nothing_to_a_store_that_writes_over_one_of_the_same_name() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 3);
    device.radio.replaces = true;
    device
        .ask(Request::Edit { from: 2, to: 0 })
        .is_answered(Kind::Edit, Status::NotSupported);
    assert_eq!(device.saved(), [network(0), network(1), network(2)]);
}

#[test]
fn a_network_saved_over_one_of_the_same_name_is_the_active_one_where_it_lies() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 3);
    device.radio.replaces = true;
    device
        .save(network(2), true)
        .is_answered(Kind::Save, Status::Success);
    assert_eq!(device.saved().len(), 3);
    assert_eq!(device.list().connected(), [2]);
}

#[test]
fn a_driver_that_refuses_without_trying_is_not_made_to_join_anew() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 3);
    device.ask(Request::Join { priority: 1 });
    device.radio.settle();
    device.radio.stays = true;
    device.radio.join_fault = Fault::nth(1, Status::NotSupported);
    device
        .ask(Request::Join { priority: 0 })
        .is_answered(Kind::Save, Status::NotSupported);
    assert_eq!(device.radio.calls.join, 1);
    assert_eq!(device.list().connected(), [1]);
}

#[test]
fn a_cut_in_the_middle_of_an_edit_leaves_each_network_once_after_the_next_start() {
    let full = MAX_SAVED_NETWORKS as u8;
    for count in 2..full {
        for from in 0..count {
            for to in (0..count).filter(|&to| to != from) {
                for cut in 1..=u32::from(count) {
                    let journal = Journal::default();
                    let mut device = Device::new(&journal, count);
                    // Power goes between an append and the removal that belongs to it.
                    device.radio.remove_fault = Fault {
                        first: cut,
                        times: u32::MAX,
                        status: Status::Failure,
                    };
                    device.ask(Request::Edit {
                        from: from.into(),
                        to: to.into(),
                    });
                    device.radio.settle();
                    device.service.repair(&mut device.radio);
                    let mut left = device.saved();
                    left.sort_by_key(|saved| saved.bssid);
                    let all: Vec<_> = (0..count).map(network).collect();
                    assert_eq!(left, all, "{from} to {to} of {count}, cut {cut}");
                }
            }
        }
    }
}

#[test]
fn a_store_that_gives_nothing_is_not_taken_for_one_full_of_copies() {
    let journal = Journal::default();
    let mut device = Device::new(&journal, 0);
    for _ in 0..3 {
        device
            .radio
            .store
            .push(crate::world::Saved::default())
            .unwrap();
    }
    device.service.repair(&mut device.radio);
    assert_eq!(device.radio.store.len(), 3);
}
