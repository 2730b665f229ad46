//! Any handshakes, requests, replays, ends and restarts over several connections, held against the model
//! of `tests/protocomm`. What a life is made of: `tests/protocomm/happening.rs`.
#![no_main]

use happening::Octets;
use libfuzzer_sys::fuzz_target;
use live::live;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../../tests/protocomm/board.rs"]
mod board;
#[allow(dead_code, reason = "the target of messages uses the rest")]
#[path = "../../../tests/protocomm/decoders.rs"]
mod decoders;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../../tests/protocomm/device.rs"]
mod device;
#[path = "../../../tests/protocomm/happening.rs"]
mod happening;
#[path = "../../../tests/protocomm/live.rs"]
mod live;
#[path = "../../../tests/protocomm/model.rs"]
mod model;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../../tests/protocomm/phone.rs"]
mod phone;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../../tests/protocomm/protobuf.rs"]
mod protobuf;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../../tests/protocomm/random.rs"]
mod random;
#[allow(dead_code, reason = "the target of messages uses the rest")]
#[path = "../../../tests/protocomm/reader.rs"]
mod reader;
#[path = "../../../tests/protocomm/shadow.rs"]
mod shadow;

fuzz_target!(|octets: &[u8]| {
    let (asked, attempts, happenings) = Octets::life(octets);
    live(asked, attempts, happenings);
});
