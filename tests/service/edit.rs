//! Every edit there is: the order is that of taking a network out of a list and putting it in
//! again, and on the way there no network is ever out of the store.

use wifi_provision::config::MAX_SAVED_NETWORKS;
use wifi_provision::service::{Kind, Request};
use wifi_provision::status::Status;

use crate::device::{Device, network};
use crate::world::{Calls, Fault, Journal, Saved};

const FULL: u8 = MAX_SAVED_NETWORKS as u8;

/// Every edit of a store of `sizes` that changes the order.
fn edits(sizes: std::ops::RangeInclusive<u8>) -> impl Iterator<Item = (u8, u8, u8)> {
    sizes
        .flat_map(|count| (0..count).map(move |from| (count, from)))
        .flat_map(|(count, from)| (0..count).map(move |to| (count, from, to)))
        .filter(|(_, from, to)| from != to)
}

fn request(from: u8, to: u8) -> Request {
    Request::Edit {
        from: from.into(),
        to: to.into(),
    }
}

fn expected(count: u8, from: u8, to: u8) -> Vec<Saved> {
    let mut order: Vec<Saved> = (0..count).map(network).collect();
    let moved = order.remove(from.into());
    order.insert(to.into(), moved);
    order
}

/// All are there, each once, in any order.
fn none_is_lost(device: &Device<'_>, count: u8, what: &str) {
    let mut saved = device.saved();
    saved.sort_by(|a, b| a.ssid.cmp(&b.ssid));
    assert_eq!(saved, (0..count).map(network).collect::<Vec<_>>(), "{what}");
}

#[test]
fn the_order_is_that_of_a_list_and_the_connection_is_not_touched() {
    for (count, from, to) in edits(1..=FULL) {
        for has_move in [false, true] {
            for on in std::iter::once(None).chain((0..count).map(Some)) {
                let journal = Journal::default();
                let mut device = Device::new(&journal, count);
                device.radio.has_move = has_move;
                if let Some(on) = on {
                    device
                        .ask(Request::Join {
                            priority: on.into(),
                        })
                        .is_answered(Kind::Save, Status::Success);
                    device.radio.settle();
                }
                device
                    .ask(request(from, to))
                    .is_answered(Kind::Edit, Status::Success);
                let order = expected(count, from, to);
                assert_eq!(device.saved(), order, "{from} to {to} of {count}");
                let Calls {
                    relocate,
                    append,
                    remove,
                    join,
                    leave,
                    ..
                } = device.radio.calls;
                assert_eq!((join, leave), (0, 0));
                assert_eq!(relocate, 1, "the platform's own move is tried first");
                // Never more writes than the C service, which needed to + 1 of each.
                let writes = if has_move {
                    0
                } else {
                    u32::from(to) + u32::from(from > to)
                };
                assert_eq!(
                    (append, remove),
                    (writes, writes),
                    "{from} to {to} of {count}"
                );
                let place = on.map(|on| {
                    order
                        .iter()
                        .position(|saved| *saved == network(on))
                        .unwrap() as i64
                });
                assert_eq!(device.list().connected(), Vec::from_iter(place));
            }
        }
    }
}

#[test]
fn an_edit_to_the_same_place_does_nothing_and_one_out_of_range_is_refused() {
    for count in 0..=FULL {
        let journal = Journal::default();
        let mut device = Device::new(&journal, count);
        let indices = (-1..=i16::from(FULL)).chain([i16::MIN, i16::MAX, 255, 256]);
        for from in indices.clone() {
            for to in indices.clone() {
                let inside = |index: i16| (0..i16::from(count)).contains(&index);
                if !inside(from) || !inside(to) {
                    device
                        .ask(Request::Edit { from, to })
                        .is_answered(Kind::Edit, Status::Failure);
                } else if from == to {
                    device
                        .ask(Request::Edit { from, to })
                        .is_answered(Kind::Edit, Status::Success);
                }
            }
        }
        let Calls {
            append,
            remove,
            relocate,
            ..
        } = device.radio.calls;
        assert_eq!((append, remove, relocate), (0, 0, 0));
    }
}

/// The calls an edit of a store without a move of its own makes, when nothing fails.
fn calls(count: u8, from: u8, to: u8) -> Calls {
    let journal = Journal::default();
    let mut device = Device::new(&journal, count);
    device.ask(request(from, to));
    device.radio.calls
}

/// Runs an edit with one fault, watching the store after each write.
fn with_fault(
    count: u8,
    from: u8,
    to: u8,
    fault: impl Fn(&mut Device<'_>),
    check: impl Fn(&mut Device<'_>, Status),
) {
    let journal = Journal::default();
    let mut device = Device::new(&journal, count);
    if count < FULL {
        device.radio.guarded = (0..count).map(network).collect();
    }
    fault(&mut device);
    let outcome = device.ask(request(from, to));
    outcome.is_answered(Kind::Edit, outcome.status);
    assert!(
        !device.radio.lost,
        "{from} to {to} of {count}: a network was out of the store"
    );
    check(&mut device, outcome.status);
}

#[test]
fn every_network_is_in_the_store_at_every_instant_whatever_single_call_fails() {
    for (count, from, to) in edits(1..=FULL) {
        let made = calls(count, from, to);
        let what = format!("{from} to {to} of {count}");
        with_fault(
            count,
            from,
            to,
            |_| {},
            |_, status| assert_eq!(status, Status::Success),
        );
        for nth in 1..=made.append {
            let fault = |device: &mut Device<'_>| {
                device.radio.append_fault = Fault::nth(nth, Status::Timeout)
            };
            with_fault(count, from, to, fault, |device, status| {
                // With the network in memory alone, it is tried again.
                let expected = if count == FULL {
                    Status::Success
                } else {
                    Status::Timeout
                };
                assert_eq!(status, expected, "append {nth} of {what}");
                none_is_lost(device, count, &what);
            });
        }
        for nth in 1..=made.remove {
            let fault = |device: &mut Device<'_>| {
                device.radio.remove_fault = Fault::nth(nth, Status::Timeout)
            };
            with_fault(count, from, to, fault, |device, status| {
                assert_eq!(status, Status::Timeout, "removal {nth} of {what}");
                none_is_lost(device, count, &what);
            });
        }
        for nth in 1..=made.load {
            let fault = |device: &mut Device<'_>| {
                device.radio.load_fault = Fault::nth(nth, Status::Timeout)
            };
            with_fault(count, from, to, fault, |device, status| {
                assert_eq!(status, Status::Timeout, "load {nth} of {what}");
                none_is_lost(device, count, &what);
            });
        }
    }
}

#[test]
fn a_store_that_cannot_remove_keeps_a_copy_rather_than_lose_a_network() {
    for (count, from, to) in edits(1..=FULL - 1) {
        for nth in 1..=calls(count, from, to).remove {
            let fault = |device: &mut Device<'_>| {
                device.radio.remove_fault = Fault {
                    first: nth,
                    times: 2,
                    status: Status::Failure,
                };
            };
            with_fault(count, from, to, fault, |_, status| {
                assert_eq!(status, Status::Failure)
            });
        }
    }
}

#[test]
fn a_full_store_tries_three_times_to_put_a_network_back() {
    for (times, status) in [
        (1, Status::Success),
        (2, Status::Success),
        (3, Status::Failure),
    ] {
        for (count, from, to) in edits(FULL..=FULL) {
            let fault = |device: &mut Device<'_>| {
                device.radio.append_fault = Fault {
                    first: 1,
                    times,
                    status: Status::Failure,
                };
            };
            with_fault(count, from, to, fault, |device, came| {
                assert_eq!(came, status, "{from} to {to}, {times} failures");
                if status == Status::Success {
                    assert_eq!(device.saved(), expected(count, from, to));
                }
            });
        }
    }
}

#[test]
fn after_a_failed_edit_the_list_still_tells_the_truth() {
    for (count, from, to) in edits(1..=FULL) {
        for on in 0..count {
            for nth in 1..=calls(count, from, to).remove {
                let journal = Journal::default();
                let mut device = Device::new(&journal, count);
                device.ask(Request::Join {
                    priority: on.into(),
                });
                device.radio.settle();
                device.radio.remove_fault = Fault::nth(nth, Status::Failure);
                device
                    .ask(request(from, to))
                    .is_answered(Kind::Edit, Status::Failure);
                let place = device
                    .saved()
                    .iter()
                    .position(|saved| *saved == network(on))
                    .unwrap();
                assert_eq!(
                    device.list().connected(),
                    [place as i64],
                    "{from} to {to} of {count}, on {on}"
                );
            }
        }
    }
}
