#![allow(clippy::unwrap_used, reason = "tests")]

use core::cell::RefCell;
use core::future::pending;
use std::boxed::Box;
use std::rc::Rc;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use embassy_futures::join::join;
use embassy_time::Timer;

use super::*;
use crate::calls::{Status, TURN};
use crate::network::Ssid;
use crate::radio::{Found, JoinError};
use crate::virtual_time::{clock, pass, run};

const HERE: Address = Address {
    address: [10, 0, 0, 7],
    prefix: 24,
    gateway: None,
    dns: [None, None],
};

/// What the fakes do, and what was done to them.
#[derive(Default)]
struct Outside {
    log: Vec<String>,
    join_fails: Option<JoinError>,
    join_hangs: bool,
    leave_hangs: bool,
    scan_hangs: bool,
    no_address: bool,
    expired: bool,
    lost: Option<LossReason>,
}

#[derive(Clone, Default)]
struct Fake(Rc<RefCell<Outside>>);

impl Fake {
    fn log(&self, what: &str) {
        self.0.borrow_mut().log.push(what.to_string());
    }

    fn set(&self, change: impl FnOnce(&mut Outside)) {
        change(&mut self.0.borrow_mut());
    }

    fn take_log(&self) -> Vec<String> {
        core::mem::take(&mut self.0.borrow_mut().log)
    }
}

impl Radio for Fake {
    async fn start(&mut self) -> Result<(), RadioError> {
        self.log("start");
        Ok(())
    }

    async fn stop(&mut self) -> Result<(), RadioError> {
        self.log("stop");
        Ok(())
    }

    async fn scan(&mut self, found: &mut ScanList) -> Result<(), RadioError> {
        found.add(Found {
            ssid: Ssid::new(b"seen").unwrap(),
            ..Found::default()
        });
        if self.0.borrow().scan_hangs {
            pending::<()>().await;
        }
        Ok(())
    }

    async fn join(&mut self, network: &Join) -> Result<Joined, JoinError> {
        self.log(&format!(
            "join {} {} {}",
            network.ssid,
            network.security,
            network.credential.as_bytes().len()
        ));
        if self.0.borrow().join_hangs {
            pending::<()>().await;
        }
        Timer::after_millis(100).await;
        match self.0.borrow().join_fails {
            Some(error) => Err(error),
            None => Ok(Joined::default()),
        }
    }

    async fn leave(&mut self) -> Result<(), RadioError> {
        self.log("leave");
        if self.0.borrow().leave_hangs {
            pending::<()>().await;
        }
        Ok(())
    }

    async fn lost(&mut self) -> LossReason {
        loop {
            if let Some(reason) = self.0.borrow_mut().lost.take() {
                return reason;
            }
            Timer::after_millis(10).await;
        }
    }

    async fn rssi(&mut self) -> Result<i8, RadioError> {
        Ok(-50)
    }

    fn mac(&self) -> [u8; 6] {
        [0; 6]
    }
}

impl Net for Fake {
    async fn settled(&mut self) {}

    async fn address(&mut self) -> Address {
        if self.0.borrow().no_address {
            pending::<()>().await;
        }
        Timer::after_millis(50).await;
        HERE
    }

    async fn changed(&mut self, known: &Address) -> Option<Address> {
        assert_eq!(known, &HERE);
        while !self.0.borrow().expired {
            Timer::after_millis(10).await;
        }
        None
    }
}

/// A station, what is outside of it, and its callers' end.
struct Bench {
    outside: Fake,
    calls: &'static Calls,
    station: Station<'static, Fake, Fake>,
}

const SOON: Duration = Duration::from_secs(60);

impl Bench {
    /// One that is switched on.
    fn new() -> Self {
        let outside = Fake::default();
        let calls: &'static Calls = Box::leak(Box::new(Calls::new()));
        let found = Box::leak(Box::new(ScanList::new()));
        let station = Station::new(outside.clone(), outside.clone(), calls, found);
        let mut bench = Self {
            outside,
            calls,
            station,
        };
        bench.ask(Call::On).0.unwrap();
        // A radio that a former life left joined is told first.
        assert_eq!(bench.outside.take_log(), ["leave", "start"]);
        bench
    }

    fn ask(&mut self, call: Call) -> (Result<(), Failure>, Duration) {
        run(self.calls.ask(call, SOON), self.station.run())
    }

    fn join(
        &mut self,
        ssid: &str,
        security: Security,
        credential: &str,
    ) -> (Result<(), Failure>, Duration) {
        run(
            self.calls.join(fill(ssid, security, credential), SOON),
            self.station.run(),
        )
    }

    fn home(&mut self) -> (Result<(), Failure>, Duration) {
        self.join("home", Security::Wpa2, "passphrase")
    }

    fn status(&self) -> Status {
        self.calls.status()
    }
}

fn fill(
    ssid: &str,
    security: Security,
    credential: &str,
) -> impl FnOnce(&mut Join) -> Result<(), Failure> {
    move |join| {
        join.ssid = Ssid::new(ssid.as_bytes()).ok_or(Failure::Invalid)?;
        join.security = security;
        join.credential.set(credential.as_bytes());
        Ok(())
    }
}

#[test]
fn joining_ends_with_an_address() {
    let _clock = clock();
    let mut bench = Bench::new();
    let (result, took) = bench.home();
    result.unwrap();
    assert!(
        took >= Duration::from_millis(150),
        "association and address take their time: {took:?}"
    );
    assert_eq!(bench.outside.take_log(), ["join home WPA2 10"]);
    assert_eq!(bench.status().address, Some(HERE));
    assert!(bench.status().is_connected_to(None));
    assert!(bench.status().is_connected_to(Some(b"home")));
    for other in [&b"hom"[..], b"home2", b""] {
        assert!(!bench.status().is_connected_to(Some(other)), "{other:?}");
    }
}

#[test]
fn each_refusal_is_told_and_kept_and_leaves_nothing_joined() {
    let _clock = clock();
    for (error, failure) in [
        (JoinError::AuthFailed, Failure::AuthFailed),
        (JoinError::NotFound, Failure::NotFound),
        (JoinError::NotSupported, Failure::NotSupported),
        (JoinError::Refused, Failure::Refused),
        (JoinError::SecurityMismatch, Failure::SecurityMismatch),
        (
            JoinError::Radio(RadioError::Bus),
            Failure::Radio(RadioError::Bus),
        ),
    ] {
        let mut bench = Bench::new();
        bench
            .outside
            .set(|outside| outside.join_fails = Some(error));
        assert_eq!(bench.home().0, Err(failure));
        assert_eq!(
            bench.status().failure,
            Some((Ssid::new(b"home").unwrap(), failure))
        );
        assert!(bench.status().network.is_none());
        // The next attempt clears it.
        bench.outside.set(|outside| outside.join_fails = None);
        bench.home().0.unwrap();
        assert_eq!(bench.status().failure, None);
    }
}

#[test]
fn every_wait_is_bounded() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.outside.set(|outside| outside.join_hangs = true);
    let (result, took) = bench.home();
    assert_eq!(result, Err(Failure::Timeout));
    assert!(
        took >= limits::JOIN && took < limits::JOIN + Duration::from_secs(1),
        "{took:?}"
    );
    assert_eq!(bench.outside.take_log(), ["join home WPA2 10", "leave"]);

    bench.outside.set(|outside| {
        outside.join_hangs = false;
        outside.no_address = true;
        outside.leave_hangs = true;
    });
    let (result, took) = bench.home();
    assert_eq!(result, Err(Failure::NoAddress));
    assert!(took < limits::LONGEST, "{took:?}");
    assert!(!bench.status().is_connected_to(None));

    bench.outside.set(|outside| outside.scan_hangs = true);
    assert_eq!(bench.ask(Call::Scan).0, Err(Failure::Timeout));
}

#[test]
fn what_cannot_be_right_does_not_reach_the_radio_nor_end_the_connection() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.home().0.unwrap();
    bench.outside.take_log();
    for (ssid, security, credential, failure) in [
        (
            "x",
            Security::Wpa2Enterprise,
            "12345678",
            Failure::NotSupported,
        ),
        ("x", Security::Other, "12345678", Failure::NotSupported),
        ("x", Security::Open, "12345678", Failure::Invalid),
        ("x", Security::Wpa2, "1234567", Failure::Invalid),
        ("x", Security::Wpa3, "", Failure::Invalid),
        ("x", Security::Wep, "1234", Failure::Invalid),
        ("x", Security::Wep, "123456789x", Failure::Invalid),
        ("", Security::Open, "", Failure::Invalid),
    ] {
        assert_eq!(
            bench.join(ssid, security, credential).0,
            Err(failure),
            "{ssid} {security} {credential}"
        );
    }
    assert!(bench.outside.take_log().is_empty());
    assert!(bench.status().is_connected_to(Some(b"home")));
}

#[test]
fn a_switch_leaves_the_former_network_first() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.home().0.unwrap();
    bench.join("cafe", Security::Open, "").0.unwrap();
    bench.join("cafe", Security::Open, "").0.unwrap();
    assert_eq!(
        bench.outside.take_log(),
        [
            "join home WPA2 10",
            "leave",
            "join cafe open 0",
            "leave",
            "join cafe open 0"
        ]
    );
    assert!(bench.status().is_connected_to(Some(b"cafe")));
}

#[test]
fn a_lost_network_is_noticed_at_once() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.home().0.unwrap();
    bench
        .outside
        .set(|outside| outside.lost = Some(LossReason::BeaconsLost));
    pass(Duration::from_millis(50), bench.station.run());
    assert!(!bench.status().is_connected_to(None));
    assert_eq!(bench.status().network, None);
    bench.home().0.unwrap();
}

#[test]
fn a_network_lost_before_its_address_fails_without_waiting_for_it() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.outside.set(|outside| {
        outside.no_address = true;
        outside.lost = Some(LossReason::Deauthenticated);
    });
    let (result, took) = bench.home();
    assert_eq!(result, Err(Failure::Lost(LossReason::Deauthenticated)));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn an_address_that_runs_out_ends_the_connection() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.home().0.unwrap();
    bench.outside.set(|outside| outside.expired = true);
    pass(Duration::from_millis(50), bench.station.run());
    assert!(!bench.status().is_connected_to(None));
    assert_eq!(bench.outside.take_log(), ["join home WPA2 10", "leave"]);
}

#[test]
fn switched_off_nothing_works_but_switching_on() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.home().0.unwrap();
    bench.ask(Call::Off).0.unwrap();
    bench.ask(Call::Off).0.unwrap();
    assert_eq!(
        bench.outside.take_log(),
        ["join home WPA2 10", "leave", "stop"]
    );
    assert_eq!(bench.status(), Status::default());
    for call in [Call::Scan, Call::Leave] {
        assert_eq!(bench.ask(call).0, Err(Failure::Off));
    }
    assert_eq!(bench.home().0, Err(Failure::Off));
    bench.ask(Call::On).0.unwrap();
    bench.home().0.unwrap();
}

#[test]
fn no_credential_stays_behind() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.home().0.unwrap();
    assert!(bench.station.wanted.credential.as_bytes().is_empty());
    // Also when the station never took it.
    let given_up = bench.calls.join(
        fill("home", Security::Wpa2, "passphrase"),
        Duration::from_secs(1),
    );
    assert_eq!(run(given_up, pending::<()>()).0, Err(Failure::Timeout));
    let mut left = Join::none();
    bench.calls.take_network(&mut left);
    assert!(left.credential.as_bytes().is_empty());
}

#[test]
fn a_late_answer_is_not_the_next_callers() {
    let _clock = clock();
    let mut bench = Bench::new();
    bench.outside.set(|outside| outside.join_hangs = true);
    let impatient = bench.calls.join(
        fill("home", Security::Wpa2, "passphrase"),
        Duration::from_secs(1),
    );
    assert_eq!(run(impatient, bench.station.run()).0, Err(Failure::Timeout));
    // The net task is slow: it answers the second call (after the one that switched on) now.
    let slow = async {
        let (number, _) = bench.calls.next().await;
        bench
            .calls
            .answer(number.wrapping_sub(1), Err(Failure::Refused));
        Timer::after_millis(50).await;
        bench.calls.answer(number, Ok(()));
        pending::<()>().await;
    };
    assert_eq!(run(bench.calls.ask(Call::Scan, SOON), slow).0, Ok(()));
}

#[test]
fn callers_take_turns_and_none_waits_for_ever() {
    let _clock = clock();
    let mut bench = Bench::new();
    let calls = bench.calls;
    let both = join(
        calls.scan(|found| found.as_slice().len(), SOON),
        calls.ask(Call::Leave, SOON),
    );
    assert_eq!(run(both, bench.station.run()).0, (Ok(1), Ok(())));
    // Nobody serves: the first caller keeps the turn until it gives up.
    let long = TURN + Duration::from_secs(10);
    let both = join(calls.ask(Call::Scan, long), calls.ask(Call::Leave, long));
    let (results, took) = run(both, pending::<()>());
    assert_eq!(results, (Err(Failure::Timeout), Err(Failure::Busy)));
    assert!(took <= long + Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_scan_keeps_the_strongest_and_puts_hidden_ones_last() {
    let mut list = ScanList::new();
    for rssi in -60..-20_i8 {
        let named = rssi % 2 == 0;
        let ssid = if named {
            Ssid::new(b"x").unwrap()
        } else {
            Ssid::hidden()
        };
        list.add(Found {
            ssid,
            rssi,
            ..Found::default()
        });
    }
    let kept: Vec<(bool, i8)> = list
        .as_slice()
        .iter()
        .map(|found| (found.ssid.is_empty(), found.rssi))
        .collect();
    let mut expected: Vec<(bool, i8)> = vec![];
    expected.extend(
        (-60..-20)
            .rev()
            .filter(|rssi| rssi % 2 == 0)
            .map(|rssi| (false, rssi)),
    );
    assert_eq!(kept, expected);
}
