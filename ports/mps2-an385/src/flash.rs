//! NOR flash, as QEMU's PSRAM models it: programming only clears bits, erasing sets a whole page.
//! The PSRAM is backed by a file, so what is here survives the machine, and a machine that is
//! killed leaves a write half done, as a power cut does.
#![allow(unsafe_code, reason = "memory outside what the linker script knows")]

use core::sync::atomic::{AtomicBool, Ordering};

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
    check_erase, check_read, check_write,
};

/// Where the chip is mapped.
const BASE: usize = 0x2100_0000;
/// Its size, in bytes.
const SIZE: usize = 16 * 1024 * 1024;
/// Bytes programmed at once.
const WORD: usize = 4;
/// Bytes erased at once.
const PAGE: usize = 4096;
/// An erased word.
const ERASED: u32 = u32::MAX;

/// Why flash did not do as asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FlashError {
    /// The range is not aligned, or not inside the chip.
    Range(NorFlashErrorKind),
    /// A bit was to be set that was not erased; the word now has the bits both have.
    NotErased,
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Range(kind) => *kind,
            Self::NotErased => NorFlashErrorKind::Other,
        }
    }
}

/// The chip. There is one.
pub struct Flash(());

static TAKEN: AtomicBool = AtomicBool::new(false);

impl Flash {
    /// The chip; `None` when it was taken before.
    pub fn take() -> Option<Self> {
        (!TAKEN.swap(true, Ordering::Relaxed)).then_some(Self(()))
    }

    /// The word at a checked, aligned offset.
    fn word(offset: usize) -> *mut u32 {
        core::ptr::without_provenance_mut(BASE.wrapping_add(offset))
    }
}

impl ErrorType for Flash {
    type Error = FlashError;
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len()).map_err(FlashError::Range)?;
        for (at, byte) in (offset as usize..).zip(bytes) {
            // SAFETY: the range was checked to lie in the chip, which nothing else writes.
            *byte = unsafe { Self::word(at).cast::<u8>().read_volatile() };
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        SIZE
    }
}

impl NorFlash for Flash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        check_erase(self, from, to).map_err(FlashError::Range)?;
        for at in (from as usize..to as usize).step_by(WORD) {
            // SAFETY: the range was checked to lie in the chip and to be whole pages.
            unsafe { Self::word(at).write_volatile(ERASED) };
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len()).map_err(FlashError::Range)?;
        let (words, _) = bytes.as_chunks::<WORD>();
        for (at, word) in (offset as usize..).step_by(WORD).zip(words) {
            let word = u32::from_ne_bytes(*word);
            // SAFETY: the range was checked to lie in the chip and to be whole words.
            let present = unsafe { Self::word(at).read_volatile() };
            // SAFETY: as above.
            unsafe { Self::word(at).write_volatile(present & word) };
            if word & !present != 0 {
                return Err(FlashError::NotErased);
            }
        }
        Ok(())
    }
}

/// Bits of a word can be cleared one after the other.
impl MultiwriteNorFlash for Flash {}
