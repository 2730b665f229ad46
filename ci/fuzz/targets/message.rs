//! Any bytes as a message of a phone: nothing breaks, and what is taken for a request is one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use well_formed::measure;
use wifi_provision::config::MAX_SCAN_NETWORKS;
use wifi_provision::service::{Request, Service};
use wifi_provision::status::Status;
use world::serve::{Profile, Rejected, Taken, read, read_to_refuse, receive, saved};
use world::{Handset, Journal, Radio};

#[allow(dead_code, reason = "a test of the reader uses the rest")]
#[path = "../../../tests/properties/well_formed.rs"]
mod well_formed;
#[path = "../../../tests/world/mod.rs"]
mod world;

/// Longer ones a channel does not take.
const LONGEST: usize = 2048;

fuzz_target!(|message: &[u8]| {
    if message.len() > LONGEST {
        return;
    }
    let mut profile = Profile::new();
    let taken = read(message, &mut profile);
    match taken {
        Ok(request) => {
            assert!(
                measure(message).is_some(),
                "a damaged message was taken for a request"
            );
            if let Request::List { max } = request {
                assert!((1..=MAX_SCAN_NETWORKS).contains(&usize::from(max)));
            }
            if let Request::Save { .. } = request {
                let saved = saved(&profile);
                assert!(!saved.ssid.is_empty() && saved.security <= 5);
            }
            assert_eq!(read_to_refuse(message), Some(request.kind()));
        }
        // The kind is the same whether or not there is room for the request.
        Err(Rejected::Refused(kind, status)) => {
            assert_ne!(status, Status::Success);
            assert_eq!(read_to_refuse(message), Some(kind));
        }
        Err(Rejected::Unrecognised) => assert_eq!(read_to_refuse(message), None),
    }
    let journal = Journal::default();
    let mut radio = Radio::new(&journal);
    let mut phone = Handset::new(&journal);
    let outcome = receive(&mut Service::new(), message, &mut radio, &mut phone);
    // Whoever can be answered is answered.
    assert_eq!(outcome == Taken::Dropped, phone.received.is_empty());
});
