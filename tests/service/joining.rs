//! Joining, leaving and coming back, and what of it comes before the answer.

use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::{Kind, Request};
use wifi_provision::status::Status;

use crate::device::{Device, network};
use crate::world::{Event, Fault, Journal};

const FULL: u8 = MAX_SAVED_NETWORKS as u8;

/// A device with networks saved, on the one of a priority.
fn on<'a>(journal: &'a Journal, count: u8, priority: u8) -> Device<'a> {
    let mut device = Device::new(journal, count);
    device
        .ask(Request::Join {
            priority: priority.into(),
        })
        .is_answered(Kind::Save, Status::Success);
    device.radio.settle();
    device
}

#[test]
fn a_deleted_network_is_left_once_the_answer_is_out_and_no_other_is() {
    for count in 1..=FULL {
        for active in 0..count {
            for deleted in 0..count {
                let journal = Journal::default();
                let mut device = on(&journal, count, active);
                let outcome = device.ask(Request::Delete {
                    priority: deleted.into(),
                });
                outcome.is_answered(Kind::Delete, Status::Success);
                if active == deleted {
                    assert_eq!(outcome.events, [Event::Stored, Event::Sent, Event::Left]);
                    assert_eq!(device.list().connected(), []);
                } else {
                    assert_eq!(outcome.events, [Event::Stored, Event::Sent]);
                    assert_eq!(
                        device.list().connected(),
                        [i64::from(active) - i64::from(active > deleted)]
                    );
                }
            }
        }
    }
}

#[test]
fn a_failed_switch_is_answered_before_the_way_back() {
    for status in [Status::Failure, Status::Timeout, Status::NotSupported] {
        let journal = Journal::default();
        let mut device = on(&journal, 4, 2);
        device.radio.join_fault = Fault::nth(1, status);
        let outcome = device.ask(Request::Join { priority: 0 });
        outcome.is_answered(Kind::Save, status);
        assert_eq!(
            outcome.events,
            [Event::Joined(false), Event::Sent, Event::Joined(true)]
        );
        assert_eq!(device.list().connected(), [2]);
    }
}

#[test]
fn the_way_back_is_gone_also_without_a_phone() {
    let journal = Journal::default();
    let mut device = on(&journal, 4, 2);
    device.radio.join_fault = Fault::nth(1, Status::Failure);
    device.ask_until(Request::Join { priority: 0 }, 0);
    assert_eq!(device.radio.on, Some(network(2)));
}

#[test]
fn a_way_back_that_fails_is_not_tried_again() {
    let journal = Journal::default();
    let mut device = on(&journal, 4, 2);
    device.radio.join_fault = Fault::always(Status::Timeout);
    let outcome = device.ask(Request::Join { priority: 0 });
    outcome.is_answered(Kind::Save, Status::Timeout);
    assert_eq!(device.radio.calls.join, 2);
    device.radio.settle();
    assert_eq!(device.list().connected(), []);
}

#[test]
fn a_network_that_cannot_be_joined_is_not_saved() {
    for former in [None, Some(1)] {
        let journal = Journal::default();
        let mut device = match former {
            Some(priority) => on(&journal, 3, priority),
            None => Device::new(&journal, 3),
        };
        device.radio.join_fault = Fault::nth(1, Status::Timeout);
        let outcome = device.save(network(100), true);
        outcome.is_answered(Kind::Save, Status::Timeout);
        assert_eq!(device.radio.calls.append, 0);
        assert_eq!(device.radio.on, former.map(network));
        assert_eq!(device.saved(), [network(0), network(1), network(2)]);
    }
}

#[test]
fn a_network_that_cannot_be_saved_is_left_for_the_former_one() {
    let journal = Journal::default();
    let mut device = on(&journal, 3, 1);
    device.radio.append_fault = Fault::nth(1, Status::Failure);
    let outcome = device.save(network(100), true);
    outcome.is_answered(Kind::Save, Status::Failure);
    assert_eq!(
        outcome.events,
        [
            Event::Joined(true),
            Event::Left,
            Event::Sent,
            Event::Joined(true)
        ]
    );
    assert_eq!(device.list().connected(), [1]);
}

#[test]
fn the_ninth_network_is_refused_before_anything_is_tried() {
    for connect in [false, true] {
        let journal = Journal::default();
        let mut device = on(&journal, FULL, 5);
        let outcome = device.save(network(100), connect);
        outcome.is_answered(Kind::Save, Status::Failure);
        assert_eq!(outcome.events, [Event::Sent]);
        assert_eq!(device.list().connected(), [5]);
    }
}

#[test]
fn saving_without_joining_leaves_the_connection_alone() {
    let journal = Journal::default();
    let mut device = on(&journal, 3, 1);
    let outcome = device.save(network(100), false);
    outcome.is_answered(Kind::Save, Status::Success);
    assert_eq!(outcome.events, [Event::Stored, Event::Sent]);
    assert_eq!(device.list().connected(), [2]);
}

/// A driver tells networks apart by name and security alone.
#[test]
fn of_networks_of_one_name_the_one_joined_last_is_shown_connected() {
    for joined in 0..4_i16 {
        let journal = Journal::default();
        let mut device = Device::new(&journal, 0);
        for _ in 0..4 {
            device
                .save(network(7), false)
                .is_answered(Kind::Save, Status::Success);
        }
        let connected = |device: &mut Device<'_>| device.list().connected();
        device.ask(Request::Join { priority: joined });
        assert_eq!(connected(&mut device), [i64::from(joined)]);
        device.save(network(8), false);
        assert_eq!(connected(&mut device), [i64::from(joined) + 1]);
        device.ask(Request::Edit { from: 0, to: 4 });
        assert_eq!(connected(&mut device), [i64::from(joined)]);
        device.ask(Request::Edit {
            from: joined,
            to: 3 - joined,
        });
        assert_eq!(connected(&mut device), [3 - i64::from(joined)]);
        for _ in 0..3 - joined {
            device.ask(Request::Delete { priority: 0 });
        }
        assert_eq!(connected(&mut device), [0]);
        device.ask(Request::Edit { from: 1, to: 0 });
        assert_eq!(connected(&mut device), [1]);
        device.save(network(7), true);
        assert_eq!(connected(&mut device), [0]);
    }
}

#[test]
fn erasing_removes_all_and_leaves_a_saved_network_alone() {
    for count in 0..=FULL {
        for active in std::iter::once(None).chain((0..count).map(Some)) {
            let journal = Journal::default();
            let mut device = match active {
                Some(active) => on(&journal, count, active),
                None => Device::new(&journal, count),
            };
            device
                .ask(Request::EraseAll)
                .is_answered(Kind::Delete, Status::Success);
            assert_eq!(device.saved(), []);
            assert_eq!(device.radio.on, None);
            assert_eq!(device.radio.calls.leave, u32::from(active.is_some()));
        }
        let journal = Journal::default();
        let mut device = Device::new(&journal, count);
        device.radio.on = Some(network(99));
        device
            .ask(Request::EraseAll)
            .is_answered(Kind::Delete, Status::Success);
        assert_eq!(
            device.radio.on,
            Some(network(99)),
            "a network that was never saved"
        );
    }
}
