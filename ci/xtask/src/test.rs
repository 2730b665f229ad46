//! `cargo xtask test`: every test there is, counted.

mod counts;
mod tables;

use crate::failure::Failure;
use crate::{abi, dist, drop_in, firmware, rtos, setup, step, tree};
use counts::Counts;
use std::env;
use std::process::Command;

/// The service itself.
const SERVICE: &str = "wifi-provision";

/// What is tested with Espressif's protocol.
const WITH_ESPRESSIF: &[&str] = &[SERVICE, "powercut"];

/// Crates whose logic runs on the host.
pub(crate) const HOST_CRATES: &[&str] = &[
    SERVICE,
    "port-store",
    "port-ble",
    "port-board",
    "port-mqtt-ble",
    "port-wifi",
    "port-mqtt",
    "port-network",
    "port-radio-rtos",
    "freertos-kernel",
    "powercut",
    "vectors-qemu",
    "xtask",
];

/// `test [FILTER]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let filter = match arguments {
        [] => None,
        [filter] => Some(filter.as_str()),
        _ => {
            return Err(Failure::new(
                "one FILTER at most: a part of the tests' names",
            ));
        }
    };
    setup::everything()?;
    tables::forget()?;
    let mut tests = Tests {
        filter,
        total: Counts::default(),
    };
    // Apart: a feature named beside crates whose dependency on it is optional would bring the C edge in.
    tests.cargo(
        "Rust, on this machine: the service, and power cuts in it",
        WITH_ESPRESSIF,
        &["--features", "espressif"],
    )?;
    let mut others = HOST_CRATES.to_vec();
    others.retain(|name| !WITH_ESPRESSIF.contains(name));
    tests.cargo("Rust, on this machine: all around it", &others, &[])?;
    tests.cargo(
        "Rust, in 32 bits: the messages",
        &[SERVICE, "port-mqtt-ble"],
        &["--target", "i686-unknown-linux-gnu"],
    )?;
    tests.suite(
        "Rust, in 32 bits: the C edge with a platform in Rust",
        &mut edge(filter),
    )?;
    if filter.is_none_or(|part| "vectors".contains(part)) {
        tests.suite(
            "Rust, on a Cortex-M3 in QEMU: the message vectors",
            &mut vectors_in_qemu(),
        )?;
    }
    tests.suite(
        "C, in 32 bits: the contract, under sanitizers and valgrind",
        &mut abi::command(filter)?,
    )?;
    if filter.is_none_or(|part| "rtos".contains(part)) {
        tests.suite(
            "Rust, on riscv32 in QEMU and in 32 bits: the RTOS layer",
            &mut rtos::command()?,
        )?;
    }
    tests.pytest("C projects that take the drop-in in", drop_in::TESTS)?;
    tests.pytest("Python: the companion", "companion/tests")?;
    tests.pytest("Python: Espressif's own client", "tests/protocomm")?;
    tests.pytest("Python: the air and the access points", "ci/sim")?;
    tests.pytest(
        "Python: the BLE half on this machine",
        "ports/ble/tests/air",
    )?;
    if tests.has("the firmware", firmware::build())
        && tests.has("the drop-in for QEMU", dist::make("thumbv7m-none-eabi"))
        && tests.has("the drop-in for i686", dist::make("i686-unknown-linux-gnu"))
    {
        tests.pytest("end to end, in QEMU", "ci/e2e")?;
    }
    tables::show()?;
    println!("{}", tests.total);
    if tests.total.failed == 0 {
        Ok(())
    } else {
        Err(Failure::new("there are failed tests; each is told above"))
    }
}

/// What exit code pytest has for having found no test.
const NO_TEST: i32 = 5;

/// The suites so far.
struct Tests<'a> {
    filter: Option<&'a str>,
    total: Counts,
}

impl Tests<'_> {
    /// One suite of cargo's.
    fn cargo(&mut self, title: &str, crates: &[&str], options: &[&str]) -> Result<(), Failure> {
        self.suite(title, &mut cargo_test(crates, options, self.filter))
    }

    /// One suite of pytest's.
    fn pytest(&mut self, title: &str, folder: &str) -> Result<(), Failure> {
        self.suite(title, &mut pytest(folder, self.filter)?)
    }

    /// Whether something the next suite needs could be made; a failure counts as one failed test.
    fn has<T>(&mut self, what: &str, made: Result<T, Failure>) -> bool {
        if let Err(failure) = &made {
            eprintln!("  {what}: {failure}");
            self.total.add(Counts {
                passed: 0,
                failed: 1,
            });
        }
        made.is_ok()
    }

    /// Runs one suite, shows what it says, and counts. One that breaks off counts as a failure more.
    fn suite(&mut self, title: &str, command: &mut Command) -> Result<(), Failure> {
        let (code, output) = step::streamed(title, command)?;
        let mut counts = Counts::read(&output);
        let found_none = self.filter.is_some() && code == Some(NO_TEST);
        if code != Some(0) && counts.failed == 0 && !found_none {
            counts.failed = 1;
            eprintln!("  {title}: broke off, see above");
        }
        eprintln!("  {title}: {counts}");
        self.total.add(counts);
        Ok(())
    }
}

/// Of the properties' random values, where the environment names no other: a run is like the last one. New ground is
/// `cargo xtask fuzz`'s.
const SEED: &str = "1";

/// What proptest reads it from.
const SEED_VARIABLE: &str = "PROPTEST_RNG_SEED";

fn cargo_test(crates: &[&str], options: &[&str], filter: Option<&str>) -> Command {
    let mut command = tree::cargo();
    command.args(["test", "--locked", "--no-fail-fast"]);
    for name in crates {
        command.args(["--package", name]);
    }
    command.args(options);
    command.args(filter);
    if env::var_os(SEED_VARIABLE).is_none() {
        command.env(SEED_VARIABLE, SEED);
    }
    command
}

/// What `cargo xtask miri` runs in Miri; of a project whose drivers hold keys of WEP of 13 bytes alone.
fn edge(filter: Option<&str>) -> Command {
    let mut command = tree::cargo();
    command.env("WIFI_PROVISION_CFLAGS", "-DwificonfigMAX_WEPKEY_LEN=13");
    command.args(["test", "--locked", "--package", "wifi-provision"]);
    command.args(["--features", "freertos,espressif", "--test", "edge"]);
    command
        .args(["--target", "i686-unknown-linux-gnu"])
        .args(filter);
    command
}

/// Each vector counts. The time is a hundred times what it needs.
fn vectors_in_qemu() -> Command {
    let mut command = tree::cargo();
    command.args(["run", "--locked", "--release", "--package", "vectors-qemu"]);
    command.args(["--target", "thumbv7m-none-eabi", "--config"]);
    command.arg("target.thumbv7m-none-eabi.runner='timeout 120 qemu-system-arm -M mps2-an385 -nographic -semihosting -kernel'");
    command
}

fn pytest(folder: &str, filter: Option<&str>) -> Result<Command, Failure> {
    let mut command = tree::python_command()?;
    command.args([
        "-m",
        "pytest",
        "-v",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        folder,
    ]);
    if let Some(filter) = filter {
        command.args(["-k", filter]);
    }
    Ok(command)
}
