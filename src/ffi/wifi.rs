//! The WiFi driver and the store of saved networks: `WIFI_*` of the platform.

use core::mem::MaybeUninit;
use core::ptr;

use super::abi;
use super::desk::{Desk, Profiles, copy, octets, octets_mut, used, words};
use crate::config::MAX_SAVED_NETWORKS;
use crate::platform::{Describe, Network, Wifi};
use crate::profile::LONGEST_WEP_KEY;
use crate::service::Whose;
use crate::status::Cause;

/// A driver's return code. A number no driver should give counts as a failure.
#[inline(never)]
fn status(code: abi::WIFIReturnCode_t) -> Result<(), Cause> {
    match code {
        abi::eWiFiSuccess => Ok(()),
        abi::eWiFiTimeout => Err(Cause::Timeout),
        abi::eWiFiNotSupported => Err(Cause::NotSupported),
        _ => Err(Cause::Failure),
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
/// cannot be read hides no other. A store that does not answer in time is not asked eight times.
///
/// # Safety
///
/// `room` is writable.
#[inline(never)]
unsafe fn count(room: *mut abi::WIFINetworkProfile_t) -> Result<usize, Cause> {
    let mut count = MAX_SAVED_NETWORKS;
    while let Some(index) = count.checked_sub(1) {
        // SAFETY: the caller promises that it is writable.
        match status(unsafe { abi::WIFI_NetworkGet(room, index as u16) }) {
            Ok(()) => break,
            Err(Cause::Timeout) => return Err(Cause::Timeout),
            Err(Cause::Failure | Cause::NotSupported) => count = index,
        }
    }
    Ok(count)
}

/// Counts the saved networks for who is not carrying out a request.
pub(super) fn count_saved() -> usize {
    let mut room = [MaybeUninit::<u32>::uninit(); words::<abi::WIFINetworkProfile_t>()];
    // SAFETY: large enough, and writable.
    let count = unsafe { count(room.as_mut_ptr().cast()) }.unwrap_or(0);
    for word in &mut room {
        // Volatile, so that the compiler cannot leave it out.
        // SAFETY: a place of this array.
        unsafe { word.as_mut_ptr().write_volatile(0) };
    }
    count
}

/// The driver's room for a key of WEP, bytes.
const WEP_KEY_ROOM: usize = abi::wificonfigMAX_WEPKEY_LEN as usize;

/// Whether a driver is asked to join a network so protected. A key of WEP that its room does not hold would be
/// joined with half of it; nothing is looked at where the room holds every key.
#[inline(always)]
const fn is_for_driver(profile: &abi::WIFINetworkProfile_t) -> bool {
    match profile.xSecurity {
        abi::eWiFiSecurityWEP => {
            WEP_KEY_ROOM >= LONGEST_WEP_KEY as usize
                || profile.ucPasswordLength as usize <= WEP_KEY_ROOM
        }
        abi::eWiFiSecurityOpen
        | abi::eWiFiSecurityWPA
        | abi::eWiFiSecurityWPA2
        | abi::eWiFiSecurityWPA3 => true,
        _ => false,
    }
}

/// Writes down for the driver which network is meant, and its credential.
#[inline(never)]
fn describe(desk: &mut Desk, whose: Whose) -> &abi::WIFINetworkParams_t {
    let Profiles {
        loaded,
        candidate,
        params,
    } = desk.empty_params();
    let source = match whose {
        Whose::Candidate => candidate,
        Whose::Loaded => loaded,
    }
    .profile();
    params.ucSSIDLength = copy(
        &mut params.ucSSID,
        used(&source.ucSSID, source.ucSSIDLength),
    );
    params.xSecurity = source.xSecurity;
    let credential = used(octets(&source.cPassword), source.ucPasswordLength);
    if source.xSecurity == abi::eWiFiSecurityWEP {
        // SAFETY: every byte of the union is valid for either member.
        let [key, ..] = unsafe { &mut params.xPassword.xWEP };
        key.ucLength = copy(octets_mut(&mut key.cKey), credential);
    } else {
        // SAFETY: every byte of the union is valid for either member.
        let key = unsafe { &mut params.xPassword.xWPA };
        key.ucLength = copy(octets_mut(&mut key.cPassphrase), credential);
    }
    params
}

/// A saved network of C's.
impl Describe for abi::WIFINetworkProfile_t {
    #[inline(never)]
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: used(&self.ucSSID, self.ucSSIDLength),
            bssid: &self.ucBSSID,
            security: security(self.xSecurity),
            rssi: Network::SAVED_RSSI,
        }
    }
}

/// A scanned network of C's.
impl Describe for abi::WIFIScanResult_t {
    #[inline(never)]
    fn describe(&self) -> Network<'_> {
        Network {
            ssid: used(&self.ucSSID, self.ucSSIDLength),
            bssid: &self.ucBSSID,
            security: security(self.xSecurity),
            rssi: Network::scanned_rssi(self.cRSSI),
        }
    }
}

impl Wifi for Desk {
    type Saved = abi::WIFINetworkProfile_t;
    type Found = abi::WIFIScanResult_t;

    fn keep_loaded(&mut self) {
        let Profiles {
            loaded, candidate, ..
        } = self.profiles_mut();
        candidate.take(loaded);
    }

    fn kept(&self) -> &Self::Saved {
        self.profile(Whose::Candidate)
    }

    fn is_loaded_kept(&self) -> bool {
        let Profiles {
            loaded, candidate, ..
        } = self.profiles();
        candidate.is_same(loaded)
    }

    fn count(&mut self) -> Result<usize, Cause> {
        // SAFETY: writable.
        unsafe { count(self.profiles_mut().loaded.profile_mut()) }
    }

    fn empty_loaded(&mut self) {
        self.profiles_mut().loaded.wipe();
    }

    fn load(&mut self, index: usize) -> Result<(), Cause> {
        let profile = self.profiles_mut().loaded.profile_mut();
        // SAFETY: the profile is writable.
        status(unsafe { abi::WIFI_NetworkGet(profile, index as u16) })
    }

    fn loaded(&self) -> &Self::Saved {
        self.profile(Whose::Loaded)
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

    fn scan(&mut self, max: usize) -> Result<(), Cause> {
        let results = self.empty_scan();
        // SAFETY: there is room for MAX_SCAN_NETWORKS results, and `max` is at most that.
        status(unsafe { abi::WIFI_Scan(results.as_mut_ptr(), max as u8) })
    }

    fn scanned(&self, index: usize) -> Option<&Self::Found> {
        self.scan_results()
            .get(index)
            .filter(|found| found.ucSSIDLength != 0)
    }

    fn join(&mut self, whose: Whose) -> Result<(), Cause> {
        if !is_for_driver(self.profile(whose)) {
            #[cfg(feature = "espressif")]
            {
                self.is_unasked = true;
            }
            return Err(Cause::NotSupported);
        }
        #[cfg(feature = "espressif")]
        {
            self.is_unasked = false;
        }
        let params = describe(self, whose);
        // SAFETY: the parameters are readable.
        status(unsafe { abi::WIFI_ConnectAP(params) })
    }

    fn leave(&mut self) -> Result<(), Cause> {
        // SAFETY: called from a task.
        status(unsafe { abi::WIFI_Disconnect() })
    }

    fn append(&mut self, whose: Whose) -> Result<usize, Cause> {
        // A store that does not tell has appended.
        let mut index = u16::MAX;
        // SAFETY: the profile is readable and the index writable.
        status(unsafe { abi::WIFI_NetworkAdd(self.profile(whose), &mut index) })?;
        Ok(usize::from(index))
    }

    fn remove(&mut self, index: usize) -> Result<(), Cause> {
        // SAFETY: called from a task.
        status(unsafe { abi::WIFI_NetworkDelete(index as u16) })
    }

    fn relocate(&mut self, from: usize, to: usize) -> Result<(), Cause> {
        // SAFETY: called from a task.
        status(unsafe { abi::WIFI_NetworkMove(from as u16, to as u16) })
    }

    #[cfg(feature = "espressif")]
    fn replace(&mut self, index: usize) -> Result<(), Cause> {
        let profile = self.profile(Whose::Candidate);
        // SAFETY: the profile is readable.
        status(unsafe { abi::WIFI_NetworkReplace(index as u16, profile) })
    }

    #[cfg(feature = "espressif")]
    fn reason(&mut self, cause: Cause) -> Option<crate::status::Reason> {
        Some(if self.is_unasked {
            crate::status::Reason::Security
        } else {
            super::protocomm::reason(cause)
        })
    }

    #[cfg(feature = "espressif")]
    fn hidden(&self, index: usize) -> Option<&Self::Found> {
        super::protocomm::hidden(self, index)
    }

    #[cfg(feature = "espressif")]
    fn channel(&self, index: usize) -> u8 {
        super::protocomm::channel(self, index)
    }

    #[cfg(feature = "espressif")]
    fn address(&mut self) -> Option<[u8; 4]> {
        super::protocomm::address()
    }
}
