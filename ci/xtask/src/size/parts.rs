//! The parts of the virtual board's firmware: what each adds to flash and memory.

use super::binutils::{Symbol, symbols};
use crate::failure::Failure;
use crate::firmware;

/// A part, and the crates that are it. The first part that fits has a symbol.
const PARTS: &[(&str, &[&str])] = &[
    (
        "TLS and its cryptography",
        &[
            "port_mqtt::tls",
            "embedded_tls",
            "webpki",
            "pki_types",
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

/// Builds the firmware and prints a line for each part.
pub(super) fn print() -> Result<(), Failure> {
    let symbols = symbols(&firmware::build()?)?;
    let mut parts = vec![Bytes::default(); PARTS.len()];
    let mut others = Bytes::default();
    for symbol in &symbols {
        let part = PARTS
            .iter()
            .zip(&mut parts)
            .find(|((_, crates), _)| crates.iter().any(|name| is_of(&symbol.name, name)));
        match part {
            Some((_, bytes)) => bytes.add(symbol),
            None => others.add(symbol),
        }
    }
    println!("\nThe virtual board's firmware   flash B   RAM B");
    let names = PARTS.iter().map(|(name, _)| *name).chain([OTHERS]);
    for (name, bytes) in names.zip(parts.into_iter().chain([others])) {
        println!("  {name:50} {:8} {:8}", bytes.flash, bytes.memory);
    }
    Ok(())
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
