//! What the firmware takes of the chip, by its sections.

use crate::failure::Failure;
use crate::step;
use std::path::Path;
use std::process::Command;

/// Bytes of thread-local storage the board gives the C library, which keeps `errno` there (`ports/esp32c3/src/start.rs`).
const THREAD_LOCAL: u64 = 16;

/// The heap's array among the zeroed data, a line of `nm --demangle`.
const HEAP: &str = "::heap::start::HEAP";

/// Bytes, by where they go.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Sections {
    /// Code in flash.
    pub(super) text: u64,
    /// Constants in flash.
    pub(super) rodata: u64,
    /// Code in RAM.
    pub(super) iram: u64,
    pub(super) data: u64,
    /// Zeroed data, the heap not counted.
    pub(super) bss: u64,
    pub(super) heap: u64,
    /// What is left for the stack of `main`, and is the heap's when that has ended.
    pub(super) main_stack: u64,
}

/// Bytes at the end of that stack which the heap does not get: esp-hal's guard and what is below it.
const GUARD: u64 = 64;

impl Sections {
    /// All the heap there is once a task runs.
    pub(super) fn whole_heap(&self) -> u64 {
        self.heap
            .saturating_add(self.main_stack.saturating_sub(GUARD))
    }
}

/// Measures an ELF file; a section that is not known is an error, so nothing is missed.
pub(super) fn of(elf: &Path) -> Result<Sections, Failure> {
    let sizes = step::output(
        "measuring the firmware",
        Command::new("riscv64-unknown-elf-size").arg("-A").arg(elf),
    )?;
    let symbols = step::output(
        "looking for the heap",
        Command::new("riscv64-unknown-elf-nm")
            .args(["--demangle", "--print-size"])
            .arg(elf),
    )?;
    sum(&sizes, heap_in_bss(&symbols))
}

/// The array of the heap that lies in `.bss`: local, and zeroed.
fn heap_in_bss(symbols: &str) -> u64 {
    symbols
        .lines()
        .filter(|line| line.ends_with(HEAP))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let address = u64::from_str_radix(words.next()?, 16).ok()?;
            let size = u64::from_str_radix(words.next()?, 16).ok()?;
            Some((address, size))
        })
        // The other array lies above, in what the bootloader ran in.
        .min()
        .map_or(0, |(_, size)| size)
}

fn sum(sizes: &str, heap: u64) -> Result<Sections, Failure> {
    let mut sections = Sections {
        heap,
        ..Sections::default()
    };
    for line in sizes.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(Ok(size))) = (words.next(), words.next().map(str::parse::<u64>))
        else {
            continue;
        };
        let place = match name {
            ".text" => &mut sections.text,
            ".flash.appdesc" | ".rodata" | ".rodata.wifi" => &mut sections.rodata,
            ".trap" | ".rwtext" | ".rwtext.wifi" => &mut sections.iram,
            ".data" | ".data.wifi" => &mut sections.data,
            ".bss" => &mut sections.bss,
            ".dram2_uninit" => &mut sections.heap,
            ".stack" => &mut sections.main_stack,
            ".tbss" | ".tdata" if size <= THREAD_LOCAL => continue,
            // What takes no room in the chip: gaps for memory that is seen twice, and what debuggers read.
            "Total"
            | ".rwdata_dummy"
            | ".rotext_dummy"
            | ".rodata_merge"
            | ".noinit"
            | ".comment"
            | ".eh_frame"
            | ".espressif.metadata"
            | ".riscv.attributes" => continue,
            name if name.starts_with(".debug_") || name.starts_with(".rtc_fast.") => continue,
            other => {
                return Err(Failure::new(format!(
                    "the firmware has a section {other} of {size} bytes; say in ci/xtask/src/image/sections.rs where it goes"
                )));
            }
        };
        *place = place.saturating_add(size);
    }
    sections.bss = sections.bss.saturating_sub(heap);
    Ok(sections)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn sections_are_added_up_and_the_heap_is_apart() {
        let sizes = "firmware  :\nsection size addr\n.text 100 0\n.rodata 10 0\n.rodata.wifi 1 0\n.bss 50 0\n.dram2_uninit 7 0\n.debug_info 999 0\nTotal 5 \n";
        let sections = sum(sizes, 40).unwrap();
        assert_eq!(
            sections,
            Sections {
                text: 100,
                rodata: 11,
                bss: 10,
                heap: 47,
                ..Sections::default()
            }
        );
    }

    #[test]
    fn an_unknown_section_and_too_much_thread_local_storage_are_refused() {
        assert!(sum(".strange 4 0\n", 0).is_err());
        assert!(sum(".tbss 4 0\n", 0).is_ok());
        assert!(sum(".tbss 20 0\n", 0).is_err());
    }

    #[test]
    fn the_lower_array_is_the_one_in_bss() {
        let symbols = "3fcce400 00010000 b firmware::heap::start::HEAP\n3fc992e0 00025000 b firmware::heap::start::HEAP\n";
        assert_eq!(heap_in_bss(symbols), 0x25000);
    }
}
