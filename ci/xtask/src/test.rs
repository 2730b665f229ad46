//! `cargo xtask test`: every test there is, counted.

mod counts;

use crate::failure::Failure;
use crate::{firmware, setup, step, tree};
use counts::Counts;
use std::process::Command;

/// Crates whose logic runs on the host.
pub(crate) const HOST_CRATES: &[&str] = &[
    "wifi-provision",
    "port-store",
    "port-ble",
    "port-wifi",
    "freertos-kernel",
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
    let mut total = Counts::default();
    total.add(suite(
        "Rust, on this machine",
        &mut cargo_test(HOST_CRATES, None, filter),
    )?);
    total.add(suite(
        "Rust, 32 bits: the message vectors",
        &mut cargo_test(&["wifi-provision"], Some("i686-unknown-linux-gnu"), filter),
    )?);
    total.add(suite(
        "Python: the companion",
        &mut pytest("companion/tests", filter)?,
    )?);
    total.add(suite(
        "Python: the air and the access points",
        &mut pytest("ci/sim", filter)?,
    )?);
    firmware::build()?;
    total.add(suite(
        "end to end, in QEMU",
        &mut pytest("ci/e2e", filter)?,
    )?);
    println!("{total}");
    if total.failed == 0 {
        Ok(())
    } else {
        Err(Failure::new("there are failed tests; each is told above"))
    }
}

/// Runs one suite, shows what it says, and counts. A suite that breaks off counts as one failure more.
fn suite(title: &str, command: &mut Command) -> Result<Counts, Failure> {
    let (success, output) = step::streamed(title, command)?;
    let mut counts = Counts::read(&output);
    if !success && counts.failed == 0 {
        counts.failed = 1;
        eprintln!("  {title}: broke off, see above");
    }
    eprintln!("  {title}: {counts}");
    Ok(counts)
}

fn cargo_test(crates: &[&str], target: Option<&str>, filter: Option<&str>) -> Command {
    let mut command = tree::cargo();
    command.args(["test", "--locked", "--no-fail-fast"]);
    for name in crates {
        command.args(["--package", name]);
    }
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    command.args(filter);
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
