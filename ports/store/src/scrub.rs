//! Overwrites what a newer record replaced, so that a passphrase that was deleted cannot be read out
//! of flash. Programming zeros over it wears nothing and needs no erased page.
//!
//! This reads the layout of `sequential-storage` 8, which is part of its documentation: a page is a
//! marker of one word, items, and a marker; an item is a header (check value of the data in 4 bytes,
//! its length in 2, check value of the length in 2) and the data, each padded to words. An item whose
//! first check value is 0 counts as erased, one whose data do not match it is passed over.

use core::ops::Range;

use embedded_storage::nor_flash::{MultiwriteNorFlash, NorFlash};
use zeroize::Zeroize;

/// Bytes of an item's header, and of the check value it begins with.
const HEADER: u32 = 8;
const CHECK: usize = 4;

/// The largest word of a flash the map works on.
const WORD_MAX: usize = 32;

/// Bytes compared at once.
const CHUNK: usize = 64;

/// Zeros to program, in whole words.
const ZEROS: [u8; WORD_MAX] = [0; WORD_MAX];

/// Overwrites every item of `key` in `range` that does not hold `live`. What is overwritten already is
/// not looked at, unless `thorough`: power may have gone in the middle of that.
pub(crate) fn others<F: MultiwriteNorFlash>(
    flash: &mut F,
    range: Range<u32>,
    key: u8,
    live: Option<&[u8]>,
    thorough: bool,
) -> Result<(), F::Error> {
    for page in range.step_by(F::ERASE_SIZE) {
        let end = page.saturating_add(F::ERASE_SIZE as u32);
        let mut at = page.saturating_add(word::<F>());
        while let Some(item) = Item::read(flash, at, end.saturating_sub(word::<F>()))? {
            let is_due = if item.is_erased {
                thorough && !item.is_zero(flash)?
            } else {
                !item.is_other_or(flash, key, live)?
            };
            if is_due {
                item.overwrite(flash)?;
            }
            at = item.next;
        }
    }
    Ok(())
}

/// Bytes the map aligns to.
fn word<F: NorFlash>() -> u32 {
    F::WRITE_SIZE.max(F::READ_SIZE) as u32
}

fn padded<F: NorFlash>(bytes: u32) -> u32 {
    bytes.next_multiple_of(word::<F>())
}

/// Where an item lies.
struct Item {
    at: u32,
    data: u32,
    length: u32,
    next: u32,
    is_erased: bool,
}

impl Item {
    /// The item at an address; `None` where there is none, or a header that was not written whole: the
    /// data come after it, so there are none.
    fn read<F: NorFlash>(flash: &mut F, at: u32, end: u32) -> Result<Option<Self>, F::Error> {
        let data = at.saturating_add(padded::<F>(HEADER));
        if data > end {
            return Ok(None);
        }
        let mut header = [0; padded_max(HEADER as usize)];
        let used = padded::<F>(HEADER) as usize;
        flash.read(at, header.get_mut(..used).unwrap_or_default())?;
        let [
            check_0,
            check_1,
            check_2,
            check_3,
            low,
            high,
            sum_low,
            sum_high,
            ..,
        ] = header;
        let length = u16::from_le_bytes([low, high]);
        if crc16([low, high]) != u16::from_le_bytes([sum_low, sum_high]) {
            return Ok(None);
        }
        let next = data.saturating_add(padded::<F>(length.into()));
        Ok((next <= end).then_some(Self {
            at,
            data,
            length: length.into(),
            next,
            is_erased: [check_0, check_1, check_2, check_3] == [0; 4],
        }))
    }

    /// Gives the data to `look`, in pieces, until that is content.
    fn any<F: NorFlash>(
        &self,
        flash: &mut F,
        mut look: impl FnMut(&[u8]) -> bool,
    ) -> Result<bool, F::Error> {
        let mut chunk = [0; CHUNK];
        let mut found = false;
        for at in (self.data..self.next).step_by(CHUNK) {
            let count = (self.next.saturating_sub(at) as usize).min(CHUNK);
            let piece = chunk.get_mut(..count).unwrap_or_default();
            flash.read(at, piece)?;
            let data =
                (self.length.saturating_sub(at.saturating_sub(self.data)) as usize).min(count);
            found = look(piece.get(..data).unwrap_or_default());
            if found {
                break;
            }
        }
        chunk.zeroize();
        Ok(found)
    }

    /// Whether the item is of another key, or holds just this.
    fn is_other_or<F: NorFlash>(
        &self,
        flash: &mut F,
        key: u8,
        live: Option<&[u8]>,
    ) -> Result<bool, F::Error> {
        let mut of_key = None;
        let mut expected = core::iter::once(&key).chain(live.unwrap_or_default());
        let differs = self.any(flash, |piece| {
            let of_key = *of_key.get_or_insert(piece.first() == Some(&key));
            !of_key || !piece.iter().eq(expected.by_ref().take(piece.len()))
        })?;
        let is_live = !differs && live.is_some() && expected.next().is_none();
        Ok(is_live || of_key != Some(true))
    }

    fn is_zero<F: NorFlash>(&self, flash: &mut F) -> Result<bool, F::Error> {
        Ok(!self.any(flash, |piece| piece.iter().any(|&byte| byte != 0))?)
    }

    /// Header first: the item counts as erased then, whatever of its data is left.
    fn overwrite<F: MultiwriteNorFlash>(&self, flash: &mut F) -> Result<(), F::Error> {
        let word = word::<F>() as usize;
        let mut first = [0; WORD_MAX];
        let first = first.get_mut(..word).unwrap_or_default();
        flash.read(self.at, first)?;
        for byte in first.iter_mut().take(CHECK) {
            *byte = 0;
        }
        flash.write(self.at, first)?;
        let zeros = ZEROS.get(..word).unwrap_or_default();
        for at in (self.data..self.next).step_by(word) {
            flash.write(at, zeros)?;
        }
        Ok(())
    }
}

/// Room for that many bytes in any flash's words.
const fn padded_max(bytes: usize) -> usize {
    bytes.next_multiple_of(WORD_MAX)
}

/// The check value of a length.
fn crc16(bytes: [u8; 2]) -> u16 {
    /// CRC-16F/4.2.
    const POLYNOMIAL: u16 = 0x1A2E;

    let mut crc = u16::MAX;
    for byte in bytes {
        crc ^= u16::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ POLYNOMIAL
            } else {
                crc >> 1
            };
        }
    }
    match !crc {
        u16::MAX => 0xFFFE,
        other => other,
    }
}
