//! What the cross compiler's tools say about an image.

use super::image::TOOLS;
use crate::failure::Failure;
use crate::step;
use std::path::Path;
use std::process::Command;

/// One symbol with an address.
pub(super) struct Symbol {
    pub(super) address: u32,
    pub(super) size: u32,
    /// As `nm` tells it: `T` code, `R` constants, `D` data, `B` zeroed; small letters are local.
    pub(super) kind: char,
    pub(super) name: String,
}

impl Symbol {
    pub(super) fn is_code(&self) -> bool {
        matches!(self.kind, 'T' | 't' | 'W' | 'w')
    }
}

/// All symbols of an image, names readable, sorted by address.
pub(super) fn symbols(image: &Path) -> Result<Vec<Symbol>, Failure> {
    let listing = step::output(
        "listing the symbols of an image",
        Command::new(format!("{TOOLS}nm"))
            .args(["--demangle", "--print-size", "--numeric-sort"])
            .arg(image),
    )?;
    Ok(listing.lines().filter_map(symbol).collect())
}

/// How many addresses one call is asked for: a command line has an end.
const ADDRESSES_AT_ONCE: usize = 4096;

/// The functions whose code stands at each address, innermost first: what was inlined, what that was
/// inlined into, and so on to the one with a symbol. Names readable; none where there are no lines.
pub(super) fn functions_at(image: &Path, addresses: &[u32]) -> Result<Vec<Vec<String>>, Failure> {
    let mut found = Vec::new();
    for some in addresses.chunks(ADDRESSES_AT_ONCE) {
        let listing = step::output(
            "looking for the lines of an image",
            Command::new(format!("{TOOLS}addr2line"))
                .args(["--addresses", "--inlines", "--functions", "--demangle"])
                .arg("--exe")
                .arg(image)
                .args(some.iter().map(|address| format!("{address:#x}"))),
        )?;
        found.extend(functions(&listing));
    }
    if found.len() == addresses.len() {
        Ok(found)
    } else {
        Err(Failure::new(format!(
            "{TOOLS}addr2line gave {} answers for {} addresses; its output is read in binutils.rs",
            found.len(),
            addresses.len()
        )))
    }
}

/// For each address a line with it, and for each function a line with its name and one with its place.
fn functions(listing: &str) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut lines = listing.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("0x") {
            found.push(Vec::new());
        } else if let Some(functions) = found.last_mut() {
            functions.push(line.to_owned());
            lines.next();
        }
    }
    found
}

/// `address [size] kind name`
fn symbol(line: &str) -> Option<Symbol> {
    let (address, rest) = line.split_once(' ')?;
    let address = u32::from_str_radix(address, 16).ok()?;
    let (size, rest) = match rest.split_once(' ')? {
        (size, rest) if size.len() == 8 => (u32::from_str_radix(size, 16).ok()?, rest),
        _ => (0, rest),
    };
    let (kind, name) = rest.split_once(' ')?;
    Some(Symbol {
        address,
        size,
        kind: kind.chars().next()?,
        name: name.to_owned(),
    })
}

/// Bytes of an image by where they go.
#[derive(Clone, Copy, Default)]
pub(super) struct Sections {
    pub(super) text: u64,
    /// Constants, and the unwinder's index where there is one.
    pub(super) rodata: u64,
    pub(super) data: u64,
    pub(super) bss: u64,
}

impl Sections {
    /// What lies in flash.
    pub(super) fn flash(self) -> u64 {
        self.text + self.rodata + self.data
    }

    /// What `self` has more than `base`.
    pub(super) fn beyond(self, base: Self) -> Self {
        Self {
            text: self.text.saturating_sub(base.text),
            rodata: self.rodata.saturating_sub(base.rodata),
            data: self.data.saturating_sub(base.data),
            bss: self.bss.saturating_sub(base.bss),
        }
    }
}

/// The sections the linker script makes; one it does not know is an error, so nothing is missed.
pub(super) fn sections(image: &Path) -> Result<Sections, Failure> {
    let listing = step::output(
        "listing the sections of an image",
        Command::new(format!("{TOOLS}size"))
            .args(["-A", "-d"])
            .arg(image),
    )?;
    let mut sections = Sections::default();
    for line in listing.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(Ok(size))) = (words.next(), words.next().map(str::parse::<u64>))
        else {
            continue;
        };
        match name {
            ".harness" | ".text" => sections.text += size,
            ".rodata" | ".ARM.exidx" | ".ARM.extab" => sections.rodata += size,
            ".data" => sections.data += size,
            ".bss" => sections.bss += size,
            "Total" => {}
            debug if debug.starts_with(".debug") => {}
            other => {
                return Err(Failure::new(format!(
                    "an image has a section {other} that ci/measure/board/link.ld does not place; add it there and to binutils.rs"
                )));
            }
        }
    }
    Ok(sections)
}

#[cfg(test)]
#[allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::{functions, symbol};

    #[test]
    fn functions_are_read_with_what_they_were_inlined_into() {
        let listing = "0x00000100\na::b\nsrc/b.rs:3\nc::d\nsrc/d.rs:4\n0x00000104\n??\n??:0\n";
        assert_eq!(functions(listing), [vec!["a::b", "c::d"], vec!["??"]]);
    }

    #[test]
    fn symbols_with_and_without_size_are_read() {
        let with = symbol("00001000 00000020 T core::fmt::write").expect("a symbol");
        assert_eq!((with.address, with.size, with.kind), (0x1000, 0x20, 'T'));
        assert_eq!(with.name, "core::fmt::write");
        let without = symbol("00001000 T __core_start").expect("a symbol");
        assert_eq!((without.size, without.name.as_str()), (0, "__core_start"));
        assert!(symbol("         U memcpy").is_none());
    }
}
