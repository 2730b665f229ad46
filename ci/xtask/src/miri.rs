//! `cargo xtask miri`: the safe core and the C edge in an interpreter that sees undefined behaviour.

use crate::failure::{Doing, Failure};
use crate::{setup, step, tree};
use std::process::{Command, Stdio};

/// Miri is part of nightly toolchains alone. When this moves, look at what it has learnt to see.
const TOOLCHAIN: &str = "nightly-2026-05-20";

/// As wide as the devices: layouts and lengths are theirs.
const TARGET: &str = "i686-unknown-linux-gnu";

/// What is run: a title, and what cargo is told. Left out is what takes minutes there and has no unsafe code
/// under it: SRP-6a, whose arithmetic is 3072 bits wide, the properties, and the service's long lives.
const RUNS: &[(&str, &[&str])] = &[
    (
        "the library's own tests, without SRP-6a",
        &["--lib", "--", "--skip", "srp", "--skip", "group"],
    ),
    ("the C edge, with a platform in Rust", &["--test", "edge"]),
    (
        "Espressif's vectors, without SRP-6a",
        &[
            "--test",
            "protocomm",
            "--",
            "vectors::",
            "--skip",
            "security_2",
        ],
    ),
];

/// `miri`.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    setup::packages()?;
    toolchain()?;
    step::quiet(
        "Miri: the standard library it interprets",
        cargo("setup").args(["--target", TARGET]),
    )?;
    let mut broken = Vec::new();
    for (title, words) in RUNS {
        let mut command = cargo("test");
        command
            .args(["--locked", "--target", TARGET, "--target-dir"])
            .arg(tree::made().join("miri"))
            .args(["--package", "wifi-provision"])
            .args(["--features", "freertos,espressif"])
            .args(*words);
        if step::shown(title, &mut command).is_err() {
            broken.push(*title);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Miri: {}; see above",
        broken.join(" and ")
    )))
}

/// Miri of that toolchain, whatever `rust-toolchain.toml` says.
fn cargo(what: &str) -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(tree::root());
    // Where bindgen finds libclang.
    for (name, value) in tree::cargo().get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.args(["run", TOOLCHAIN, "cargo", "miri", what]);
    command
}

/// Installs the toolchain, unless it is there.
fn toolchain() -> Result<(), Failure> {
    let is_there = cargo("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .doing("rustup cannot be started")?
        .success();
    if is_there {
        return Ok(());
    }
    let words = [
        "toolchain",
        "install",
        TOOLCHAIN,
        "--profile",
        "minimal",
        "--component",
        "miri,rust-src",
    ];
    step::quiet(
        &format!("Rust: adding {TOOLCHAIN}, for Miri"),
        Command::new("rustup").args(words),
    )
    .map_err(|failure| {
        Failure::new(format!(
            "{failure}; it is wanted for Miri alone: `rustup {}`",
            words.join(" ")
        ))
    })
}
