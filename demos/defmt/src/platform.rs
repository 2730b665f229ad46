//! A platform: a store in memory, and one access point in the air.

use wifi_provision::config::{
    BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SAVED_NETWORKS, MAX_SSID_BYTES,
};
use wifi_provision::platform::{Describe, Gone, Network, Phone, Wifi};
use wifi_provision::profile::{Draft, Octets, Security};
use wifi_provision::service::Whose;
use wifi_provision::status::Cause;

/// The name of the access point. It takes every passphrase.
const HOME: &[u8] = b"HomeNetwork";

/// A network and its passphrase, which is nobody's.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Profile {
    ssid: [u8; MAX_SSID_BYTES],
    ssid_length: u8,
    bssid: [u8; BSSID_BYTES],
    passphrase: [u8; MAX_PASSPHRASE_BYTES],
    passphrase_length: u8,
    security: u8,
}

impl Profile {
    pub(crate) const EMPTY: Self = Self {
        ssid: [0; MAX_SSID_BYTES],
        ssid_length: 0,
        bssid: [0; BSSID_BYTES],
        passphrase: [0; MAX_PASSPHRASE_BYTES],
        passphrase_length: 0,
        security: 0,
    };

    fn name(&self) -> &[u8] {
        self.ssid.get(..self.ssid_length.into()).unwrap_or_default()
    }
}

impl Draft for Profile {
    fn ssid(&mut self) -> Octets<'_> {
        Octets {
            array: &mut self.ssid,
            length: &mut self.ssid_length,
        }
    }

    fn bssid(&mut self) -> &mut [u8; BSSID_BYTES] {
        &mut self.bssid
    }

    fn passphrase(&mut self) -> Octets<'_> {
        Octets {
            array: &mut self.passphrase,
            length: &mut self.passphrase_length,
        }
    }

    fn set_security(&mut self, security: Security) {
        self.security = security as u8;
    }
}

impl Describe for Profile {
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: self.name(),
            bssid: &self.bssid,
            security: self.security,
            rssi: Network::SAVED_RSSI,
        }
    }
}

/// The access point, as a scan finds it.
pub(crate) struct AccessPoint;

impl Describe for AccessPoint {
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: HOME,
            bssid: &[2, 0, 0, 0, 0, 1],
            security: Security::Wpa2 as u8,
            rssi: -50,
        }
    }
}

pub(crate) struct Platform {
    /// In order of arrival; the first `count` are networks.
    store: [Profile; MAX_SAVED_NETWORKS],
    count: usize,
    /// What came with the request.
    pub(crate) candidate: Profile,
    loaded: Profile,
    is_online: bool,
}

impl Platform {
    pub(crate) const fn new() -> Self {
        Self {
            store: [Profile::EMPTY; MAX_SAVED_NETWORKS],
            count: 0,
            candidate: Profile::EMPTY,
            loaded: Profile::EMPTY,
            is_online: false,
        }
    }

    const fn profile(&self, whose: Whose) -> &Profile {
        match whose {
            Whose::Candidate => &self.candidate,
            Whose::Loaded => &self.loaded,
        }
    }

    fn saved(&mut self) -> &mut [Profile] {
        self.store.get_mut(..self.count).unwrap_or_default()
    }
}

impl Wifi for Platform {
    type Saved = Profile;
    type Found = AccessPoint;

    fn keep_loaded(&mut self) {
        self.candidate = self.loaded;
    }

    fn kept(&self) -> &Profile {
        &self.candidate
    }

    fn is_loaded_kept(&self) -> bool {
        self.candidate == self.loaded
    }

    fn count(&mut self) -> Result<usize, Cause> {
        Ok(self.count)
    }

    fn empty_loaded(&mut self) {
        self.loaded = Profile::EMPTY;
    }

    fn load(&mut self, index: usize) -> Result<(), Cause> {
        self.loaded = *self.saved().get(index).ok_or(Cause::Failure)?;
        Ok(())
    }

    fn loaded(&self) -> &Profile {
        &self.loaded
    }

    fn is_online(&mut self) -> bool {
        self.is_online
    }

    fn is_on_loaded(&mut self) -> bool {
        self.is_online && self.loaded.name() == HOME
    }

    fn scan(&mut self, _max: usize) -> Result<(), Cause> {
        Ok(())
    }

    fn scanned(&self, index: usize) -> Option<&AccessPoint> {
        (index == 0).then_some(&AccessPoint)
    }

    fn join(&mut self, whose: Whose) -> Result<(), Cause> {
        self.is_online = self.profile(whose).name() == HOME;
        if self.is_online {
            Ok(())
        } else {
            Err(Cause::Timeout)
        }
    }

    fn leave(&mut self) -> Result<(), Cause> {
        self.is_online = false;
        Ok(())
    }

    fn append(&mut self, whose: Whose) -> Result<usize, Cause> {
        let (index, profile) = (self.count, *self.profile(whose));
        *self.store.get_mut(index).ok_or(Cause::Failure)? = profile;
        self.count = index.saturating_add(1);
        Ok(index)
    }

    fn remove(&mut self, index: usize) -> Result<(), Cause> {
        match self.saved().get_mut(index..) {
            Some(there @ [_, ..]) => there.rotate_left(1),
            Some([]) | None => return Err(Cause::Failure),
        }
        self.count = self.count.saturating_sub(1);
        Ok(())
    }

    fn relocate(&mut self, _from: usize, _to: usize) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }
}

/// A phone that is there.
pub(crate) struct Handset;

impl Phone for Handset {
    fn send(&mut self, message: &[u8]) -> Result<(), Gone> {
        defmt::println!("the phone is sent {=usize} bytes", message.len());
        Ok(())
    }
}
