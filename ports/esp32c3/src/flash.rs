//! The flash chip, through the functions in ROM, and of it one partition alone: nothing here reaches bootloader or
//! application.
//!
//! While the chip works, interrupts are off, for a page's erase some 45 ms: ticks are caught up afterwards, and what the
//! radios miss is lost to them.
#![allow(unsafe_code, reason = "the functions in ROM take pointers")]

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
    check_erase, check_read, check_write,
};
use esp_hal::peripherals::FLASH;
use esp_storage::ll;
use zeroize::Zeroize as _;

use crate::partition::{self, Partition};

/// Bytes read and programmed at once, by their boundary.
const WORD: usize = 4;
/// Bytes erased at once.
const PAGE: usize = 4096;
/// Bytes copied at once: the functions in ROM want words, and callers have bytes.
const CHUNK: usize = 256;

/// Why flash did not do as asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FlashError {
    /// The range is not aligned, or not inside the partition.
    Range(NorFlashErrorKind),
    /// The chip failed, or did not answer in time: the ROM's result.
    Chip(i32),
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Range(kind) => *kind,
            Self::Chip(_) => NorFlashErrorKind::Other,
        }
    }
}

/// Bytes where words may be.
#[repr(align(4))]
struct Words([u8; CHUNK]);

/// The flash chip, of which nobody else writes.
pub(crate) struct Chip(FLASH<'static>);

impl Chip {
    /// Unlocks the chip for writing.
    ///
    /// # Errors
    ///
    /// [`FlashError::Chip`]
    pub(crate) fn new(flash: FLASH<'static>) -> Result<Self, FlashError> {
        // SAFETY: no preconditions; the peripheral is ours.
        unsafe { ll::spiflash_unlock() }.map_err(FlashError::Chip)?;
        Ok(Self(flash))
    }

    fn read(&mut self, mut address: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        let mut words = Words([0; CHUNK]);
        for part in bytes.chunks_mut(CHUNK) {
            let length = u32::try_from(part.len().next_multiple_of(WORD)).unwrap_or(0);
            // SAFETY: the buffer is aligned and as long as the longest part.
            unsafe { ll::spiflash_read(address, words.0.as_mut_ptr().cast(), length) }
                .map_err(FlashError::Chip)?;
            for (to, from) in part.iter_mut().zip(&words.0) {
                *to = *from;
            }
            // Records hold secrets.
            words.0.zeroize();
            address = address.wrapping_add(length);
        }
        Ok(())
    }

    fn find(&mut self, name: &str) -> Result<Option<Partition>, FlashError> {
        let mut entry = [0; partition::ENTRY];
        for address in partition::TABLE.step_by(partition::ENTRY) {
            self.read(address, &mut entry)?;
            match Partition::read(&entry) {
                Some(found) if found.is_named(name) => return Ok(Some(found)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The partition of that name.
    ///
    /// # Errors
    ///
    /// What kept the table from being read.
    pub(crate) fn partition(mut self, name: &str) -> Result<Option<Flash>, FlashError> {
        let found = self.find(name)?;
        Ok(found.map(|found| Flash { chip: self, found }))
    }
}

/// One partition; offsets are its own.
pub(crate) struct Flash {
    chip: Chip,
    found: Partition,
}

impl Flash {
    /// Its size, in bytes.
    pub(crate) fn size(&self) -> u32 {
        self.found.size
    }

    fn address(&self, offset: u32) -> u32 {
        self.found.offset.wrapping_add(offset)
    }
}

impl ErrorType for Flash {
    type Error = FlashError;
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = WORD;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len()).map_err(FlashError::Range)?;
        let address = self.address(offset);
        self.chip.read(address, bytes)
    }

    fn capacity(&self) -> usize {
        usize::try_from(self.found.size).unwrap_or(0)
    }
}

impl NorFlash for Flash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        check_erase(self, from, to).map_err(FlashError::Range)?;
        for offset in (from..to).step_by(PAGE) {
            let page = self.address(offset).checked_div(PAGE as u32).unwrap_or(0);
            // SAFETY: the page was checked to lie in the partition, which holds no code.
            unsafe { ll::spiflash_erase_sector(page) }.map_err(FlashError::Chip)?;
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len()).map_err(FlashError::Range)?;
        let mut address = self.address(offset);
        let mut words = Words([0; CHUNK]);
        for part in bytes.chunks(CHUNK) {
            for (to, from) in words.0.iter_mut().zip(part) {
                *to = *from;
            }
            let length = u32::try_from(part.len()).unwrap_or(0);
            // SAFETY: the range was checked to lie in the partition and to be whole words; the buffer is aligned.
            let written = unsafe { ll::spiflash_write(address, words.0.as_ptr().cast(), length) };
            words.0.zeroize();
            written.map_err(FlashError::Chip)?;
            address = address.wrapping_add(length);
        }
        Ok(())
    }
}

/// Bits of a word can be cleared one after the other: flash encryption, which forbids that, is not set up.
impl MultiwriteNorFlash for Flash {}
