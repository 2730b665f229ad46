//! The partition table: from the text in `partitions.csv` to the bytes the bootloader reads.
//!
//! An entry has 32 bytes: magic `AA 50`, type, subtype, offset, size (both little-endian), a name of 16 bytes, flags. After the
//! last one comes `EB EB`, 14 bytes `FF` and the MD5 of all entries; the rest of the 3 KB reads as erased.

use crate::failure::{Doing, Failure};
use md5::{Digest as _, Md5};
use std::fs;
use std::path::Path;

/// Where in flash the table lies.
pub(super) const TABLE_OFFSET: u32 = 0x8000;
/// The first byte a partition may have: the table has a page.
const FIRST: u32 = 0x9000;
/// The flash chip.
const FLASH: u32 = 4 * 1024 * 1024;
/// The table's length.
const LENGTH: usize = 0xC00;
/// Flash is erased in pages, and applications are mapped in pages of 64 KB.
const PAGE: u32 = 0x1000;
const APPLICATION_PAGE: u32 = 0x10000;
const NAME_MAX: usize = 15;

/// A part of flash.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Partition {
    name: String,
    kind: u8,
    subtype: u8,
    pub(super) offset: u32,
    pub(super) size: u32,
}

/// All of them, in the order of flash.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Table(Vec<Partition>);

impl Table {
    /// Reads the text.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).doing(format!("{} cannot be read", path.display()))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        let mut table: Vec<Partition> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let wrong = |what: &str| Failure::new(format!("partitions.csv line {number}: {what}"));
            let partition = partition(line)
                .ok_or_else(|| wrong("is not `name, type, subtype, offset, size`"))?;
            let end = partition.offset.checked_add(partition.size);
            let page = if partition.kind == TYPE_APPLICATION {
                APPLICATION_PAGE
            } else {
                PAGE
            };
            let begun = table
                .last()
                .map_or(FIRST, |last| last.offset.saturating_add(last.size));
            if partition.offset < begun {
                return Err(wrong("begins inside what is before it"));
            }
            if end.is_none_or(|end| end > FLASH) {
                return Err(wrong("ends beyond the flash chip"));
            }
            if !partition.offset.is_multiple_of(page) || !partition.size.is_multiple_of(PAGE) {
                return Err(wrong("does not begin and end with a page"));
            }
            table.push(partition);
        }
        Ok(Self(table))
    }

    /// The one of that name.
    pub(super) fn find(&self, name: &str) -> Result<&Partition, Failure> {
        self.0
            .iter()
            .find(|partition| partition.name == name)
            .ok_or_else(|| Failure::new(format!("partitions.csv has no partition {name}")))
    }

    /// What goes into flash.
    pub(super) fn binary(&self) -> Result<Vec<u8>, Failure> {
        let mut entries = Vec::new();
        for partition in &self.0 {
            entries.extend([0xAA, 0x50, partition.kind, partition.subtype]);
            entries.extend(partition.offset.to_le_bytes());
            entries.extend(partition.size.to_le_bytes());
            let mut name = partition.name.clone().into_bytes();
            name.resize(16, 0);
            entries.extend(name);
            entries.extend([0; 4]);
        }
        let digest = Md5::digest(&entries);
        entries.extend([0xEB; 2]);
        entries.extend([0xFF; 14]);
        entries.extend(digest);
        if entries.len() > LENGTH {
            return Err(Failure::new("partitions.csv has too many partitions"));
        }
        entries.resize(LENGTH, 0xFF);
        Ok(entries)
    }
}

/// A size as a length of memory.
pub(super) fn length(size: u32) -> Result<usize, Failure> {
    usize::try_from(size).map_err(|_| Failure::new("a partition is larger than memory"))
}

const TYPE_APPLICATION: u8 = 0;

fn partition(line: &str) -> Option<Partition> {
    let mut fields = line.split(',').map(str::trim);
    let name = fields.next()?;
    let kind = match fields.next()? {
        "app" => TYPE_APPLICATION,
        "data" => 1,
        _ => return None,
    };
    let subtype = match (kind, fields.next()?) {
        (TYPE_APPLICATION, "factory") => 0x00,
        (TYPE_APPLICATION, slot) => {
            let slot: u8 = slot.strip_prefix("ota_")?.parse().ok()?;
            0x10_u8.checked_add(slot).filter(|_| slot < 16)?
        }
        (_, "ota") => 0x00,
        (_, "nvs") => 0x02,
        (_, "undefined") => 0x06,
        _ => return None,
    };
    let offset = number(fields.next()?)?;
    let size = number(fields.next()?)?;
    if fields.next().is_some() || name.is_empty() || name.len() > NAME_MAX || size == 0 {
        return None;
    }
    Some(Partition {
        name: name.to_owned(),
        kind,
        subtype,
        offset,
        size,
    })
}

/// `0x9000`, `4096`, `64K`, `1M`.
fn number(text: &str) -> Option<u32> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u32::from_str_radix(digits, 16).ok();
    }
    let (digits, unit) = match text.strip_suffix('K') {
        Some(digits) => (digits, 1024),
        None => match text.strip_suffix('M') {
            Some(digits) => (digits, 1024 * 1024),
            None => (text, 1),
        },
    };
    digits.parse::<u32>().ok()?.checked_mul(unit)
}

/// What the device reads the table with.
#[cfg(test)]
#[path = "../../../../ports/esp32c3/src/partition.rs"]
mod device;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const TEXT: &str =
        "# words\notadata, data, ota, 0x9000, 8K\nota_1, app, ota_1, 0x10000, 1M # more\n";

    #[test]
    fn an_entry_has_the_bytes_the_bootloader_reads() {
        let binary = Table::parse(TEXT).unwrap().binary().unwrap();
        assert_eq!(binary.len(), 0xC00);
        let (first, rest) = binary.split_at(32);
        assert_eq!(
            first,
            b"\xAA\x50\x01\x00\x00\x90\x00\x00\x00\x20\x00\x00otadata\0\0\0\0\0\0\0\0\0\0\0\0\0"
        );
        let (second, rest) = rest.split_at(32);
        assert_eq!(
            second,
            b"\xAA\x50\x00\x11\x00\x00\x01\x00\x00\x00\x10\x00ota_1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        );
        let (check, rest) = rest.split_at(32);
        let (magic, digest) = check.split_at(16);
        assert_eq!(
            magic,
            b"\xEB\xEB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
        );
        let entries = binary.split_at(64).0;
        assert_eq!(digest, Md5::digest(entries).as_slice());
        assert!(rest.iter().all(|&byte| byte == 0xFF));
    }

    #[test]
    fn what_overlaps_or_is_not_aligned_or_too_long_is_refused() {
        for line in [
            "a, data, ota, 0x8000, 8K",
            "a, data, ota, 0x9000, 8K\nb, data, nvs, 0xA000, 4K",
            "a, app, ota_0, 0x11000, 64K",
            "a, data, nvs, 0x9000, 5M",
            "a, data, nvs, 0x9000, 100",
            "a-name-of-16-byt, data, nvs, 0x9000, 4K",
            "a, data, strange, 0x9000, 4K",
        ] {
            assert!(Table::parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_board_s_table_is_sound() {
        let table = Table::read(&crate::image::board().join("partitions.csv")).unwrap();
        let (first, second) = (table.find("ota_0").unwrap(), table.find("ota_1").unwrap());
        assert_eq!(first.size, second.size);
        assert!(table.find("otadata").is_ok());

        let store = table.find("store").unwrap();
        let binary = table.binary().unwrap();
        let found = binary
            .as_chunks()
            .0
            .iter()
            .map_while(device::Partition::read)
            .find(|partition| partition.is_named("store"))
            .unwrap();
        assert_eq!((found.offset, found.size), (store.offset, store.size));
        assert_eq!(device::TABLE.start, TABLE_OFFSET);
        assert_eq!(device::ENTRY, 32);
    }
}
