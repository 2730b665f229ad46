//! Any bytes at the decoders of Espressif's messages, held against a reader that is not ours; and any
//! answer in any room: all of it, or nothing.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use counting::most;
use libfuzzer_sys::fuzz_target;
use reader::Fields;
use reader::Kind::{Message, Number, Octets};
use wifi_provision::message::espressif::config::{Connected, Ssid, State};
use wifi_provision::message::espressif::scan::{Entry, security};
use wifi_provision::message::espressif::session::Reply;
use wifi_provision::message::espressif::{
    MAX_MESSAGE_BYTES, Unwritable, config, control, scan, session,
};
use wifi_provision::status::Reason;

#[path = "../../../tests/protocomm/counting.rs"]
mod counting;
#[path = "../../../tests/protocomm/decoders.rs"]
mod decoders;
#[allow(dead_code, reason = "the tests of handshakes use the rest")]
#[path = "../../../tests/protocomm/phone.rs"]
mod phone;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../../../tests/protocomm/protobuf.rs"]
mod protobuf;
#[path = "../../../tests/protocomm/reader.rs"]
mod reader;

/// Longer than any answer.
const ROOM: usize = 2 * MAX_MESSAGE_BYTES;

const STATE: Fields = &[
    (1, Number),
    (
        11,
        Message(&[
            (1, Number),
            (2, Number),
            (10, Number),
            (
                11,
                Message(&[
                    (1, Octets),
                    (2, Number),
                    (3, Octets),
                    (4, Octets),
                    (5, Number),
                ]),
            ),
            (12, Message(&[(1, Number)])),
        ]),
    ),
];
/// As [`Fields`] of a page, whose entries are looked into one by one.
const PAGE: Fields = &[(1, Number), (2, Number), (15, Octets)];
const ENTRIES: Fields = &[(
    1,
    Message(&[
        (1, Octets),
        (2, Number),
        (3, Number),
        (4, Octets),
        (5, Number),
    ]),
)];

const SESSION: Fields = &[
    (2, Number),
    (10, Message(&[(1, Number), (21, Message(&[(1, Number)]))])),
    (
        11,
        Message(&[
            (1, Number),
            (21, Message(&[(1, Number), (2, Octets), (3, Octets)])),
            (23, Message(&[(1, Number), (3, Octets)])),
        ]),
    ),
    (
        12,
        Message(&[
            (1, Number),
            (21, Message(&[(1, Number), (2, Octets), (3, Octets)])),
            (23, Message(&[(1, Number), (2, Octets), (3, Octets)])),
        ]),
    ),
];

/// An answer where there is room for it; in any less, nothing but the refusal, and no octet beyond.
fn written(
    room: usize,
    write: impl Fn(&mut [u8]) -> std::result::Result<usize, Unwritable>,
) -> Vec<u8> {
    let mut whole = [0xA5; ROOM];
    let length = write(&mut whole).expect("there is room for every answer");
    assert!(whole[length..].iter().all(|&octet| octet == 0xA5));
    let mut small = [0xA5; ROOM];
    let room = room.min(ROOM);
    match write(&mut small[..room]) {
        Ok(again) => assert_eq!(small[..again], whole[..length]),
        Err(Unwritable::NoRoom) => assert!(room < length, "{length} bytes fit into {room}"),
        Err(Unwritable::NoMemory) => panic!("there is memory"),
    }
    assert!(small[room..].iter().all(|&octet| octet == 0xA5));
    whole[..length].to_vec()
}

fn ssid(from: &mut Unstructured<'_>) -> Result<Ssid> {
    let length = from.int_in_range(0..=32)?;
    Ok(Ssid::from_slice(from.bytes(length)?).expect("it is no longer"))
}

fn reason(from: &mut Unstructured<'_>) -> Result<Reason> {
    Ok(*from.choose(&[
        Reason::Unspecified,
        Reason::Authentication,
        Reason::NotFound,
        Reason::NoAddress,
        Reason::Security,
        Reason::NotSaved,
    ])?)
}

fn state(room: usize, from: &mut Unstructured<'_>) -> Result<()> {
    let state = match from.int_in_range(0..=3)? {
        0 => State::Connected(Connected {
            ssid: ssid(from)?,
            address: from.arbitrary()?,
            bssid: from.arbitrary()?,
            channel: from.arbitrary()?,
            security: from.arbitrary()?,
        }),
        1 => State::Connecting {
            remaining: from.arbitrary()?,
        },
        2 => State::Disconnected,
        _ => State::Failed(reason(from)?),
    };
    let answer = written(room, |out| config::encode_state(&state, out));
    let seen = reader::read(&answer, STATE).expect("an answer can be read");
    assert_eq!(seen.number(1), 1);
    let told = seen.message(11).expect("the state is there");
    let (connected, attempt) = (told.message(11), told.message(12));
    match state {
        State::Connected(here) => {
            let connected = connected.expect("where");
            let [a, b, c, d] = here.address;
            assert_eq!(connected.octets(1), format!("{a}.{b}.{c}.{d}").as_bytes());
            assert_eq!(connected.octets(3), here.ssid.as_slice());
            assert_eq!(connected.octets(4), here.bssid);
            assert_eq!(connected.number(2), here.security.into());
            assert_eq!(connected.number(5), here.channel.into());
            assert_eq!(told.number(2), 0);
        }
        State::Connecting { remaining } => {
            assert_eq!(told.number(2), 1);
            assert_eq!(
                attempt.map(|attempt| attempt.number(1)),
                remaining.map(u64::from)
            );
        }
        State::Disconnected => assert_eq!(told.number(2), 2),
        State::Failed(_) => assert!(told.number(2) == 3 && told.has(10)),
    }
    Ok(())
}

fn page(room: usize, from: &mut Unstructured<'_>) -> Result<()> {
    let count = from.int_in_range(0..=10)?;
    let entries = (0..count)
        .map(|_| {
            Ok(Entry {
                ssid: ssid(from)?,
                bssid: from.arbitrary()?,
                channel: from.arbitrary()?,
                rssi: from.arbitrary()?,
                security: from.arbitrary()?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let answer = written(room, |out| scan::encode_page(Ok(&entries), out));
    let seen = reader::read(&answer, PAGE).expect("an answer can be read");
    assert_eq!((seen.number(1), seen.number(2)), (5, 0));
    let told = reader::read_repeated(seen.octets(15), ENTRIES).expect("entries can be read");
    let told: Vec<_> = told.messages(1).collect();
    assert_eq!(told.len(), entries.len());
    for (told, entry) in told.into_iter().zip(&entries) {
        assert_eq!(told.octets(1), entry.ssid.as_slice());
        assert_eq!(told.number(2), entry.channel.into());
        assert_eq!(told.number(3) as i64, entry.rssi.into());
        assert_eq!(told.octets(4), entry.bssid);
        assert_eq!(told.number(5), security(entry.security).into());
        // Apps fail at numbers they do not know.
        assert!(told.number(5) <= 7);
    }
    Ok(())
}

fn step(room: usize, from: &mut Unstructured<'_>) -> Result<()> {
    let (key, proof, random, nonce): ([u8; 32], [u8; 64], [u8; 16], [u8; 12]) = from.arbitrary()?;
    let length = from.int_in_range(1..=384)?;
    let long = vec![from.arbitrary::<u8>()?; length];
    let reply = match from.int_in_range(0..=4)? {
        0 => Reply::Plain,
        1 => Reply::Welcome1 {
            key: &key,
            random: &random,
        },
        2 => Reply::Confirmation1 { proof: &key },
        3 => Reply::Welcome2 {
            key: &long,
            salt: &random,
        },
        _ => Reply::Confirmation2 {
            proof: &proof,
            nonce: &nonce,
        },
    };
    let answer = written(room, |out| session::encode(&reply, out));
    assert!(answer.len() <= MAX_MESSAGE_BYTES);
    let seen = reader::read(&answer, SESSION).expect("an answer can be read");
    let part = |version: u32, step: u32, field: u32| {
        let answer = seen
            .message(10 + version)
            .and_then(|answer| answer.message(step));
        answer
            .map(|answer| answer.octets(field))
            .expect("the step is there")
    };
    match reply {
        Reply::Plain => assert_eq!(seen.message(10).map(|plain| plain.number(1)), Some(1)),
        Reply::Welcome1 { key, random } => {
            assert_eq!(part(1, 21, 2), key);
            assert_eq!(part(1, 21, 3), random);
        }
        Reply::Confirmation1 { proof } => assert_eq!(part(1, 23, 3), proof),
        Reply::Welcome2 { key, salt } => {
            assert_eq!(part(2, 21, 2), key);
            assert_eq!(part(2, 21, 3), salt);
        }
        Reply::Confirmation2 { proof, nonce } => {
            assert_eq!(part(2, 23, 2), proof);
            assert_eq!(part(2, 23, 3), nonce);
        }
    }
    Ok(())
}

fn answers(from: &mut Unstructured<'_>) -> Result<()> {
    let room = usize::from(u16::arbitrary(from)? % 600);
    match from.int_in_range(0..=2)? {
        0 => state(room, from),
        1 => page(room, from),
        _ => step(room, from),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let held = most(|| {
        let _ = session::decode(bytes);
        let _ = config::decode(bytes);
        let _ = scan::decode(bytes);
        let _ = control::decode(bytes);
    });
    assert_eq!(held, 0, "reading takes no heap");
    decoders::agree_on(bytes);
    // The same bytes once more, as what an answer is made of; too few are no answer.
    let _ = answers(&mut Unstructured::new(bytes));
});
