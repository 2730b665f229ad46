//! Random numbers from the project's function.

use core::num::NonZeroU32;

use rand_core::{CryptoRng, Error, RngCore, impls};

use crate::ffi::abi;

/// The project's function, which has promised to be fit for keys.
#[derive(Clone, Copy)]
pub(super) struct Project(unsafe extern "C" fn(*mut u8, usize) -> abi::BaseType_t);

impl Project {
    /// The one of a configuration; `None` when there is none.
    pub(super) fn of(config: &abi::WIFI_PROVISION_ProtocommConfig_t) -> Option<Self> {
        config.xRandom.map(Self)
    }
}

/// Handshakes use `try_fill_bytes` alone, for the function may fail.
impl RngCore for Project {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        // Again and again: numbers that are not random would be worse than none.
        while self.try_fill_bytes(out).is_err() {}
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        // SAFETY: the memory is writable; the configuration promised a function of this type.
        let filled = unsafe { (self.0)(out.as_mut_ptr(), out.len()) };
        if filled == 0 {
            Err(NonZeroU32::MIN.into())
        } else {
            Ok(())
        }
    }
}

impl CryptoRng for Project {}
