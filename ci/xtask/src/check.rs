//! `cargo xtask check`: the service and the platform code for the chips that no test runs on. What is built for the
//! ESP32-C3 (riscv32imc) and for its sisters with atomics (riscv32imac); with `--xtensa`, what the older ones need.

use crate::failure::Failure;
use crate::{setup, step, tree};
use std::process::Command;

/// What a board's firmware is made of, beside the board.
const PLATFORM: &[&str] = &[
    "wifi-provision",
    "port-executor",
    "port-store",
    "port-ble",
    "port-board",
    "port-wifi",
    "port-radio-rtos",
];
const FEATURES: &str =
    "wifi-provision/freertos,port-ble/freertos,port-wifi/freertos,port-board/freertos";

/// The ESP32, and in all that matters here the ESP32-S3: two cores, atomics of 32 bits and no more. The ESP32-S2 has none,
/// and what stands in for them is assembly, which stock rustc does not take for Xtensa.
const XTENSA: &str = "xtensa-esp32-none-elf";

/// `check [--xtensa]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments {
        [] => {
            setup::packages()?;
            check_and_build()
        }
        [option] if option == "--xtensa" => {
            setup::packages()?;
            step::shown(&format!("type-checking for {XTENSA}"), &mut xtensa()?)
        }
        _ => Err(Failure::new("say `--xtensa`, or nothing for RISC-V")),
    }
}

fn check_and_build() -> Result<(), Failure> {
    let ports = tree::root().join("ports");
    step::shown(
        "clippy for riscv32imc: no compare-and-swap, the ESP32-C3's kernel",
        cargo("clippy", "riscv32imc-unknown-none-elf")
            .env("FREERTOS_PORT_DIR", ports.join("riscv32"))
            .env("FREERTOS_CONFIG_DIR", ports.join("esp32c3/kernel"))
            .args(["--", "-D", "warnings"]),
    )?;
    step::shown(
        "building for riscv32imac",
        &mut cargo("build", "riscv32imac-unknown-none-elf"),
    )
}

fn cargo(task: &str, target: &str) -> Command {
    let mut command = tree::cargo();
    command.args([task, "--locked", "--target", target, "--features", FEATURES]);
    for name in PLATFORM {
        command.args(["--package", name]);
    }
    command
}

/// Stock rustc knows the chips and has no core library for them, so that is checked too (`rust-src`), and without a code
/// generator: LLVM's own for Xtensa takes another data layout than rustc's description of these chips. The C headers are
/// read as for riscv32, whose types are as large and lie the same.
fn xtensa() -> Result<Command, Failure> {
    let kernel = freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?;
    let mut command = cargo("check", XTENSA);
    let variable = XTENSA.replace('-', "_");
    command
        .arg("-Zbuild-std=core,alloc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zcodegen-backend=dummy")
        .env(
            "BINDGEN_EXTRA_CLANG_ARGS",
            "--target=riscv32-unknown-none-elf",
        )
        .env("FREERTOS_PORT_DIR", kernel.join("portable/GCC/RISC-V"))
        .env(format!("CC_{variable}"), "riscv64-unknown-elf-gcc")
        .env(format!("AR_{variable}"), "riscv64-unknown-elf-ar")
        .env(
            format!("CFLAGS_{variable}"),
            "--specs=picolibc.specs -march=rv32imc_zicsr -mabi=ilp32",
        );
    Ok(command)
}
