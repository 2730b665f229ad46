//! Random numbers for handshakes: as many as are wanted, from a few of the controller.

use core::cell::RefCell;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Octets the controller gives at a time, and how often it is asked.
pub(crate) const SEED: usize = 32;

pub(crate) struct Random(Mutex<CriticalSectionRawMutex, RefCell<Option<ChaCha20Rng>>>);

impl Random {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(RefCell::new(None)))
    }

    /// The controller has given octets. What it gives at another set-up adds to what there is.
    pub(crate) fn seed(&self, mut seed: [u8; SEED]) {
        self.0.lock(|random| {
            let mut random = random.borrow_mut();
            if let Some(random) = random.as_mut() {
                let mut now = [0; SEED];
                random.fill_bytes(&mut now);
                for (octet, now) in seed.iter_mut().zip(now) {
                    *octet ^= now;
                }
            }
            *random = Some(ChaCha20Rng::from_seed(seed));
        });
    }

    /// False before the first seed.
    pub(crate) fn fill(&self, out: &mut [u8]) -> bool {
        self.0.lock(|random| match random.borrow_mut().as_mut() {
            Some(random) => {
                random.fill_bytes(out);
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(random: &Random) -> [u8; 16] {
        let mut octets = [0; 16];
        assert!(random.fill(&mut octets));
        octets
    }

    #[test]
    fn nothing_comes_before_the_controller_gave_anything() {
        assert!(!Random::new().fill(&mut [0; 4]));
    }

    #[test]
    fn same_seed_again_gives_other_octets() {
        let random = Random::new();
        random.seed([1; SEED]);
        let first = drawn(&random);
        random.seed([1; SEED]);
        let second = drawn(&random);
        assert_ne!(first, second);
        assert_ne!(second, drawn(&random));
    }
}
