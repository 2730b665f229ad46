//! A model of NOR flash that loses power at the k-th word program or page erase, before it or in
//! the middle of it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a model for tests, of which each binary uses its part"
)]

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

pub const PAGES: usize = 4;

/// What the operation under way leaves behind when power goes.
#[derive(Clone, Copy, Debug)]
pub enum Torn {
    /// Nothing was done yet.
    Before,
    /// A part of the bits changed.
    Halfway,
}

#[derive(Debug, Eq, PartialEq)]
pub enum NorError {
    PowerIsGone,
    /// A bit was to be set by programming: the store's fault.
    NotErased,
    Bounds,
}

impl NorFlashError for NorError {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

/// A chip with pages of `PAGE` bytes.
#[derive(Clone)]
pub struct Nor<const PAGE: usize> {
    pub bytes: Vec<u8>,
    /// Operations left before power goes.
    pub left: usize,
    pub torn: Torn,
    pub done: usize,
    pub erased: usize,
}

impl<const PAGE: usize> Nor<PAGE> {
    pub const SIZE: usize = PAGE * PAGES;

    pub fn new() -> Self {
        Self::from(vec![0xFF; Self::SIZE])
    }

    pub fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            left: usize::MAX,
            torn: Torn::Before,
            done: 0,
            erased: 0,
        }
    }

    pub fn with_cut(bytes: Vec<u8>, left: usize, torn: Torn) -> Self {
        Self {
            bytes,
            left,
            torn,
            done: 0,
            erased: 0,
        }
    }

    /// Whether the next operation runs whole, is the one that is torn, or does not run.
    fn next(&mut self) -> Result<bool, NorError> {
        if self.left == 0 {
            return Err(NorError::PowerIsGone);
        }
        self.left -= 1;
        self.done += 1;
        Ok(self.left == 0)
    }
}

impl<const PAGE: usize> ErrorType for Nor<PAGE> {
    type Error = NorError;
}

impl<const PAGE: usize> ReadNorFlash for Nor<PAGE> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorError> {
        if self.left == 0 {
            return Err(NorError::PowerIsGone);
        }
        let from = offset as usize;
        bytes.copy_from_slice(
            self.bytes
                .get(from..from + bytes.len())
                .ok_or(NorError::Bounds)?,
        );
        Ok(())
    }

    fn capacity(&self) -> usize {
        Self::SIZE
    }
}

impl<const PAGE: usize> NorFlash for Nor<PAGE> {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorError> {
        for page in (from as usize..to as usize).step_by(PAGE) {
            let last = self.next()?;
            self.erased += 1;
            let end = match (last, self.torn) {
                (false, _) => page + PAGE,
                (true, Torn::Before) => page,
                (true, Torn::Halfway) => page + PAGE / 2,
            };
            self.bytes[page..end].fill(0xFF);
            if last {
                // The rest of a half-erased page reads as anything between old and erased.
                if matches!(self.torn, Torn::Halfway) {
                    for (at, byte) in self.bytes[end..page + PAGE].iter_mut().enumerate() {
                        *byte |= (at as u8).wrapping_mul(37);
                    }
                }
                return Err(NorError::PowerIsGone);
            }
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorError> {
        for (index, word) in bytes.chunks(4).enumerate() {
            let at = offset as usize + index * 4;
            let last = self.next()?;
            let mask = match (last, self.torn) {
                (false, _) => 0x00,
                (true, Torn::Before) => 0xFF,
                (true, Torn::Halfway) => 0xA5,
            };
            for (cell, &byte) in self.bytes[at..at + word.len()].iter_mut().zip(word) {
                if byte & !*cell != 0 {
                    return Err(NorError::NotErased);
                }
                *cell &= byte | mask;
            }
            if last {
                return Err(NorError::PowerIsGone);
            }
        }
        Ok(())
    }
}

impl<const PAGE: usize> MultiwriteNorFlash for Nor<PAGE> {}
