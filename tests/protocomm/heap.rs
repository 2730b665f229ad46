//! How much heap the messages take, and what happens without: as the device needs it, in a process of its own.
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
use wifi_provision::message::espressif::{MAX_MESSAGE_BYTES, config, control, scan, session};
use wifi_provision::protocomm::{Answer, NoApplications, Protocomm, Refused, serve};
use wifi_provision::service::Service;

use board::{Board, access_point};
use counting::watched;
use device::{PHONE, two};
use phone::Phone2;
use random::Known;

/// What `wifi_provision_protocomm.h` promises while a request is answered, bytes.
const BUDGET: usize = 1024;

/// A phone and a device of security 2, whose heap may have nothing for the device.
struct Meeting {
    board: Board,
    service: Service,
    protocomm: Protocomm,
    random: Known,
    phone: Phone2,
    out: [u8; MAX_MESSAGE_BYTES],
    /// Which of the device's allocations is the first to fail, and how many there were.
    first_failing: usize,
    asked_for: usize,
    most: usize,
}

impl Meeting {
    fn new(first_failing: usize) -> Self {
        let air = (0..MAX_SCAN_NETWORKS)
            .map(|number| {
                let name = format!("{number}").repeat(32);
                access_point(&name, "secret123", -40 - number as i8)
            })
            .collect();
        Self {
            board: Board::new(air),
            service: Service::new(),
            protocomm: Protocomm::new(two("wifiprov", "abcd1234"), 1),
            random: Known::new([]),
            phone: Phone2::new("wifiprov", "abcd1234", &[9; 32]),
            out: [0; MAX_MESSAGE_BYTES],
            first_failing,
            asked_for: 0,
            most: 0,
        }
    }

    /// What the device says, with the heap as it is.
    fn ask(&mut self, endpoint: &str, request: &[u8]) -> Result<Vec<u8>, Refused> {
        let mut answer = Ok(Answer::Pending);
        let left = self.first_failing - self.asked_for;
        let (most, asked_for) = watched(left, || {
            answer = self.protocomm.handle(
                PHONE,
                endpoint,
                request,
                &mut self.out,
                &mut self.random,
                &mut NoApplications,
            );
        });
        println!("{endpoint}: {} bytes in, {most} of heap", request.len());
        self.most = self.most.max(most);
        // Once it has failed it goes on failing: the heap is full.
        self.asked_for = self.first_failing.min(self.asked_for + asked_for);
        match answer? {
            Answer::Ready(length) => Ok(self.out[..length].to_vec()),
            Answer::Pending => {
                let job = self.protocomm.next_job().unwrap();
                // The service itself takes none, whatever it finds.
                let outcome = watched(0, || {
                    let outcome = serve::carry_out(job, &mut self.service, &mut self.board);
                    self.protocomm.done(outcome);
                });
                assert_eq!(outcome, (0, 0));
                let Answer::Ready(length) = self.protocomm.pending(PHONE, &mut self.out)? else {
                    panic!("the scan is over");
                };
                Ok(self.out[..length].to_vec())
            }
        }
    }

    fn secured(&mut self, endpoint: &str, request: &[u8]) -> Result<Vec<u8>, Refused> {
        // A request that gets no answer was read: both sides count it, and go on.
        let sealed = self.phone.seal(request);
        let answer = self.ask(endpoint, &sealed)?;
        Ok(self.phone.open(&answer).unwrap())
    }

    /// Everything there is: a handshake, a scan, a page, a network that is set, joined and asked after.
    fn happens(&mut self) -> [Result<Vec<u8>, Refused>; 6] {
        let hello = self.phone.hello();
        // A handshake needs no heap.
        let welcome = self.ask("prov-session", &hello).unwrap();
        let proof = self.phone.proof(&welcome);
        let confirmation = self.ask("prov-session", &proof).unwrap();
        assert!(self.phone.believes(&confirmation));
        let set = protobuf::octets(
            12,
            &[
                protobuf::octets(1, "0".repeat(32).as_bytes()),
                protobuf::octets(2, b"secret123"),
            ]
            .concat(),
        );
        let set = [protobuf::number(1, 2), set].concat();
        let scanned = self.secured("prov-scan", &[0x52, 2, 0x08, 1]);
        let page = self.secured("prov-scan", &[0x08, 4, 0x72, 2, 0x10, 8]);
        let set = self.secured("prov-config", &set);
        let applied = self.secured("prov-config", &[0x08, 4]);
        while let Some(job) = self.protocomm.next_job() {
            let outcome = serve::carry_out(job, &mut self.service, &mut self.board);
            self.protocomm.done(outcome);
        }
        let state = self.secured("prov-config", &[0x52, 0]);
        let again = self.secured("prov-ctrl", &[0x08, 3, 0x6a, 0]);
        [scanned, page, set, applied, state, again]
    }
}

#[test]
fn every_kind_of_message_stays_within_the_budget() {
    let mut meeting = Meeting::new(usize::MAX);
    let [_, page, _, _, state, _] = meeting.happens();
    assert!(page.unwrap().len() > 400);
    assert_eq!(protobuf::number_at(&state.unwrap(), &[11, 2]), 0);
    assert!(meeting.most <= BUDGET, "{} bytes", meeting.most);
}

/// An allocation that fails where nobody asks whether it did ends this process, and the test with it.
#[test]
fn a_full_heap_is_an_answer_less_and_never_the_end() {
    let whole = {
        let mut meeting = Meeting::new(usize::MAX);
        let answers = meeting.happens();
        assert!(answers.iter().all(Result::is_ok));
        meeting.asked_for
    };
    println!("{whole} allocations");
    assert!(whole > 10);
    for first_failing in 0..whole {
        let mut meeting = Meeting::new(first_failing);
        let [scanned, page, set, applied, state, again] = meeting.happens();
        // What needs none is as ever, and the device joins.
        assert!([scanned, set, applied, again].iter().all(Result::is_ok));
        assert_eq!(meeting.board.saved.len(), 1);
        // A page that cannot be made has a status, a state none.
        let status = protobuf::number_at(&page.unwrap(), &[2]);
        assert!(status == 0 || state == Err(Refused), "{first_failing}");
        assert!(status == 0 || status == 5, "{first_failing}");
    }
}

/// So there is nothing of a passphrase on it either, whether the message was whole or broke off behind that.
#[test]
fn reading_takes_no_heap_whatever_comes() {
    let mut messages = vec![
        // Fields of responses, repeated ones among them, as many as there is room for.
        [vec![0x7a, 0xf4, 0x03], [0x0a, 0x00].repeat(250)].concat(),
        // A field of the greatest length a request has.
        protobuf::octets(12, &protobuf::octets(1, &[7; 490])),
    ];
    let network = [
        protobuf::octets(1, b"Home"),
        protobuf::octets(2, &[b'p'; 63]),
    ]
    .concat();
    let set = [protobuf::number(1, 2), protobuf::octets(12, &network)].concat();
    let behind: [&[u8]; 7] = [
        &[],
        &[0x08],                // Breaks off.
        &[0x62, 0x00],          // The network again.
        &[0x6a, 0x05, 0x00],    // Longer than there is.
        &[0x13, 0x14],          // A group.
        &[0xff; 12],            // No number.
        &[0x50, 0x01, 0x0a, 1], // Other kinds.
    ];
    messages.extend(behind.map(|behind| [set.as_slice(), behind].concat()));
    let hello = Phone2::new("wifiprov", "abcd1234", &[9; 32]).hello();
    messages.extend((0..hello.len()).map(|end| hello[..end].to_vec()));
    messages.push(hello);
    for message in messages {
        let watched = watched(0, || {
            let _ = scan::decode(&message);
            let _ = config::decode(&message);
            let _ = session::decode(&message);
            let _ = control::decode(&message);
        });
        assert_eq!(watched, (0, 0), "{message:x?}");
    }
}

#[test]
fn the_endpoints_themselves_take_what_the_header_says() {
    let size = size_of::<Protocomm>();
    println!("the endpoints: {size} bytes");
    assert!(size <= 1536, "{size} bytes");
}
