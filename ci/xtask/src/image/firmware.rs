//! The ELF file: `ports/esp32c3` is a workspace of its own, whose build script compiles kernel and application.

use super::sections::{self, Sections};
use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "riscv32imc-unknown-none-elf";

/// What was built.
pub(super) struct Built {
    pub(super) elf: PathBuf,
    pub(super) map: PathBuf,
    pub(super) sections: Sections,
}

/// A command of cargo on the board: its own workspace, its own folder in `target`.
pub(super) fn cargo(command: &str) -> Command {
    let board = super::board();
    let mut cargo = tree::cargo();
    cargo
        .current_dir(&board)
        .args([command, "--locked", "--release", "--bin", "firmware"])
        .args(["--target", TARGET, "--target-dir"])
        .arg(target())
        .env("FREERTOS_CONFIG_DIR", board.join("kernel"))
        .env("FREERTOS_PORT_DIR", tree::root().join("ports/riscv32"));
    cargo
}

fn target() -> PathBuf {
    tree::built().join(super::BOARD)
}

/// Builds it, leaves the ELF file and the linker's map in `dist`, and measures it.
pub(super) fn build(dist: &Path) -> Result<Built, Failure> {
    let map = dist.join("firmware.map");
    let mut cargo = cargo("rustc");
    cargo
        .args(["--", "-C"])
        .arg(format!("link-arg=-Map={}", map.display()));
    step::quiet("building the ESP32-C3's firmware", &mut cargo)?;
    let made = target().join(TARGET).join("release/firmware");
    let elf = dist.join("firmware.elf");
    fs::copy(&made, &elf).doing(format!("{} cannot be copied", made.display()))?;
    let sections = sections::of(&elf)?;
    Ok(Built { elf, map, sections })
}
