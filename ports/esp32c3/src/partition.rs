//! The partition table, as the bootloader has it: entries of 32 bytes, the first one that is none ends it.

use core::ops::Range;

/// Where the table lies in flash, in bytes; the bootloader looks there too.
pub(crate) const TABLE: Range<u32> = 0x8000..0x8C00;

/// Bytes of an entry.
pub(crate) const ENTRY: usize = 32;

/// What every entry begins with.
const MAGIC: [u8; 2] = [0xAA, 0x50];
/// `data`.
const TYPE_DATA: u8 = 0x01;

/// A part of flash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Partition {
    /// Where it begins, in bytes.
    pub(crate) offset: u32,
    /// Its size, in bytes.
    pub(crate) size: u32,
    kind: u8,
    name: [u8; 16],
}

impl Partition {
    /// Reads an entry; `None` when it is none.
    pub(crate) fn read(entry: &[u8; ENTRY]) -> Option<Self> {
        let (magic, rest) = entry.split_first_chunk::<2>()?;
        if *magic != MAGIC {
            return None;
        }
        let ([kind, _subtype], rest) = rest.split_first_chunk::<2>()?;
        let (offset, rest) = rest.split_first_chunk::<4>()?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let (name, _flags) = rest.split_first_chunk::<16>()?;
        Some(Self {
            offset: u32::from_le_bytes(*offset),
            size: u32::from_le_bytes(*size),
            kind: *kind,
            name: *name,
        })
    }

    /// Whether it holds data and has this name.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let own = self
            .name
            .split(|&byte| byte == 0)
            .next()
            .unwrap_or_default();
        self.kind == TYPE_DATA && own == name.as_bytes()
    }
}
