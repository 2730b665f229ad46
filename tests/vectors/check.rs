//! Does the library do what a vector says? On any target: no heap, no std.

use wifi_provision::config::MAX_RESPONSE_BYTES;
use wifi_provision::message::amazon::response::{self, NetworkInfo};
use wifi_provision::platform::Network;
use wifi_provision::service::{Kind, Request, Service};
use wifi_provision::status::Status;

use super::case::{Decoding, Encoding, Expected, Outcome, Run, Says};
use super::world::serve::{Profile, read, read_to_refuse, saved};
use super::world::{Fault, Handset, Journal, Radio, Saved, Taken, receive};

/// What differs, in words.
pub(crate) type Verdict = Result<(), &'static str>;

fn verdict(holds: bool, otherwise: &'static str) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise) }
}

fn kind(number: u8) -> Kind {
    [Kind::List, Kind::Save, Kind::Edit, Kind::Delete]
        .into_iter()
        .find(|kind| *kind as u8 == number)
        .expect("no kind of request")
}

fn status(number: u8) -> Status {
    match number {
        0 => Status::Success,
        1 => Status::Failure,
        2 => Status::Timeout,
        3 => Status::NotSupported,
        _ => panic!("no status"),
    }
}

/// Writes a response and compares.
pub(crate) fn encoding(case: &Encoding<'_>) -> Verdict {
    let mut room = [0; MAX_RESPONSE_BYTES];
    let short;
    let out = match case.says {
        Says::StatusOnly {
            kind: of,
            status: code,
        } => {
            short = response::status(kind(of), status(code));
            short.as_slice()
        }
        Says::OneNetwork {
            status: code,
            ssid,
            bssid,
            security,
            hidden,
            rssi,
            connected,
            priority,
            last,
        } => {
            let info = NetworkInfo {
                network: Network {
                    ssid,
                    bssid: bssid.try_into().map_err(|_| "no BSSID")?,
                    security,
                    rssi,
                },
                status: status(code),
                hidden,
                connected,
                priority,
                last,
            };
            response::network(&mut room, &info)
        }
    };
    verdict(out.len() == case.length, "the length differs")?;
    verdict(
        case.bytes.is_none_or(|bytes| bytes == out),
        "the bytes differ",
    )
}

/// Reads a request and compares; what is not accepted is run against a device, to see the answer.
pub(crate) fn decoding(case: &Decoding<'_>) -> Verdict {
    let mut profile = Profile::new();
    let read = read(case.bytes, &mut profile);
    let expected = match case.outcome {
        Outcome::ListsUpTo { max } => Request::List { max },
        Outcome::Joins { priority } => Request::Join { priority },
        Outcome::Edits { from, to } => Request::Edit { from, to },
        Outcome::Deletes { priority } => Request::Delete { priority },
        Outcome::Saves {
            connect,
            ssid,
            bssid,
            security,
            passphrase,
        } => {
            verdict(read == Ok(Request::Save { connect }), "the request differs")?;
            let read = saved(&profile);
            return verdict(
                read.ssid == *ssid
                    && read.bssid == *bssid
                    && read.security == security
                    && read.passphrase == *passphrase,
                "the profile differs",
            );
        }
        Outcome::AnsweredWith {
            kind: of,
            status: code,
        } => {
            return untouched(case.bytes, Some(response::status(kind(of), status(code))));
        }
        Outcome::Dropped => return untouched(case.bytes, None),
    };
    verdict(read == Ok(expected), "the request differs")
}

/// The message gets this answer or none, and the device stays as it was: one with room in its
/// store, and one whose store is full.
fn untouched(message: &[u8], answer: Option<[u8; response::STATUS_BYTES]>) -> Verdict {
    for count in [4, 8] {
        let journal = Journal::default();
        let mut radio = Radio::new(&journal);
        radio.store = (0..count).map(saved_network).collect();
        let mut phone = Handset::new(&journal);
        let taken = receive(&mut Service::new(), message, &mut radio, &mut phone);
        match answer {
            Some(answer) => verdict(
                phone.received.len() == 1 && phone.received[0] == answer,
                "it is not answered with that status alone",
            )?,
            None => verdict(
                taken == Taken::Dropped && phone.received.is_empty(),
                "it is not dropped",
            )?,
        }
        let calls = radio.calls;
        verdict(
            calls.append + calls.remove + calls.relocate + calls.join + calls.leave + calls.scan
                == 0,
            "the device did something",
        )?;
    }
    Ok(())
}

/// Runs requests against a device and compares all that comes of them; on a platform that moves
/// a profile in one write the phone must see the same.
pub(crate) fn run(case: &Run<'_>) -> Verdict {
    run_on(case, false)?;
    run_on(case, true)
}

fn run_on(case: &Run<'_>, has_move: bool) -> Verdict {
    let journal = Journal::default();
    let mut radio = Radio::new(&journal);
    radio.has_move = has_move;
    radio.store = (0..case.saved).map(saved_network).collect();
    radio.air = (0..case.air).map(|index| Some(air(index))).collect();
    let mut service = Service::new();
    if let Some(priority) = case.connected {
        // As the C application: it joined before the phone came.
        let request = Request::Join {
            priority: i16::from(priority),
        };
        let mut nobody = Handset::new(&journal);
        let joined = super::world::run(&mut service, request, &mut radio, &mut nobody);
        verdict(
            joined == Status::Success,
            "the first network cannot be joined",
        )?;
        radio.settle();
        journal.take();
    }
    radio.join_fault = every(case.join);
    radio.scan_fault = every(case.scan);
    radio.append_fault = Fault::nth(case.failing_append, Status::Failure);
    radio.remove_fault = Fault::nth(case.failing_remove, Status::Failure);
    radio.unreadable = case.unreadable;
    verdict(
        case.requests.len() == case.responses.len(),
        "not every request has its responses",
    )?;
    for (number, (request, expected)) in case.requests.iter().zip(case.responses).enumerate() {
        if number >= case.queued {
            refused_by_the_queue(request, expected)?;
            continue;
        }
        let mut phone = Handset::new(&journal);
        receive(&mut service, request, &mut radio, &mut phone);
        journal.take();
        verdict(
            phone.received.len() == expected.len(),
            "the number of responses differs",
        )?;
        verdict(
            phone
                .received
                .iter()
                .zip(*expected)
                .all(|(a, b)| is_same(a, b)),
            "a response differs",
        )?;
    }
    let names = radio.store.iter().map(|saved| saved.ssid.as_slice());
    verdict(
        names.eq(case.store.iter().map(|name| name.as_bytes())),
        "the store differs",
    )?;
    if has_move {
        return Ok(());
    }
    let made = Expected {
        append: radio.calls.append,
        remove: radio.calls.remove,
        join: radio.calls.join,
        leave: radio.calls.leave,
        scan: radio.calls.scan,
    };
    verdict(made == case.calls, "the calls of the platform differ")
}

/// Without the feature `espressif` to the last byte. With it a failed save has one pair more, and the end of a list up
/// to two, behind all others; everything in front of them is the same.
fn is_same(sent: &[u8], expected: &[u8]) -> bool {
    if !cfg!(feature = "espressif") || sent == expected {
        return sent == expected;
    }
    let (Some((head, sent)), Some((expected_head, expected))) =
        (sent.split_first(), expected.split_first())
    else {
        return false;
    };
    matches!(head.wrapping_sub(*expected_head), 1 | 2)
        && sent
            .strip_prefix(expected)
            .is_some_and(|more| more.starts_with(b"an") || more.starts_with(b"ac"))
}

/// The queue itself is the C edge's; here: that it has a kind to answer to, and which answer.
fn refused_by_the_queue(request: &[u8], expected: &[&[u8]]) -> Verdict {
    let kind = read_to_refuse(request).ok_or("the queue does not recognise it")?;
    verdict(
        expected == [response::status(kind, Status::Failure).as_slice()],
        "the queue would answer otherwise",
    )
}

fn every(code: u8) -> Fault {
    match status(code) {
        Status::Success => Fault::NONE,
        status => Fault::always(status),
    }
}

/// The network at a storage index of the measured device.
fn saved_network(index: u8) -> Saved {
    Saved {
        ssid: named(b"SavedNetwork0", index),
        bssid: core::array::from_fn(|place| index << 4 | place as u8),
        security: 3,
        passphrase: heapless::Vec::from_slice(b"password0123").unwrap_or_default(),
        rssi: 0,
    }
}

/// An access point around the measured device.
fn air(index: u8) -> Saved {
    Saved {
        ssid: named(b"ScanNetwork0", index),
        bssid: core::array::from_fn(|place| 0xa0 + index + place as u8),
        rssi: -40 - 4 * index as i8,
        ..saved_network(index)
    }
}

fn named(name: &[u8], index: u8) -> heapless::Vec<u8, 32> {
    name.iter().copied().chain([b'0' + index]).collect()
}
