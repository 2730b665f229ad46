//! Security 1: X25519, a secret both sides know, one AES-CTR key stream.

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use x25519_dalek::{PublicKey, StaticSecret, X25519_BASEPOINT_BYTES};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Refused;
use crate::message::espressif::session::{KEY1_BYTES, RANDOM1_BYTES};

/// The key stream. Both directions take from it in turn, and nothing is taken twice.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Stream {
    key: [u8; KEY1_BYTES],
    random: [u8; RANDOM1_BYTES],
    taken: u64,
}

impl Stream {
    /// Encrypts or decrypts with what comes next.
    #[inline(never)]
    pub(super) fn apply(&mut self, octets: &mut [u8]) -> Result<(), Refused> {
        let length = u64::try_from(octets.len()).map_err(|_| Refused)?;
        let after = self.taken.checked_add(length).ok_or(Refused)?;
        let mut cipher = Ctr128BE::<Aes256>::new(&self.key.into(), &self.random.into());
        cipher.try_seek(self.taken).map_err(|_| Refused)?;
        cipher.try_apply_keystream(octets).map_err(|_| Refused)?;
        self.taken = after;
        Ok(())
    }
}

/// Between the phone's two messages.
#[derive(ZeroizeOnDrop)]
pub(super) struct Half {
    stream: Stream,
    phone_key: [u8; KEY1_BYTES],
    device_key: [u8; KEY1_BYTES],
}

/// What the device answers the phone's first message with.
pub(super) struct Welcome {
    pub(super) key: [u8; KEY1_BYTES],
    pub(super) random: [u8; RANDOM1_BYTES],
}

/// Takes the phone's public key.
#[inline(never)]
pub(super) fn welcome(
    secret: &[u8],
    phone_key: [u8; KEY1_BYTES],
    rng: &mut impl CryptoRngCore,
) -> Result<(Welcome, Half), Refused> {
    let mut private = [0; KEY1_BYTES];
    rng.try_fill_bytes(&mut private).map_err(|_| Refused)?;
    let private_key = StaticSecret::from(private);
    private.zeroize();
    let mut random = [0; RANDOM1_BYTES];
    rng.try_fill_bytes(&mut random).map_err(|_| Refused)?;
    let shared = private_key.diffie_hellman(&PublicKey::from(phone_key));
    // A point of low order would make the secret 0, whatever the keys.
    if !shared.was_contributory() {
        return Err(Refused);
    }
    let mut key = shared.to_bytes();
    if !secret.is_empty() {
        for (octet, other) in key.iter_mut().zip(Sha256::digest(secret)) {
            *octet ^= other;
        }
    }
    // By the same ladder: the crate's other way over Edwards' curve takes 5 KB of flash and twice the stack.
    let device_key = private_key
        .diffie_hellman(&PublicKey::from(X25519_BASEPOINT_BYTES))
        .to_bytes();
    let half = Half {
        stream: Stream {
            key,
            random,
            taken: 0,
        },
        phone_key,
        device_key,
    };
    key.zeroize();
    Ok((
        Welcome {
            key: device_key,
            random,
        },
        half,
    ))
}

impl Half {
    /// Checks that the phone knows the secret; gives the device's own proof, and the stream.
    #[inline(never)]
    pub(super) fn confirm(
        mut self,
        mut proof: [u8; KEY1_BYTES],
    ) -> Result<([u8; KEY1_BYTES], Stream), Refused> {
        self.stream.apply(&mut proof)?;
        if !bool::from(proof.ct_eq(&self.device_key)) {
            return Err(Refused);
        }
        let mut own = self.phone_key;
        self.stream.apply(&mut own)?;
        let stream = Stream {
            key: self.stream.key,
            random: self.stream.random,
            taken: self.stream.taken,
        };
        Ok((own, stream))
    }
}
