//! Random numbers that are known before.

use rand_core::{CryptoRng, Error, RngCore};

/// Gives octets in order, then counts on from the last.
pub(crate) struct Known {
    octets: std::collections::VecDeque<u8>,
    next: u8,
}

impl Known {
    pub(crate) fn new(octets: impl IntoIterator<Item = u8>) -> Self {
        Self {
            octets: octets.into_iter().collect(),
            next: 1,
        }
    }
}

impl RngCore for Known {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for octet in out {
            *octet = self.octets.pop_front().unwrap_or_else(|| {
                self.next = self.next.wrapping_mul(5).wrapping_add(3);
                self.next
            });
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Known {}

/// A source that has run dry.
pub(crate) struct Dry;

impl RngCore for Dry {
    fn next_u32(&mut self) -> u32 {
        0
    }

    fn next_u64(&mut self) -> u64 {
        0
    }

    fn fill_bytes(&mut self, _out: &mut [u8]) {}

    fn try_fill_bytes(&mut self, _out: &mut [u8]) -> Result<(), Error> {
        Err(Error::from(core::num::NonZeroU32::MIN))
    }
}

impl CryptoRng for Dry {}
