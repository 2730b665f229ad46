//! The parts of the virtual board's firmware: what each adds to flash and memory.

use super::binutils::{Symbol, functions_at, symbols};
use crate::failure::{Doing, Failure};
use crate::{firmware, tree};
use std::fs;
use std::path::Path;

/// A part, and the crates that are it. The first part that fits has a symbol.
const PARTS: &[(&str, &[&str])] = &[
    (
        "TLS and its cryptography",
        &[
            "port_mqtt::tls",
            "embedded_tls",
            "webpki",
            "rustls_pki_types",
            "der",
            "p256",
            "primeorder",
            "elliptic_curve",
            "ecdsa",
            "rfc6979",
            "crypto_bigint",
            "sha2",
            "hmac",
            "hkdf",
            "aes",
            "aes_gcm",
            "cipher",
            "ghash",
            "polyval",
            "rand_chacha",
        ],
    ),
    ("MQTT over BLE", &["port_mqtt_ble"]),
    (
        "MQTT session (its task has TLS's buffers, 21 KB)",
        &["port_mqtt", "board_mps2_an385::mqtt"],
    ),
    ("network manager", &["port_network"]),
    (
        "WiFi and IP stack",
        &[
            "port_wifi",
            "embassy_net",
            "smoltcp",
            "board_mps2_an385::net",
        ],
    ),
    (
        "BLE host",
        &[
            "port_ble",
            "trouble_host",
            "bt_hci",
            "board_mps2_an385::ble",
        ],
    ),
    ("provisioning service", &["wifi_provision"]),
];
const OTHERS: &str = "kernel, its heap, the demo, the rest";

/// Flash and memory of a part, in bytes.
#[derive(Clone, Copy, Default)]
struct Bytes {
    flash: u64,
    memory: u64,
}

impl Bytes {
    fn add(&mut self, symbol: &Symbol) {
        let size = u64::from(symbol.size);
        match symbol.kind.to_ascii_lowercase() {
            'b' => self.memory += size,
            // Its first value lies in flash.
            'd' => {
                self.flash += size;
                self.memory += size;
            }
            _ => self.flash += size,
        }
    }
}

/// Every so many bytes of a function it is asked where its code comes from.
const SAMPLE_BYTES: usize = 8;

/// Stacks that lie in the kernel's heap, so that no symbol shows them, and where they are set.
const STACKS: &[(&str, &str)] = &[
    (
        "of the heap: the stack of MQTT's task",
        "ports/mqtt/src/freertos/mod.rs",
    ),
    (
        "of the heap: the stack of BLE's task",
        "ports/mps2-an385/src/ble.rs",
    ),
    (
        "of the heap: the stack of the IP stack's task",
        "ports/mps2-an385/src/net.rs",
    ),
];
const WORD: u64 = 4;

/// Builds the firmware and prints a line for each part.
pub(super) fn print() -> Result<(), Failure> {
    let image = firmware::build()?;
    let symbols = symbols(&image)?;
    let places = places(&image, &symbols)?;
    let mut parts = vec![Bytes::default(); PARTS.len()];
    let mut others = Bytes::default();
    for (symbol, place) in symbols.iter().zip(places) {
        match place.and_then(|at| parts.get_mut(at)) {
            Some(bytes) => bytes.add(symbol),
            None => others.add(symbol),
        }
    }
    println!("\nThe virtual board's firmware   flash B   RAM B");
    let names = PARTS.iter().map(|(name, _)| *name).chain([OTHERS]);
    for (name, bytes) in names.zip(parts.into_iter().chain([others])) {
        println!("  {name:50} {:8} {:8}", bytes.flash, bytes.memory);
    }
    for (name, file) in STACKS {
        let bytes = WORD * stack_words(&tree::root().join(file))?;
        println!("  {name:50} {:8} {bytes:8}", "");
    }
    Ok(())
}

/// The part of each symbol: that of its name, or, where the name is of no part, that most of its code
/// comes from. What was optimised as a whole has a task's code under the executor's name.
fn places(image: &Path, symbols: &[Symbol]) -> Result<Vec<Option<usize>>, Failure> {
    let mut places: Vec<_> = symbols.iter().map(|symbol| part_of(&symbol.name)).collect();
    let mut addresses = Vec::new();
    let mut owners = Vec::new();
    for (at, symbol) in symbols.iter().enumerate() {
        if symbol.is_code() && places.get(at) == Some(&None) {
            let first = symbol.address & !1; // without the mark of Thumb code
            let some = (first..first.saturating_add(symbol.size)).step_by(SAMPLE_BYTES);
            addresses.extend(some.clone());
            owners.extend(some.map(|_| at));
        }
    }
    let mut votes = vec![vec![0_usize; PARTS.len()]; symbols.len()];
    let mut asked = vec![0_usize; symbols.len()];
    for (functions, owner) in functions_at(image, &addresses)?.iter().zip(owners) {
        if let Some(count) = asked.get_mut(owner) {
            *count += 1;
        }
        let part = functions.iter().find_map(|name| part_of(name));
        if let Some(count) = part.and_then(|part| votes.get_mut(owner)?.get_mut(part)) {
            *count += 1;
        }
    }
    for (place, (votes, asked)) in places.iter_mut().zip(votes.iter().zip(asked)) {
        *place = place.or_else(|| most(votes, asked));
    }
    Ok(places)
}

/// The part with the most votes, if they are not fewer than those of nobody.
fn most(votes: &[usize], asked: usize) -> Option<usize> {
    let nobody = asked.saturating_sub(votes.iter().sum());
    let (part, count) = votes.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (*count > 0 && *count >= nobody).then_some(part)
}

fn part_of(name: &str) -> Option<usize> {
    PARTS
        .iter()
        .position(|(_, crates)| crates.iter().any(|part| is_of(name, part)))
}

/// What a file's line `const STACK: u16 = …;` says.
fn stack_words(file: &Path) -> Result<u64, Failure> {
    let text = fs::read_to_string(file).doing(format!("{} cannot be read", file.display()))?;
    text.lines()
        .find_map(|line| {
            line.strip_prefix("const STACK: u16 = ")?
                .strip_suffix(';')?
                .parse()
                .ok()
        })
        .ok_or_else(|| {
            Failure::new(format!(
                "{} sets no STACK; parts.rs reads it there",
                file.display()
            ))
        })
}

/// Whether a symbol is a crate's or module's: a function of it, or an implementation for its type.
fn is_of(symbol: &str, name: &str) -> bool {
    let bare = symbol.trim_start_matches(['<', '&', '*', '(']);
    bare.strip_prefix(name)
        .is_some_and(|rest| rest.starts_with("::"))
        || symbol.contains(&format!("<{name}::"))
        || symbol.contains(&format!("as {name}::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_of_the_part_most_of_it_comes_from() {
        assert_eq!(most(&[1, 5, 0], 10), Some(1));
        assert_eq!(most(&[1, 4, 0], 10), None, "most of it is nobody's");
        assert_eq!(most(&[0, 0], 0), None);
    }

    #[test]
    fn a_symbol_is_of_its_crate_and_not_of_one_that_begins_alike() {
        assert!(is_of("port_mqtt::session::Session::check", "port_mqtt"));
        assert!(is_of("<p256::Field as core::ops::Mul>::mul", "p256"));
        assert!(is_of(
            "core::ptr::drop_in_place<embedded_tls::Alert>",
            "embedded_tls"
        ));
        assert!(!is_of("port_mqtt_ble::queue::Queue::push", "port_mqtt"));
    }
}
