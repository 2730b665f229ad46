//! Espressif's `esptool`, from the environment that `setup` makes.

use super::{BOARD, Part};
use crate::failure::Failure;
use crate::{step, tree};
use std::path::Path;
use std::process::Command;

/// As pinned in `ports/esp32c3/requirements.lock`.
pub(super) const VERSION: &str = "5.6.0";

/// How the flash chip is read: two lines, 40 MHz, which every module allows.
const FLASH: &[&str] = &[
    "--flash-mode",
    "dio",
    "--flash-freq",
    "40m",
    "--flash-size",
    "4MB",
];

fn esptool() -> Command {
    let mut command = Command::new(tree::python());
    command
        .current_dir(tree::root())
        .args(["-m", "esptool", "--chip", BOARD]);
    command
}

/// Makes an application's image of an ELF file, with that file's checksum in its description.
pub(super) fn application(elf: &Path, image: &Path) -> Result<(), Failure> {
    step::quiet(
        "making the application's image",
        esptool()
            .arg("elf2image")
            .args(FLASH)
            .args(["--elf-sha256-offset", "0xb0", "--output"])
            .arg(image)
            .arg(elf),
    )
}

/// Puts everything into one file that begins where flash does; what is between reads as erased.
pub(super) fn merge(parts: &[Part], merged: &Path) -> Result<(), Failure> {
    let mut command = esptool();
    command
        .args(["merge-bin", "--output"])
        .arg(merged)
        .args(FLASH);
    step::quiet("merging", with_parts(&mut command, parts))
}

/// Writes the parts to the chip at a serial port.
pub(super) fn flash(port: &str, parts: &[Part]) -> Result<(), Failure> {
    let mut command = esptool();
    command
        .args(["--port", port, "--baud", "460800", "write-flash"])
        .args(FLASH);
    step::shown("writing to the board", with_parts(&mut command, parts))
}

fn with_parts<'c>(command: &'c mut Command, parts: &[Part]) -> &'c mut Command {
    for part in parts {
        command.arg(format!("{:#x}", part.offset)).arg(&part.file);
    }
    command
}
