//! The memory a request works on: profiles, or the results of a scan, never both.

use core::mem::size_of;

use zeroize::Zeroize;

use super::abi;
use crate::config::MAX_SCAN_NETWORKS;
use crate::profile::Profile;
use crate::service::Whose;

/// Profiles at hand while a request is carried out.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Profiles {
    /// The one loaded from the store last.
    pub(super) loaded: abi::WIFINetworkProfile_t,
    /// The one that came with the request.
    pub(super) candidate: abi::WIFINetworkProfile_t,
    /// What the driver is told to join.
    pub(super) params: abi::WIFINetworkParams_t,
}

/// What a scan found.
pub(super) type Scan = [abi::WIFIScanResult_t; MAX_SCAN_NETWORKS];

const PROFILE_WORDS: usize = size_of::<Profiles>() / 4;

/// Both in one place: a list scans after it has shown the profiles, and no other request scans.
#[repr(C, align(4))]
union Memory {
    profiles: Profiles,
    scan: Scan,
    words: [u32; PROFILE_WORDS],
}

/// The desk. All of it is integers and arrays of them, for which every byte is valid.
pub(super) struct Desk(Memory);

impl Desk {
    pub(super) const fn new() -> Self {
        const {
            assert!(
                size_of::<Profiles>().is_multiple_of(4) && size_of::<Memory>().is_multiple_of(4),
                "wiped word by word"
            )
        };
        // SAFETY: all bytes zero is a value of every part.
        Self(unsafe { core::mem::zeroed() })
    }

    pub(super) fn profiles(&self) -> &Profiles {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &self.0.profiles }
    }

    pub(super) fn profiles_mut(&mut self) -> &mut Profiles {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &mut self.0.profiles }
    }

    pub(super) fn scan_results(&self) -> &Scan {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &self.0.scan }
    }

    /// The scan results, emptied.
    pub(super) fn empty_scan(&mut self) -> &mut Scan {
        // SAFETY: all bytes zero is a value of every part.
        self.0.scan = unsafe { core::mem::zeroed() };
        // SAFETY: initialised above.
        unsafe { &mut self.0.scan }
    }

    pub(super) fn profile(&self, whose: Whose) -> &abi::WIFINetworkProfile_t {
        match whose {
            Whose::Candidate => &self.profiles().candidate,
            Whose::Loaded => &self.profiles().loaded,
        }
    }

    /// Lays a phone's profile on the desk.
    pub(super) fn put_candidate(&mut self, profile: &Profile) {
        put(&mut self.profiles_mut().candidate, profile);
    }

    /// Wipes what a request leaves behind.
    pub(super) fn wipe_profiles(&mut self) {
        // SAFETY: the words cover the profiles, and every byte is valid.
        unsafe { &mut self.0.words }.zeroize();
    }
}

/// Lays a phone's profile into C's.
pub(super) fn put(out: &mut abi::WIFINetworkProfile_t, profile: &Profile) {
    fill(&mut out.ucSSID, &mut out.ucSSIDLength, &profile.ssid);
    out.ucBSSID = profile.bssid;
    fill(
        chars_mut(&mut out.cPassword),
        &mut out.ucPasswordLength,
        profile.passphrase.expose(),
    );
    out.xSecurity = abi::WIFISecurity_t::from(profile.security as u8);
}

/// Copies a name or credential into a C array, and its length beside it.
pub(super) fn fill(array: &mut [u8], length: &mut u8, bytes: &[u8]) {
    *length = 0;
    if let (Some(place), Ok(len)) = (array.get_mut(..bytes.len()), u8::try_from(bytes.len())) {
        place.copy_from_slice(bytes);
        *length = len;
    }
}

/// The part of a C array that is in use. A driver's length beyond the array means all of it.
pub(super) fn used(array: &[u8], length: u8) -> &[u8] {
    array.get(..usize::from(length)).unwrap_or(array)
}

/// A C array of `char`, whose sign is the compiler's choice, as bytes.
pub(super) fn chars(array: &[cty::c_char]) -> &[u8] {
    // SAFETY: same place, same length; a char is one byte.
    unsafe { core::slice::from_raw_parts(array.as_ptr().cast(), array.len()) }
}

/// A C array of `char`, whose sign is the compiler's choice, as bytes.
pub(super) fn chars_mut(array: &mut [cty::c_char]) -> &mut [u8] {
    // SAFETY: same place, same length; a char is one byte.
    unsafe { core::slice::from_raw_parts_mut(array.as_mut_ptr().cast(), array.len()) }
}
