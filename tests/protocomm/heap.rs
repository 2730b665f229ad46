//! How much heap the messages take: as the device needs it, in a process of its own.
#![allow(
    dead_code,
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by failing, and counts below the allocator"
)]

mod board;
mod counting;
mod device;
mod phone;
mod protobuf;
mod random;

use wifi_provision::config::MAX_SCAN_NETWORKS;
use wifi_provision::message::espressif::{MAX_MESSAGE_BYTES, config, scan, session};
use wifi_provision::protocomm::{Answer, NoApplications, Protocomm, serve};
use wifi_provision::service::Service;

use board::{Board, access_point};
use counting::most;
use device::{PHONE, two};
use phone::Phone2;
use random::Known;

/// What `wifi_provision_protocomm.h` promises while a request is answered, bytes.
const BUDGET: usize = 1024;

#[test]
fn every_kind_of_message_stays_within_the_budget() {
    let air = (0..MAX_SCAN_NETWORKS)
        .map(|number| {
            access_point(
                &format!("{number}").repeat(32),
                "secret123",
                -40 - number as i8,
            )
        })
        .collect();
    let mut board = Board::new(air);
    let mut service = Service::new();
    let mut protocomm = Protocomm::new(two("wifiprov", "abcd1234"), 1);
    let mut random = Known::new([]);
    let mut phone = Phone2::new("wifiprov", "abcd1234", &[9; 32]);
    let mut out = [0; MAX_MESSAGE_BYTES];
    let mut worst = 0;
    let mut ask = |protocomm: &mut Protocomm, endpoint: &str, request: &[u8], out: &mut [u8]| {
        let mut answer = Ok(Answer::Pending);
        let most = most(|| {
            answer = protocomm.handle(
                PHONE,
                endpoint,
                request,
                out,
                &mut random,
                &mut NoApplications,
            );
        });
        println!("{endpoint}: {} bytes in, {most} of heap", request.len());
        worst = worst.max(most);
        match answer.unwrap() {
            Answer::Ready(length) => out[..length].to_vec(),
            Answer::Pending => vec![],
        }
    };
    let welcome = ask(&mut protocomm, "prov-session", &phone.hello(), &mut out);
    let proof = phone.proof(&welcome);
    let confirmation = ask(&mut protocomm, "prov-session", &proof, &mut out);
    assert!(phone.believes(&confirmation));

    let start = phone.seal(&[0x52, 2, 0x08, 1]);
    ask(&mut protocomm, "prov-scan", &start, &mut out);
    let job = protocomm.next_job().unwrap();
    // The service itself takes none, whatever it finds.
    assert_eq!(
        most(|| protocomm.done(serve::carry_out(job, &mut service, &mut board))),
        0
    );
    let Ok(Answer::Ready(length)) = protocomm.pending(PHONE, &mut out) else {
        panic!("the scan is over");
    };
    phone.open(&out[..length]).unwrap();

    let page = phone.seal(&[0x08, 4, 0x72, 2, 0x10, 8]);
    let answer = ask(&mut protocomm, "prov-scan", &page, &mut out);
    assert!(phone.open(&answer).unwrap().len() > 400);
    let set = phone.seal(&protobuf::octets(
        12,
        &[
            protobuf::octets(1, &[b's'; 32]),
            protobuf::octets(2, &[b'p'; 63]),
        ]
        .concat(),
    ));
    ask(&mut protocomm, "prov-config", &set, &mut out);
    assert!(worst <= BUDGET, "{worst} bytes");
}

#[test]
fn no_message_makes_the_device_hold_more_than_a_few_times_its_length() {
    // Fields of responses, repeated ones among them, as many as there is room for: nothing is built of them.
    let mut entries = vec![0x7a, 0xf4, 0x03];
    entries.extend([0x0a, 0x00].repeat(250));
    // A field of the greatest length a request has.
    let long = protobuf::octets(12, &protobuf::octets(1, &[7; 490]));
    for message in [entries, long] {
        let most = most(|| {
            let _ = scan::decode(&message);
            let _ = config::decode(&message);
            let _ = session::decode(&message);
        });
        assert!(most <= 2 * MAX_MESSAGE_BYTES, "{most} bytes");
    }
}

#[test]
fn the_endpoints_themselves_take_what_the_header_says() {
    let size = size_of::<Protocomm>();
    println!("the endpoints: {size} bytes");
    assert!(size <= 1536, "{size} bytes");
}
