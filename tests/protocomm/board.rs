//! A device in memory: access points in the air, a driver that knows why it fails, a store.

use wifi_provision::config::{
    BSSID_BYTES, MAX_PASSPHRASE_BYTES, MAX_SAVED_NETWORKS, MAX_SSID_BYTES,
};
use wifi_provision::platform::{Describe, Network, Wifi};
use wifi_provision::profile::{Draft, Octets, Security};
use wifi_provision::protocomm::serve::Desk;
use wifi_provision::service::Whose;
use wifi_provision::status::{Cause, Reason};

/// An access point.
#[derive(Clone, Debug)]
pub(crate) struct AccessPoint {
    pub(crate) ssid: Vec<u8>,
    pub(crate) bssid: [u8; BSSID_BYTES],
    pub(crate) channel: u8,
    pub(crate) rssi: i8,
    pub(crate) security: u8,
    pub(crate) passphrase: Vec<u8>,
    pub(crate) hides: bool,
    pub(crate) gives_address: bool,
}

/// A network protected by WPA2, on channel 6.
pub(crate) fn access_point(ssid: &str, passphrase: &str, rssi: i8) -> AccessPoint {
    AccessPoint {
        ssid: ssid.into(),
        bssid: [2, 0, 0, 0, 0, rssi.unsigned_abs()],
        channel: 6,
        rssi,
        security: 3,
        passphrase: passphrase.into(),
        hides: false,
        gives_address: true,
    }
}

/// A network as it is saved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Profile {
    ssid: [u8; MAX_SSID_BYTES],
    ssid_length: u8,
    bssid: [u8; BSSID_BYTES],
    passphrase: [u8; MAX_PASSPHRASE_BYTES],
    passphrase_length: u8,
    pub(crate) security: u8,
}

impl Profile {
    const EMPTY: Self = Self {
        ssid: [0; MAX_SSID_BYTES],
        ssid_length: 0,
        bssid: [0; BSSID_BYTES],
        passphrase: [0; MAX_PASSPHRASE_BYTES],
        passphrase_length: 0,
        security: 0,
    };

    pub(crate) fn ssid(&self) -> &[u8] {
        &self.ssid[..usize::from(self.ssid_length)]
    }

    pub(crate) fn passphrase(&self) -> &[u8] {
        &self.passphrase[..usize::from(self.passphrase_length)]
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

/// The device.
pub(crate) struct Board {
    pub(crate) air: Vec<AccessPoint>,
    /// In order of arrival: the last has priority 0.
    pub(crate) saved: Vec<Profile>,
    pub(crate) on: Option<Vec<u8>>,
    pub(crate) joins: u32,
    pub(crate) cannot_scan: bool,
    pub(crate) fails_removals: bool,
    /// How many of the next appends the store does not take.
    pub(crate) failing_appends: u32,
    candidate: Profile,
    loaded: Profile,
    reason: Reason,
}

impl Board {
    pub(crate) fn new(air: Vec<AccessPoint>) -> Self {
        Self {
            air,
            saved: Vec::new(),
            on: None,
            joins: 0,
            cannot_scan: false,
            fails_removals: false,
            failing_appends: 0,
            candidate: Profile::EMPTY,
            loaded: Profile::EMPTY,
            reason: Reason::Unspecified,
        }
    }

    /// Saved before the test begins, or by somebody else.
    pub(crate) fn save(&mut self, ssid: &str, security: u8, passphrase: &str) {
        let mut profile = Profile::EMPTY;
        profile.ssid[..ssid.len()].copy_from_slice(ssid.as_bytes());
        profile.ssid_length = ssid.len() as u8;
        profile.passphrase[..passphrase.len()].copy_from_slice(passphrase.as_bytes());
        profile.passphrase_length = passphrase.len() as u8;
        profile.security = security;
        self.saved.push(profile);
    }

    fn profile(&self, whose: Whose) -> &Profile {
        match whose {
            Whose::Candidate => &self.candidate,
            Whose::Loaded => &self.loaded,
        }
    }

    fn try_to_join(&self, profile: &Profile) -> Result<(), (Cause, Reason)> {
        let Some(found) = self.air.iter().find(|found| found.ssid == profile.ssid()) else {
            return Err((Cause::Failure, Reason::NotFound));
        };
        if found.security == 5 || found.security != profile.security {
            return Err((Cause::NotSupported, Reason::Security));
        }
        if found.passphrase != profile.passphrase() {
            return Err((Cause::Failure, Reason::Authentication));
        }
        if !found.gives_address {
            return Err((Cause::Timeout, Reason::NoAddress));
        }
        Ok(())
    }

    fn found(&self, index: usize, hides: bool) -> Option<&AccessPoint> {
        self.air.get(index).filter(|found| found.hides == hides)
    }
}

impl Describe for AccessPoint {
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: if self.hides { &[] } else { &self.ssid },
            bssid: &self.bssid,
            security: self.security,
            rssi: Network::scanned_rssi(self.rssi),
        }
    }
}

impl Describe for Profile {
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: self.ssid(),
            bssid: &self.bssid,
            security: self.security,
            rssi: Network::SAVED_RSSI,
        }
    }
}

impl Desk for Board {
    type Profile = Profile;

    fn candidate(&mut self) -> &mut Profile {
        self.candidate = Profile::EMPTY;
        &mut self.candidate
    }
}

impl Wifi for Board {
    type Saved = Profile;
    type Found = AccessPoint;

    fn count(&mut self) -> Result<usize, Cause> {
        Ok(self.saved.len())
    }

    fn keep_loaded(&mut self) {
        self.candidate = self.loaded.clone();
    }

    fn kept(&self) -> &Profile {
        &self.candidate
    }

    fn is_loaded_kept(&self) -> bool {
        self.loaded == self.candidate
    }

    fn empty_loaded(&mut self) {
        self.loaded = Profile::EMPTY;
    }

    fn load(&mut self, index: usize) -> Result<(), Cause> {
        self.loaded = self.saved.get(index).ok_or(Cause::Failure)?.clone();
        Ok(())
    }

    fn loaded(&self) -> &Profile {
        &self.loaded
    }

    fn is_online(&mut self) -> bool {
        self.on.is_some()
    }

    fn is_on_loaded(&mut self) -> bool {
        self.on.as_deref() == Some(self.loaded.ssid())
    }

    fn scan(&mut self, _max: usize) -> Result<(), Cause> {
        if self.cannot_scan {
            Err(Cause::Failure)
        } else {
            Ok(())
        }
    }

    fn scanned(&self, index: usize) -> Option<&AccessPoint> {
        self.found(index, false)
    }

    fn hidden(&self, index: usize) -> Option<&AccessPoint> {
        self.found(index, true)
    }

    fn channel(&self, index: usize) -> u8 {
        self.air.get(index).map_or(0, |found| found.channel)
    }

    fn join(&mut self, whose: Whose) -> Result<(), Cause> {
        self.joins += 1;
        self.on = None;
        match self.try_to_join(self.profile(whose)) {
            Ok(()) => {
                self.on = Some(self.profile(whose).ssid().to_vec());
                Ok(())
            }
            Err((cause, reason)) => {
                self.reason = reason;
                Err(cause)
            }
        }
    }

    fn leave(&mut self) -> Result<(), Cause> {
        self.on = None;
        Ok(())
    }

    fn append(&mut self, whose: Whose) -> Result<usize, Cause> {
        if self.failing_appends > 0 {
            self.failing_appends -= 1;
            return Err(Cause::Failure);
        }
        if self.saved.len() >= MAX_SAVED_NETWORKS {
            return Err(Cause::Failure);
        }
        self.saved.push(self.profile(whose).clone());
        Ok(self.saved.len() - 1)
    }

    fn remove(&mut self, index: usize) -> Result<(), Cause> {
        if index >= self.saved.len() || self.fails_removals {
            return Err(Cause::Failure);
        }
        self.saved.remove(index);
        Ok(())
    }

    fn relocate(&mut self, _from: usize, _to: usize) -> Result<(), Cause> {
        Err(Cause::NotSupported)
    }

    fn reason(&mut self, _cause: Cause) -> Option<Reason> {
        Some(self.reason)
    }

    fn address(&mut self) -> Option<[u8; 4]> {
        self.on.as_ref().map(|_| [192, 168, 1, 7])
    }
}
