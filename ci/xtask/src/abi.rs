//! `cargo xtask abi`: the C contract, seen from C. What the headers say to three compilers, and C
//! programs that link the drop-in with the kernel's POSIX port and a platform in C, under the
//! address and undefined-behaviour sanitizers and under valgrind.

mod glibc;
mod headers;
mod kit;
mod mqtt;

use crate::failure::{Doing, Failure};
use crate::{dist, setup, step, tree};
use kit::Kit;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "i686-unknown-linux-gnu";

/// Files of `tests/abi` that are no program: what all programs share, and what is only compiled.
const NO_PROGRAMS: &[&str] = &["run", "layout"];

/// Programs for the archive made with `--log --custom-serializer`.
const LOG_AND_CUSTOM_SERIALIZER: &[&str] = &["custom", "overrides"];

/// `abi [PROGRAM]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let filter = match arguments {
        [] => "",
        [filter] => filter.as_str(),
        _ => return Err(Failure::new("one PROGRAM at most: a part of its name")),
    };
    setup::packages()?;
    let mut failures = Vec::new();
    let mut passed = 0_usize;
    if "layout headers".contains(filter) {
        for check in headers::checks()? {
            match check.run() {
                Ok(()) => passed = passed.saturating_add(1),
                Err(failure) => failures.push(failure.to_string()),
            }
        }
    }
    // Those of the plain drop-in, of the one that logs and whose serializer may be replaced, of the one with
    // Espressif's protocol, and of MQTT over BLE.
    let (programs_of_custom, programs_of_dist): (Vec<_>, Vec<_>) = programs(&sources(), filter)?
        .into_iter()
        .partition(|program| is_named(program, LOG_AND_CUSTOM_SERIALIZER));
    let programs_of_espressif = programs(&sources().join("espressif"), filter)?;
    let programs_of_mqtt = programs(&mqtt::sources(), filter)?;
    let every = [
        &programs_of_dist,
        &programs_of_custom,
        &programs_of_espressif,
        &programs_of_mqtt,
    ];
    if every.iter().any(|programs| !programs.is_empty()) {
        let dist = dist::make(TARGET)?;
        let replaceable = dist::make_with_log_and_custom_serializer(TARGET)?;
        vectors()?;
        let mut sets = vec![
            (
                dist.clone(),
                dist.join("libwifi_provision.a"),
                programs_of_dist,
            ),
            (
                dist.clone(),
                replaceable.join("libwifi_provision.a"),
                programs_of_custom,
            ),
            (dist, mqtt::archive(&programs_of_mqtt)?, programs_of_mqtt),
        ];
        if !programs_of_espressif.is_empty() {
            let dist = dist::make_espressif(TARGET)?;
            let archive = dist.join("libwifi_provision.a");
            sets.push((dist, archive, programs_of_espressif));
        }
        for kit in [Kit::Sanitizers, Kit::Valgrind] {
            for (dist, archive, programs) in &sets {
                let bench = kit.bench(dist)?;
                for program in programs {
                    match bench.run(program, archive) {
                        Ok(()) => passed = passed.saturating_add(1),
                        Err(failure) => failures.push(failure.to_string()),
                    }
                }
            }
        }
    }
    for failure in &failures {
        eprintln!("  {failure}");
    }
    // In the words of cargo's summary, which `cargo xtask test` adds up.
    let verdict = if failures.is_empty() { "ok" } else { "FAILED" };
    println!(
        "test result: {verdict}. {passed} passed; {} failed",
        failures.len()
    );
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(
            "the C contract does not hold; each fault is told above",
        ))
    }
}

/// The program `soak`, so many cycles long, under the sanitizers.
pub(crate) fn soak(cycles: u32) -> Result<(), Failure> {
    let dist = dist::make(TARGET)?;
    vectors()?;
    let bench = Kit::Sanitizers.bench(&dist)?;
    let image = bench.link(&sources().join("soak.c"), &dist.join("libwifi_provision.a"))?;
    step::shown(
        &format!("{cycles} cycles on this machine"),
        Command::new(image).env("SOAK_CYCLES", cycles.to_string()),
    )
}

/// The same as a program of its own, for `cargo xtask test`.
pub(crate) fn command(filter: Option<&str>) -> Result<Command, Failure> {
    let own = env::current_exe().doing("asking where this program lies")?;
    let mut command = Command::new(own);
    command.current_dir(tree::root()).arg("abi").args(filter);
    Ok(command)
}

/// Where everything of this task is made.
fn made() -> PathBuf {
    tree::made().join("abi")
}

fn sources() -> PathBuf {
    tree::root().join("tests/abi")
}

/// The programs whose name contains that, in a fixed order.
fn programs(folder: &Path, filter: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut programs = c_files(folder)?;
    programs.retain(|path| {
        path.file_stem()
            .and_then(|name| name.to_str())
            .is_some_and(|name| !NO_PROGRAMS.contains(&name) && name.contains(filter))
    });
    Ok(programs)
}

fn is_named(path: &Path, names: &[&str]) -> bool {
    path.file_stem()
        .and_then(|name| name.to_str())
        .is_some_and(|name| names.contains(&name))
}

fn c_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = || format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(reading())? {
        let path = entry.doing(reading())?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The recorded vectors as C tables.
fn vectors() -> Result<(), Failure> {
    let made = made();
    fs::create_dir_all(&made).doing(format!("making {}", made.display()))?;
    step::output(
        "writing the vectors down for C",
        Command::new("python3")
            .arg(sources().join("vectors.py"))
            .arg(made.join("vectors.h")),
    )
    .map(drop)
}
