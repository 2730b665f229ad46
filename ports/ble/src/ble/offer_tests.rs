//! What the BLE task asks of endpoints, while their own task may be computing.

use core::ffi::CStr;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::config::VALUE_MAX;
use crate::endpoints::{Answer, Endpoints};
use crate::gatt;

const CONFIG: crate::Config = crate::Config {
    name: "BLE",
    version: "1",
    broker: "",
    platform: "",
    device_id: "",
    tx_power: 0,
    address: None,
};

/// Counts how often it is asked for names.
struct Counting(AtomicUsize);

impl Endpoints for Counting {
    fn endpoint(&self, index: usize) -> Option<(&'static CStr, u16)> {
        self.0.fetch_add(1, Ordering::Relaxed);
        (index < 2).then_some((c"one", 0xff54))
    }

    fn asks_for_secret(&self) -> bool {
        true
    }

    fn handle(&self, _: u32, _: &CStr, _: &[u8], _: &mut [u8; VALUE_MAX]) -> Answer {
        Answer::Refused
    }

    fn pending(&self, _: u32, _: &mut [u8; VALUE_MAX]) -> Answer {
        Answer::Refused
    }

    fn disconnected(&self, _: u32) {}
}

#[test]
fn names_are_asked_for_when_endpoints_are_offered_and_at_no_connection() {
    static COUNTING: Counting = Counting(AtomicUsize::new(0));
    let ble = Ble::new();
    ble.endpoints.set_address([1; 6]);
    ble.offer_endpoints(&COUNTING);
    let asked = COUNTING.0.load(Ordering::Relaxed);
    for _connection in 0..3 {
        let offer = ble.endpoints.offered().unwrap();
        assert_eq!(offer.endpoints.len(), 2);
        drop(gatt::build(&CONFIG, Some(&offer)));
        assert!(ble.endpoints.ask(1, b"who"));
        ble.endpoints.departed();
    }
    assert_eq!(COUNTING.0.load(Ordering::Relaxed), asked);
}
