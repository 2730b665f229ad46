//! Security 2: SRP-6a, AES-GCM with a counter in the nonce (patch version 1).

use aes_gcm::aead::AeadInPlace;
use aes_gcm::{Aes256Gcm, KeyInit};
use rand_core::CryptoRngCore;
use subtle::ConstantTimeEq;
use zeroize::ZeroizeOnDrop;

use super::Refused;
use super::srp::{self, Agreement, PublicKey, SESSION_KEY_BYTES, Verifier};
use crate::message::espressif::session::{NONCE2_BYTES, PROOF2_BYTES, User};

/// Length of what authenticates a message, bytes.
pub(super) const TAG_BYTES: usize = 16;

/// How much of the nonce is random, bytes. The rest is the counter, big-endian.
const RANDOM_BYTES: usize = 8;

/// The counter of the first request.
const FIRST: u32 = 1;

/// The cipher. One counter serves both directions and goes on with every message, so that no nonce
/// comes twice; when it has run out, nothing more is read or written.
#[derive(ZeroizeOnDrop)]
pub(super) struct Sealer {
    key: [u8; SESSION_KEY_BYTES],
    random: [u8; RANDOM_BYTES],
    counter: Option<u32>,
}

impl Sealer {
    fn nonce(&self) -> Result<[u8; NONCE2_BYTES], Refused> {
        let counter = self.counter.ok_or(Refused)?.to_be_bytes();
        let mut nonce = [0; NONCE2_BYTES];
        for (to, from) in nonce.iter_mut().zip(self.random.iter().chain(&counter)) {
            *to = *from;
        }
        Ok(nonce)
    }

    fn advance(&mut self) {
        self.counter = self.counter.and_then(|counter| counter.checked_add(1));
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.key.into())
    }

    /// Decrypts in place; gives the length without the tag. One that is not authentic changes nothing:
    /// the next may be.
    #[inline(never)]
    pub(super) fn open(&mut self, message: &mut [u8]) -> Result<usize, Refused> {
        let length = message.len().checked_sub(TAG_BYTES).ok_or(Refused)?;
        let nonce = self.nonce()?;
        let (text, tag) = message.split_at_mut_checked(length).ok_or(Refused)?;
        let tag: [u8; TAG_BYTES] = (&*tag).try_into().map_err(|_| Refused)?;
        self.cipher()
            .decrypt_in_place_detached(&nonce.into(), &[], text, &tag.into())
            .map_err(|_| Refused)?;
        self.advance();
        Ok(length)
    }

    /// Encrypts in place what has `length`; gives the length with the tag.
    #[inline(never)]
    pub(super) fn seal(&mut self, message: &mut [u8], length: usize) -> Result<usize, Refused> {
        let nonce = self.nonce()?;
        let (text, rest) = message.split_at_mut_checked(length).ok_or(Refused)?;
        let place = rest.first_chunk_mut::<TAG_BYTES>().ok_or(Refused)?;
        *place = self
            .cipher()
            .encrypt_in_place_detached(&nonce.into(), &[], text)
            .map_err(|_| Refused)?
            .into();
        self.advance();
        length.checked_add(TAG_BYTES).ok_or(Refused)
    }

    #[cfg(test)]
    pub(super) const fn at(counter: u32) -> Self {
        Self {
            key: [7; SESSION_KEY_BYTES],
            random: [9; RANDOM_BYTES],
            counter: Some(counter),
        }
    }
}

/// Between the phone's two messages.
pub(super) struct Half {
    agreement: Agreement,
    is_known: subtle::Choice,
}

/// Takes the phone's public key; the device's goes into `public`.
#[inline(never)]
pub(super) fn welcome(
    verifier: &Verifier,
    user: &User,
    phone_key: &PublicKey,
    public: &mut PublicKey,
    rng: &mut impl CryptoRngCore,
) -> Result<Half, Refused> {
    Ok(Half {
        agreement: srp::agree(verifier, user, phone_key, public, rng)?,
        is_known: user.as_slice().ct_eq(verifier.user().as_slice()),
    })
}

/// What the device answers the phone's proof with.
pub(super) struct Confirmation {
    pub(super) proof: [u8; PROOF2_BYTES],
    pub(super) nonce: [u8; NONCE2_BYTES],
}

impl Half {
    /// Checks that the phone knows the password; gives the device's own proof, and the cipher.
    #[inline(never)]
    pub(super) fn confirm(
        &self,
        proof: &[u8; PROOF2_BYTES],
        rng: &mut impl CryptoRngCore,
    ) -> Result<(Confirmation, Sealer), Refused> {
        if !bool::from(proof.ct_eq(&self.agreement.phone_proof) & self.is_known) {
            return Err(Refused);
        }
        let mut random = [0; RANDOM_BYTES];
        rng.try_fill_bytes(&mut random).map_err(|_| Refused)?;
        let sealer = Sealer {
            key: self.agreement.key,
            random,
            counter: Some(FIRST),
        };
        let confirmation = Confirmation {
            proof: self.agreement.device_proof,
            nonce: sealer.nonce()?,
        };
        Ok((confirmation, sealer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_once() {
        let mut phone = Sealer::at(1);
        let mut device = Sealer::at(1);
        let mut message = [1; 4 + TAG_BYTES];
        assert_eq!(phone.seal(&mut message, 4), Ok(4 + TAG_BYTES));
        let replayed = message;
        assert_eq!(device.open(&mut message), Ok(4));
        let mut again = replayed;
        assert_eq!(device.open(&mut again), Err(Refused));
    }

    #[test]
    fn a_counter_that_has_run_out_does_not_begin_again() {
        let mut sealer = Sealer::at(u32::MAX);
        let mut message = [1; 4 + TAG_BYTES];
        assert_eq!(sealer.seal(&mut message, 4), Ok(4 + TAG_BYTES));
        assert_eq!(sealer.seal(&mut message, 4), Err(Refused));
        assert_eq!(sealer.open(&mut message), Err(Refused));
    }

    #[test]
    fn no_room_for_the_tag_takes_no_nonce() {
        let mut sealer = Sealer::at(1);
        let mut short = [1; 4 + TAG_BYTES - 1];
        assert_eq!(sealer.seal(&mut short, 4), Err(Refused));
        assert_eq!(sealer.counter, Some(1));
    }
}
