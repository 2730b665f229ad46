//! A device at the end of a pipe, for clients that are not ours: one line in, one line out.
//!
//! ```text
//! ask CONNECTION ENDPOINT HEX   the request's answer: `answer HEX` or `refused`
//! gone CONNECTION               the connection has ended: `done`
//! work                          what was asked for is carried out: `done`
//! saved                         the saved networks, priority 0 first: `saved HEX,HEX`
//! ```
//!
//! Its arguments are the security: `0`, `1 SECRET` or `2 USER PASSWORD`. In the air are `Home`, of the
//! passphrase `secret123`, and eleven more.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test's device stops at what it does not expect"
)]

mod board;
mod device;
mod phone;
mod protobuf;
mod random;

use std::io::{BufRead, Write};

use board::access_point;
use device::{Device, hex, one, two};
use wifi_provision::protocomm::{Connection, Security};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let security = match arguments.as_slice() {
        ["0"] => Security::Plain,
        ["1", secret] => one(secret),
        ["2", user, password] => two(user, password),
        _ => panic!("0, 1 SECRET or 2 USER PASSWORD"),
    };
    let mut air = vec![
        access_point("Home", "secret123", -50),
        access_point("Home", "secret123", -80),
    ];
    for number in 0..8 {
        air.push(access_point(
            &format!("Neighbour {number}"),
            "unknown to us",
            -60 - number,
        ));
    }
    let mut device = Device::new(security, air);
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let words: Vec<&str> = line.split(' ').collect();
        let answer = obey(&mut device, &words);
        writeln!(out, "{answer}").expect("somebody listens");
        out.flush().expect("somebody listens");
    }
}

fn obey(device: &mut Device, words: &[&str]) -> String {
    let connection = |word: &str| Connection(word.parse().expect("a number"));
    match words {
        ["ask", of, endpoint, request] => device
            .ask(connection(of), endpoint, &hex(request))
            .map_or("refused".into(), |answer| {
                format!("answer {}", digits(&answer))
            }),
        ["gone", of] => {
            device.protocomm.disconnected(connection(of));
            "done".into()
        }
        ["work"] => {
            device.work();
            "done".into()
        }
        ["saved"] => {
            let saved = device.board.saved.iter().rev();
            let names: Vec<String> = saved.map(|saved| digits(saved.ssid())).collect();
            format!("saved {}", names.join(","))
        }
        _ => panic!("no such order: {words:?}"),
    }
}

fn digits(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
