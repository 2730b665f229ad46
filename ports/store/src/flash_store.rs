//! Records in NOR flash, in a map of the crate `sequential-storage`: an item is appended, never
//! overwritten, and counts only when its checksum holds, so a cut leaves the record before it.

use core::cell::RefCell;
use core::ops::Range;

use embassy_futures::block_on;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::RawMutex;
use embedded_storage::nor_flash::{MultiwriteNorFlash, NorFlash};
use sequential_storage::Error;
use sequential_storage::cache::Cache;
use sequential_storage::map::{MapConfig, MapStorage};
use zeroize::Zeroize;

use crate::blocking::Blocking;
use crate::scrub;
use crate::{RecordError, RecordId, Records};

/// The version of what this store writes. It goes up when a record's place or coding changes.
const FORMAT: u8 = 1;

/// The key the version is under; records have the keys of [`RecordId`].
const FORMAT_KEY: u8 = 0;

/// The longest record, in bytes.
pub const MAX_RECORD: usize = 2048;

/// A record with its key, rounded up to any flash's word.
const BUFFER: usize = MAX_RECORD + 32;

/// What lay in flash when the store was opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Found {
    /// Nothing yet: a new device.
    Nothing,
    /// A store of this format.
    Store,
    /// Something that is no store, or one that cannot be repaired. It was erased; the store is empty.
    Corrupt,
    /// A store of another format. It was erased; the store is empty.
    OtherFormat(u8),
}

/// Why a store could not be opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OpenError {
    /// The range does not begin and end on erase pages, or has fewer than two.
    Range,
    /// The flash driver failed.
    Flash,
}

type Uncached = Cache<
    sequential_storage::cache::Uncached,
    sequential_storage::cache::Uncached,
    sequential_storage::cache::Uncached,
    u8,
>;

struct Inner<F: NorFlash> {
    map: MapStorage<u8, Blocking<F>, Uncached>,
    buffer: [u8; BUFFER],
    /// Replaced records may still be readable: overwriting them failed.
    unscrubbed: bool,
}

/// [`Records`] in a range of NOR flash, behind a lock `L`.
///
/// A record that is replaced is overwritten with zeros at once, and where power goes in between, at the
/// next start. So the flash must be one that programs a word twice ([`MultiwriteNorFlash`]).
///
/// Context: tasks only; a write may take as long as erasing a page.
pub struct FlashStore<F: NorFlash, L: RawMutex> {
    inner: Mutex<L, RefCell<Inner<F>>>,
}

impl<F: MultiwriteNorFlash, L: RawMutex> FlashStore<F, L> {
    /// Opens the store in `range` (bytes, on erase pages), repairs what a power cut left behind,
    /// and tells what was there. What is no store of this format is erased.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn open(flash: F, range: Range<u32>) -> Result<(Self, Found), OpenError> {
        let config = MapConfig::try_new(range).map_err(|_| OpenError::Range)?;
        let map = MapStorage::new(Blocking(flash), config, Cache::new_uncached());
        let mut inner = Inner {
            map,
            buffer: [0; BUFFER],
            unscrubbed: false,
        };
        let blank = inner.is_blank()?;
        let found = match inner.look()? {
            // The map erases a page whose state makes no sense; nobody shall think it was new.
            Found::Nothing if !blank => Found::Corrupt,
            found => found,
        };
        if matches!(found, Found::Corrupt | Found::OtherFormat(_)) {
            block_on(inner.map.erase_all()).map_err(|_| OpenError::Flash)?;
        }
        if found != Found::Store {
            block_on(
                inner
                    .map
                    .store_item(&mut inner.buffer, &FORMAT_KEY, &FORMAT),
            )
            .map_err(|_| OpenError::Flash)?;
        }
        inner.scrub_all().map_err(|_| OpenError::Flash)?;
        Ok((
            Self {
                inner: Mutex::new(RefCell::new(inner)),
            },
            found,
        ))
    }
}

impl<F: NorFlash> Inner<F> {
    /// Whether the whole range reads as erased.
    fn is_blank(&mut self) -> Result<bool, OpenError> {
        let mut chunk = [0; 64];
        for at in self.map.flash_range().step_by(chunk.len()) {
            self.map
                .flash()
                .0
                .read(at, &mut chunk)
                .map_err(|_| OpenError::Flash)?;
            if chunk.iter().any(|&byte| byte != 0xFF) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells what is in flash; the map repairs itself on the way.
    fn look(&mut self) -> Result<Found, OpenError> {
        match block_on(self.map.fetch_item::<u8>(&mut self.buffer, &FORMAT_KEY)) {
            Ok(Some(FORMAT)) => {}
            Ok(Some(other)) => return Ok(Found::OtherFormat(other)),
            Ok(None) => return self.look_without_format(),
            Err(Error::Storage { .. }) => return Err(OpenError::Flash),
            Err(_) => return Ok(Found::Corrupt),
        }
        for key in RecordId::ALL.map(|id| id as u8) {
            match block_on(self.map.fetch_item::<&[u8]>(&mut self.buffer, &key)) {
                Ok(_) => {}
                Err(Error::Storage { .. }) => return Err(OpenError::Flash),
                Err(_) => return Ok(Found::Corrupt),
            }
        }
        self.buffer.zeroize();
        Ok(Found::Store)
    }

    /// Without a version there must be no record either: the version is written first.
    fn look_without_format(&mut self) -> Result<Found, OpenError> {
        for key in RecordId::ALL.map(|id| id as u8) {
            match block_on(self.map.fetch_item::<&[u8]>(&mut self.buffer, &key)) {
                Ok(None) => {}
                Err(Error::Storage { .. }) => return Err(OpenError::Flash),
                Ok(Some(_)) | Err(_) => return Ok(Found::Corrupt),
            }
        }
        Ok(Found::Nothing)
    }

    fn read(&mut self, id: RecordId, out: &mut [u8]) -> Result<Option<usize>, RecordError> {
        let record = block_on(self.map.fetch_item::<&[u8]>(&mut self.buffer, &(id as u8)))
            .map_err(record_error)?;
        let Some(record) = record else {
            return Ok(None);
        };
        out.get_mut(..record.len())
            .ok_or(RecordError::TooLarge)?
            .copy_from_slice(record);
        Ok(Some(record.len()))
    }
}

impl<F: MultiwriteNorFlash> Inner<F> {
    /// Overwrites everything that is no record, however it was left.
    fn scrub_all(&mut self) -> Result<(), RecordError> {
        for key in RecordId::ALL.map(|id| id as u8) {
            let live = block_on(self.map.fetch_item::<&[u8]>(&mut self.buffer, &key))
                .map_err(record_error)?;
            let range = self.map.flash_range();
            scrub::others(&mut self.map.flash().0, range, key, live, true)
                .map_err(|_| RecordError::Flash)?;
        }
        self.buffer.zeroize();
        self.unscrubbed = false;
        Ok(())
    }

    fn write(&mut self, id: RecordId, record: &[u8]) -> Result<(), RecordError> {
        if self.unscrubbed {
            self.scrub_all()?;
        }
        if record.len() > MAX_RECORD {
            return Err(RecordError::TooLarge);
        }
        let former = block_on(self.map.fetch_item::<&[u8]>(&mut self.buffer, &(id as u8)))
            .map_err(record_error)?;
        if former == Some(record) {
            return Ok(()); // Spares the flash.
        }
        block_on(self.map.store_item(&mut self.buffer, &(id as u8), &record))
            .map_err(record_error)?;
        // The record is kept, so this write has not failed even if that does; the next will see to it.
        let range = self.map.flash_range();
        let flash = &mut self.map.flash().0;
        self.unscrubbed = scrub::others(flash, range, id as u8, Some(record), false).is_err();
        Ok(())
    }
}

impl<F: MultiwriteNorFlash, L: RawMutex + Sync> Records for FlashStore<F, L>
where
    Self: Sync,
{
    fn read(&self, id: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError> {
        self.inner.lock(|inner| {
            let inner = &mut *inner.borrow_mut();
            let result = inner.read(id, buffer);
            inner.buffer.zeroize();
            result
        })
    }

    fn write(&self, id: RecordId, record: &[u8]) -> Result<(), RecordError> {
        self.inner.lock(|inner| {
            let inner = &mut *inner.borrow_mut();
            let result = inner.write(id, record);
            inner.buffer.zeroize();
            result
        })
    }
}

fn record_error<E>(error: Error<E>) -> RecordError {
    match error {
        Error::Storage { .. } => RecordError::Flash,
        Error::FullStorage => RecordError::Full,
        Error::ItemTooBig | Error::BufferTooBig | Error::BufferTooSmall(_) => RecordError::TooLarge,
        Error::Corrupted {} | Error::LogicBug {} | Error::SerializationError(_) => {
            RecordError::Corrupt
        }
        // The enum is open; what it may say in future is no better than corrupt.
        _ => RecordError::Corrupt,
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        reason = "a test"
    )]

    use core::convert::Infallible;

    use embassy_sync::blocking_mutex::raw::NoopRawMutex;
    use embedded_storage::nor_flash::{ErrorType, ReadNorFlash};

    use super::*;

    const PAGE: usize = 1024;

    /// Flash that never fails.
    struct Ram([u8; 2 * PAGE]);

    impl ErrorType for Ram {
        type Error = Infallible;
    }

    impl ReadNorFlash for Ram {
        const READ_SIZE: usize = 1;

        fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Infallible> {
            let at = offset as usize;
            bytes.copy_from_slice(&self.0[at..at + bytes.len()]);
            Ok(())
        }

        fn capacity(&self) -> usize {
            self.0.len()
        }
    }

    impl NorFlash for Ram {
        const WRITE_SIZE: usize = 4;
        const ERASE_SIZE: usize = PAGE;

        fn erase(&mut self, from: u32, to: u32) -> Result<(), Infallible> {
            self.0[from as usize..to as usize].fill(0xFF);
            Ok(())
        }

        fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Infallible> {
            for (cell, byte) in self.0[offset as usize..].iter_mut().zip(bytes) {
                *cell &= byte;
            }
            Ok(())
        }
    }

    impl MultiwriteNorFlash for Ram {}

    impl<F: NorFlash, L: RawMutex> FlashStore<F, L> {
        fn into_flash(self) -> F {
            self.inner.into_inner().into_inner().map.destroy().0.0
        }
    }

    fn open(flash: Ram) -> (FlashStore<Ram, NoopRawMutex>, Found) {
        FlashStore::open(flash, 0..2 * PAGE as u32).unwrap()
    }

    #[test]
    fn another_format_is_told_and_erased() {
        let (store, _) = open(Ram([0xFF; 2 * PAGE]));
        let mut inner = store.inner.into_inner().into_inner();
        inner
            .write(RecordId::Bonds, b"in a coding we do not know")
            .unwrap();
        block_on(
            inner
                .map
                .store_item(&mut inner.buffer, &FORMAT_KEY, &(FORMAT + 1)),
        )
        .unwrap();
        let (store, found) = open(inner.map.destroy().0.0);
        assert_eq!(found, Found::OtherFormat(FORMAT + 1));
        let mut flash = store.into_flash();
        for _ in 0..2 {
            let (store, found) = open(flash);
            assert_eq!(found, Found::Store);
            let record = store
                .inner
                .lock(|inner| inner.borrow_mut().read(RecordId::Bonds, &mut [0; 64]));
            assert_eq!(record, Ok(None));
            flash = store.into_flash();
        }
    }
}
