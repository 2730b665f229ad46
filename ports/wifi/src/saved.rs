//! The list of saved networks, in storage order, and the record that keeps it over a restart.
//!
//! A change is made on the list in RAM and the whole list written in one atomic record; when the
//! write fails the change is undone. So flash, RAM and what the caller was told agree at every instant.
//!
//! The record is a version byte, then the list as postcard encodes it.

use embassy_time::Instant;
use port_store::{RecordError, RecordId, Records};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::network::{CREDENTIAL_MAX, Credential, SSID_MAX, Security, Ssid};
use crate::wear::Allowance;

/// Most networks kept.
pub const SAVED_MAX: usize = 8;
/// Format of the record.
const VERSION: u8 = 1;
/// Longest network in the record: name, BSSID, security and credential, each length in one byte.
const NETWORK_MAX: usize = 1 + SSID_MAX + 6 + 1 + 1 + CREDENTIAL_MAX;
/// Longest record: version, count, networks.
const RECORD_MAX: usize = 2 + SAVED_MAX * NETWORK_MAX;

/// One saved network.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(PartialEq))]
pub struct SavedNetwork {
    /// Its name.
    pub ssid: Ssid,
    /// The address of its access point, or zeros.
    pub bssid: [u8; 6],
    /// Its security.
    pub security: Security,
    /// Its passphrase or key.
    pub credential: Credential,
}

/// Why the list was not read or changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SavedError {
    /// There are [`SAVED_MAX`] already.
    Full,
    /// There is no network at that index.
    NoSuchIndex,
    /// The store failed; the list is as it was.
    Store(RecordError),
    /// No store was named yet.
    NotReady,
    /// There were so many changes that the flash would wear out; the list is as it was. One more may come
    /// in 10 s.
    TooOften,
}

impl From<RecordError> for SavedError {
    fn from(error: RecordError) -> Self {
        Self::Store(error)
    }
}

/// With a place more than are kept: while one takes the place of another, both are there.
type List = heapless::Vec<SavedNetwork, { SAVED_MAX + 1 }>;

/// The list. Context: tasks, one at a time; a change blocks for a flash write. List and record are
/// only worked on in place: callers' stacks are small.
pub struct Saved {
    store: Option<&'static dyn Records>,
    /// Whether the list was read.
    is_read: bool,
    list: List,
    record: [u8; RECORD_MAX],
    allowance: Allowance,
}

impl Saved {
    /// A list that knows no store yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            store: None,
            is_read: false,
            list: heapless::Vec::new(),
            record: [0; RECORD_MAX],
            allowance: Allowance::new(),
        }
    }

    /// Names the store. The list is read at the first use.
    pub fn open(&mut self, store: &'static dyn Records) {
        self.store = Some(store);
        self.is_read = false;
    }

    /// How many are saved.
    ///
    /// # Errors
    ///
    /// [`SavedError::Store`] when the record cannot be read.
    pub fn count(&mut self) -> Result<usize, SavedError> {
        Ok(self.list()?.len())
    }

    /// The network at an index.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoSuchIndex`], or [`SavedError::Store`].
    pub fn get(&mut self, index: usize) -> Result<&SavedNetwork, SavedError> {
        self.list()?.get(index).ok_or(SavedError::NoSuchIndex)
    }

    /// Appends a network; its index. A credential that is moved leaves copies on the stack: a caller
    /// that holds a real one uses [`Self::add_with`].
    ///
    /// # Errors
    ///
    /// [`SavedError::Full`], or [`SavedError::Store`]; the list is as it was.
    pub fn add(&mut self, mut network: SavedNetwork) -> Result<usize, SavedError> {
        let credential = core::mem::take(&mut network.credential);
        self.add_with(network, credential.as_bytes())
    }

    /// Appends a network that comes without its credential, which is copied straight to its place;
    /// its index.
    ///
    /// # Errors
    ///
    /// [`SavedError::Full`], or [`SavedError::Store`], too long a credential among them; the list is
    /// as it was.
    pub fn add_with(
        &mut self,
        network: SavedNetwork,
        credential: &[u8],
    ) -> Result<usize, SavedError> {
        let list = self.list()?;
        let index = list.len();
        if index >= SAVED_MAX {
            return Err(SavedError::Full);
        }
        push(list, network, credential)?;
        self.keep(index.saturating_add(1), drop_last)?;
        Ok(index)
    }

    /// Puts a network in the place of the one at an index, in one write: that one is gone, those behind it move up, and
    /// the new one is the last. As with [`Self::add`], the credential leaves copies on the stack.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoSuchIndex`], [`SavedError::TooOften`], or [`SavedError::Store`]; the list is as it was.
    pub fn replace(&mut self, index: usize, mut network: SavedNetwork) -> Result<(), SavedError> {
        let credential = core::mem::take(&mut network.credential);
        self.replace_with(index, network, credential.as_bytes())
    }

    /// The same with a network that comes without its credential, which is copied straight to its place.
    ///
    /// # Errors
    ///
    /// Those of [`Self::replace`]; the list is as it was.
    pub fn replace_with(
        &mut self,
        index: usize,
        network: SavedNetwork,
        credential: &[u8],
    ) -> Result<(), SavedError> {
        let list = self.list()?;
        let count = list.len();
        if index >= count {
            return Err(SavedError::NoSuchIndex);
        }
        push(list, network, credential)?;
        // The old one goes last and is not written, as in a deletion.
        rotate(list, index, count);
        self.keep(count, |list| {
            rotate(list, count, index);
            drop_last(list);
        })?;
        drop_last(&mut self.list);
        Ok(())
    }

    /// Removes the network at an index; the ones behind move up.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoSuchIndex`], or [`SavedError::Store`]; the list is as it was.
    pub fn delete(&mut self, index: usize) -> Result<(), SavedError> {
        let list = self.list()?;
        let last = list.len().saturating_sub(1);
        if index >= list.len() {
            return Err(SavedError::NoSuchIndex);
        }
        // It goes last and is not written; so it is there still should that fail.
        rotate(list, index, last);
        self.write(last, |list| rotate(list, last, index))?;
        drop_last(&mut self.list);
        Ok(())
    }

    /// Moves one network; the others keep their order.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoSuchIndex`], or [`SavedError::Store`]; the list is as it was.
    pub fn shift(&mut self, from: usize, to: usize) -> Result<(), SavedError> {
        let list = self.list()?;
        if from >= list.len() || to >= list.len() {
            return Err(SavedError::NoSuchIndex);
        }
        if from == to {
            return Ok(());
        }
        let count = list.len();
        rotate(list, from, to);
        self.keep(count, |list| rotate(list, to, from))
    }

    /// The list, read from flash the first time.
    fn list(&mut self) -> Result<&mut List, SavedError> {
        if !self.is_read {
            let store = self.store.ok_or(SavedError::NotReady)?;
            let read = read(store, &mut self.record, &mut self.list);
            self.record.zeroize();
            read?;
            self.is_read = true;
        }
        Ok(&mut self.list)
    }

    /// Writes the first `count` of the list within the allowance for changes, or undoes the change to it.
    fn keep(&mut self, count: usize, undo: impl FnOnce(&mut List)) -> Result<(), SavedError> {
        if !self.allowance.take(Instant::now()) {
            log::error!(target: "wifi", "the saved networks change too often: the flash would wear out");
            undo(&mut self.list);
            return Err(SavedError::TooOften);
        }
        self.write(count, undo)
    }

    /// The same beyond any allowance. For what makes the list shorter, which is always allowed: nobody may keep the owner
    /// from erasing, and there is no more to take away than was added.
    fn write(&mut self, count: usize, undo: impl FnOnce(&mut List)) -> Result<(), SavedError> {
        let store = self.store.ok_or(SavedError::NotReady)?;
        let list = &mut self.list;
        let kept = list.get(..count).unwrap_or(list);
        let written = match postcard::to_slice(&(VERSION, kept), &mut self.record) {
            Ok(record) => store.write(RecordId::Networks, record),
            Err(_) => Err(RecordError::TooLarge),
        };
        self.record.zeroize();
        if let Err(error) = written {
            log::error!(target: "wifi", "the saved networks could not be written: {error:?}");
            undo(list);
            return Err(error.into());
        }
        Ok(())
    }
}

impl Default for Saved {
    fn default() -> Self {
        Self::new()
    }
}

/// Appends a network, its credential copied straight to its place.
fn push(list: &mut List, network: SavedNetwork, credential: &[u8]) -> Result<(), SavedError> {
    list.push(network).map_err(|_| SavedError::Full)?;
    if list
        .last_mut()
        .is_some_and(|last| last.credential.set(credential))
    {
        return Ok(());
    }
    drop_last(list);
    Err(SavedError::Store(RecordError::TooLarge))
}

/// Removes the last network. Its place in the list is wiped, which moving it out would not do.
fn drop_last(list: &mut List) {
    if let Some(last) = list.last_mut() {
        last.credential.zeroize();
    }
    drop(list.pop());
}

/// Moves one network; the others keep their order. By swapping neighbours: a rotation by the library
/// would leave a whole network, credential included, in a buffer on the stack.
fn rotate(list: &mut [SavedNetwork], from: usize, to: usize) {
    if from < to {
        for at in from..to {
            list.swap(at, at.saturating_add(1));
        }
    } else {
        for at in (to..from).rev() {
            list.swap(at, at.saturating_add(1));
        }
    }
}

/// Reads the record into the list. A record that is damaged, or of a format we do not know, cannot
/// come back by trying again: the list starts empty then, and the log says so.
fn read(store: &dyn Records, buffer: &mut [u8], list: &mut List) -> Result<(), RecordError> {
    list.clear();
    let problem = match store.read(RecordId::Networks, buffer) {
        Ok(None) => return Ok(()),
        Ok(Some(length)) => match decode(buffer.get(..length).unwrap_or_default(), list) {
            Ok(()) => return Ok(()),
            Err(problem) => problem,
        },
        Err(RecordError::Corrupt) => "their record is damaged",
        Err(RecordError::TooLarge) => "their record is longer than any of ours",
        Err(error @ (RecordError::Full | RecordError::Flash)) => return Err(error),
    };
    log::error!(target: "wifi", "the saved networks are lost: {problem}");
    list.clear();
    Ok(())
}

/// Decodes a record, one network at a time; else what is wrong with it.
fn decode(record: &[u8], list: &mut List) -> Result<(), &'static str> {
    const NONSENSE: &str = "their record makes no sense";
    let Some((&VERSION, record)) = record.split_first() else {
        return Err("their record is of a format this firmware does not know");
    };
    // As postcard begins a sequence: with the number of its elements.
    let (count, mut record) = postcard::take_from_bytes::<usize>(record).map_err(|_| NONSENSE)?;
    if count > SAVED_MAX {
        return Err(NONSENSE);
    }
    for _ in 0..count {
        let (network, rest) = postcard::take_from_bytes(record).map_err(|_| NONSENSE)?;
        list.push(network).map_err(|_| NONSENSE)?;
        record = rest;
    }
    if record.is_empty() {
        Ok(())
    } else {
        Err(NONSENSE)
    }
}

#[cfg(test)]
#[path = "saved_tests.rs"]
mod tests;
