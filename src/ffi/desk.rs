//! The memory a request works on: profiles, or the results of a scan, never both.

use core::mem::size_of;

use zeroize::Zeroize;

use super::abi;
use crate::config::{BSSID_BYTES, MAX_SCAN_NETWORKS};
use crate::profile::{Draft, Octets, Security};
use crate::service::Whose;

/// How many words a type takes.
pub(super) const fn words<T>() -> usize {
    size_of::<T>().div_ceil(4)
}

/// Room for one of C's profiles, moved and wiped word by word. All of it is integers and arrays of
/// them, for which every byte is valid. Bytes between fields are initialised as well: as zeros, and then
/// by C's functions, which write fields or copy all of a struct.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) union Slot {
    profile: abi::WIFINetworkProfile_t,
    words: [u32; words::<abi::WIFINetworkProfile_t>()],
}

impl Slot {
    pub(super) const EMPTY: Self = Self {
        words: [0; words::<abi::WIFINetworkProfile_t>()],
    };

    pub(super) fn profile(&self) -> &abi::WIFINetworkProfile_t {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &self.profile }
    }

    pub(super) fn profile_mut(&mut self) -> &mut abi::WIFINetworkProfile_t {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &mut self.profile }
    }

    fn words_mut(&mut self) -> &mut [u32; words::<abi::WIFINetworkProfile_t>()] {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &mut self.words }
    }

    /// Takes the content of another, which is wiped.
    pub(super) fn take(&mut self, other: &mut Self) {
        for (to, from) in self.words_mut().iter_mut().zip(other.words_mut()) {
            *to = *from;
            from.zeroize();
        }
    }

    pub(super) fn wipe(&mut self) {
        wipe(self.words_mut());
    }

    /// Whether both say the same, to the last byte.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        // SAFETY: initialised as zeros and every byte is valid.
        let one = unsafe { &self.words };
        // SAFETY: initialised as zeros and every byte is valid.
        let other = unsafe { &other.words };
        one.iter().eq(other)
    }
}

/// Profiles at hand while a request is carried out.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Profiles {
    /// The one loaded from the store last.
    pub(super) loaded: Slot,
    /// The one that came with the request, or was kept.
    pub(super) candidate: Slot,
    /// What the driver is told to join.
    pub(super) params: abi::WIFINetworkParams_t,
}

/// Where the parameters begin, words.
const PARAMS: usize = 2 * words::<Slot>();

/// What a scan found.
pub(super) type Scan = [abi::WIFIScanResult_t; MAX_SCAN_NETWORKS];

const WORDS: usize = if words::<Profiles>() > words::<Scan>() {
    words::<Profiles>()
} else {
    words::<Scan>()
};

/// Both in one place: a list scans after it has shown the profiles, and no other request scans.
#[repr(C)]
union Memory {
    profiles: Profiles,
    scan: Scan,
    words: [u32; WORDS],
}

/// The desk. Its memory is integers and arrays of them, for which every byte is valid.
#[repr(C)]
pub(super) struct Desk {
    /// Whether there may be something behind the two profiles: the parameters, or a scan.
    is_full: bool,
    /// The network joined last has a security no driver was asked for: what the driver says is of an earlier one.
    #[cfg(feature = "espressif")]
    pub(super) is_unasked: bool,
    memory: Memory,
}

impl Desk {
    pub(super) const fn new() -> Self {
        Self {
            is_full: false,
            #[cfg(feature = "espressif")]
            is_unasked: false,
            memory: Memory { words: [0; WORDS] },
        }
    }

    pub(super) fn profiles(&self) -> &Profiles {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &self.memory.profiles }
    }

    pub(super) fn profiles_mut(&mut self) -> &mut Profiles {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &mut self.memory.profiles }
    }

    pub(super) fn scan_results(&self) -> &Scan {
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &self.memory.scan }
    }

    /// The scan results, emptied.
    pub(super) fn empty_scan(&mut self) -> &mut Scan {
        self.is_full = true;
        self.clear(0, WORDS);
        // SAFETY: initialised as zeros and every byte is valid.
        unsafe { &mut self.memory.scan }
    }

    /// What the driver is told to join, emptied.
    pub(super) fn empty_params(&mut self) -> &mut Profiles {
        if self.is_full {
            self.clear(PARAMS, words::<Profiles>());
        }
        self.is_full = true;
        self.profiles_mut()
    }

    /// Wipes what a request leaves behind.
    #[inline(never)]
    pub(super) fn wipe(&mut self) {
        let end = if self.is_full {
            words::<Profiles>()
        } else {
            PARAMS
        };
        self.clear(0, end);
        self.is_full = false;
    }

    /// Wipes a part of it.
    fn clear(&mut self, from: usize, to: usize) {
        // SAFETY: initialised as zeros and every byte is valid.
        let words = unsafe { &mut self.memory.words };
        if let Some(words) = words.get_mut(from..to) {
            wipe(words);
        }
    }

    pub(super) fn profile(&self, whose: Whose) -> &abi::WIFINetworkProfile_t {
        match whose {
            Whose::Candidate => self.profiles().candidate.profile(),
            Whose::Loaded => self.profiles().loaded.profile(),
        }
    }
}

/// Wipes words so that the compiler cannot leave it out; not by a memset, which would be the only
/// one in the archive.
#[inline(never)]
fn wipe(words: &mut [u32]) {
    words.iter_mut().for_each(Zeroize::zeroize);
}

/// Copies as much as there is room for; gives how much that is.
#[inline(never)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) -> u8 {
    let mut copied = 0_u8;
    for (to, from) in to.iter_mut().zip(from) {
        // Volatile, for the compiler would call memcpy, which is larger than all this saves by it.
        // SAFETY: a reference.
        *to = unsafe { core::ptr::from_ref(from).read_volatile() };
        copied = copied.wrapping_add(1);
    }
    copied
}

impl Draft for abi::WIFINetworkProfile_t {
    fn ssid(&mut self) -> Octets<'_> {
        Octets {
            array: &mut self.ucSSID,
            length: &mut self.ucSSIDLength,
        }
    }

    fn bssid(&mut self) -> &mut [u8; BSSID_BYTES] {
        &mut self.ucBSSID
    }

    fn passphrase(&mut self) -> Octets<'_> {
        Octets {
            array: octets_mut(&mut self.cPassword),
            length: &mut self.ucPasswordLength,
        }
    }

    fn set_security(&mut self, security: Security) {
        self.xSecurity = abi::WIFISecurity_t::from(security as u8);
    }
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
