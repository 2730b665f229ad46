//! The task that asks the application, without a phone.

#![allow(clippy::panic, reason = "a test fails by panicking")]

use core::ffi::CStr;
use core::future::Future;
use core::pin::pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};

use super::{Answer, Endpoints, SESSION};
use crate::ble::Ble;
use crate::config::VALUE_MAX;

/// What a future that need not wait gives.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// Takes every step of a handshake; the phone has left by the time it is computed, if it is one that leaves.
struct Computes {
    ble: &'static Ble,
    leaves: bool,
    steps: AtomicUsize,
}

impl Computes {
    const fn new(ble: &'static Ble, leaves: bool) -> Self {
        Self {
            ble,
            leaves,
            steps: AtomicUsize::new(0),
        }
    }
}

impl Endpoints for Computes {
    fn endpoint(&self, index: usize) -> Option<(&'static CStr, u16)> {
        (index == 0).then_some((SESSION, 0xff51))
    }

    fn asks_for_secret(&self) -> bool {
        true
    }

    fn handle(&self, _: u32, _: &CStr, _: &[u8], _: &mut [u8; VALUE_MAX]) -> Answer {
        self.steps.fetch_add(1, Ordering::Relaxed);
        if self.leaves {
            self.ble.endpoints.departed();
        }
        Answer::Answered(1)
    }

    fn pending(&self, _: u32, _: &mut [u8; VALUE_MAX]) -> Answer {
        Answer::Refused
    }

    fn disconnected(&self, _: u32) {}
}

/// So many phones ask for a step each; how many were computed.
fn visited(endpoints: &'static Computes, visits: usize) -> usize {
    endpoints.ble.offer_endpoints(endpoints);
    for _ in 0..visits {
        endpoints.ble.endpoints.arrived();
        assert!(endpoints.ble.endpoints.ask(0, b"hello"));
        now(endpoints.ble.serve_endpoints(endpoints));
        endpoints.ble.endpoints.departed();
    }
    endpoints.steps.load(Ordering::Relaxed)
}

#[test]
fn strangers_who_leave_while_a_step_is_computed_have_five_of_them_and_then_must_wait() {
    static BLE: Ble = Ble::new();
    static LEAVES: Computes = Computes::new(&BLE, true);
    let _turn = crate::ble::tests::TIME.lock();
    assert_eq!(visited(&LEAVES, 8), 5);
}

#[test]
fn phones_that_wait_for_their_answer_may_come_as_often_as_they_like() {
    static BLE: Ble = Ble::new();
    static STAYS: Computes = Computes::new(&BLE, false);
    assert_eq!(visited(&STAYS, 8), 8);
}

#[test]
fn one_request_is_carried_out_at_a_time_and_the_next_is_told_of() {
    static BLE: Ble = Ble::new();
    static STAYS: Computes = Computes::new(&BLE, false);
    BLE.offer_endpoints(&STAYS);
    BLE.endpoints.arrived();
    assert!(BLE.endpoints.ask(0, b"hello"));
    now(BLE.endpoints_asked());
    now(BLE.serve_endpoints(&STAYS));
    now(BLE.endpoints_asked());
}
