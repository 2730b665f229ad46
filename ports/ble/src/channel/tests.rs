//! The channel against a phone that follows the protocol, at every MTU.
#![allow(clippy::arithmetic_side_effects, reason = "sums of a test")]

extern crate std;

use std::vec::Vec;

use proptest::prelude::*;

use super::*;

const CAP: usize = 1024;

/// Splits as a phone does: writes of `size`, the last one shorter.
fn writes(message: &[u8], size: usize) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = message.chunks(size).map(<[u8]>::to_vec).collect();
    if message.len().is_multiple_of(size) {
        all.push(Vec::new());
    }
    all
}

/// Feeds writes; every whole message or drop in order.
fn feed(to: &mut Reassembler<CAP>, chunks: &[Vec<u8>], size: usize) -> Vec<Option<Vec<u8>>> {
    let mut out = Vec::new();
    for chunk in chunks {
        match to.push(chunk, size) {
            Received::More => {}
            Received::Whole(bytes) => out.push(Some(bytes.to_vec())),
            Received::TooLong(front) => {
                assert_eq!(front.len(), CAP);
                out.push(None);
            }
        }
    }
    out
}

/// What a phone holds after a large message; `None` when the device never ended it.
fn fetch(transfer: &mut Transfer<CAP>, message: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut got = transfer.begin(message, size).ok()?.to_vec();
    for _ in 0..=message.len() / size + 1 {
        let chunk = transfer.read(size);
        got.extend_from_slice(chunk.bytes);
        if chunk.last {
            return Some(got);
        }
    }
    None
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn chunk_size_is_three_less_than_the_mtu_within_its_bounds() {
    assert_eq!(chunk_size(23), 20);
    assert_eq!(chunk_size(185), 182);
    assert_eq!(chunk_size(512), 509);
    assert_eq!(chunk_size(0), 20);
    assert_eq!(chunk_size(u16::MAX), 512);
}

#[test]
fn request_of_the_specification_arrives_from_its_three_writes() {
    let chunks = [
        "a7617703616720617267486f6d654e6574616246",
        "000000000000616d697365637265743132336171",
        "036179f5",
    ]
    .map(hex);
    let whole = chunks.concat();
    assert_eq!(feed(&mut Reassembler::new(), &chunks, 20), [Some(whole)]);
}

#[test]
fn response_of_the_specification_leaves_in_a_notification_and_two_reads() {
    let message = hex(
        "aa617702617300617267486f6d654e6574616246a0b1c2d3e4f56171036166f4617038636165f5616700616cf4",
    );
    let mut transfer = Transfer::<CAP>::new();
    assert_eq!(
        transfer.begin(&message, 20),
        Ok(hex("aa617702617300617267486f6d654e6574616246").as_slice())
    );
    let second = transfer.read(20);
    assert!(!second.last);
    assert_eq!(
        second.bytes,
        hex("a0b1c2d3e4f56171036166f4617038636165f561")
    );
    let third = transfer.read(20);
    assert!(third.last);
    assert_eq!(third.bytes, hex("6700616cf4"));
    assert!(!transfer.active());
}

#[test]
fn exact_multiples_end_with_an_empty_read() {
    for (length, reads) in [(20, 1), (40, 2), (60, 3)] {
        let message = std::vec![7_u8; length];
        let mut transfer = Transfer::<CAP>::new();
        assert_eq!(transfer.begin(&message, 20).unwrap().len(), 20);
        for left in (0..reads).rev() {
            let chunk = transfer.read(20);
            assert_eq!(chunk.bytes.len(), if left == 0 { 0 } else { 20 });
            assert_eq!(chunk.last, left == 0);
        }
    }
}

#[test]
fn stray_read_is_empty_and_changes_nothing() {
    let mut transfer = Transfer::<CAP>::new();
    for _ in 0..3 {
        let chunk = transfer.read(20);
        assert!(chunk.bytes.is_empty() && !chunk.last);
    }
    assert_eq!(fetch(&mut transfer, &[5; 45], 20), Some(std::vec![5; 45]));
    assert!(transfer.read(20).bytes.is_empty());
}

#[test]
fn read_at_an_offset_repeats_the_last_chunk_and_does_not_move_on() {
    let message: Vec<u8> = (0..50).collect();
    let mut transfer = Transfer::<CAP>::new();
    transfer.begin(&message, 20).unwrap();
    assert_eq!(transfer.read(20).bytes, &message[20..40]);
    assert_eq!(transfer.read_again(5), &message[25..40]);
    assert_eq!(transfer.read_again(20), b"");
    assert_eq!(transfer.read_again(900), b"");
    assert_eq!(transfer.read(20).bytes, &message[40..]);
}

#[test]
fn overlong_message_is_dropped_whole_and_the_next_one_is_unharmed() {
    let mut to = Reassembler::<CAP>::new();
    assert_eq!(
        feed(&mut to, &writes(&[1; CAP + 1], 20), 20),
        [None::<Vec<u8>>]
    );
    assert_eq!(to.dropped(), 1);
    assert_eq!(
        feed(&mut to, &writes(&[2; CAP], 20), 20),
        [Some(std::vec![2; CAP])]
    );
    assert_eq!(to.dropped(), 1);
}

#[test]
fn lone_empty_write_is_no_message() {
    let mut to = Reassembler::<CAP>::new();
    assert_eq!(to.push(&[], 20), Received::More);
    assert_eq!(to.push(&[1], 20), Received::Whole(&[1]));
    assert_eq!(to.push(&[], 20), Received::More);
}

#[test]
fn cleared_half_message_does_not_reach_the_next() {
    let mut to = Reassembler::<CAP>::new();
    assert_eq!(to.push(&[9; 20], 20), Received::More);
    to.clear();
    assert_eq!(to.push(&[1, 2], 20), Received::Whole(&[1, 2]));
}

#[test]
fn outbox_refuses_and_keeps_what_waits() {
    let mut outbox = Outbox::<16>::new();
    assert_eq!(outbox.push(&[0; 15]), Err(OutboxError::TooLong));
    assert_eq!(outbox.push(b"abcd"), Ok(()));
    assert_eq!(outbox.push(b"efghij"), Ok(()));
    assert_eq!(outbox.push(b"k"), Err(OutboxError::Full));
    let mut buffer = [0; 16];
    assert_eq!(outbox.next_len(), Some(4));
    assert_eq!(outbox.pop(&mut buffer), Some(&b"abcd"[..]));
    assert_eq!(outbox.push(b"k"), Ok(()));
    assert_eq!(outbox.pop(&mut buffer), Some(&b"efghij"[..]));
    assert_eq!(outbox.pop(&mut buffer), Some(&b"k"[..]));
    assert_eq!(outbox.pop(&mut buffer), None);
}

#[test]
fn phone_first_or_application_first_the_channel_opens() {
    let mut phone_first = Handshake::new();
    assert_eq!(phone_first.control(&[1]), Ok(None));
    assert!(phone_first.ready() && !phone_first.open());
    phone_first.take().unwrap();
    assert!(phone_first.open());
    assert_eq!(phone_first.listen(), Ok(Some(Transition::Opened)));

    let mut application_first = Handshake::new();
    application_first.take().unwrap();
    assert_eq!(application_first.listen(), Ok(None));
    assert_eq!(
        application_first.control(&[1]),
        Ok(Some(Transition::Opened))
    );
    assert_eq!(application_first.control(&[1]), Ok(None));
    assert_eq!(
        application_first.control(&[0]),
        Ok(Some(Transition::Closed))
    );
    assert_eq!(application_first.control(&[2]), Ok(None));
}

#[test]
fn control_takes_exactly_one_byte() {
    let mut handshake = Handshake::new();
    assert_eq!(handshake.control(&[]), Err(ControlError));
    assert_eq!(handshake.control(&[1, 1]), Err(ControlError));
    assert!(!handshake.ready());
}

#[test]
fn reopening_in_one_connection_needs_no_second_control_write() {
    let mut handshake = Handshake::new();
    handshake.take().unwrap();
    handshake.listen().unwrap();
    handshake.control(&[1]).unwrap();
    assert_eq!(handshake.close(), Some(Transition::Closed));
    assert_eq!(handshake.close(), None);
    handshake.release();
    assert!(handshake.ready() && !handshake.used());
    handshake.take().unwrap();
    assert_eq!(handshake.listen(), Ok(Some(Transition::Opened)));
    assert_eq!(handshake.disconnect(), Some(Transition::Closed));
    assert!(!handshake.ready());
}

#[test]
fn channel_has_one_owner_and_one_listener() {
    let mut handshake = Handshake::new();
    assert_eq!(handshake.listen(), Err(InUse));
    handshake.take().unwrap();
    assert_eq!(handshake.take(), Err(InUse));
    handshake.listen().unwrap();
    assert_eq!(handshake.listen(), Err(InUse));
}

#[test]
fn phone_that_closes_before_anybody_listens_is_not_open_later() {
    let mut handshake = Handshake::new();
    handshake.control(&[1]).unwrap();
    handshake.take().unwrap();
    handshake.control(&[0]).unwrap();
    assert!(!handshake.open());
    assert_eq!(handshake.listen(), Ok(None));
}

proptest! {
    #[test]
    fn every_message_arrives_as_it_was_at_every_mtu(
        mtu in MTU_MIN..=MTU_MAX,
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..CAP), 1..5),
    ) {
        let size = chunk_size(mtu);
        let mut to = Reassembler::<CAP>::new();
        for message in &messages {
            let got = feed(&mut to, &writes(message, size), size);
            prop_assert_eq!(got, [Some(message.clone())]);
        }
    }

    #[test]
    fn every_message_is_fetched_as_it_was_at_every_mtu(
        mtu in MTU_MIN..=MTU_MAX,
        message in prop::collection::vec(any::<u8>(), 0..CAP),
    ) {
        let size = chunk_size(mtu);
        prop_assume!(message.len() >= size);
        prop_assert_eq!(fetch(&mut Transfer::new(), &message, size), Some(message));
    }

    #[test]
    fn any_writes_at_all_never_give_more_than_the_cap(
        size in 20_usize..=512,
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..600), 0..40),
    ) {
        let mut to = Reassembler::<CAP>::new();
        let mut pending: Option<Vec<u8>> = Some(Vec::new());
        for chunk in &chunks {
            // The model: one growing list, given up for good once it passes the cap.
            pending = pending.map(|mut bytes| { bytes.extend_from_slice(chunk); bytes })
                .filter(|bytes| bytes.len() <= CAP);
            let got = match to.push(chunk, size) {
                Received::More => None,
                Received::Whole(bytes) => Some(Some(bytes.to_vec())),
                Received::TooLong(_) => Some(None),
            };
            let ends = chunk.len() < size;
            let expected = match (&pending, ends) {
                (_, false) => None,
                (Some(bytes), true) if bytes.is_empty() => None,
                (whole, true) => Some(whole.clone()),
            };
            prop_assert_eq!(got, expected);
            if ends { pending = Some(Vec::new()); }
        }
    }

    #[test]
    fn outbox_is_a_queue(operations in prop::collection::vec(
        prop::option::of(prop::collection::vec(any::<u8>(), 0..80)), 0..200)) {
        let mut outbox = Outbox::<128>::new();
        let mut model: std::collections::VecDeque<Vec<u8>> = Default::default();
        let mut buffer = [0; 128];
        for operation in operations {
            match operation {
                Some(message) => {
                    let used: usize = model.iter().map(|m| m.len() + 2).sum();
                    let fits = used + message.len() + 2 <= 128;
                    prop_assert_eq!(outbox.push(&message).is_ok(), fits);
                    if fits { model.push_back(message); }
                }
                None => {
                    prop_assert_eq!(outbox.next_len(), model.front().map(Vec::len));
                    prop_assert_eq!(outbox.longest(), model.iter().map(Vec::len).max().unwrap_or(0));
                    prop_assert_eq!(outbox.pop(&mut buffer).map(<[u8]>::to_vec), model.pop_front());
                }
            }
        }
    }
}
