//! The platform as the service sees it, over a store that may lose its power.

use crate::list;
use wifi_provision::config::BSSID_BYTES;
use wifi_provision::platform::{Describe, Network, Wifi};
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
    /// Puts one in the place of another, as the last, in one write; [`Cause::NotSupported`] where there is no such call.
    fn replace(&mut self, index: usize, network: u8) -> Result<(), Cause>;
}

/// A network as the service sees it: its number, which is its passphrase too, and the name in it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) struct Numbered {
    number: u8,
    name: u8,
}

impl Numbered {
    const fn new(number: u8) -> Self {
        Self {
            number,
            name: list::name(number),
        }
    }
}

impl Describe for Numbered {
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: core::slice::from_ref(&self.name),
            bssid: &[0; BSSID_BYTES],
            security: 3,
            rssi: Network::SAVED_RSSI,
        }
    }
}

/// A device that is on no network.
pub(crate) struct Driver<S> {
    pub(crate) store: S,
    candidate: Numbered,
    loaded: Numbered,
}

impl<S: Store> Driver<S> {
    /// With the network that comes with a request.
    pub(crate) fn new(store: S, candidate: u8) -> Self {
        Self {
            store,
            candidate: Numbered::new(candidate),
            loaded: Numbered::new(0),
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
    type Saved = Numbered;
    type Found = Numbered;

    fn keep_loaded(&mut self) {
        self.candidate = self.loaded;
    }

    fn kept(&self) -> &Numbered {
        &self.candidate
    }

    fn empty_loaded(&mut self) {
        self.loaded = Numbered::new(0);
    }

    fn is_loaded_kept(&self) -> bool {
        self.candidate == self.loaded
    }

    fn count(&mut self) -> Result<usize, Cause> {
        self.store.count().ok_or(Cause::Failure)
    }

    fn load(&mut self, index: usize) -> Result<(), Cause> {
        self.loaded = Numbered::new(self.store.get(index).ok_or(Cause::Failure)?);
        Ok(())
    }

    fn loaded(&self) -> &Numbered {
        &self.loaded
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

    fn scanned(&self, _index: usize) -> Option<&Numbered> {
        None
    }

    fn join(&mut self, _whose: Whose) -> Result<(), Cause> {
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Cause> {
        Ok(())
    }

    fn append(&mut self, whose: Whose) -> Result<usize, Cause> {
        let network = match whose {
            Whose::Candidate => self.candidate,
            Whose::Loaded => self.loaded,
        };
        self.store.add(network.number).ok_or(Cause::Failure)
    }

    fn remove(&mut self, index: usize) -> Result<(), Cause> {
        self.store.delete(index).ok_or(Cause::Failure)
    }

    fn relocate(&mut self, from: usize, to: usize) -> Result<(), Cause> {
        self.store.shift(from, to)
    }

    fn replace(&mut self, index: usize) -> Result<(), Cause> {
        self.store.replace(index, self.candidate.number)
    }
}
