//! The stream without a phone: what the channel tells is told by hand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

extern crate std;

use core::future::Future;
use core::pin::pin;
use core::task::Waker;
use std::vec::Vec;

use super::*;
use crate::encode::Sent;

/// What a future that need not wait gives.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn hear(message: &[u8]) {
    SHARED.event(CHANNEL, ChannelEvent::Received(message));
}

#[test]
fn a_packet_without_room_ends_the_stream_behind_what_waits() {
    let mut stream = Stream::take("broker").unwrap();
    SHARED.event(CHANNEL, ChannelEvent::Opened);
    now(stream.opened());
    // As if CONNECT had gone out: no phone is there to take it.
    SHARED.with(|state| {
        let sending = state.session.sending(Sent::Connect, &mut [], 0);
        assert_eq!(sending, Ok(0));
    });
    hear(b"\xa2aw\x02as\x02");
    let mut message = b"\xa5aw\x03au\x61aan\x01ai\x01ak\x59\x08\x00".to_vec();
    message.extend([7; 2048]);
    for _ in 0..4 {
        hear(&message);
    }
    hear(b"\xa1aw\x0d");
    assert!(stream.is_writable(), "what waits is to be acknowledged");
    let mut read = Vec::new();
    loop {
        let mut place = [0; 512];
        match now(stream.read(&mut place)).unwrap() {
            0 => break,
            count => read.extend(place.iter().take(count).copied()),
        }
    }
    // CONNACK, and two messages of 2,056 bytes of the four.
    assert_eq!(read.len(), 4 + 2 * 2056);
    now(stream.opened());
    let pending = pin!(stream.read(&mut [0; 8]))
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_pending();
    assert!(pending, "the next stream begins anew");
}
