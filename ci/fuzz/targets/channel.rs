//! Any writes, reads, MTU changes and resets on a data-transfer channel, held against a plain model.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use port_ble::channel::{Reassembler, Received, Transfer, chunk_size};

/// Small, so that it is often too small.
const CAP: usize = 256;

#[derive(Arbitrary, Debug)]
enum Step {
    /// The phone writes so many bytes to RX-large.
    Write(u16),
    /// The phone and the device agree on another MTU.
    Mtu(u16),
    /// The link ends, or the phone closes the channel.
    Reset,
    /// The device sends a message of so many bytes.
    Send(u16),
    /// The phone reads TX-large.
    Read,
    /// The phone reads the last chunk again, from an offset.
    ReadAgain(u16),
}

/// Bytes that tell their place.
fn bytes(length: u16, seed: usize) -> Vec<u8> {
    (0..usize::from(length % 600))
        .map(|at| (at.wrapping_add(seed) % 251) as u8)
        .collect()
}

fuzz_target!(|steps: Vec<Step>| {
    let mut size = chunk_size(23);
    let mut reassembler = Reassembler::<CAP>::new();
    let mut transfer = Transfer::<CAP>::new();
    // What a plain model of each direction holds.
    let mut coming: Vec<u8> = Vec::new();
    let mut going: Option<Vec<u8>> = None;
    for (seed, step) in steps.into_iter().enumerate() {
        match step {
            Step::Write(length) => {
                let chunk = bytes(length, seed);
                coming.extend_from_slice(&chunk);
                let is_last = chunk.len() < size;
                let expected = match (is_last, coming.len()) {
                    (false, _) | (true, 0) => Received::More,
                    (true, 1..=CAP) => Received::Whole(&coming),
                    (true, _) => Received::TooLong(&coming[..CAP]),
                };
                assert_eq!(reassembler.push(&chunk, size), expected);
                if is_last {
                    coming.clear();
                }
            }
            Step::Mtu(mtu) => {
                // As the device does: a message half sent or received was cut for another size.
                size = chunk_size(mtu);
                reassembler.clear();
                transfer.abort();
                coming.clear();
                going = None;
            }
            Step::Reset => {
                reassembler.clear();
                transfer.abort();
                coming.clear();
                going = None;
            }
            Step::Send(length) => {
                let message = bytes(length, seed);
                match transfer.begin(&message, size) {
                    Ok(first) => {
                        assert_eq!(first, &message[..size.min(message.len())]);
                        going = Some(message[first.len()..].to_vec());
                    }
                    Err(_) => {
                        assert!(message.len() > CAP);
                        going = None;
                    }
                }
            }
            Step::Read => {
                let chunk = transfer.read(size);
                match &mut going {
                    None => assert!(chunk.bytes.is_empty() && !chunk.last),
                    Some(rest) => {
                        let length = size.min(rest.len());
                        assert_eq!(chunk.bytes, &rest[..length]);
                        assert_eq!(chunk.last, length < size);
                        rest.drain(..length);
                        if chunk.last {
                            going = None;
                        }
                    }
                }
            }
            Step::ReadAgain(offset) => {
                let again = transfer.read_again(usize::from(offset)).len();
                assert!(again <= size);
            }
        }
    }
});
