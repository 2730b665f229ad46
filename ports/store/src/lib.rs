//! Saved networks and bonds in the board's flash.
//!
//! Who needs something kept asks for it through [`Records`], so that neither the BLE nor the WiFi
//! half of a port knows how flash works.
#![no_std]

mod blocking;
mod flash_store;
mod scrub;

pub use flash_store::{FlashStore, Found, MAX_RECORD, OpenError};

/// What a port keeps over a restart. One record is always written whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum RecordId {
    /// The list of saved networks, in storage order.
    Networks = 1,
    /// The bonds of known phones.
    Bonds = 2,
    /// The secret by which a phone shows that its owner holds the device.
    Proof = 3,
}

impl RecordId {
    /// Every record there is.
    pub const ALL: [Self; 3] = [Self::Networks, Self::Bonds, Self::Proof];
}

/// Why a record could not be read or written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RecordError {
    /// The record is larger than the buffer, or than the store can keep.
    TooLarge,
    /// No room is left in flash.
    Full,
    /// What flash holds does not pass its checksum.
    Corrupt,
    /// The flash driver failed.
    Flash,
}

/// Records that survive a restart. A write is atomic: after a power cut the old record is there or the new one.
///
/// Context: task, may block for the time of a flash erase. Implementations serialise their callers.
pub trait Records: Sync {
    /// Reads a record into `buffer`; `Ok(None)` when it was never written.
    ///
    /// # Errors
    ///
    /// See [`RecordError`].
    fn read(&self, id: RecordId, buffer: &mut [u8]) -> Result<Option<usize>, RecordError>;

    /// Replaces a record.
    ///
    /// # Errors
    ///
    /// See [`RecordError`]; the former record is then still there.
    fn write(&self, id: RecordId, record: &[u8]) -> Result<(), RecordError>;
}
