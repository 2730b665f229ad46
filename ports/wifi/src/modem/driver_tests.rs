#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use core::cell::RefCell;
use core::convert::Infallible;
use core::future::{pending, poll_fn};
use core::task::Poll;
use std::boxed::Box;
use std::collections::VecDeque;
use std::rc::Rc;
use std::vec::Vec;

use embassy_time::with_timeout;
use embedded_io_async::ErrorType;

use super::*;
use crate::network::{Credential, Ssid};
use crate::virtual_time::{clock, run};

/// Both directions of a serial line.
#[derive(Clone, Default)]
struct Line {
    to_device: Rc<RefCell<VecDeque<u8>>>,
    to_modem: Rc<RefCell<Vec<u8>>>,
}

impl ErrorType for Line {
    type Error = Infallible;
}

impl Read for Line {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        poll_fn(|_| {
            let mut line = self.to_device.borrow_mut();
            // Never as much as was asked for.
            let count = buffer.len().min(line.len()).min(7);
            if count == 0 {
                return Poll::Pending;
            }
            buffer[..count]
                .iter_mut()
                .for_each(|place| *place = line.pop_front().unwrap());
            Poll::Ready(Ok(count))
        })
        .await
    }
}

impl Write for Line {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let count = bytes.len().min(5);
        self.to_modem
            .borrow_mut()
            .extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Line {
    fn raw(&self, bytes: &[u8]) {
        self.to_device.borrow_mut().extend(bytes);
    }

    fn report(&self, sequence: u8, report: &Report) {
        self.raw(encoded(sequence, report).as_bytes());
    }

    /// Payloads of what the device sent since.
    fn commands(&self) -> Vec<Vec<u8>> {
        let mut reader = Reader::new();
        let sent = core::mem::take(&mut *self.to_modem.borrow_mut());
        sent.iter()
            .filter_map(|byte| reader.push(*byte).map(<[u8]>::to_vec))
            .collect()
    }
}

fn encoded(sequence: u8, report: &Report) -> Frame {
    let mut payload = [0; PAYLOAD_MAX];
    Frame::new(postcard::to_slice(&(sequence, report), &mut payload).unwrap()).unwrap()
}

fn bench() -> (Line, &'static Gate, Modem<'static, Line, Line>) {
    let line = Line::default();
    let gate: &'static Gate = Box::leak(Box::new(Gate::new()));
    let mut modem = Modem::new(line.clone(), line.clone(), gate, [1, 2, 3, 4, 5, 6]);
    modem.greeted = true;
    (line, gate, modem)
}

/// The outcome of something that must not wait.
fn now<T>(work: impl Future<Output = T>) -> T {
    run(work, pending::<()>()).0
}

fn home() -> Join {
    Join {
        ssid: Ssid::new(b"home").unwrap(),
        security: Security::Wpa2,
        credential: Credential::new(b"passphrase").unwrap(),
        channel: 6,
    }
}

const JOINED: Report = Report::Joined {
    bssid: [9; 6],
    channel: 6,
    rssi: -40,
};
const LOST: Report = Report::Lost { reason: 1 };

#[test]
fn the_bytes_of_each_command_and_report_are_the_protocols() {
    let _clock = clock();
    let (line, _, mut modem) = bench();
    line.report(1, &Report::Hello { version: 1 });
    line.report(2, &Report::ScanDone);
    line.report(3, &JOINED);
    line.report(4, &Report::Left);
    line.report(5, &Report::Signal { rssi: -40 });
    now(modem.start()).unwrap();
    now(modem.scan(&mut ScanList::new())).unwrap();
    now(modem.join(&home())).unwrap();
    now(modem.leave()).unwrap();
    assert_eq!(now(modem.rssi()), Ok(-40));
    let join = [&[3, 2, 4][..], b"home", &[3, 6, 10], b"passphrase"].concat();
    let expected = [
        &[1, 0, 1, 1, 2, 3, 4, 5, 6][..],
        &[2, 1],
        &join,
        &[4, 3],
        &[5, 4],
    ];
    assert_eq!(line.commands(), expected);
    let found = Report::Found {
        ssid: Ssid::new(b"x").unwrap(),
        bssid: [7; 6],
        security: 3,
        rssi: -1,
        channel: 11,
    };
    let mut payload = [0; PAYLOAD_MAX];
    let bytes = postcard::to_slice(&(9_u8, &found), &mut payload).unwrap();
    assert_eq!(bytes, [9, 1, 1, b'x', 7, 7, 7, 7, 7, 7, 3, 0xff, 11]);
}

#[test]
fn the_longest_join_fits_a_frame() {
    let _clock = clock();
    let (line, _, mut modem) = bench();
    let longest = Join {
        ssid: Ssid::new(&[0; 32]).unwrap(),
        security: Security::Wpa3,
        credential: Credential::new(&[0; 63]).unwrap(),
        channel: 196,
    };
    line.report(1, &Report::JoinFailed { reason: 2 });
    assert_eq!(now(modem.join(&longest)), Err(JoinError::AuthFailed));
    assert_eq!(line.commands()[0].len(), 2 + 33 + 2 + 64);
}

#[test]
fn the_gate_is_open_only_while_joined() {
    let _clock = clock();
    let (line, gate, mut modem) = bench();
    line.report(1, &JOINED);
    now(modem.join(&home())).unwrap();
    assert!(gate.is_open());
    line.report(0, &LOST);
    assert_eq!(now(modem.lost()), LossReason::BeaconsLost);
    assert!(!gate.is_open());
    line.report(2, &JOINED);
    now(modem.join(&home())).unwrap();
    line.report(3, &Report::Left);
    now(modem.leave()).unwrap();
    assert!(!gate.is_open());
    line.report(4, &JOINED);
    now(modem.join(&home())).unwrap();
    line.report(5, &Report::JoinFailed { reason: 1 });
    assert_eq!(now(modem.join(&home())), Err(JoinError::NotFound));
    assert!(!gate.is_open());
}

#[test]
fn a_loss_during_a_scan_is_told_afterwards() {
    let _clock = clock();
    let (line, gate, mut modem) = bench();
    line.report(1, &JOINED);
    now(modem.join(&home())).unwrap();
    line.report(0, &LOST);
    line.report(2, &Report::ScanDone);
    now(modem.scan(&mut ScanList::new())).unwrap();
    assert!(!gate.is_open());
    assert_eq!(now(modem.lost()), LossReason::BeaconsLost);
}

#[test]
fn a_loss_before_joining_is_not_the_new_networks() {
    let _clock = clock();
    let (line, gate, mut modem) = bench();
    line.report(0, &LOST);
    line.report(1, &JOINED);
    now(modem.join(&home())).unwrap();
    assert!(gate.is_open());
    let lost = with_timeout(Duration::from_secs(1), modem.lost());
    assert!(now(lost).is_err(), "nothing was lost");
}

#[test]
fn a_modem_that_restarts_has_lost_the_network() {
    let _clock = clock();
    let (line, gate, mut modem) = bench();
    line.report(1, &JOINED);
    now(modem.join(&home())).unwrap();
    line.report(0, &Report::Ready { version: 1 });
    assert_eq!(now(modem.lost()), LossReason::RadioRestarted);
    assert!(!gate.is_open());
    // It knows nobody: it is greeted first.
    line.report(2, &Report::Hello { version: 1 });
    line.report(3, &JOINED);
    now(modem.join(&home())).unwrap();
    assert!(gate.is_open());
}

#[test]
fn hello_is_repeated_until_the_modem_is_there() {
    let _clock = clock();
    let (line, _, mut modem) = bench();
    let late = async {
        Timer::after_millis(1200).await;
        line.report(3, &Report::Hello { version: 1 });
        pending::<()>().await;
    };
    run(modem.start(), late).0.unwrap();
    assert_eq!(line.commands().len(), 3);
}

#[test]
fn a_modem_of_another_version_is_refused() {
    let _clock = clock();
    let (line, _, mut modem) = bench();
    line.report(1, &Report::Hello { version: 2 });
    assert_eq!(now(modem.start()), Err(RadioError::Version(2)));
}

#[test]
fn an_answer_to_a_command_given_up_is_skipped() {
    let _clock = clock();
    let (line, gate, mut modem) = bench();
    assert!(now(with_timeout(Duration::from_secs(1), modem.join(&home()))).is_err());
    line.report(1, &JOINED);
    line.report(2, &Report::Left);
    now(modem.leave()).unwrap();
    assert!(!gate.is_open());
}

#[test]
fn an_answer_of_the_wrong_kind_is_an_error() {
    let _clock = clock();
    let (line, _, mut modem) = bench();
    line.report(1, &Report::Left);
    assert_eq!(
        now(modem.join(&home())),
        Err(JoinError::Radio(RadioError::Unexpected))
    );
    line.report(2, &Report::Refused);
    assert_eq!(now(modem.rssi()), Err(RadioError::Unexpected));
}

/// Frames with random changes, and random bytes: nothing breaks, and the next good answer arrives.
#[test]
fn no_garbage_stops_the_modem() {
    let _clock = clock();
    let mut seed = 7_u64;
    let mut dice = move |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..2000 {
        let (line, _, mut modem) = bench();
        for _ in 0..dice(6) {
            let mut bytes = encoded(
                1,
                &Report::Found {
                    ssid: Ssid::new(&[0; 32]).unwrap(),
                    bssid: [0; 6],
                    security: 200,
                    rssi: 0,
                    channel: 0,
                },
            )
            .as_bytes()
            .to_vec();
            for _ in 0..dice(5) {
                let at = dice(bytes.len());
                bytes[at] = u8::try_from(dice(256)).unwrap();
            }
            bytes.truncate(dice(bytes.len() + 1));
            line.raw(&bytes);
        }
        line.report(1, &Report::ScanDone);
        let mut found = ScanList::new();
        let scanned = with_timeout(Duration::from_secs(1), modem.scan(&mut found));
        assert_eq!(now(scanned), Ok(Ok(())));
        assert!(
            found
                .as_slice()
                .iter()
                .all(|found| found.security == Security::Other)
        );
    }
}
