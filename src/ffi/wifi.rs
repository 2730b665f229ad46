//! The WiFi driver and the store of saved networks: `WIFI_*` of the platform.

use core::ptr;

use zeroize::Zeroize;

use super::abi;
use super::desk::{Desk, Profiles, octets, octets_mut, used};
use crate::config::MAX_SAVED_NETWORKS;
use crate::platform::{Network, Wifi};
use crate::profile::Security;
use crate::service::Whose;
use crate::status::Status;

/// A driver's return code. A number no driver should give counts as a failure.
#[inline(never)]
fn status(code: abi::WIFIReturnCode_t) -> Result<(), Status> {
    match code {
        abi::eWiFiSuccess => Ok(()),
        abi::eWiFiTimeout => Err(Status::Timeout),
        abi::eWiFiNotSupported => Err(Status::NotSupported),
        _ => Err(Status::Failure),
    }
}

/// A security number for the wire; what is no security is "not supported".
pub(super) fn security(number: abi::WIFISecurity_t) -> u8 {
    match number {
        abi::eWiFiSecurityOpen => 0,
        abi::eWiFiSecurityWEP => 1,
        abi::eWiFiSecurityWPA => 2,
        abi::eWiFiSecurityWPA2 => 3,
        abi::eWiFiSecurityWPA2_ent => 4,
        abi::eWiFiSecurityWPA3 => 5,
        _ => 6,
    }
}

/// Counts the saved networks: one more than the highest index that can be read, so that one that
/// cannot be read hides no other.
fn count(room: &mut abi::WIFINetworkProfile_t) -> u8 {
    let mut count = MAX_SAVED_NETWORKS as u8;
    while let Some(index) = count.checked_sub(1) {
        // SAFETY: the profile is writable.
        if unsafe { abi::WIFI_NetworkGet(room, u16::from(index)) } == abi::eWiFiSuccess {
            break;
        }
        count = index;
    }
    count
}

/// Counts the saved networks for who is not carrying out a request.
pub(super) fn count_saved() -> u8 {
    // SAFETY: all bytes zero is a value of the struct.
    let mut room: abi::WIFINetworkProfile_t = unsafe { core::mem::zeroed() };
    let count = count(&mut room);
    octets_mut(&mut room.cPassword).zeroize();
    count
}

/// Writes down for the driver which network is meant, and its credential.
fn describe(desk: &mut Desk, whose: Whose) -> &abi::WIFINetworkParams_t {
    let Profiles {
        loaded,
        candidate,
        params,
    } = desk.profiles_mut();
    let source = match whose {
        Whose::Candidate => candidate,
        Whose::Loaded => loaded,
    };
    // SAFETY: all bytes zero is a value of the struct.
    *params = unsafe { core::mem::zeroed() };
    params.ucSSID = source.ucSSID;
    params.ucSSIDLength = source.ucSSIDLength.min(abi::wificonfigMAX_SSID_LEN as u8);
    params.xSecurity = source.xSecurity;
    if source.xSecurity == abi::eWiFiSecurityWEP {
        // SAFETY: every byte of the union is valid for either member.
        let [key, ..] = unsafe { &mut params.xPassword.xWEP };
        if let Some(credential) = octets(&source.cPassword).first_chunk() {
            *octets_mut(&mut key.cKey) = *credential;
            key.ucLength = source
                .ucPasswordLength
                .min(abi::wificonfigMAX_WEPKEY_LEN as u8);
        }
    } else {
        // SAFETY: every byte of the union is valid for either member.
        let key = unsafe { &mut params.xPassword.xWPA };
        key.cPassphrase = source.cPassword;
        key.ucLength = source
            .ucPasswordLength
            .min(abi::wificonfigMAX_PASSPHRASE_LEN as u8);
    }
    params
}

impl Wifi for Desk {
    fn count(&mut self) -> u8 {
        count(&mut self.profiles_mut().loaded)
    }

    fn load(&mut self, index: u8) -> Result<(), Status> {
        // SAFETY: the profile is writable.
        status(unsafe { abi::WIFI_NetworkGet(&mut self.profiles_mut().loaded, u16::from(index)) })
    }

    fn loaded(&self) -> Network<'_> {
        let profile = &self.profiles().loaded;
        Network {
            ssid: used(&profile.ucSSID, profile.ucSSIDLength),
            bssid: &profile.ucBSSID,
            security: security(profile.xSecurity),
            rssi: 0,
        }
    }

    fn is_online(&mut self) -> bool {
        // SAFETY: null asks about any network.
        unsafe { abi::WIFI_IsConnected(ptr::null()) != 0 }
    }

    fn is_on_loaded(&mut self) -> bool {
        let params = describe(self, Whose::Loaded);
        // SAFETY: the parameters are readable.
        unsafe { abi::WIFI_IsConnected(params) != 0 }
    }

    fn scan(&mut self, max: u8) -> Result<u8, Status> {
        let results = self.empty_scan();
        // SAFETY: there is room for MAX_SCAN_NETWORKS results, and `max` is at most that.
        status(unsafe { abi::WIFI_Scan(results.as_mut_ptr(), max) }).map(|()| max)
    }

    fn scanned(&self, index: u8) -> Option<Network<'_>> {
        let found = self
            .scan_results()
            .get(usize::from(index))
            .filter(|found| found.ucSSIDLength != 0)?;
        Some(Network {
            ssid: used(&found.ucSSID, found.ucSSIDLength),
            bssid: &found.ucBSSID,
            security: security(found.xSecurity),
            rssi: found.cRSSI,
        })
    }

    fn join(&mut self, whose: Whose) -> Result<(), Status> {
        match Security::from_wire(security(self.profile(whose).xSecurity).into()) {
            None | Some(Security::Wpa2Enterprise) => return Err(Status::NotSupported),
            Some(
                Security::Open | Security::Wep | Security::Wpa | Security::Wpa2 | Security::Wpa3,
            ) => {}
        }
        let params = describe(self, whose);
        // SAFETY: the parameters are readable.
        status(unsafe { abi::WIFI_ConnectAP(params) })
    }

    fn leave(&mut self) -> Result<(), Status> {
        // SAFETY: called from a task.
        status(unsafe { abi::WIFI_Disconnect() })
    }

    fn append(&mut self, whose: Whose) -> Result<(), Status> {
        let mut index = 0;
        // SAFETY: the profile is readable and the index writable.
        status(unsafe { abi::WIFI_NetworkAdd(self.profile(whose), &mut index) })
    }

    fn remove(&mut self, index: u8) -> Result<(), Status> {
        // SAFETY: called from a task.
        status(unsafe { abi::WIFI_NetworkDelete(u16::from(index)) })
    }

    fn relocate(&mut self, from: u8, to: u8) -> Result<(), Status> {
        // SAFETY: called from a task.
        status(unsafe { abi::WIFI_NetworkMove(u16::from(from), u16::from(to)) })
    }

    fn wipe(&mut self) {
        self.wipe_profiles();
    }
}
