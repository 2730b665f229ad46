//! The platform as the service sees it, over a store that may lose its power.

use crate::list::NEW;
use wifi_provision::config::BSSID_BYTES;
use wifi_provision::platform::{Network, Wifi};
use wifi_provision::service::Whose;
use wifi_provision::status::Cause;

/// A store of networks, each a number. Without power every call fails.
pub(crate) trait Store {
    fn count(&mut self) -> Option<usize>;
    fn get(&mut self, index: usize) -> Option<u8>;
    fn add(&mut self, network: u8) -> Option<usize>;
    fn delete(&mut self, index: usize) -> Option<()>;
    /// Moves one in one write; [`Cause::NotSupported`] where there is no such call.
    fn shift(&mut self, from: usize, to: usize) -> Result<(), Cause>;
}

/// A device that is on no network.
pub(crate) struct Driver<S> {
    pub(crate) store: S,
    candidate: u8,
    loaded: u8,
    bssid: [u8; BSSID_BYTES],
}

impl<S: Store> Driver<S> {
    pub(crate) fn new(store: S) -> Self {
        Self {
            store,
            candidate: NEW,
            loaded: 0,
            bssid: [0; BSSID_BYTES],
        }
    }

    /// What is saved, in storage order.
    pub(crate) fn list(&mut self) -> Vec<u8> {
        let count = self.store.count().unwrap_or(0);
        (0..count)
            .filter_map(|index| self.store.get(index))
            .collect()
    }
}

impl<S: Store> Wifi for Driver<S> {
    fn keep_loaded(&mut self) {
        self.candidate = self.loaded;
    }

    fn is_loaded_kept(&self) -> bool {
        self.candidate == self.loaded
    }

    fn count(&mut self) -> Result<usize, Cause> {
        self.store.count().ok_or(Cause::Failure)
    }

    fn load(&mut self, index: usize) -> Result<(), Cause> {
        self.loaded = self.store.get(index).ok_or(Cause::Failure)?;
        Ok(())
    }

    fn loaded(&self) -> Network<'_> {
        Network {
            ssid: core::slice::from_ref(&self.loaded),
            bssid: &self.bssid,
            security: 3,
            rssi: Network::SAVED_RSSI,
        }
    }

    fn is_online(&mut self) -> bool {
        false
    }

    fn is_on_loaded(&mut self) -> bool {
        false
    }

    fn scan(&mut self, _max: usize) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }

    fn scanned(&self, _index: usize) -> Option<Network<'_>> {
        None
    }

    fn join(&mut self, _whose: Whose) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }

    fn leave(&mut self) -> Result<(), Cause> {
        Ok(())
    }

    fn append(&mut self, whose: Whose) -> Result<usize, Cause> {
        let network = match whose {
            Whose::Candidate => self.candidate,
            Whose::Loaded => self.loaded,
        };
        self.store.add(network).ok_or(Cause::Failure)
    }

    fn remove(&mut self, index: usize) -> Result<(), Cause> {
        self.store.delete(index).ok_or(Cause::Failure)
    }

    fn relocate(&mut self, from: usize, to: usize) -> Result<(), Cause> {
        self.store.shift(from, to)
    }
}
