//! `cargo xtask lint`.

use crate::failure::Failure;
use crate::test::HOST_CRATES;
use crate::{check, deny, image, setup, step, tree};
use std::process::Command;

/// The board's target.
const BOARD: &str = "thumbv7m-none-eabi";

/// `lint`: formatting, clippy with warnings as errors, the library's documentation, and where packages are from. All of it,
/// whatever fails.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    setup::packages()?;
    let results = [
        deny::provenance(),
        step::quiet(
            "formatting",
            tree::cargo().args(["fmt", "--all", "--check"]),
        ),
        step::shown(
            "clippy: what runs on this machine",
            &mut clippy(HOST_CRATES, &["--all-targets"]),
        ),
        step::shown(
            "clippy: the drop-in",
            &mut clippy(
                &["wifi-provision"],
                &["--features", "freertos,panic-handler", "--target", BOARD],
            ),
        ),
        step::shown(
            "clippy: the drop-in with everything of Amazon's",
            &mut clippy(
                &["wifi-provision"],
                &[
                    "--features",
                    "panic-handler,custom-serializer,log,defmt",
                    "--target",
                    BOARD,
                ],
            ),
        ),
        step::shown(
            "clippy: the drop-in with Espressif's protocol",
            &mut clippy(
                &["wifi-provision", "port-wifi"],
                &[
                    "--features",
                    "wifi-provision/panic-handler,wifi-provision/custom-serializer,port-wifi/espressif",
                    "--target",
                    BOARD,
                ],
            ),
        ),
        step::shown(
            "clippy: the C edge's tests",
            &mut clippy(
                &["wifi-provision"],
                &[
                    "--features",
                    "freertos,espressif",
                    "--test",
                    "edge",
                    "--target",
                    "i686-unknown-linux-gnu",
                ],
            ),
        ),
        step::quiet(
            "formatting: what is fuzzed",
            tree::cargo().args(["fmt", "--manifest-path", "ci/fuzz/Cargo.toml", "--check"]),
        ),
        step::shown(
            "clippy: the C symbols of MQTT over BLE",
            &mut clippy(
                &["port-mqtt-ble"],
                &[
                    "--no-default-features",
                    "--features",
                    "c",
                    "--target",
                    BOARD,
                ],
            ),
        ),
        step::shown(
            "clippy: Espressif's protocol on this machine",
            &mut clippy(
                &["wifi-provision", "protobuf", "powercut"],
                &[
                    "--features",
                    "wifi-provision/espressif,powercut/espressif",
                    "--all-targets",
                ],
            ),
        ),
        step::quiet(
            "the protobuf messages are what their descriptions say",
            tree::cargo().args([
                "run",
                "--quiet",
                "--locked",
                "--package",
                "protobuf",
                "--",
                "--check",
            ]),
        ),
        step::shown(
            "clippy: the board",
            &mut clippy(&["board-mps2-an385", "port-executor"], &["--target", BOARD]),
        ),
        // By themselves: the board asks for Espressif's protocol, which needs a heap.
        step::shown(
            "clippy: the demo of defmt",
            &mut clippy(&["demo-defmt"], &["--target", BOARD]),
        ),
        step::shown(
            "clippy: the vectors on a Cortex-M3",
            &mut clippy(&["vectors-qemu"], &["--target", BOARD]),
        ),
        step::quiet("formatting: the ESP32-C3", &mut image::formatting()),
        step::shown("clippy: the ESP32-C3", &mut image::clippy()),
        step::shown(
            "clippy: the RTOS layer's tests, on riscv32",
            &mut clippy(
                &["rtos-tests"],
                &["--target", "riscv32imc-unknown-none-elf"],
            ),
        ),
        step::shown(
            "clippy: the RTOS layer's tests, in 32 bits",
            &mut clippy(&["rtos-tests"], &["--target", "i686-unknown-linux-gnu"]),
        ),
        // And the platform code for chips no test runs on.
        check::run(&[]),
        step::shown(
            "documentation",
            tree::cargo()
                .args([
                    "doc",
                    "--locked",
                    "--no-deps",
                    "--package",
                    "wifi-provision",
                    "--package",
                    "freertos-kernel",
                    "--package",
                    "port-mqtt-ble",
                    "--package",
                    "port-radio-rtos",
                    "--features",
                    "wifi-provision/espressif",
                ])
                .env("RUSTDOCFLAGS", "-D warnings"),
        ),
    ];
    let failures: Vec<String> = results
        .into_iter()
        .filter_map(|result| Some(result.err()?.to_string()))
        .collect();
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(failures.join("; ")))
    }
}

fn clippy(crates: &[&str], options: &[&str]) -> Command {
    let mut command = tree::cargo();
    command.args(["clippy", "--locked"]).args(options);
    for name in crates {
        command.args(["--package", name]);
    }
    command.args(["--", "-D", "warnings"]);
    command
}
