//! The memory a request works on: profiles, or the results of a scan, never both.

use core::mem::{MaybeUninit, size_of};

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

const LOADED_WORDS: usize = size_of::<abi::WIFINetworkProfile_t>() / 4;
const PARAMS_WORDS: usize = size_of::<abi::WIFINetworkParams_t>() / 4;
const PROFILES_WORDS: usize = size_of::<Profiles>() / 4;
const WORDS: usize = if PROFILES_WORDS > SCAN_WORDS {
    PROFILES_WORDS
} else {
    SCAN_WORDS
};
const SCAN_WORDS: usize = size_of::<Scan>().div_ceil(4);

/// Both in one place: a list scans after it has shown the profiles, and no other request scans.
#[repr(C, align(4))]
union Memory {
    profiles: Profiles,
    scan: Scan,
    words: [u32; WORDS],
}

/// The desk. All of it is integers and arrays of them, for which every byte is valid.
pub(super) struct Desk(Memory);

impl Desk {
    pub(super) const fn new() -> Self {
        const {
            assert!(
                LOADED_WORDS * 4 == size_of::<abi::WIFINetworkProfile_t>(),
                "wiped word by word"
            );
            assert!(
                PARAMS_WORDS * 4 == size_of::<abi::WIFINetworkParams_t>(),
                "wiped word by word"
            );
        }
        Self(Memory { words: [0; WORDS] })
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
        self.clear(0, WORDS);
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &mut self.0.scan }
    }

    /// What the driver is told to join, emptied.
    pub(super) fn empty_params(&mut self) -> &mut Profiles {
        self.clear(PROFILES_WORDS - PARAMS_WORDS, PROFILES_WORDS);
        self.profiles_mut()
    }

    /// Wipes words so that the compiler cannot leave it out.
    #[inline(never)]
    fn clear(&mut self, from: usize, to: usize) {
        // SAFETY: initialised as zeros and every byte is valid.
        let words = unsafe { &mut self.0.words };
        if let Some(words) = words.get_mut(from..to) {
            // One by one: a memset would be the only one in the archive.
            words.iter_mut().for_each(Zeroize::zeroize);
        }
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

    /// Wipes what a request leaves behind: always what was loaded, since counting loads, and the
    /// rest if it was written.
    pub(super) fn wipe_profiles(&mut self) {
        let Profiles {
            candidate, params, ..
        } = self.profiles();
        let is_rest_empty = candidate.ucSSIDLength | params.ucSSIDLength == 0;
        self.clear(
            0,
            if is_rest_empty {
                LOADED_WORDS
            } else {
                PROFILES_WORDS
            },
        );
    }
}

/// Fills a place with zeros so that the compiler cannot leave it out; not by a memset, which would
/// be the only one in the archive.
pub(super) fn wipe<T>(place: &mut MaybeUninit<T>) {
    let bytes = place.as_mut_ptr().cast::<u8>();
    for offset in 0..size_of::<T>() {
        // SAFETY: within the place.
        let byte = unsafe { bytes.add(offset) };
        // SAFETY: within the place, and any byte may be written to what is not initialised.
        unsafe { byte.write_volatile(0) };
    }
}

/// Lays a phone's profile into C's.
pub(super) fn put(out: &mut abi::WIFINetworkProfile_t, profile: &Profile) {
    out.ucSSID = *profile.ssid.array();
    out.ucSSIDLength = profile.ssid.length();
    out.ucBSSID = profile.bssid;
    *octets_mut(&mut out.cPassword) = *profile.passphrase.expose().array();
    out.ucPasswordLength = profile.passphrase.expose().length();
    out.xSecurity = abi::WIFISecurity_t::from(profile.security as u8);
}

/// The part of a C array that is in use. A driver's length beyond the array means all of it.
pub(super) fn used(array: &[u8], length: u8) -> &[u8] {
    array.get(..usize::from(length)).unwrap_or(array)
}

/// A C array of `char`, whose sign is the compiler's choice, as octets.
pub(super) const fn octets<const N: usize>(array: &[cty::c_char; N]) -> &[u8; N] {
    // SAFETY: same place, same length; a char is one byte.
    unsafe { &*core::ptr::from_ref(array).cast() }
}

/// A C array of `char`, whose sign is the compiler's choice, as octets.
pub(super) const fn octets_mut<const N: usize>(array: &mut [cty::c_char; N]) -> &mut [u8; N] {
    // SAFETY: same place, same length; a char is one byte.
    unsafe { &mut *core::ptr::from_mut(array).cast() }
}
