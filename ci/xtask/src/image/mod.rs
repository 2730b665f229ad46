//! `cargo xtask image` and `cargo xtask flash`: the ESP32-C3's firmware, its bootloader and its partition table as the chip
//! takes them. What a map cannot show (that it runs) no machine here can either: see `docs/ESP32.md`.

mod bootloader;
mod esptool;
mod firmware;
mod partitions;
#[cfg(test)]
mod reasons;
mod sections;
mod shows;
mod stacks;

use crate::failure::{Doing, Failure};
use crate::size::budgets::{self, Line};
use crate::{setup, tree};
use partitions::Table;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The one board there is an image of, and its section in `ci/budgets.toml`.
pub(crate) const BOARD: &str = "esp32c3";

/// What the chip's ROM and its bootloader expect where an image begins.
const IMAGE_MAGIC: u8 = 0xE9;

/// Bytes the radios take of the heap at most when both are up, without the frames under way: what was counted, see
/// `docs/ESP32.md`.
const RADIOS: u64 = 94_000;

/// Where the ROM looks for the bootloader.
const BOOTLOADER_OFFSET: u32 = 0;

/// A file and where in flash it goes.
struct Part {
    file: PathBuf,
    offset: u32,
}

/// `image --board esp32c3`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments {
        [option, board] if option == "--board" && board == BOARD => {}
        _ => {
            return Err(Failure::new(format!(
                "say `--board {BOARD}`, the one there is"
            )));
        }
    }
    crate::firmware::has_no_capacities_of_its_own()?;
    setup::everything()?;
    let dist = tree::made().join("dist").join(BOARD);
    fs::create_dir_all(&dist).doing(format!("{} cannot be made", dist.display()))?;
    let table = Table::read(&board().join("partitions.csv"))?;
    let built = firmware::build(&dist)?;
    shows::check(&built)?;

    let parts = parts(&dist, &table)?;
    esptool::application(&built.elf, &dist.join("application.bin"))?;
    let bootloader = bootloader::locate()?;
    fs::copy(&bootloader, dist.join("bootloader.bin"))
        .doing(format!("{} cannot be copied", bootloader.display()))?;
    write(&dist.join("partition-table.bin"), &table.binary()?)?;
    // Blank: the first application starts.
    let blank = vec![0xff; partitions::length(table.find("otadata")?.size)?];
    write(&dist.join("ota-data.bin"), &blank)?;
    let merged = dist.join("merged.bin");
    esptool::merge(&parts, &merged)?;
    has_magic(&merged, BOOTLOADER_OFFSET)?;
    has_magic(&merged, table.find("ota_0")?.offset)?;

    let stacks = stacks::sum(&tree::root())?;
    let heap = built.sections.whole_heap();
    let left = heap.saturating_sub(stacks);
    let lines = figures(&built, stacks, &dist, &table)?;
    print(&lines, heap, left);
    how_to_flash(&dist, &parts);
    if left < RADIOS {
        return Err(Failure::new(format!(
            "our tasks' stacks leave {left} bytes of the heap; the radios take {RADIOS}"
        )));
    }
    budgets::check(
        &lines,
        "the map in target/dist/esp32c3/ shows where it goes",
    )
}

/// `flash --port PORT`.
pub(crate) fn flash(arguments: &[String]) -> Result<(), Failure> {
    let [option, port] = arguments else {
        return Err(Failure::new(
            "say `--port PORT`, such as `--port /dev/ttyACM0`",
        ));
    };
    if option != "--port" {
        return Err(Failure::new(format!(
            "{option} is not known; say `--port PORT`"
        )));
    }
    setup::everything()?;
    let dist = tree::made().join("dist").join(BOARD);
    let table = Table::read(&board().join("partitions.csv"))?;
    let parts = parts(&dist, &table)?;
    if let Some(missing) = parts.iter().find(|part| !part.file.is_file()) {
        return Err(Failure::new(format!(
            "{} is missing; run `cargo xtask image --board {BOARD}` first",
            missing.file.display()
        )));
    }
    esptool::flash(port, &parts)
}

/// Clippy on the board, for `cargo xtask lint`.
pub(crate) fn clippy() -> Command {
    let mut command = firmware::cargo("clippy");
    command.args(["--", "-D", "warnings"]);
    command
}

/// The board's formatting, for `cargo xtask lint`.
pub(crate) fn formatting() -> Command {
    let mut command = tree::cargo();
    command.current_dir(board()).args(["fmt", "--check"]);
    command
}

fn board() -> PathBuf {
    tree::root().join("ports").join(BOARD)
}

/// What goes where, in the order of flash. The store is not among them: what is saved stays.
fn parts(dist: &Path, table: &Table) -> Result<Vec<Part>, Failure> {
    let part = |name: &str, offset| Part {
        file: dist.join(name),
        offset,
    };
    Ok(vec![
        part("bootloader.bin", BOOTLOADER_OFFSET),
        part("partition-table.bin", partitions::TABLE_OFFSET),
        part("ota-data.bin", table.find("otadata")?.offset),
        part("application.bin", table.find("ota_0")?.offset),
    ])
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).doing(format!("{} cannot be written", path.display()))
}

fn has_magic(image: &Path, offset: u32) -> Result<(), Failure> {
    let bytes = fs::read(image).doing(format!("{} cannot be read", image.display()))?;
    match usize::try_from(offset).ok().and_then(|at| bytes.get(at)) {
        Some(&IMAGE_MAGIC) => Ok(()),
        Some(other) => Err(Failure::new(format!(
            "{} has {other:#04x} at {offset:#x}, where an image begins with {IMAGE_MAGIC:#04x}",
            image.display()
        ))),
        None => Err(Failure::new(format!(
            "{} ends before {offset:#x}, where an image should begin",
            image.display()
        ))),
    }
}

/// The sizes beside their budgets.
fn figures(
    built: &firmware::Built,
    stacks: u64,
    dist: &Path,
    table: &Table,
) -> Result<Vec<Line>, Failure> {
    let image = fs::metadata(dist.join("application.bin"))
        .doing("the application's image cannot be looked at")?
        .len();
    let slot = table.find("ota_0")?.size;
    if image > slot.into() {
        return Err(Failure::new(format!(
            "the application has {image} bytes, its partition {slot}"
        )));
    }
    let sizes = &built.sections;
    let measured = BTreeMap::from(
        [
            ("image", image),
            ("text", sizes.text),
            ("rodata", sizes.rodata),
            ("iram", sizes.iram),
            ("data", sizes.data),
            ("bss", sizes.bss),
            ("stacks", stacks),
        ]
        .map(|(name, size)| (format!("{BOARD}.{name}"), size)),
    );
    budgets::read(&tree::root().join("ci/budgets.toml"))?
        .of(BOARD)
        .beside(measured)
}

fn print(lines: &[Line], heap: u64, left: u64) {
    println!("{:<48} {:>10} {:>10}", "ESP32-C3, -Os", "bytes", "budget");
    for line in lines {
        println!(
            "{:<48} {:>10} {:>10}{}",
            line.title,
            line.ours,
            line.budget,
            if line.ours > line.budget {
                "  OVER"
            } else {
                ""
            }
        );
    }
    println!(
        "{:<48} {heap:>10}",
        "heap, shared by the kernel, Rust and the radios"
    );
    println!(
        "{:<48} {left:>10}",
        format!("of it left to the radios, which take {RADIOS}")
    );
}

fn how_to_flash(dist: &Path, parts: &[Part]) {
    println!();
    println!("Images: {}", dist.display());
    println!("A board at a serial port (GPIO 9 held at reset, should it not answer):");
    println!("    cargo xtask flash --port /dev/ttyACM0");
    println!(
        "or with esptool {} itself, which also keeps what is saved:",
        esptool::VERSION
    );
    let files: Vec<String> = parts
        .iter()
        .map(|part| {
            let name = part.file.file_name().unwrap_or_default().to_string_lossy();
            format!("{:#x} {name}", part.offset)
        })
        .collect();
    println!(
        "    esptool --chip {BOARD} --port PORT write-flash {}",
        files.join(" ")
    );
    println!("or everything at once, which erases what is saved:");
    println!("    esptool --chip {BOARD} --port PORT write-flash 0x0 merged.bin");
}
